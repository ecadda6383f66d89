import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { hostFactsSchema } from '../../../core/model/host.ts';
import { figureSchema } from '../../../core/model/trial.ts';

/** Prefix of the ids of recordings. A single recording's id is the name of its directory, beside those of runs. */
export const recordingPrefix = 'recording-';

/** Increase this when the meaning of recording.json changes. */
export const recordingVersion = 1;

/** Classes of system calls of similar cost: a runtime with its own kernel does similar work for all calls of a class. */
export const callClasses = [
  'trap',
  'read',
  'write',
  'open',
  'socket',
  'wait',
  'futex',
  'memory',
  'process',
  'other',
] as const;
const callClassSchema = z.enum(callClasses);
export type CallClass = z.infer<typeof callClassSchema>;

/** The recorded target. */
const recordingTargetSchema = z.object({
  /**
   * `command`, `image` and `workload` (of a run) were started for the recording; `container` and `cgroup` existed before, and
   * went on running.
   */
  kind: z.enum(['command', 'container', 'cgroup', 'image', 'workload']),
  /** Name given by the user; untrusted. */
  name: z.string(),
  /** Program and arguments; empty if the recording started none, or the image's own. */
  command: z.array(z.string()),
  /** The container's runtime, by its name in the engine; null if no container is known. */
  runtime: z.string().nullable(),
  /** The recorded cgroup, including all below it, relative to the hierarchies' roots. */
  cgroup: z.string(),
  /** Exit code of the started target; null if it did not end by itself, or was not started here. */
  exitCode: z.number().int().nullable(),
});
export type RecordingTarget = Readonly<z.infer<typeof recordingTargetSchema>>;

const tracerKindSchema = z.enum(['bpftrace', 'perf', 'strace']);
export type TracerKind = z.infer<typeof tracerKindSchema>;

/** A tracer that was not used, and the reason. */
const passedOverSchema = z.object({
  kind: tracerKindSchema,
  /** Why it cannot be used here. */
  reason: z.string(),
  /** Message of the reason; absent if the text is a tool's own. */
  messages: messageRefsSchema.optional(),
});
export type PassedOverTracer = Readonly<z.infer<typeof passedOverSchema>>;

/** The tracer that counted the system calls. */
const tracerSchema = z.object({
  kind: tracerKindSchema,
  /** Version that the program prints. */
  version: z.string(),
  /** One call out of this many, chosen at random, was timed; null if none was. */
  timedOneOf: z.number().int().positive().nullable(),
  /** True if a private copy of the program was used, without the header that makes Debian's bpftrace 0.23 crash. */
  repaired: z.boolean(),
  /** Better tracers that cannot be used here. */
  passedOver: z.array(passedOverSchema),
});
export type TracerFacts = Readonly<z.infer<typeof tracerSchema>>;

/** One system call in the window. */
const recordedCallSchema = z.object({
  /** Its name; `unknown` for numbers that have none. */
  name: z.string(),
  class: callClassSchema,
  /** Calls that began in the window. */
  count: z.number().int().nonnegative(),
  /** Number of those calls that were timed. */
  timed: z.number().int().nonnegative(),
  /** Total time in these calls, waiting included, estimated from the timed ones; null if none was timed. */
  timeNs: z.number().nonnegative().nullable(),
  /** Bytes read, written, sent or received, by the calls' results; null for other calls, or if they are not counted. */
  bytes: z.number().nonnegative().nullable(),
});
export type RecordedCall = Readonly<z.infer<typeof recordedCallSchema>>;

/** Calls of one name by processes of one name, estimated from the timed calls. */
const placeSchema = z.object({
  /** Name of the process (`comm`), which it chooses itself: untrusted. */
  process: z.string(),
  /** Name of the system call. */
  call: z.string(),
  /** Estimated number of calls in the window. */
  calls: z.number().nonnegative(),
  /** Time of these calls, waiting included. */
  timeNs: z.number().nonnegative(),
});
export type CallPlace = Readonly<z.infer<typeof placeSchema>>;

/** All calls of a class. */
const classTotalSchema = z.object({
  class: callClassSchema,
  /** Calls that began in the window. */
  count: z.number().int().nonnegative(),
  /** Sum of their times; null if no call was timed. */
  timeNs: z.number().nonnegative().nullable(),
  /** Sum of their bytes; null if none of them has bytes, or if they are not counted. */
  bytes: z.number().nonnegative().nullable(),
});
export type ClassTotal = Readonly<z.infer<typeof classTotalSchema>>;

/** CPU time that tracing adds to one call: that of a loop of known length with the tracer minus that without it. */
const callCostSchema = z.object({
  /** Hodges–Lehmann estimate of the difference, ns; can be negative by chance. */
  ns: z.number(),
  /** Lower end of its 95 % confidence interval; null if there were too few loops. */
  low: z.number().nullable(),
  /** Upper end; null likewise. */
  high: z.number().nullable(),
  /** Number of loops with the tracer. */
  withTracer: z.number().int(),
  /** Number of loops without it, before and after. */
  without: z.number().int(),
});
export type CallCost = Readonly<z.infer<typeof callCostSchema>>;

