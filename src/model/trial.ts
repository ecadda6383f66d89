import * as z from 'zod';
import { messageRefsSchema } from '../messages/record.ts';
import { cellSchema } from './cell.ts';
import { errorRecordSchema } from './error.ts';
import { samplingSchema } from './sampling.ts';

/** Warm-up trials are recorded but never analysed. */
export const trialPhaseSchema = z.enum(['warmup', 'measure']);
export type TrialPhase = z.infer<typeof trialPhaseSchema>;

/** Steps of a trial in the order in which they happen; a failure names the one it happened in. */
const trialStepSchema = z.enum([
  'prepare',
  'create',
  'attach',
  'start',
  'run',
  'peer',
  'probe',
  'exec',
  'pause',
  'stop',
  'remove',
  'collect',
  'parse',
]);
export type TrialStep = z.infer<typeof trialStepSchema>;

const trialOutcomeSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok') }),
  z.object({ status: z.literal('failed'), step: trialStepSchema, error: errorRecordSchema }),
  z.object({ status: z.literal('timed-out'), step: trialStepSchema, limitMs: z.number() }),
  /** Says nothing of the runtime, and is tried again: the user stopped it, or with `reason` the engine was lost. */
  z.object({
    status: z.literal('interrupted'),
    reason: z.string().optional(),
    messages: messageRefsSchema.optional(),
  }),
  z.object({
    status: z.literal('unsupported'),
    reason: z.string(),
    messages: messageRefsSchema.optional(),
  }),
]);
export type TrialOutcome = Readonly<z.infer<typeof trialOutcomeSchema>>;

/** Instants that every trial has as far as it comes. `first-output` is the container's first byte on stdout or stderr. */
export type LifeMark =
  | 'create-begin'
  | 'create-end'
  | 'start-begin'
  | 'start-end'
  | 'first-output'
  | 'exit'
  | 'remove-begin'
  | 'remove-end';

/** Names of the instants of a trial: those of every life, and those that a scenario's steps set. */
const markNameSchema = z.string().regex(/^[a-z][a-z0-9-]*$/);
export type MarkName = z.infer<typeof markNameSchema>;

/** An instant: host CLOCK_MONOTONIC nanoseconds since `create-begin` of the same trial. */
const markSchema = z.object({ name: markNameSchema, atNs: z.number().nonnegative() });
export type Mark = Readonly<z.infer<typeof markSchema>>;

/** A number with the file it was read from, or the reason why there is none. Absent is never zero. */
export const figureSchema = z.union([
  z.object({
    value: z.number(),
    source: z.string(),
    /** The cgroups it is a sum over, as absolute paths; only where it is one. */
    cgroups: z.array(z.string()).optional(),
  }),
  z.object({ absent: z.string(), messages: messageRefsSchema.optional() }),
]);
export type Figure = Readonly<z.infer<typeof figureSchema>>;

/**
 * What a trial's own parent cgroup counted, read after the container was gone. Keys of `figures` are
 * metric ids (`cpu.usage`, `memory.peak` …), in base units.
 */
export const cgroupTotalsSchema = z.object({
  /** `v2` is the reference; `v1` and `docker-stats` are labelled fallbacks; `none` where nothing could be read. */
  source: z.enum(['v2', 'v1', 'docker-stats', 'none']),
  path: z.string(),
  figures: z.record(z.string(), figureSchema),
});
export type CgroupTotals = Readonly<z.infer<typeof cgroupTotalsSchema>>;

/**
 * What a process is to its container: `workload`, `shim`, and whatever else the families of runtimes know (`runtimes/role.ts`);
 * a role that this version does not know stays as it was written. Its memory is `pss.<role>`, where `total` and `outside` are sums.
 */
const processRoleSchema = z
  .string()
  .regex(/^(?!(?:total|outside)$)[a-z][a-z0-9-]{0,39}$/, 'must be the role of a process, such as workload');
export type ProcessRole = z.infer<typeof processRoleSchema>;

/** One host process that works for the trial, as last seen. */
export const processUsageSchema = z.object({
  pid: z.number().int(),
  ppid: z.number().int(),
  comm: z.string(),
  role: processRoleSchema,
  /** Is it charged to the trial's own cgroup? */
  inCgroup: z.boolean(),
  /** utime+stime of /proc/<pid>/stat in ns (10 ms resolution); for daemons the difference over the trial. */
  cpuNs: z.number().nullable(),
  /** PSS of /proc/<pid>/smaps_rollup in bytes; null where it could not be read, 0 where its parent's is that of the same memory. */
  pssBytes: z.number().nullable(),
  /** The part of it in shared memory (`Pss_Shmem`; memfd, tmpfs), bytes; null where the kernel does not tell (< 5.4), absent in older records. */
  pssShmemBytes: z.number().nullable().optional(),
  /** The part of it in anonymous memory (`Pss_Anon`), bytes; null and absent likewise. */
  pssAnonBytes: z.number().nullable().optional(),
  /** Of a process outside the trial's cgroup: the one its CPU time is charged to; null where it could not be read. */
  cpuCgroup: z.string().nullable().optional(),
  /** Of a VMM: what executes its guest's instructions in software (`QEMU TCG`); null where nothing proves that something does. */
  emulation: z.string().nullable().optional(),
});
export type ProcessUsage = Readonly<z.infer<typeof processUsageSchema>>;

/** Pages of files and of shared memory (memfd, tmpfs) that processes map, each page once and at its full size. */
const mappedPagesSchema = z.object({
  bytes: z.number(),
  /** The part of it that containers of the same programs share, so that the host has it once: program text and other files. */
  shareableBytes: z.number(),
});
export type MappedPages = Readonly<z.infer<typeof mappedPagesSchema>>;

