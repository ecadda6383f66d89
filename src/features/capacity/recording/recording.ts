import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { hostFactsSchema } from '../../../core/model/host.ts';
import { figureSchema } from '../../../core/model/trial.ts';

/** Prefix of the names of recordings; that of a single one is its directory, beside those of runs. */
export const recordingPrefix = 'recording-';

/** Increase this when the meaning of recording.json changes. */
export const recordingVersion = 1;

/** System calls with about one cost: what a runtime with a kernel of its own has to do for them is of one kind. */
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

/** What was watched. */
const recordingTargetSchema = z.object({
  /**
   * `command`, `image` and `workload` (of a run) were started for the recording; `container` and `cgroup` were there, and went
   * on.
   */
  kind: z.enum(['command', 'container', 'cgroup', 'image', 'workload']),
  /** As the user named it; untrusted. */
  name: z.string(),
  /** Program and arguments; empty where the recording started none, or the image's own. */
  command: z.array(z.string()),
  /** The container's runtime, by its name in the engine; null where no container is known. */
  runtime: z.string().nullable(),
  /** The cgroup that was watched with all below it, relative to the hierarchies' roots. */
  cgroup: z.string(),
  /** Exit code of what was started; null where it did not end by itself, or was not started here. */
  exitCode: z.number().int().nullable(),
});
export type RecordingTarget = Readonly<z.infer<typeof recordingTargetSchema>>;

const tracerKindSchema = z.enum(['bpftrace', 'perf', 'strace']);
export type TracerKind = z.infer<typeof tracerKindSchema>;

/** A tracer that was not used, and why. */
const passedOverSchema = z.object({
  kind: tracerKindSchema,
  /** Why it cannot be used here. */
  reason: z.string(),
  /** Message of the reason; absent where the text is a tool's own. */
  messages: messageRefsSchema.optional(),
});
export type PassedOver = Readonly<z.infer<typeof passedOverSchema>>;

/** What counted the system calls. */
const tracerSchema = z.object({
  kind: tracerKindSchema,
  /** Version that the program prints of itself. */
  version: z.string(),
  /** One of so many calls, chosen at random, was timed; null where none was. */
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
  /** Calls of them that were timed. */
  timed: z.number().int().nonnegative(),
  /** Time in the call, waiting included, of all calls by those that were timed; null where none was. */
  timeNs: z.number().nonnegative().nullable(),
  /** Bytes that it read, wrote, sent or received, by its result; null for other calls, or where they are not counted. */
  bytes: z.number().nonnegative().nullable(),
});
export type RecordedCall = Readonly<z.infer<typeof recordedCallSchema>>;

/** Calls of one name by the processes of one name, from those that were timed. */
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
export type Place = Readonly<z.infer<typeof placeSchema>>;

/** All calls of a class. */
const classTotalSchema = z.object({
  class: callClassSchema,
  /** Calls that began in the window. */
  count: z.number().int().nonnegative(),
  /** Sum of their times; null where no call was timed. */
  timeNs: z.number().nonnegative().nullable(),
  /** Sum of their bytes; null where none of them has bytes, or they are not counted. */
  bytes: z.number().nonnegative().nullable(),
});
export type ClassTotal = Readonly<z.infer<typeof classTotalSchema>>;

/** What tracing adds to one call, CPU time: a loop of known length with the tracer attached, less one without. */
const callCostSchema = z.object({
  /** Hodges–Lehmann shift between the two, ns; can be negative by chance. */
  ns: z.number(),
  /** Lower end of its 95 % confidence interval; null where there were too few loops. */
  low: z.number().nullable(),
  /** Upper end; null likewise. */
  high: z.number().nullable(),
  /** Loops with the tracer. */
  withTracer: z.number().int(),
  /** Loops without it, before and after. */
  without: z.number().int(),
});
export type CallCost = Readonly<z.infer<typeof callCostSchema>>;

