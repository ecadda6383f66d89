import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { hostFactsSchema } from '../../../core/model/host.ts';
import { runIdSchema } from '../../../core/model/run.ts';
import { overheadEstimateSchema } from '../sandbox/overhead-record.ts';

/** Increase this when the meaning of a key changes. */
export const predictionVersion = 1;

/**
 * What a program asks of its kernel, each with a cost of its own under every runtime. `call.*` are system calls by class
 * (`recording.ts`), `bytes` what they read, wrote, sent and received, `switches` the context switches in which a task
 * waited. `user` and `kernel` are its native CPU time, ns, in its own code and in the kernel: what a kernel does for it, another
 * one does at another price.
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
  'bytes',
  'faults',
  'switches',
  'processes',
  'threads',
  'execs',
] as const;
const featureIdSchema = z.enum(featureIds);
export type FeatureId = z.infer<typeof featureIdSchema>;

/** Native counts for each unit of work, or for each second where the work is not counted. Absent: not counted. */
export type Features = Readonly<Partial<Record<FeatureId, number>>>;

/** A step from the native CPU time to a runtime's. */
const causeSchema = z.object({
  /** `rest` is what was measured beyond the sum of all others; it can be negative. */
  cause: z.union([featureIdSchema, z.literal('rest')]),
  /** Native count for each unit or second; null for the rest. */
  count: z.number().nonnegative().nullable(),
  /** CPU time that the runtime adds for it, ns; negative where it takes less than the native one. */
  ns: z.number(),
});
export type Cause = Readonly<z.infer<typeof causeSchema>>;

/** Where a runtime's CPU time of an application comes from: `nativeNs` and all causes add up to `subjectNs`. */
const attributionSchema = z.object({
  runtime: z.string(),
  /** Workload and parameters as `workload` or `workload params`, or the name of a recording; untrusted. */
  subject: z.string(),
  /** What the times are of: one unit of work, or one second of the service's life. */
  per: z.enum(['unit', 'second']),
  /** CPU time under the native runtime, ns. */
  nativeNs: z.number().positive(),
  /** Greatest first, the rest last; those without a count are left out. */
  causes: z.array(causeSchema),
  /** CPU time under the runtime, ns. */
  subjectNs: z.number().positive(),
  /** Was `subjectNs` measured, so that there is a rest? Otherwise it is the sum. */
  measured: z.boolean(),
});
export type Attribution = Readonly<z.infer<typeof attributionSchema>>;

/** Why there is no prediction: the recording is outside what the run's applications have shown. */
const refusalSchema = z.object({
  /** What is outside: a class's share of the time, its rate, CPUs used at once, threads, or bytes of a call. */
  kind: z.enum(['share', 'rate', 'concurrency', 'threads', 'size']),
  /** The class responsible; null where it is none. */
  feature: featureIdSchema.nullable(),
  /** Of the recording. */
  value: z.number(),
  /** Up to here the run can tell. */
  limit: z.number(),
  reason: z.string(),
  messages: messageRefsSchema.optional(),
});
export type Refusal = Readonly<z.infer<typeof refusalSchema>>;

