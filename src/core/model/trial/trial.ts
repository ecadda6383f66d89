import * as z from 'zod';
import { messageRefsSchema } from '../../messages/schema.ts';
import { bounds } from '../bounds.ts';
import { errorRecordSchema } from '../failure/error-record.ts';
import { duetSchema } from '../run/duet.ts';
import { samplingSchema } from '../run/sampling.ts';
import { cellSchema } from './cell.ts';

/** Warm-up trials are recorded but never analysed. */
export const trialPhaseSchema = z.enum(['warmup', 'measure']);
export type TrialPhase = z.infer<typeof trialPhaseSchema>;

/** Steps of a trial in order of occurrence; a failure names the step in which it happened. */
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

/** How the trial ended. */
const trialOutcomeSchema = z.discriminatedUnion('status', [
  z.object({
    /** The trial succeeded. */
    status: z.literal('ok'),
  }),
  z.object({
    /** A step failed. */
    status: z.literal('failed'),
    step: trialStepSchema,
    error: errorRecordSchema,
  }),
  z.object({
    /** A step took too long. */
    status: z.literal('timed-out'),
    step: trialStepSchema,
    /** Timeout of the step. */
    limitMs: z.number(),
  }),
  z.object({
    /** Not attributed to the runtime; the trial is repeated. */
    status: z.literal('interrupted'),
    /** How the engine was lost; absent where the user stopped the trial. */
    reason: z.string().optional(),
    messages: messageRefsSchema.optional(),
  }),
  z.object({
    /** The runtime or this machine cannot run the workload. */
    status: z.literal('unsupported'),
    /** Why. */
    reason: z.string(),
    messages: messageRefsSchema.optional(),
  }),
]);
export type TrialOutcome = Readonly<z.infer<typeof trialOutcomeSchema>>;

/** Instants that every trial sets, as far as it gets. `first-output` is the container's first byte on stdout or stderr. */
export type LifeMark =
  | 'create-begin'
  | 'create-end'
  | 'start-begin'
  | 'start-end'
  | 'first-output'
  | 'exit'
  | 'remove-begin'
  | 'remove-end';

/** Names of the instants of a trial: those of every trial, and those set by a scenario's steps. */
const markNameSchema = z.string().regex(/^[a-z][a-z0-9-]*$/);
export type MarkName = z.infer<typeof markNameSchema>;

/** An instant: host CLOCK_MONOTONIC nanoseconds since `create-begin` of the same trial. */
const markSchema = z.object({
  name: markNameSchema,
  /** Since `create-begin`. */
  atNs: z.number().nonnegative(),
});
export type Mark = Readonly<z.infer<typeof markSchema>>;

/** A number with its source file, or the reason for its absence. Absent is never zero. */
export const figureSchema = z.union([
  z.object({
    /** Value in the base unit of its metric. */
    value: z.number(),
    /** The file, or the API, from which it was read. */
    source: z.string(),
    /** Absolute paths of the cgroups; absent where the figure is not a sum over cgroups. */
    cgroups: z.array(z.string()).optional(),
  }),
  z.object({
    /** Why there is no value. */
    absent: z.string(),
    messages: messageRefsSchema.optional(),
  }),
]);
export type Figure = Readonly<z.infer<typeof figureSchema>>;

/** The number of a figure; null where it is absent. */
export function figureValue(figure: Figure | undefined): number | null {
  return figure !== undefined && 'value' in figure ? figure.value : null;
}

/**
 * Counters of a trial's own parent cgroup, read after the container was removed. Keys of `figures` are metric ids
 * (`cpu.usage`, `memory.peak` …), in base units.
 */
export const cgroupTotalsSchema = z.object({
  /** `v2` is the reference; `v1` and `docker-stats` are labelled fallbacks; `none` where nothing could be read. */
  source: z.enum(['v2', 'v1', 'docker-stats', 'none']),
  /** Directory of the cgroup. */
  path: z.string(),
  /** Metric id → its figure. */
  figures: z.record(z.string(), figureSchema),
});
export type CgroupTotals = Readonly<z.infer<typeof cgroupTotalsSchema>>;

/**
 * Role of a process for its container: `workload`, `shim`, or a role of a family of runtimes (`core/runtimes/role.ts`). A
 * role that this version does not know is kept as written. Its memory is `pss.<role>`; `pss.total` and `pss.outside`
 * are sums.
 */
const processRoleSchema = z
  .string()
  .regex(/^(?!(?:total|outside)$)[a-z][a-z0-9-]{0,39}$/, 'must be the role of a process, such as workload');
