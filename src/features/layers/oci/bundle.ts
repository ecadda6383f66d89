import { existsSync } from 'node:fs';
import type { ContainerSpec } from '../../../core/engine/engine.ts';
import { keptCapabilities } from '../../../core/model/machine/capability.ts';
import {
  defaultMemoryBytes,
  droppedCapabilities,
  type MountRequest,
} from '../../../core/model/workload/workload.ts';

const swapFiles = [
  '/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes',
  '/sys/fs/cgroup/system.slice/memory.swap.max',
];

/** Does the kernel account for swap? Otherwise swap cannot be limited. */
export function kernelLimitsSwap(): boolean {
  return swapFiles.some((file) => existsSync(file));
}

/** Maximum number of processes and threads of one container. */
const pidsLimit = 1024;
const cpuPeriodUs = 100_000;
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Mounts of every container in Docker, which these runtimes expect, except the cgroups. */
const usualMounts = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
  {
    destination: '/dev/mqueue',
    type: 'mqueue',
    source: 'mqueue',
    options: ['nosuid', 'noexec', 'nodev'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
];

/** Paths below /proc and /sys that Docker masks (moby, oci/defaults.go). */
const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
/** Paths that Docker makes read-only. */
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** CPU quota and period, µs, for this number of CPUs. */
function cpuQuota(cpus: number) {
  return { period: cpuPeriodUs, quota: Math.round(cpus * cpuPeriodUs) };
}

/** The capabilities of a container: Docker's default set without the dropped ones that its workload does not need. */
function capabilitiesOf({ needs }: ContainerSpec['request']): readonly string[] {
  const dropped = new Set<string>(droppedCapabilities);
  return [...keptCapabilities, ...(needs?.capabilities ?? []).filter((name) => dropped.has(name))];
}

/** Environment of a container whose image sets none. `engines`: variables that an engine adds to the workload's. */
function environmentOf(
  { env = {} }: ContainerSpec['request'],
  engines: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { PATH: searchPath, ...engines, HOME: '/root', ...env };
}

function cpuLimits(cpus: number | undefined, cpuset: string | undefined) {
  return {
    ...(cpus === undefined ? {} : cpuQuota(cpus)),
    ...(cpuset === undefined ? {} : { cpus: cpuset }),
  };
}

/** Refuses what Docker's filter refuses, too, and CRIU cannot store. */
const noIoUring = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    {
      names: ['io_uring_setup', 'io_uring_enter', 'io_uring_register'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 1,
    },
  ],
};

/** Location of a container's bundle, and the resources of the host that it uses. */
export interface BundleInputs {
  /** Container id, 64 hex digits. */
  readonly id: string;
  /** Absolute path of its root file system. */
  readonly rootfs: string;
  /** Does the kernel account for swap? Otherwise swap cannot be limited. */
  readonly limitsSwap: boolean;
}

function mountOf({ type, target, bytes, readOnly }: MountRequest, sources: ContainerSpec['bindSources']) {
  const access = readOnly ? ['ro'] : ['rw'];
  if (type === 'bind')
    return {
      destination: target,
      type: 'bind',
      source: sources[target],
      options: ['rbind', 'rprivate', ...access],
    };
  const size = bytes === undefined ? [] : [`size=${bytes}`];
  return {
    destination: target,
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['noexec', 'nosuid', 'nodev', ...access, ...size],
  };
}

/**
 * config.json of a container's bundle (OCI runtime specification 1.0): the same limits, capabilities, mounts and
 * namespaces as `containerOptions` requests of Docker. Leaves out Docker's system call filter and view of the cgroups.
 */
export function bundleConfig(spec: ContainerSpec, cgroupsPath: string | null, place: BundleInputs) {
  const { command, cpus, mounts = [], memoryBytes: memory = defaultMemoryBytes } = spec.request;
  const capabilities = capabilitiesOf(spec.request).map((name) => `CAP_${name}`);
  const hostname = place.id.slice(0, 12);
  const environment = environmentOf(spec.request, { HOSTNAME: hostname });
  return {
    ociVersion: '1.0.0',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: [...command],
      env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: true,
    },
    root: { path: place.rootfs, readonly: false },
    hostname,
    mounts: [...usualMounts, ...mounts.map((mount) => mountOf(mount, spec.bindSources))],
    annotations: { ...spec.labels },
    linux: {
      ...(cgroupsPath === null ? {} : { cgroupsPath }),
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      resources: {
        devices: [{ allow: false, access: 'rwm' }],
        memory: { limit: memory, ...(place.limitsSwap ? { swap: memory } : {}) },
        pids: { limit: pidsLimit },
        ...(cpus === undefined && spec.cpuset === undefined ? {} : { cpu: cpuLimits(cpus, spec.cpuset) }),
      },
      ...(spec.request.checkpoint ? { seccomp: noIoUring } : {}),
      maskedPaths,
      readonlyPaths,
    },
  };
}
