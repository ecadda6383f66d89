import * as z from 'zod';
import { messageRefsSchema } from '../../messages/schema.ts';
import { keysWithin, more, shown } from '../bounded-fields.ts';
import { bounds } from '../bounds.ts';
import { engineKinds } from '../runtime/engine-choice.ts';

const mark = () => z.string().regex(/^[0-9a-f]{16}$/);

/**
 * What tells machines of one `id` apart, as copies of a virtual machine are: 16 hex digits each, hashed with the machine's id. Absent
 * where it cannot be read.
 */
const hostMarksSchema = z.object({
  /** UUID of the hardware that the firmware reports (DMI); root alone can read it. */
  product: mark().optional(),
  /** Hardware addresses of the network ports, those of virtual networks left out. */
  ports: z.array(mark()).max(8).optional(),
  /** The number of the user who measured, and the key that this user's first run on the machine made: each has one. */
  key: z
    .string()
    .regex(/^[0-9a-f]{16} [0-9a-f]{16}$/)
    .optional(),
  /** The boot of the kernel. */
  boot: mark().optional(),
});
export type HostMarks = Readonly<z.infer<typeof hostMarksSchema>>;

/** The machine on which the containers run. Null always means "could not be read here". */
export const hostFactsSchema = z.object({
  /**
   * 16 hex digits that identify the machine: they stay the same after a restart, and differ between hosts of one name.
   * Absent where the containers run on another machine than ocibench.
   */
  id: shown().optional(),
  marks: hostMarksSchema.optional(),
  /** Its name. */
  hostname: shown(),
  /** Name and version of the distribution. */
  os: shown(),
  /** Release of the kernel, as `uname -r`. */
  kernel: shown(),
  /** Architecture, as Node.js names it: `x64`, `arm64`. */
  arch: shown(),
  /** Model of the processor. */
  cpuModel: shown(),
  /** Number of logical processors. */
  cpus: z.number().int(),
  /** Revision from /proc/cpuinfo; null where it is not there. */
  microcode: shown().nullable(),
  /** Memory of the machine. */
  memoryBytes: z.number(),
  /** `v2`, `v1` or `hybrid` (v1 controllers beside /sys/fs/cgroup/unified). */
  cgroup: z.enum(['v2', 'v1', 'hybrid', 'unknown']),
  /** Controllers of cgroups that are enabled. */
  controllers: z.array(shown()).max(bounds.entries, more(bounds.entries)),
  /** e.g. `kvm`, `qemu`, or null on bare metal. */
  hypervisor: shown().nullable(),
  /** The software emulator of the CPU, e.g. `QEMU TCG`; null where nothing proves emulation. */
  emulation: shown().nullable(),
  /** e.g. `tsc`, `kvm-clock`, `hpet`. */
  clocksource: shown().nullable(),
  /** Frequency governor of CPU 0, e.g. `performance`. */
  governor: shown().nullable(),
  /** Whether frequencies above the nominal one are allowed. */
  turbo: z.boolean().nullable(),
  /** Whether several threads share a core. */
  smt: z.boolean().nullable(),
  /** Huge pages for shared memory: `never`, `advise`, `always` … */
  thpShmem: shown().nullable(),
  /** Whether the kernel merges equal pages. */
  ksm: z.boolean().nullable(),
  /** Used swap when the run began. */
  swapUsedBytes: z.number().nullable(),
  /** Load average of one minute when the run began. */
  loadAverage1: z.number().nullable(),
  /** /sys/devices/system/cpu/vulnerabilities: name → state. */
  mitigations: z.record(shown(), shown()).superRefine(keysWithin(bounds.entries)),
});
export type HostFacts = Readonly<z.infer<typeof hostFactsSchema>>;

/** Load average for each CPU above which other work disturbs trials. */
export const disturbingLoad = 0.25;

/**
 * Settings of a daemon that apply to all of its containers. An absent value is unknown. Some change figures (seccomp,
 * limits, the file system of images). Any of them may differ between two runs.
 */
