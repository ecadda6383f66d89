import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { engineFactsSchema, hostFactsSchema } from '../../../core/model/host.ts';
import { runIdSchema } from '../../../core/model/run.ts';

/** Increase this when the meaning of a key changes. */
export const overheadVersion = 1;

/**
 * What the answer is made of, each of workloads of its own: memory by what a program holds, memory by the number of
 * sandboxes, CPU of a start, CPU at rest.
 */
const overheadPartSchema = z.enum(['size', 'count', 'start', 'idle']);
export type OverheadPart = z.infer<typeof overheadPartSchema>;

/** The centre of one value a block. */
export const overheadEstimateSchema = z.object({
  /** Hodges–Lehmann estimate. */
  value: z.number(),
  /** Lower end of its signed-rank interval at `confidence`; null where there are too few blocks for one. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Number of blocks with a value. */
  blocks: z.number().int().positive(),
});
export type OverheadEstimate = Readonly<z.infer<typeof overheadEstimateSchema>>;

/** Overhead of one sandbox as a line over what its program holds. */
const overheadLineSchema = z.object({
  /** Bytes of a sandbox whose program holds nothing. */
  fixedBytes: overheadEstimateSchema,
  /** Bytes more for each byte that the program holds. */
  share: overheadEstimateSchema,
});
export type OverheadLine = Readonly<z.infer<typeof overheadLineSchema>>;

/** Memory of one sandbox beyond what the same program uses under the native runtime. */
const sizeOverheadSchema = z.object({
  /** What the programs held. */
  sizesBytes: z.array(z.number()),
  total: overheadLineSchema,
  /** The part that the container's cgroup is charged, so that a memory limit must hold it; null where the limit is a guest's. */
  inside: overheadLineSchema.nullable(),
  /** The part elsewhere: shim, virtual machine. */
  outside: overheadLineSchema,
  /** Does it include the kernel memory of the container's cgroup, page tables among it? */
  kernelCounted: z.boolean(),
  /** The largest fixed part of any single sandbox. */
  largestBytes: z.number(),
  /** Number of sandboxes that it is the largest of. */
  sandboxes: z.number().int().positive(),
});
export type SizeOverhead = Readonly<z.infer<typeof sizeOverheadSchema>>;

/** Memory of idle sandboxes by their number. */
const countOverheadSchema = z.object({
  /** How many there were at once. */
  counts: z.array(z.number().int().positive()),
  /** Private memory of one more sandbox, its idle program included: the slope of a line over their number. */
  perSandboxBytes: overheadEstimateSchema,
  /** Files that one of them maps, such as program text: a host has them once, however many there are. */
  oncePerHostBytes: overheadEstimateSchema,
  /** Fall of the host's MemAvailable for each of the most sandboxes; null where it could not be read. */
  availableBytes: overheadEstimateSchema.nullable(),
});
export type CountOverhead = Readonly<z.infer<typeof countOverheadSchema>>;

/** What Kubernetes takes as the overhead of a pod. */
const podFixedSchema = z.object({
  /** The upper end of the fixed part, or the largest that was seen where that is more, rounded up to whole MiB. */
  memoryBytes: z.number().int().nonnegative(),
  /** The upper end at rest, rounded up to thousandths of a CPU; null where the CPU time at rest is unknown. */
  milliCpu: z.number().int().positive().nullable(),
});
export type PodFixed = Readonly<z.infer<typeof podFixedSchema>>;

/** The overhead of a runtime's sandboxes. A part that is null has its reason in `absent`. */
const runtimeOverheadSchema = z.object({
  /** Its name in daemon.json. */
  runtime: z.string(),
  family: z.string(),
  /** As the binary prints it; null where it could not be asked. */
  version: z.string().nullable(),
  /** For families that have several, such as gVisor; else null. */
  platform: z.string().nullable(),
  size: sizeOverheadSchema.nullable(),
  count: countOverheadSchema.nullable(),
  /** CPU time of a container's whole life from create to remove, engine included, ns. */
  startCpuNs: overheadEstimateSchema.nullable(),
  /** CPUs that one idle sandbox uses, the engine's share included: 0.001 is a millisecond a second. */
  idleCpus: overheadEstimateSchema.nullable(),
  /** null where the memory has no interval. */
  podFixed: podFixedSchema.nullable(),
  absent: z.array(
    z.object({
      part: overheadPartSchema,
      /** Why it is unknown. */
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
  /** Memory of the guest without the container's limit (`default_memory`). */
  guestBytes: z.number(),
  /** Private memory of the captured sandbox: what it holds at rest. */
  idleBytes: z.number(),
  /** The part of it that is not the guest's memory: shim, virtiofsd, and QEMU's own. */
  hostSideBytes: z.number(),
  /** For a guest that has touched all of its memory: `guestBytes` + `hostSideBytes`, rounded up. */
  podFixed: podFixedSchema,
});
export type ComputedOverhead = Readonly<z.infer<typeof computedOverheadSchema>>;

/** What a sandbox of each runtime costs: the answer of `ocibench overhead`. */
export const overheadSchema = z.object({
  /** Changes when a key changes its meaning. */
  overheadVersion: z.literal(overheadVersion),
  /** Of every interval. */
  confidence: z.number().gt(0).lt(1),
  /** The runtime whose containers say what a program uses by itself. */
  native: z.string(),
  /** The runs that it is made of, and which part each gave. */
  runs: z
    .array(
      z.object({
        runId: runIdSchema,
        startedAt: z.string(),
        /** Version of ocibench that measured. */
        harnessVersion: z.string(),
        parts: z.array(overheadPartSchema).min(1),
      }),
    )
    .min(1),
  /** The machine of the first run; the others' is the same. */
  host: hostFactsSchema,
  engine: engineFactsSchema,
  runtimes: z.array(runtimeOverheadSchema),
  computed: z.array(computedOverheadSchema),
});
export type Overhead = Readonly<z.infer<typeof overheadSchema>>;