/** What the recording itself cost, measured in the same run. */
const disturbanceSchema = z.object({
  /** Of a call that does nothing (getppid). */
  plain: callCostSchema,
  /** Of a call whose bytes are counted (read of one byte from /dev/zero). */
  read: callCostSchema,
  /** Share of one CPU that tracing takes at 50,000 calls a second, of plain calls and reads in equal parts. */
  shareAt50k: z.number(),
  /** CPU time that tracing added to the target in the window, an estimate; it is part of `cpu.system`. */
  cpuNs: z.number(),
  /** The same as a share of the target's CPU time; null where that is unknown. */
  shareOfCpu: z.number().nullable(),
  /** Calls of the loops that were made while the tracer was attached. */
  madeCalls: z.number().int(),
  /** Calls of them that the tracer counted. */
  countedCalls: z.number().int(),
});
export type Disturbance = Readonly<z.infer<typeof disturbanceSchema>>;

/** The workload of a run that was recorded, and how much of its work was done in the window. */
const recordedWorkSchema = z.object({
  /** Id of the workload. */
  workload: z.string().min(1),
  /** Its parameters as canonical text, as in the run's cells. */
  params: z.string(),
  /** The runtime that it ran under: the run's baseline. */
  runtime: z.string().min(1),
  /** Units of work that its tool did in the window (`work.units`); null where its parser counts none. */
  units: z.number().positive().nullable(),
  /** sha256 of what the workload asks of the engine: command, environment, mounts, limits, steps. */
  definition: z.string(),
  /** sha256 of the recipe of its image, as in run.json; empty for an image that the engine had. */
  recipe: z.string(),
});
export type RecordedWork = Readonly<z.infer<typeof recordedWorkSchema>>;

/** Something to know before the numbers are used. */
const recordingNoteSchema = z.object({
  /** What. */
  note: z.string(),
  /** Its message; absent where the text is not ocibench's. */
  messages: messageRefsSchema.optional(),
});

/** recording.json: what one service asks of the kernel, and what it uses, in a time. */
export const recordingSchema = z.object({
  recordingVersion: z.literal(recordingVersion),
  /** Name of its directory; recordings of a run's workloads that were made at once share it. */
  recordingId: z.string(),
  /** ISO 8601, wall clock. */
  startedAt: z.string(),
  /** Version of ocibench. */
  harnessVersion: z.string(),
  host: hostFactsSchema,
  target: recordingTargetSchema,
  /** Absent where no workload of a run was recorded. */
  work: recordedWorkSchema.optional(),
  tracer: tracerSchema,
  /** Length of the window, from the first call that counts to the end; CLOCK_MONOTONIC. */
  windowNs: z.number().positive(),
  /** Why it ended: the time was over, the target (of a workload its work) ended, or the user interrupted. */
  endedBy: z.enum(['time', 'exit', 'interrupt']),
  /** Most frequent first. */
  calls: z.array(recordedCallSchema),
  /** Sums of `calls`. */
  classes: z.array(classTotalSchema),
  /** Which processes made the calls; empty where the tracer does not say. */
  places: z.array(placeSchema),
  /**
   * Other figures of the window, by name, in base units. `cpu.*`, `io.*`, `faults.*`, `switches.*`, `tasks.*` and
   * `network.*` are differences; `memory.*` and `pids.*` are of the reading with the highest memory.
   */
  figures: z.record(z.string(), figureSchema),
  /** null where it could not be measured; a note says why. */
  disturbance: disturbanceSchema.nullable(),
  notes: z.array(recordingNoteSchema),
});
export type Recording = Readonly<z.infer<typeof recordingSchema>>;

/** What the model of `predict` reads of a recording. */
export interface Counts extends Pick<Recording, 'figures' | 'windowNs'> {
  readonly classes: readonly Pick<ClassTotal, 'class' | 'count' | 'bytes'>[];
  readonly disturbance: Pick<Disturbance, 'cpuNs'> | null;
}

/** A recording of a workload of a run: made beside that run, or one that comes with ocibench. */
export interface WorkRecording {
  readonly recording: Counts & {
    readonly work: RecordedWork;
    readonly host: Pick<Recording['host'], 'arch'>;
  };
  readonly source: 'run' | 'known';
}

/** Sum calls by class, in the order of {@link callClasses}, without classes that have none. */
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
