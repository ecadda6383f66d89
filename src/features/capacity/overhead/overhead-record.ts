import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { engineFactsSchema, hostFactsSchema } from '../../../core/model/machine/host.ts';
import { runIdSchema } from '../../../core/model/run/run.ts';

/** Increase this when the meaning of a key changes. */
export const overheadVersion = 1;

/**
 * Parts of the overhead, each with its own workloads: memory by program size, memory by number of sandboxes, CPU time of a
 * start, idle CPU use.
 */
const overheadPartSchema = z.enum(['size', 'count', 'start', 'idle']);
export type OverheadPart = z.infer<typeof overheadPartSchema>;

/** Estimate from one value per block. */
const overheadEstimateSchema = z.object({
  /** Hodges–Lehmann estimate. */
  value: z.number(),
  /** Lower end of its signed-rank interval at `confidence`; null if there are too few blocks. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Number of blocks with a value. */
  blocks: z.number().int().positive(),
});
export type OverheadEstimate = Readonly<z.infer<typeof overheadEstimateSchema>>;

/** Overhead of one sandbox as a line over its program's memory. */
const overheadLineSchema = z.object({
  /** Intercept: bytes of a sandbox whose program uses no memory. */
  fixedBytes: overheadEstimateSchema,
  /** Slope: additional bytes per byte of program memory. */
  share: overheadEstimateSchema,
});
export type OverheadLine = Readonly<z.infer<typeof overheadLineSchema>>;

/** Memory of one sandbox beyond that of the same program under the native runtime. */
const sizeOverheadSchema = z.object({
  /** Memory sizes of the programs. */
  sizesBytes: z.array(z.number()),
  total: overheadLineSchema,
  /** Part charged to the container's cgroup, which counts against a memory limit; null if the limit is that of a guest. */
  inside: overheadLineSchema.nullable(),
  /** Part outside of that cgroup: shim, virtual machine. */
  outside: overheadLineSchema,
  /** Does it include the kernel memory of the container's cgroup (page tables among it)? */
  kernelCounted: z.boolean(),
  /** The largest fixed part of any single sandbox. */
  largestBytes: z.number(),
  /** Number of sandboxes behind `largestBytes`. */
  sandboxes: z.number().int().positive(),
});
export type SizeOverhead = Readonly<z.infer<typeof sizeOverheadSchema>>;

/** Memory of idle sandboxes by their number. */
const countOverheadSchema = z.object({
  /** Numbers of simultaneous sandboxes. */
  counts: z.array(z.number().int().positive()),
  /** Private memory of one more sandbox with its idle program: slope of a line over their number. */
  perSandboxBytes: overheadEstimateSchema,
  /** File pages that a sandbox maps, such as program text: needed once per host for any number of sandboxes. */
  oncePerHostBytes: overheadEstimateSchema,
  /** Fall of the host's MemAvailable per sandbox, with the largest number of sandboxes; null if it could not be read. */
  availableBytes: overheadEstimateSchema.nullable(),
});
export type CountOverhead = Readonly<z.infer<typeof countOverheadSchema>>;

/** `overhead.podFixed` of a Kubernetes RuntimeClass. */
const podFixedSchema = z.object({
  /**
   * Upper end of the fixed part, or the largest observed one if larger, rounded up to whole MiB; for guests no less than
   * `guest.defaultBytes` + `guest.hostSideBytes`.
   */
  memoryBytes: z.number().int().nonnegative(),
  /** Upper end of the idle CPU use, rounded up to thousandths of a CPU; null if unknown. */
  milliCpu: z.number().int().positive().nullable(),
});
export type PodFixed = Readonly<z.infer<typeof podFixedSchema>>;

/** Memory of a guest and around it. A guest in time touches all of its memory, and keeps it. */
const guestMemorySchema = z.object({
  /** Memory of a guest beside the limits of its containers (`default_memory`), as asked for. */
  defaultBytes: z.number(),
  /** Largest memory of a sandbox around its guest: shim, helpers, and the monitor's own. */
  hostSideBytes: z.number(),
  /** Is the guest's memory told from the monitor's? If not, `hostSideBytes` is all that a sandbox holds at rest. */
  isApart: z.boolean(),
});
export type GuestMemory = Readonly<z.infer<typeof guestMemorySchema>>;

/** The overhead of a runtime's sandboxes. A part that is null has its reason in `absent`. */
const runtimeOverheadSchema = z.object({
  /** Its name in daemon.json. */
  runtime: z.string(),
  family: z.string(),
  /** Version as the binary prints it; null if it could not be asked. */
  version: z.string().nullable(),
  /** Platform, for families that have several, such as gVisor; else null. */
  platform: z.string().nullable(),
  size: sizeOverheadSchema.nullable(),
  count: countOverheadSchema.nullable(),
  /** CPU time of a container's whole life from create to remove, engine included, ns. */
  startCpuNs: overheadEstimateSchema.nullable(),
  /** CPUs that one idle sandbox uses, the engine's share included: 0.001 is a millisecond per second. */
  idleCpus: overheadEstimateSchema.nullable(),
  /** null if the memory has no interval. */
  podFixed: podFixedSchema.nullable(),
  /** null if its containers run in no guest, or the processes of none could be read. */
  guest: guestMemorySchema.nullable(),
  /** The software emulator of its guests' CPU (`QEMU TCG`), whose code is in its memory; null where nothing proves emulation. */
  emulation: z.string().nullable(),
  absent: z.array(
    z.object({
      part: overheadPartSchema,
      /** Why the part is unknown. */
      reason: z.string(),
      messages: messageRefsSchema.optional(),
    }),
  ),
});
export type RuntimeOverhead = Readonly<z.infer<typeof runtimeOverheadSchema>>;

/** A runtime that was not measured: computed from a capture of one idle sandbox and from its configuration. */
const computedOverheadSchema = z.object({
  runtime: z.string(),
  family: z.string(),
  /** Version of the captured sandbox. */
  version: z.string(),
  /** The software emulator of the captured guest's CPU, whose code is in its memory. */
  emulation: z.string(),
  /** Memory of the guest without the container's limit (`default_memory`). */
  guestBytes: z.number(),
  /** Private memory of the captured idle sandbox. */
  idleBytes: z.number(),
  /** Part of it outside of the guest's memory: shim, virtiofsd, and QEMU's own. */
  hostSideBytes: z.number(),
  /** For a guest that has touched all of its memory: `guestBytes` + `hostSideBytes`, rounded up. */
  podFixed: podFixedSchema,
});
export type ComputedOverhead = Readonly<z.infer<typeof computedOverheadSchema>>;

/** Output of `ocibench capacity overhead`: the cost of a sandbox of each runtime. */
export const overheadSchema = z.object({
  /** Changes when a key changes its meaning. */
  overheadVersion: z.literal(overheadVersion),
  /** Confidence of every interval. */
  confidence: z.number().gt(0).lt(1),
  /** The native runtime, whose containers show a program's own use. */
  native: z.string(),
  /** The run that measured it. */
  run: z.object({
    runId: runIdSchema,
    startedAt: z.string(),
    /** Version of ocibench that measured. */
    harnessVersion: z.string(),
  }),
  /** The machine of the run. */
  host: hostFactsSchema,
  engine: engineFactsSchema,
  runtimes: z.array(runtimeOverheadSchema),
  computed: z.array(computedOverheadSchema),
});
export type Overhead = Readonly<z.infer<typeof overheadSchema>>;