/** State of the host while the trial ran; differences over the trial except where a name says otherwise. */
export const noiseSchema = z.object({
  stealNs: z.number().nullable(),
  /** CPU time of the whole host that was not idle. */
  busyNs: z.number().nullable(),
  /** At least so much of it was of others, by other cgroups and processes; only where the engine's own CPU time is not known. */
  otherCpuNs: z.number().optional(),
  wallNs: z.number(),
  loadAverage1: z.number().nullable(),
  /** some-stall of /proc/pressure in ns. */
  cpuPressureNs: z.number().nullable(),
  ioPressureNs: z.number().nullable(),
  memoryPressureNs: z.number().nullable(),
  swapInPages: z.number().nullable(),
  /** cpu0 scaling_cur_freq in kHz at the end. */
  frequencyKHz: z.number().nullable(),
  /** Reasons for doubting this trial (`steal>5%` …); a flagged trial is kept. */
  flags: z.array(z.string()),
});
export type Noise = Readonly<z.infer<typeof noiseSchema>>;

/** What the container printed, cut at a limit. Untrusted. */
const toolOutputSchema = z.object({
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.boolean(),
});
export type ToolOutput = Readonly<z.infer<typeof toolOutputSchema>>;

/**
 * The part of a trial in which the tool really worked: as its container stamped it (`src/execute/stamps.ts`), or else while
 * the programs ran that the harness started in the container or its peer (the begin and the end of each call, added up).
 * How long it was by the container's clock and by the host's, and the CPU time used in it. Null where something could not be read.
 */
const workWindowSchema = z.object({
  /** Who drew it: the container by its stamps, or the harness around the programs that it ran in the container or its peer. */
  source: z.enum(['stamps', 'steps']).default('stamps'),
  /** By the container's own CLOCK_REALTIME, ns; the same as `hostNs` where it stamped nothing. */
  containerNs: z.number(),
  /** The same interval by the host's CLOCK_MONOTONIC, ns. */
  hostNs: z.number(),
  /** By how much the ways of the stamps to the host varied: no better are the two held against each other, ns. */
  uncertaintyNs: z.number().default(0),
  /** CPU time charged to the trial's own cgroup in it, ns. */
  cpuNs: z.number().nullable(),
  /** CPU time of the engine's cgroups in it, ns. */
  engineCpuNs: z.number().nullable(),
});
export type WorkWindow = Readonly<z.infer<typeof workWindowSchema>>;

/** One of several containers that a trial runs at once; `marks` are relative to the trial's own begin. */
const copySchema = z.object({ index: z.number().int().nonnegative(), marks: z.array(markSchema) });
export type Copy = Readonly<z.infer<typeof copySchema>>;

/** One line of trials.jsonl. */
export const trialRecordSchema = z.object({
  trialId: z.string(),
  cell: cellSchema,
  block: z.number().int().nonnegative(),
  position: z.number().int().nonnegative(),
  phase: trialPhaseSchema,
  attempt: z.number().int().positive(),
  /** ISO 8601, wall clock; for people only, never used in arithmetic. */
  startedAt: z.string(),
  marks: z.array(markSchema),
  /** Wall time of the iteration (create to remove) as tinybench timed it, ns; null when it did not end well. */
  iterationNs: z.number().nullable(),
  outcome: trialOutcomeSchema,
  exitCode: z.number().int().nullable(),
  cgroup: cgroupTotalsSchema.nullable(),
  /**
   * CPU, ns, used over the trial outside its own cgroup: the delta of the engine's (dockerd, containerd, shims, runtime
   * processes, and VMMs that nobody moved) and of those in which Kata puts a sandbox's overhead.
   */
  engineCpu: figureSchema,
  /** Highest-PSS snapshot of the processes that worked for the trial while it ran; empty where none was taken. */
  processes: z.array(processUsageSchema),
  /** `memory.shmem` of the trial's cgroup beside that snapshot, bytes; null where there is none, absent in older records. */
  shmemAtSnapshotBytes: z.number().nullable().optional(),
  /** What the processes of that snapshot map together; null where it could not be read, absent in older records. */
  mappedAtSnapshot: mappedPagesSchema.nullable().optional(),
  /** Processes that the runtime left behind and we ended, by container id. */
  leaked: z.array(z.object({ pid: z.number().int(), comm: z.string(), role: processRoleSchema })),
  noise: noiseSchema.nullable(),
  /** What its time series cost; null where none was taken, or where a trial is older than this. */
  sampling: samplingSchema.nullable().default(null),
  output: toolOutputSchema,
  /** Did the engine say that the kernel ended it for want of memory? null where it was not asked, or did not say. */
  oomKilled: z.boolean().nullable().default(null),
  /** What the programs printed that the harness ran in the container or in its peer, by the step's name. */
  outputs: z.record(z.string(), toolOutputSchema).default({}),
  /** null where the container stamped nothing and no step ran a program. */
  window: workWindowSchema.nullable().default(null),
  /** Empty where the trial is one container. */
  copies: z.array(copySchema).default([]),
  /** What the harness itself measured for this kind of trial, in base units (`sandboxes.charged` …). */
  figures: z.record(z.string(), figureSchema).default({}),
});
export type TrialRecord = Readonly<z.infer<typeof trialRecordSchema>>;

/** One line of readings.jsonl: counters of the trial's cgroup at an instant, as read. */
export const readingSchema = z.object({
  trialId: z.string(),
  /** ns since the trial's `create-begin`. */
  atNs: z.number().nonnegative(),
  /** What taking this reading cost the harness, ns of wall time. */
  costNs: z.number().nonnegative(),
  figures: z.record(z.string(), z.number()),
});
export type Reading = Readonly<z.infer<typeof readingSchema>>;
