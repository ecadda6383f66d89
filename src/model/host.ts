import * as z from 'zod';
import { messageRefsSchema } from '../messages/record.ts';

/** The machine on which the containers run. Null always means "could not be read here". */
export const hostFactsSchema = z.object({
  hostname: z.string(),
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpuModel: z.string(),
  cpus: z.number().int(),
  /** Absent in older records. */
  microcode: z.string().nullable().optional(),
  memoryBytes: z.number(),
  /** `v2`, `v1` or `hybrid` (v1 controllers beside /sys/fs/cgroup/unified). */
  cgroup: z.enum(['v2', 'v1', 'hybrid', 'unknown']),
  controllers: z.array(z.string()),
  /** e.g. `kvm`, `qemu`, or null on bare metal. */
  hypervisor: z.string().nullable(),
  /** The software emulator of the CPU, e.g. `QEMU TCG`; null where nothing proves emulation. */
  emulation: z.string().nullable().default(null),
  clocksource: z.string().nullable(),
  governor: z.string().nullable(),
  turbo: z.boolean().nullable(),
  smt: z.boolean().nullable(),
  thpShmem: z.string().nullable(),
  ksm: z.boolean().nullable(),
  swapUsedBytes: z.number().nullable(),
  loadAverage1: z.number().nullable(),
  /** /sys/devices/system/cpu/vulnerabilities: name → state. */
  mitigations: z.record(z.string(), z.string()),
});
export type HostFacts = Readonly<z.infer<typeof hostFactsSchema>>;

/**
 * Settings of a daemon that apply to all of its containers. An absent value is unknown. Some change figures (seccomp,
 * limits, the file system of images). Any of them may differ between two runs.
 */
export const engineConditionsSchema = z.object({
  /** `builtin`, `unconfined`, the path of a profile, or `none` where daemon or kernel have no seccomp. */
  seccomp: z.string().optional(),
  securityModule: z.enum(['apparmor', 'selinux', 'none']).optional(),
  /** The daemon's setting; measured containers always have it. */
  noNewPrivileges: z.boolean().optional(),
  /** `nofile=1024:2048` (soft:hard), separated by spaces, or `none`. These limits apply to measured containers. */
  defaultUlimits: z.string().optional(),
  liveRestore: z.boolean().optional(),
  userlandProxy: z.boolean().optional(),
  /** True if containers on the default bridge may talk to each other. */
  icc: z.boolean().optional(),
  /** The daemon's default; measured containers have no driver, unless a workload measures it. */
  logDriver: z.string().optional(),
  /** File system below the storage driver. */
  backingFileSystem: z.string().optional(),
  /** Number of running containers, other than this run's, when the run began. */
  otherContainers: z.number().int().nonnegative().optional(),
});
export type EngineConditions = Readonly<z.infer<typeof engineConditionsSchema>>;

/** The Docker engine that starts the containers. */
export const engineFactsSchema = z.object({
  kind: z.enum(['docker', 'embedded']),
  endpoint: z.string(),
  /** True if the engine's cgroups and processes are visible from here. */
  local: z.boolean(),
  version: z.string(),
  apiVersion: z.string(),
  cgroupVersion: z.enum(['1', '2', 'unknown']),
  cgroupDriver: z.string(),
  storageDriver: z.string(),
  defaultRuntime: z.string(),
  containerdVersion: z.string().nullable(),
  /** Transport to the engine; `tcp` is unprotected. Absent in older records, like the fields below. */
  transport: z.enum(['unix', 'tls', 'ssh', 'tcp']).optional(),
  /** Why `local` is false. */
  hidden: z.enum(['remote', 'other-kernel', 'rootless']).optional(),
  /** The host user to which root in the containers is mapped (`userns-remap`). */
  userns: z.object({ uid: z.number().int(), gid: z.number().int() }).optional(),
  /** Recorded for a run; absent in older records. */
  conditions: engineConditionsSchema.optional(),
});
export type EngineFacts = Readonly<z.infer<typeof engineFactsSchema>>;

/** One check of `doctor`, or one doubt that a run records about its host. */
export const checkSchema = z.object({
  id: z.string(),
  status: z.enum(['ok', 'warn', 'fail', 'unknown']),
  title: z.string(),
  detail: z.string(),
  fix: z.string().optional(),
  /** For a doubt: maximum influence of its topic on the measurement. Absent in older records, like the fields below. */
  impact: z.enum(['high', 'medium', 'low']).optional(),
  /** Messages of `title`, `detail` and `fix`. */
  messages: messageRefsSchema.optional(),
});
export type Check = Readonly<z.infer<typeof checkSchema>>;