export type ProcessRole = z.infer<typeof processRoleSchema>;

/** One host process that works for the trial, as last observed. */
export const processUsageSchema = z.object({
  /** Process id. */
  pid: z.number().int(),
  /** Process id of its parent. */
  ppid: z.number().int(),
  /** Name of its program, as the kernel reports it. */
  comm: z.string(),
  role: processRoleSchema,
  /** True if it is charged to the trial's own cgroup. */
  inCgroup: z.boolean(),
  /**
   * utime+stime of `/proc/<pid>/stat` in ns (10 ms resolution); for daemons the difference over the trial. Null where
   * unreadable.
   */
  cpuNs: z.number().nullable(),
  /**
   * PSS of `/proc/<pid>/smaps_rollup`, bytes; 0 where its parent has the same address space. Null where unreadable, and
   * in a duet: the partner maps the same files, so that each would be charged with half of them.
   */
  pssBytes: z.number().nullable(),
  /**
   * Shared part of the PSS (`Pss_Shmem`; memfd, tmpfs), bytes. Null where the kernel lacks it (before 5.4).
   */
  pssShmemBytes: z.number().nullable(),
  /** Anonymous part of the PSS (`Pss_Anon`), bytes; null likewise. */
  pssAnonBytes: z.number().nullable(),
  /** For a process outside the trial's cgroup: the cgroup charged with its CPU time; null where unreadable, else absent. */
  cpuCgroup: z.string().nullable().optional(),
  /** For a VMM: the software emulator of its guest's CPU (`QEMU TCG`); null where nothing proves emulation, else absent. */
  emulation: z.string().nullable().optional(),
});
export type ProcessUsage = Readonly<z.infer<typeof processUsageSchema>>;

/** Pages of files and of shared memory (memfd, tmpfs) that processes map, each page counted once at its full size. */
const mappedPagesSchema = z.object({
  /** All of them. */
  bytes: z.number(),
  /** Size of the pages that containers of the same programs share (program text and other files), which the host holds once. */
  shareableBytes: z.number(),
});
export type MappedPages = Readonly<z.infer<typeof mappedPagesSchema>>;

/**
 * State of the host during the trial; differences over the trial except where a name says otherwise. Null where
 * unreadable.
 */
export const noiseSchema = z.object({
  /** CPU time that the hypervisor gave to other machines. */
  stealNs: z.number().nullable(),
  /** Non-idle CPU time of the whole host. */
  busyNs: z.number().nullable(),
  /**
   * Lower bound of the CPU time of other cgroups and processes; absent where the engine's own CPU time is known.
   */
  otherCpuNs: z.number().optional(),
  /** Wall time from before the trial to after it. */
  wallNs: z.number(),
  /** Load average of one minute at the end. */
  loadAverage1: z.number().nullable(),
  /** Stall time of the `some` line of /proc/pressure, ns. */
  cpuPressureNs: z.number().nullable(),
  /** Likewise for I/O. */
  ioPressureNs: z.number().nullable(),
  /** Likewise for memory. */
  memoryPressureNs: z.number().nullable(),
  /** Pages read back from swap. */
  swapInPages: z.number().nullable(),
  /** cpu0 scaling_cur_freq at the end, kHz. */
  frequencyKHz: z.number().nullable(),
  /** Reasons for doubting this trial (`steal>5%` …); a flagged trial is kept. */
  flags: z.array(z.string()),
});
export type Noise = Readonly<z.infer<typeof noiseSchema>>;

/** Output of the container, truncated at a limit. Untrusted. */
const toolOutputSchema = z.object({
  /** Standard output. */
  stdout: z.string(),
  /** Standard error. */
  stderr: z.string(),
  /** Whether output was cut off. */
  truncated: z.boolean(),
});
export type ToolOutput = Readonly<z.infer<typeof toolOutputSchema>>;

/**
 * The part of a trial in which the tool actually worked, from its container's stamps
 * (`src/core/measure/execute/stamps.ts`). Without stamps: the sum of the programs that the harness ran in the container
 * or its peer. Null where unreadable.
 */
const workWindowSchema = z.object({
  /** How the window was delimited: by the container's stamps, or by the harness around the programs of steps. */
  source: z.enum(['stamps', 'steps']),
  /** Duration by the container's own CLOCK_REALTIME, ns; equal to `hostNs` without stamps. */
  containerNs: z.number(),
  /** Duration of the same interval by the host's CLOCK_MONOTONIC, ns. */
  hostNs: z.number(),
  /** Spread of the stamps' latency; bounds the accuracy of the clock comparison, ns. */
  uncertaintyNs: z.number(),
  /** CPU time charged to the trial's own cgroup during the window, ns. */
  cpuNs: z.number().nullable(),
  /** CPU time of the engine's cgroups during the window, ns. */
  engineCpuNs: z.number().nullable(),
});
export type WorkWindow = Readonly<z.infer<typeof workWindowSchema>>;

