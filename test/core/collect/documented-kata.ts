import type { ProcessRole } from '../../../src/core/model/trial/trial.ts';
import type { TreeProcess } from './cgroup/sandbox-tree.ts';

export const containerId = 'c0ffee'.padEnd(64, '0123456789abcdef');

/** The trial's parent cgroup, as the harness names it under each cgroup driver. */
export const trialPath = {
  cgroupfs: 'ocibench/run-1/trial-1',
  systemd: 'ocibench.slice/ocibench-run_1.slice/ocibench-run_1-trial_1.slice',
} as const;

/** A Kata sandbox as the documentation and sources of Kata say that its host sees it. None of it was captured. */
export interface DocumentedSandbox {
  /** Where it is described. */
  readonly source: string;
  readonly driver: keyof typeof trialPath;
  readonly processes: readonly TreeProcess[];
  /** Shared memory by name, KiB: the guest's RAM as far as it was touched. */
  readonly regionsKb: Readonly<Record<string, number>>;
  /** Roles, sorted; and of those, the ones in the trial's cgroup. */
  readonly roles: readonly ProcessRole[];
  readonly inCgroup: readonly ProcessRole[];
}

const goShim = [
  '/opt/kata/bin/containerd-shim-kata-v2',
  '-namespace',
  'moby',
  '-address',
  '/run/containerd/containerd.sock',
  '-publish-binary',
  '/usr/bin/containerd',
  '-id',
  containerId,
];
const virtiofsd = [
  '/opt/kata/libexec/virtiofsd',
  '--fd=3',
  `--shared-dir=/run/kata-containers/shared/sandboxes/${containerId}/shared`,
  '--cache=auto',
];
const shim = (cgroup: string, anonKb = 25_000): TreeProcess => ({
  pid: 100,
  ppid: 1,
  comm: 'containerd-shim',
  argv: goShim,
  cgroup,
  anonKb,
});
/** The second one, a child, serves the guest and maps its RAM (vhost-user: the VMM hands it the descriptors). */
const fileServers = (cgroup: string): readonly TreeProcess[] => [
  { pid: 110, ppid: 100, comm: 'virtiofsd', argv: virtiofsd, cgroup, anonKb: 1_800 },
  { pid: 111, ppid: 110, comm: 'virtiofsd', argv: virtiofsd, cgroup, anonKb: 1_600, maps: ['guest'] },
];

const overhead = `/kata_overhead/${containerId}`;
const sandbox = `/${trialPath.cgroupfs}/kata_${containerId}`;

export const documented: Readonly<Record<string, DocumentedSandbox>> = {
  'Cloud Hypervisor, v2 host, cgroupfs, sandbox_cgroup_only off': {
    source:
      'runtime/virtcontainers/clh.go (launchClh: --api-socket /run/vc/vm/<id>/clh-api.sock), sandbox.go (/kata_overhead/<id>), pkg/resourcecontrol/cgroups.go (kata_<id>; on v2 AddThread moves the whole process)',
    driver: 'cgroupfs',
    processes: [
      shim(overhead),
      ...fileServers(overhead),
      {
        pid: 120,
        ppid: 1,
        comm: 'cloud-hyperviso',
        argv: ['/opt/kata/bin/cloud-hypervisor', '--api-socket', `/run/vc/vm/${containerId}/clh-api.sock`],
        cgroup: sandbox,
        anonKb: 9_000,
        maps: ['guest'],
      },
    ],
    regionsKb: { guest: 120_000 },
    roles: ['shim', 'virtiofsd', 'virtiofsd', 'vmm'],
    inCgroup: ['vmm'],
  },
  'Firecracker by its jailer, v2 host, cgroupfs, sandbox_cgroup_only off': {
    source:
      'runtime/virtcontainers/fc.go (fcInit: --id, --daemonize; truncateID cuts the id to 32 digits), firecracker docs/jailer.md',
    driver: 'cgroupfs',
    processes: [
      shim(overhead),
      {
        pid: 120,
        ppid: 1,
        comm: 'firecracker',
        argv: [
          '/firecracker',
          `--id=${containerId.slice(0, 32)}`,
          '--start-time-us=1',
          '--config-file',
          '/fcConfig.json',
        ],
        cgroup: sandbox,
        anonKb: 110_000,
      },
    ],
    regionsKb: {},
    roles: ['shim', 'vmm'],
    inCgroup: ['vmm'],
  },
  'Rust runtime with Dragonball inside the shim, v2 host, cgroupfs': {
    source:
      'docs/design/architecture_3.0 (built-in VMM: one process), runtime-rs crates/resource/src/cgroups (sandbox_cgroup_only forced on, no kata_ prefix)',
    driver: 'cgroupfs',
    processes: [{ ...shim(`/${trialPath.cgroupfs}/${containerId}`, 30_000), maps: ['guest'] }],
    regionsKb: { guest: 120_000 },
    roles: ['shim'],
    inCgroup: ['shim'],
  },
  'Rust runtime with QEMU, v2 host, systemd, sandbox_cgroup_only off': {
    source:
      'runtime-rs crates/resource/src/cgroups/utils.rs (gen_overhead_path: kata-overhead.slice:runtime-rs:<id>); systemd.slice(5) puts kata-overhead.slice into kata.slice',
    driver: 'systemd',
    processes: [
      shim(`/kata.slice/kata-overhead.slice/runtime-rs-${containerId}.scope`),
      ...fileServers(`/kata.slice/kata-overhead.slice/runtime-rs-${containerId}.scope`),
      {
        pid: 120,
        ppid: 100,
        comm: 'qemu-system-x86',
        argv: ['/opt/kata/bin/qemu-system-x86_64', '-name', `sandbox-${containerId}`],
        cgroup: `/${trialPath.systemd}/docker-${containerId}.scope`,
        anonKb: 60_000,
        maps: ['guest'],
      },
    ],
    regionsKb: { guest: 120_000 },
    roles: ['shim', 'virtiofsd', 'virtiofsd', 'vmm'],
    inCgroup: ['vmm'],
  },
};

/** The sandbox's cgroup is a directory of that name at the root, where nobody counts. */
export const lostSandbox: DocumentedSandbox = {
  source:
    'runtime/pkg/resourcecontrol/cgroups.go (NewSandboxResourceController: without sandbox_cgroup_only a systemd path is taken for a cgroupfs path)',
  driver: 'systemd',
  processes: [
    shim(overhead),
    {
      pid: 120,
      ppid: 1,
      comm: 'qemu-system-x86',
      argv: ['/opt/kata/bin/qemu-system-x86_64', '-name', `sandbox-${containerId},debug-threads=on`],
      cgroup: `/ocibench-run_1-trial_1.slice:docker:${containerId}`,
      anonKb: 180_000,
    },
  ],
  regionsKb: {},
  roles: ['shim', 'vmm'],
  inCgroup: [],
};