/** A value and the ends of its interval; null where there is none. */
const boundedSchema = z.object({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Bounded = Readonly<z.infer<typeof boundedSchema>>;

/** CPU time of the same work. */
const cpuPredictionSchema = z.object({
  /** Under the native runtime, ns for each unit or second. */
  nativeNs: z.number().positive(),
  /** Under the runtime, ns. */
  ns: z.number().positive(),
  /** Lower end of its conformal interval; null where too few applications were measured. */
  low: z.number().positive().nullable(),
  /** Upper end; null likewise. */
  high: z.number().positive().nullable(),
  /** `ns` / `nativeNs`. */
  ratio: z.number().positive(),
});
export type CpuPrediction = Readonly<z.infer<typeof cpuPredictionSchema>>;

/** Errors of predictions of the run's own applications, each by a model that never saw it. */
const checkedSchema = z.object({
  /** Number of applications, whose parameters count once. */
  applications: z.number().int().nonnegative(),
  /** Number that an interval at the asked confidence needs. */
  needed: z.number().int().positive(),
  /** Median of the relative errors; null without applications. */
  medianError: z.number().nonnegative().nullable(),
  /** Their 90th percentile; null likewise. */
  p90Error: z.number().nonnegative().nullable(),
});
export type Checked = Readonly<z.infer<typeof checkedSchema>>;

/** Memory of one container. */
const memoryPredictionSchema = z.object({
  /** Highest memory in the recording's window, bytes. */
  nativeBytes: z.number().nonnegative(),
  /** That, and what a sandbox adds to it. */
  total: boundedSchema,
});
export type MemoryPrediction = Readonly<z.infer<typeof memoryPredictionSchema>>;

/** Response time at a utilisation of the native CPUs. */
const wallPredictionSchema = z.object({
  /** Utilisation under the native runtime: what was asked for. */
  utilisation: z.number().gt(0).lt(1),
  cpus: z.number().int().positive(),
  /** Utilisation of the same load under the runtime; from 1 on it cannot keep up. */
  subjectUtilisation: z.number().positive(),
  /** Time in the system over that under the native runtime; null where it cannot keep up. */
  ratio: boundedSchema.nullable(),
});
export type WallPrediction = Readonly<z.infer<typeof wallPredictionSchema>>;

/** What one of a feature costs under a runtime beyond its native cost. */
const featureCostSchema = z.object({
  feature: featureIdSchema,
  /** By the run's own cells, CPU ns; for `user` and `kernel`, ns for each ns. */
  ns: boundedSchema,
  /** As the applications of the run have corrected it, ns; null without a model. */
  learntNs: z.number().nonnegative().nullable(),
  /** The feature whose cost stands in where no cell measures this one alone; null where one does. */
  standIn: featureIdSchema.nullable(),
  /** Cells that it comes from, as `workload params`. */
  sources: z.array(z.string()),
});
export type FeatureCost = Readonly<z.infer<typeof featureCostSchema>>;

/** What the service would take under one runtime. A part that is null has its reason in `absent`, or in `refusals`. */
const runtimePredictionSchema = z.object({
  /** Its name in daemon.json. */
  runtime: z.string(),
  family: z.string(),
  /** As the binary prints it; null where it could not be asked. */
  version: z.string().nullable(),
  /** For families that have several, such as gVisor; else null. */
  platform: z.string().nullable(),
  /** null where it is refused or unknown. */
  cpu: cpuPredictionSchema.nullable(),
  checked: checkedSchema,
  /** What `cpu` is made of. */
  costs: z.array(featureCostSchema),
  memory: memoryPredictionSchema.nullable(),
  /** CPU time that a start and an end take beyond the native runtime's, ns. */
  startCpuNs: overheadEstimateSchema.nullable(),
  /** Time to the first output beyond the native runtime's, ns. */
  startNs: overheadEstimateSchema.nullable(),
  wall: wallPredictionSchema.nullable(),
  refusals: z.array(refusalSchema),
  absent: z.array(
    z.object({
      part: z.enum(['cpu', 'interval', 'memory', 'start', 'wall']),
      /** Why it is unknown. */
      reason: z.string(),
      messages: messageRefsSchema.optional(),
    }),
  ),
  /** Where its CPU time comes from; null without `cpu`. */
  attribution: attributionSchema.nullable(),
});
export type RuntimePrediction = Readonly<z.infer<typeof runtimePredictionSchema>>;

/** An application of the run that the model learnt from. */
const learntSchema = z.object({
  workload: z.string(),
  params: z.string(),
  /** Was it recorded beside the run, or is the recording one that comes with ocibench? */
  source: z.enum(['run', 'known']),
});
export type Learnt = Readonly<z.infer<typeof learntSchema>>;

/** What a service would cost under the runtimes of a run: the answer of `ocibench predict`. */
export const predictionSchema = z.object({
  /** Changes when a key changes its meaning. */
  predictionVersion: z.literal(predictionVersion),
  /** Of every interval. */
  confidence: z.number().gt(0).lt(1),
  /** The runtime that the service was recorded under, or one that costs the same. */
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
    /** What was recorded; untrusted. */
    name: z.string(),
    startedAt: z.string(),
    /** What `cpu` is of. */
    per: z.enum(['unit', 'second']),
    /** CPUs that it used on average. */
    concurrency: z.number().nonnegative(),
    /** System calls in a second of its CPU time. */
    callRate: z.number().nonnegative(),
  }),
  learnt: z.array(learntSchema),
  runtimes: z.array(runtimePredictionSchema),
});
export type Prediction = Readonly<z.infer<typeof predictionSchema>>;