/** One of several containers that a trial runs at once; `marks` are relative to the trial's own begin. */
const copySchema = z.object({
  /** Its number, from 0. */
  index: z.number().int().nonnegative(),
  /** Instants of this container. */
  marks: z.array(markSchema),
});
export type Copy = Readonly<z.infer<typeof copySchema>>;

/** One line of trials.jsonl. */
export const trialRecordSchema = z.object({
  /** Unique within the run. */
  trialId: z.string(),
  cell: cellSchema,
  /** Absent where it ran alone. */
  duet: duetSchema.optional(),
  /** Number of its block; 0 is the warm-up. */
  block: z.number().int().nonnegative().max(bounds.blocks, `is more than ${bounds.blocks}`),
  /** Its place in the order of the block, from 0. */
  position: z.number().int().nonnegative(),
  phase: trialPhaseSchema,
  /** 1, or more for a repetition. */
  attempt: z.number().int().positive(),
  /** ISO 8601, wall clock; for people only, never used in arithmetic. */
  startedAt: z.string(),
  /** How far the wall clock was set since the trial before, ms; absent if it was not, or by less than 2 s. */
  clockSetMs: z.number().optional(),
  marks: z.array(markSchema),
  /** Wall time of the iteration (create to remove) as tinybench measured it, ns; null when the iteration failed. */
  iterationNs: z.number().nullable(),
  outcome: trialOutcomeSchema,
  /** Exit code of the container; null where it did not end by itself. */
  exitCode: z.number().int().nullable(),
  /** Totals of its parent cgroup; null where there was none. */
  cgroup: cgroupTotalsSchema.nullable(),
  /**
   * CPU time used during the trial outside its own cgroup, ns. It covers the engine (dockerd, containerd, shims,
   * runtime processes, VMMs left in the engine's cgroups) and the cgroups of Kata's sandbox overhead.
   */
  engineCpu: figureSchema,
  /** Snapshot with the highest PSS of the processes that worked for the trial; empty where none was taken. */
  processes: z.array(processUsageSchema),
  /** `memory.shmem` of the trial's cgroup at that snapshot, bytes; null where none. */
  shmemAtSnapshotBytes: z.number().nullable(),
  /** Pages that the processes of that snapshot map together; null where unreadable. */
  mappedAtSnapshot: mappedPagesSchema.nullable(),
  /** Processes that the runtime left behind and the harness ended, by container id. */
  leaked: z.array(
    z.object({
      /** Process id. */
      pid: z.number().int(),
      /** Name of its program. */
      comm: z.string(),
      role: processRoleSchema,
    }),
  ),
  /** Disturbances of the host during the trial; null where they were not recorded. */
  noise: noiseSchema.nullable(),
  /** Cost of its time series; null where none was recorded. */
  sampling: samplingSchema.nullable(),
  output: toolOutputSchema,
  /** True if the engine reported an OOM kill by the kernel. Null where the engine was not asked, or did not say. */
  oomKilled: z.boolean().nullable(),
  /** Outputs of the programs that the harness ran in the container or its peer, by step name. */
  outputs: z.record(z.string(), toolOutputSchema),
  /** null where the container printed no stamps and no step ran a program. */
  window: workWindowSchema.nullable(),
  /** Empty where the trial has a single container. */
  copies: z.array(copySchema),
  /** Figures that the harness itself measured for this kind of trial, in base units (`sandboxes.charged` …). */
  figures: z.record(z.string(), figureSchema),
});
export type TrialRecord = Readonly<z.infer<typeof trialRecordSchema>>;

/**
 * One line of readings.jsonl: counters of the trial's cgroup at an instant. One reading a second has all counters, the
 * others only those that change quickly.
 */
export const readingSchema = z.object({
  /** The trial in trials.jsonl. */
  trialId: z.string(),
  /** ns since the trial's `create-begin`. */
  atNs: z.number().nonnegative(),
  /** Cost of this reading for the harness, ns of wall time. */
  costNs: z.number().nonnegative(),
  /** Metric id → value of the counter, in base units. */
  figures: z.record(z.string(), z.number()),
});
export type Reading = Readonly<z.infer<typeof readingSchema>>;