/** Cost of the recording itself, measured together with it. */
const disturbanceSchema = z.object({
  /** Cost for a call that does nothing (getppid). */
  plain: callCostSchema,
  /** Cost for a call whose bytes are counted (read of one byte from /dev/zero). */
  read: callCostSchema,
  /** Share of one CPU that tracing takes at 50,000 calls per second, half plain calls and half reads. */
  shareAt50k: z.number(),
  /** Estimated CPU time that tracing added to the target in the window; included in `cpu.system`. */
  cpuNs: z.number(),
  /** `cpuNs` as a share of the target's own CPU time; null if that is unknown. */
  shareOfCpu: z.number().nullable(),
  /** Calls that the loops made while the tracer was attached. */
  madeCalls: z.number().int(),
  /** Number of those calls that the tracer counted. */
  countedCalls: z.number().int(),
});
export type Disturbance = Readonly<z.infer<typeof disturbanceSchema>>;

/** The recorded workload of a run, and the amount of work in the window. */
const recordedWorkSchema = z.object({
  /** Id of the workload. */
  workload: z.string().min(1),
  /** Parameters as canonical text, as in the run's cells. */
  params: z.string(),
  /** Its runtime: the run's baseline. */
  runtime: z.string().min(1),
  /** Units of work in the window (`work.units`); null if its parser counts none. */
  units: z.number().positive().nullable(),
  /** sha256 of the workload's request to the engine: command, environment, mounts, limits, steps. */
  definition: z.string(),
  /** sha256 of the recipe of its image, as in run.json; empty for an image without a recipe. */
  recipe: z.string(),
});
export type RecordedWork = Readonly<z.infer<typeof recordedWorkSchema>>;

/** A note to read before using the numbers. */
const recordingNoteSchema = z.object({
  /** Text. */
  note: z.string(),
  /** Its message; absent if the text is not ocibench's. */
  messages: messageRefsSchema.optional(),
});

/** recording.json: the demand of one service on the kernel, and its use of resources, in a window of time. */
export const recordingSchema = z.object({
  recordingVersion: z.literal(recordingVersion),
  /** Id: name of its directory. Recordings of a run's workloads made by one command share it. */
  recordingId: z.string(),
  /** ISO 8601, wall clock. */
  startedAt: z.string(),
  /** Version of ocibench. */
  harnessVersion: z.string(),
  host: hostFactsSchema,
  target: recordingTargetSchema,
  /** Present only for a workload of a run. */
  work: recordedWorkSchema.optional(),
  tracer: tracerSchema,
  /** Length of the window, from the start of counting to its end; CLOCK_MONOTONIC. */
  windowNs: z.number().positive(),
  /** Why it ended: time limit, end of the target (for a workload, of its work), or interrupt by the user. */
  endedBy: z.enum(['time', 'exit', 'interrupt']),
  /** Most frequent first. */
  calls: z.array(recordedCallSchema),
  /** Sums of `calls`. */
  classes: z.array(classTotalSchema),
  /** Calls by process; empty if the tracer does not distinguish processes. */
  places: z.array(placeSchema),
  /**
   * Other figures of the window, by name, in base units. `cpu.*`, `io.*`, `faults.*`, `switches.*`, `tasks.*` and
   * `network.*` are differences; `memory.*` and `pids.*` are of the reading with the highest memory.
   */
  figures: z.record(z.string(), figureSchema),
  /** null if it could not be measured; a note says why. */
  disturbance: disturbanceSchema.nullable(),
  notes: z.array(recordingNoteSchema),
});
export type Recording = Readonly<z.infer<typeof recordingSchema>>;

/** The part of a recording that the model of `predict` reads. */
export interface Counts extends Pick<Recording, 'figures' | 'windowNs'> {
  readonly classes: readonly Pick<ClassTotal, 'class' | 'count' | 'bytes'>[];
  readonly disturbance: Pick<Disturbance, 'cpuNs'> | null;
}

/** A recording of a workload of a run: made for that run, or shipped with ocibench. */
export interface WorkRecording {
  readonly recording: Counts & {
    readonly work: RecordedWork;
    readonly host: Pick<Recording['host'], 'arch'>;
  };
  readonly source: 'run' | 'known';
}

/** Sums calls by class, in the order of {@link callClasses}, without empty classes. */
export function classTotals(calls: readonly RecordedCall[]): readonly ClassTotal[] {
  const sum = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
  };
  return callClasses.flatMap((each) => {
    const own = calls.filter((call) => call.class === each);
    if (own.length === 0) return [];
    return [
      {
        class: each,
        count: own.reduce((total, { count }) => total + count, 0),
        timeNs: sum(own.map(({ timeNs }) => timeNs)),
        bytes: sum(own.map(({ bytes }) => bytes)),
      },
    ];
  });
}
