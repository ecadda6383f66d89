import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { hostFactsSchema } from '../../../core/model/host.ts';
import { runIdSchema } from '../../../core/model/run.ts';
import { overheadEstimateSchema } from '../overhead/overhead-record.ts';

/** Increase this when the meaning of a key changes. */
export const predictionVersion = 1;

/**
 * Features of a program's demand on the kernel, each with its own cost under every runtime. `call.*`: system calls by class
 * (`recording.ts`); `crowded`: calls of all classes while no CPU was free; `bytes`: bytes read, written, sent and received;
 * `switches`: voluntary context switches; `user` and `kernel`: native CPU time in its own code and in the kernel, ns.
 */
export const featureIds = [
  'user',
  'kernel',
  'call.trap',
  'call.read',
  'call.write',
  'call.open',
  'call.socket',
  'call.wait',
  'call.futex',
  'call.memory',
  'call.process',
  'call.other',
  'crowded',
  'bytes',
  'faults',
  'switches',
  'processes',
  'threads',
  'execs',
] as const;
const featureIdSchema = z.enum(featureIds);
export type FeatureId = z.infer<typeof featureIdSchema>;

/** Native counts per unit of work, or per second if the work is not counted. Absent: not counted. */
export type Features = Readonly<Partial<Record<FeatureId, number>>>;

/** A cause of the difference between a runtime's CPU time and the native one. */
const causeSchema = z.object({
  /** `rest`: measured time minus the sum of all other causes; can be negative. */
  cause: z.union([featureIdSchema, z.literal('rest')]),
  /** Native count per unit or second; null for the rest. */
  count: z.number().nonnegative().nullable(),
  /** CPU time that the runtime adds for it, ns; negative if it takes less than the native one. */
  ns: z.number(),
});
export type Cause = Readonly<z.infer<typeof causeSchema>>;

/** Attribution of an application's CPU time under a runtime: `nativeNs` and all causes add up to `subjectNs`. */
const attributionSchema = z.object({
  runtime: z.string(),
  /** Workload and parameters as `workload` or `workload params`, or the name of a recording; untrusted. */
  subject: z.string(),
  /** Reference of the times: one unit of work, or one second of the service. */
  per: z.enum(['unit', 'second']),
  /** CPU time under the native runtime, ns. */
  nativeNs: z.number().positive(),
  /** Largest first, the rest last; causes without a count are left out. */
  causes: z.array(causeSchema),
  /** CPU time under the runtime, ns. */
  subjectNs: z.number().positive(),
  /** Was `subjectNs` measured? Then there is a rest; otherwise it is the sum of the causes. */
  measured: z.boolean(),
});
export type Attribution = Readonly<z.infer<typeof attributionSchema>>;

/** A quantity of the recording that exceeds the range of the run's applications. */
const excessSchema = z.object({
  /** Quantity out of range: the rate of a class of calls, CPUs used in parallel, threads, or bytes per call. */
  kind: z.enum(['rate', 'concurrency', 'threads', 'size']),
  /** The feature concerned; null if none. */
  feature: featureIdSchema.nullable(),
  /** Value of the recording. */
  value: z.number(),
  /** Largest value of the run's applications. */
  most: z.number(),
  reason: z.string(),
  messages: messageRefsSchema.optional(),
});
export type RangeExcess = Readonly<z.infer<typeof excessSchema>>;

