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
  memoryBytes: z.number(),
  /** `v2`, `v1` or `hybrid` (v1 controllers beside /sys/fs/cgroup/unified). */
  cgroup: z.enum(['v2', 'v1', 'hybrid', 'unknown']),
  controllers: z.array(z.string()),
  /** e.g. `kvm`, `qemu`, or null on bare metal. */
  hypervisor: z.string().nullable(),
  /** What executes the instructions in software, e.g. `QEMU TCG`; null where nothing proves that something does. */
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
 * What a daemon does to all of its containers, as far as it is known: absent is unknown. Some of it changes figures (seccomp,
 * limits, the file system below images), and all of it may be what differs between two runs.
 */
export const engineConditionsSchema = z.object({
  /** `builtin`, `unconfined`, the path of a profile, or `none` where daemon or kernel have no seccomp. */
  seccomp: z.string().optional(),
  securityModule: z.enum(['apparmor', 'selinux', 'none']).optional(),
  /** Of the daemon; measured containers have it anyway. */
  noNewPrivileges: z.boolean().optional(),
  /** `nofile=1024:2048` (soft:hard), with spaces between; `none`. They reach measured containers. */
  defaultUlimits: z.string().optional(),
  liveRestore: z.boolean().optional(),
  userlandProxy: z.boolean().optional(),
  /** May containers on the default bridge talk to each other? */
  icc: z.boolean().optional(),
  /** The daemon's default; measured containers have none, unless a workload is about it. */
  logDriver: z.string().optional(),
  /** Below its storage driver. */
  backingFileSystem: z.string().optional(),
  /** Running containers that are not this run's, when it began. */
  otherContainers: z.number().int().nonnegative().optional(),
});
export type EngineConditions = Readonly<z.infer<typeof engineConditionsSchema>>;

/** The Docker engine that starts the containers. */
export const engineFactsSchema = z.object({
  kind: z.enum(['docker', 'embedded']),
  endpoint: z.string(),
  /** Are the engine's cgroups and processes visible from here? */
  local: z.boolean(),
  version: z.string(),
  apiVersion: z.string(),
  cgroupVersion: z.enum(['1', '2', 'unknown']),
  cgroupDriver: z.string(),
  storageDriver: z.string(),
  defaultRuntime: z.string(),
  containerdVersion: z.string().nullable(),
  /** How it is reached; `tcp` is without protection. Absent in older records, as what follows. */
  transport: z.enum(['unix', 'tls', 'ssh', 'tcp']).optional(),
  /** Why `local` is false. */
  hidden: z.enum(['remote', 'other-kernel', 'rootless']).optional(),
  /** The host's user that root in the containers is (`userns-remap`). */
  userns: z.object({ uid: z.number().int(), gid: z.number().int() }).optional(),
  /** Of a run; absent in older records. */
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
  /** Of a doubt: how much its subject can move what is measured. Absent in older records, as what follows. */
  impact: z.enum(['high', 'medium', 'low']).optional(),
  /** What `title`, `detail` and `fix` were made from. */
  messages: messageRefsSchema.optional(),
});
export type Check = Readonly<z.infer<typeof checkSchema>>;