export const engineConditionsSchema = z.object({
  /**
   * `builtin`, `unconfined`, the path of a profile with the begin of its sha256, or `none` where daemon or kernel have no
   * seccomp.
   */
  seccomp: z.string().optional(),
  /** The security module of the kernel that confines containers. */
  securityModule: z.enum(['apparmor', 'selinux', 'none']).optional(),
  /** The daemon's setting; measured containers always have it. */
  noNewPrivileges: z.boolean().optional(),
  /** `nofile=1024:2048` (soft:hard), separated by spaces, or `none`. These limits apply to measured containers. */
  defaultUlimits: z.string().optional(),
  /** Whether containers outlive the daemon. */
  liveRestore: z.boolean().optional(),
  /** Whether published ports go through a proxy process; no workload publishes one. */
  userlandProxy: z.boolean().optional(),
  /** True if containers on the default bridge may talk to each other. */
  icc: z.boolean().optional(),
  /** The daemon's default log driver; measured containers have none, unless a workload measures it. */
  logDriver: z.string().optional(),
  /** File system below the storage driver. */
  backingFileSystem: z.string().optional(),
  /** Number of running containers, other than this run's, when the run began. */
  otherContainers: z.number().int().nonnegative().optional(),
});
export type EngineConditions = Readonly<z.infer<typeof engineConditionsSchema>>;

/**
 * Follows the key of an entry of `defaultUlimits` that has no name: dockerd does not take it from the key, and no container
 * starts.
 */
export const namelessMark = ' (no "Name")';

/** The engine that starts the containers. */
export const engineFactsSchema = z.object({
  /** `docker`: the host's daemon; `embedded`: a private one; `podman`; `containerd`: the host's, without Docker. */
  kind: z.enum(engineKinds),
  /** The product; absent: Docker. */
  product: z.enum(['Podman', 'containerd']).optional(),
  /** Its address, without a password. */
  endpoint: z.string(),
  /** True if the engine's cgroups and processes are visible from here. */
  local: z.boolean(),
  /** Version of dockerd, or of the other product. */
  version: z.string(),
  /** Version of its API that was used. */
  apiVersion: z.string(),
  /** Version of cgroups that the engine reports. */
  cgroupVersion: z.enum(['1', '2', 'unknown']),
  /** `systemd`, `cgroupfs` or `none`. */
  cgroupDriver: z.string(),
  /** `overlay2` … */
  storageDriver: z.string(),
  /** The runtime of containers that do not name one. */
  defaultRuntime: z.string(),
  /** Version of containerd; null where the daemon does not report it. */
  containerdVersion: z.string().nullable(),
  /** Transport to the engine; `tcp` is unprotected. */
  transport: z.enum(['unix', 'tls', 'ssh', 'tcp']),
  /** Why `local` is false; absent where it is true. */
  hidden: z.enum(['remote', 'other-kernel', 'rootless']).optional(),
  /** The host user to which root in the containers is mapped (`userns-remap`); absent where it is not mapped. */
  userns: z
    .object({
      /** User id. */
      uid: z.number().int(),
      /** Group id. */
      gid: z.number().int(),
    })
    .optional(),
  /** Recorded for a run; absent elsewhere. */
  conditions: engineConditionsSchema.optional(),
});
export type EngineFacts = Readonly<z.infer<typeof engineFactsSchema>>;

/** One check of `doctor`, or one doubt that a run records about its host. */
export const checkSchema = z.object({
  /** Stable, for programs. */
  id: z.string(),
  /** `unknown` where the check was not possible. */
  status: z.enum(['ok', 'warn', 'fail', 'unknown']),
  /** What was checked. */
  title: z.string(),
  /** What was found. */
  detail: z.string(),
  /** A remedy; absent where nothing has to be done. */
  fix: z.string().optional(),
  /** For a doubt: maximum influence of its topic on the measurement; absent for other checks. */
  impact: z.enum(['high', 'medium', 'low']).optional(),
  /** Messages of `title`, `detail` and `fix`; absent where none of them is a text of ocibench. */
  messages: messageRefsSchema.optional(),
});
export type Check = Readonly<z.infer<typeof checkSchema>>;