/** A value and the ends of its interval; null: no interval. */
const boundedSchema = z.object({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type BoundedValue = Readonly<z.infer<typeof boundedSchema>>;

/** Predicted CPU time of the same work. */
const cpuPredictionSchema = z.object({
  /** Under the native runtime, ns per unit or second. */
  nativeNs: z.number().positive(),
  /** Under the runtime, ns. */
  ns: z.number().positive(),
  /** Lower end of its conformal interval; null if too few applications were measured. */
  low: z.number().positive().nullable(),
  /** Upper end; null likewise. */
  high: z.number().positive().nullable(),
  /** `ns` / `nativeNs`. */
  ratio: z.number().positive(),
});
export type CpuPrediction = Readonly<z.infer<typeof cpuPredictionSchema>>;

/** Errors of the predictions for the run's own applications, each by a model fitted without it. */
const checkedSchema = z.object({
  /** Number of applications, regardless of their parameter sets. */
  applications: z.number().int().nonnegative(),
  /** Number that an interval at the requested confidence needs. */
  needed: z.number().int().positive(),
  /** Median of the relative errors; null without applications. */
  medianError: z.number().nonnegative().nullable(),
  /** Their 90th percentile; null likewise. */
  p90Error: z.number().nonnegative().nullable(),
});
export type PredictionErrors = Readonly<z.infer<typeof checkedSchema>>;

/** Memory of one container. */
const memoryPredictionSchema = z.object({
  /** Highest memory in the recording's window, bytes. */
  nativeBytes: z.number().nonnegative(),
  /** `nativeBytes` plus the memory that a sandbox adds. */
  total: boundedSchema,
});
export type MemoryPrediction = Readonly<z.infer<typeof memoryPredictionSchema>>;

/** Predicted response time at a native utilisation. */
const wallPredictionSchema = z.object({
  /** Requested utilisation under the native runtime. */
  utilisation: z.number().gt(0).lt(1),
  cpus: z.number().int().positive(),
  /** Utilisation of the same load under the runtime; at 1 or more it cannot keep up. */
  subjectUtilisation: z.number().positive(),
  /** Response time ÷ that under the native runtime; null if the runtime cannot keep up. */
  ratio: boundedSchema.nullable(),
});
export type WallPrediction = Readonly<z.infer<typeof wallPredictionSchema>>;

/** Cost of one feature under a runtime beyond its native cost. */
const featureCostSchema = z.object({
  feature: featureIdSchema,
  /** CPU time from the run's own cells, ns; for `user` and `kernel`, ns per ns. */
  ns: boundedSchema,
  /** Cost corrected by the applications of the run, ns; null without a model. */
  learntNs: z.number().nonnegative().nullable(),
  /** The feature whose cost is used because no cell measures this one alone; null if a cell does. */
  standIn: featureIdSchema.nullable(),
  /** Source cells, as `workload params`. */
  sources: z.array(z.string()),
});
export type FeatureCost = Readonly<z.infer<typeof featureCostSchema>>;

/** Prediction for one runtime. A part that is null has its reason in `absent` or `refusals`. */
const runtimePredictionSchema = z.object({
  /** Its name in daemon.json. */
  runtime: z.string(),
  family: z.string(),
  /** Version as the binary prints it; null if it could not be asked. */
  version: z.string().nullable(),
  /** Platform, for families that have several, such as gVisor; else null. */
  platform: z.string().nullable(),
  /** null if refused or unknown. */
  cpu: cpuPredictionSchema.nullable(),
  checked: checkedSchema,
  /** Costs that `cpu` is computed from. */
  costs: z.array(featureCostSchema),
  memory: memoryPredictionSchema.nullable(),
  /** CPU time of start and end beyond the native runtime's, ns. */
  startCpuNs: overheadEstimateSchema.nullable(),
  /** Time to the first output beyond the native runtime's, ns. */
  startNs: overheadEstimateSchema.nullable(),
  wall: wallPredictionSchema.nullable(),
  /** Why there is no prediction: farther beyond the run's applications than the model was ever checked. */
  refusals: z.array(excessSchema),
  /** Beyond the run's applications, but no farther than the model was checked. */
  beyond: z.array(excessSchema),
  absent: z.array(
    z.object({
      part: z.enum(['cpu', 'interval', 'memory', 'start', 'wall']),
      /** Why the part is unknown. */
      reason: z.string(),
      messages: messageRefsSchema.optional(),
    }),
  ),
  /** Attribution of its CPU time; null without `cpu`. */
  attribution: attributionSchema.nullable(),
});
export type RuntimePrediction = Readonly<z.infer<typeof runtimePredictionSchema>>;

/** An application of the run that the model learnt from. */
const learntSchema = z.object({
  workload: z.string(),
  params: z.string(),
  /** Source of its recording: made for the run, or shipped with ocibench (`known`). */
  source: z.enum(['run', 'known']),
});
export type LearntApplication = Readonly<z.infer<typeof learntSchema>>;

const unlearntSchema = learntSchema.extend({
  /** CPU time of a unit in the native trials, ns. */
  nativeNs: z.number().positive(),
  /** CPU time of a unit in the recording, ns. */
  recordedNs: z.number().positive(),
});

/** Output of `ocibench capacity predict`: the cost of a service under the runtimes of a run. */
export const predictionSchema = z.object({
  /** Changes when a key changes its meaning. */
  predictionVersion: z.literal(predictionVersion),
  /** Confidence of every interval. */
  confidence: z.number().gt(0).lt(1),
  /** The runtime of the recording, or one with the same cost. */
  native: z.string(),
  run: z.object({
    runId: runIdSchema,
    startedAt: z.string(),
    /** Version of ocibench that measured. */
    harnessVersion: z.string(),
  }),
  /** The machine of the run. */
  host: hostFactsSchema,
  recording: z.object({
    recordingId: z.string(),
    /** Name of the recorded target; untrusted. */
    name: z.string(),
    startedAt: z.string(),
    /** The machine that was recorded. */
    host: hostFactsSchema,
    /** Reference of `cpu`. */
    per: z.enum(['unit', 'second']),
    /** CPUs that it used on average. */
    concurrency: z.number().nonnegative(),
    /** System calls per second of CPU time. */
    callRate: z.number().nonnegative(),
  }),
  learnt: z.array(learntSchema),
  /** Recorded applications whose work differed between recording and trials, so that no model learns from them. */
  unlearnt: z.array(unlearntSchema),
  runtimes: z.array(runtimePredictionSchema),
});
export type Prediction = Readonly<z.infer<typeof predictionSchema>>;
