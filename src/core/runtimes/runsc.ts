import { messages, notices } from '../messages/define.ts';
import type { ProcessRole } from '../model/trial/trial.ts';
import type { Family } from './family.ts';
import { whyToCompare } from './host-kernel.ts';
import type { Role } from './role.ts';
import { runscChecks } from './runsc/checks.ts';
import { runscFailures } from './runsc/failures.ts';
import {
  debianRelease,
  gvisorDocs,
  gvisorFromArgs,
  gvisorFromToml,
  gvisorReleased,
  runscExpectsSidecars,
  runscNetworkFails,
  runscSidecars,
} from './runsc/settings.ts';

/**
 * Flags of runsc whose values are recorded, since they affect the figures. The names are from several releases; an entry cannot
 * have a flag that its release lacks, since runsc refuses it.
 */
export const runscFlags: readonly string[] = [
  // Handling of system calls.
  'platform platform_device_path systrap-disable-fast-path systrap-disable-syscall-patching',
  'kvm-use-cpu-nums oci-seccomp allow-suid iouring enable-core-tags cpu-num-from-quota',
  // Files.
  'overlay overlay2 file-access file-access-mounts directfs dcache fdlimit lisafs vfs2 fuse',
  'host-uds host-fifo fsgofer-host-uds character-device-policy allow-rootfs-tar-annotation',
  // Network. A sandbox that is started paused has no network.
  'network num-network-channels network-processors-per-channel gso software-gso gvisor-gro qdisc',
  'qdisc-tbf-rate qdisc-tbf-burst tx-checksum-offload rx-checksum-offload buffer-pooling net-raw',
  'allow-packet-socket-write reproduce-nat reproduce-nftables TESTONLY-nftables EXPERIMENTAL-xdp',
  'EXPERIMENTAL-xdp-need-wakeup pause-external-networking log-packets pcap-log',
  // Memory, and settings of the host: `host-settings=adjust` changes them for every runtime.
  'app-huge-pages host-settings',
  // Start and end: namespaces shared by sandboxes, and waits.
  'gofer-network-namespace shared-root root rootless control-rpc-stop-timeout sidecar-usage-policy',
  'sidecar-release-enforcement-policy pod-init-config final-metrics-log',
  // Cgroups, outside and inside the sandbox.
  'ignore-cgroups systemd-cgroup cgroupfs mount-cgroup-v2',
  // Devices.
  'nvproxy tpuproxy rdmaproxy',
  // Observation, which has a cost.
  'debug debug-log debug-log-format debug-to-user-log log log-format alsologtostderr strace',
  'strace-syscalls strace-log-size strace-event trace metric-server profile profile-block',
  'profile-cpu profile-heap profile-mutex profile-gc-interval profiling-metrics',
  'profiling-metrics-log profiling-metrics-rate-us ref-leak-mode watchdog-action',
  // Lets annotations of a container change all of these.
  'allow-flag-override',
].flatMap((names) => names.split(' '));

const names = messages('role', {
  sentry: 'sentry (gVisor kernel)',
  gofer: 'gofer (gVisor files)',
  stub: 'stub (gVisor)',
  parking: 'file descriptors (gVisor)',
});

/**
 * `stub`: children of the sentry in which the platforms systrap and ptrace run application code. They have no
 * arguments, and their name is `exe`.
 */
const runscRoles: readonly Role[] = [
  {
    id: 'sentry',
    name: names.sentry,
    order: 10,
    color: '#88ccee',
    endsWithContainer: true,
    ofChildren: 'stub',
  },
  { id: 'gofer', name: names.gofer, order: 20, color: '#ddcc77', endsWithContainer: true },
  {
    id: 'stub',
    name: names.stub,
    order: 30,
    color: '#aa4499',
    endsWithContainer: true,
    mayShareMemory: true,
    ofChildren: 'stub',
  },
  { id: 'parking', name: names.parking, order: 35, color: '#661100', endsWithContainer: true },
];

/**
 * gVisor's role of a process, from its first argument; subcommands are words (runsc/cmd). The program is runsc or, where the
 * folder exists, one of `gvisor-bin/`: the sentry since release-20260810, the prewarmer that becomes the sentry since
 * release-20260817. The processes' own names did not change. `runsc-exec` waits on the host for a process that was started in a
 * sandbox; `runsc-fd-parking`, of later releases, keeps a sandbox's file descriptors.
 */
function runscRole(name: string, argv: readonly string[]): ProcessRole | null {
  if (name === 'runsc-sandbox' || name === 'gvisor_sentry') return 'sentry';
  if (name === 'runsc-gofer' || name === 'checkpointgofer' || name === 'runsc-checkpointgofer')
    return 'gofer';
  if (name === 'runsc-fd-parking') return 'parking';
  if (name === 'gvisor-sentry-prewarmer' || name === 'runsc-exec') return 'runtime';
  if (name !== 'runsc') return null;
  if (argv.includes('boot')) return 'sentry';
  return argv.includes('gofer') ? 'gofer' : 'runtime';
}

const words = messages('runtime.runsc', {
  ownNetwork: 'gVisor’s own stack',
  hostNetwork: 'the host’s stack, through gVisor (--network=host)',
  systemdDriver:
    'systemd; a runsc older than release-20260615 that is registered by runtimeType needs systemd-cgroup = "true" in the file that options.ConfigPath names, otherwise its limits are not applied (google/gvisor#10371)',
  missingInStatistics: 'the memory of sentry and gofer',
  toCompare: 'gVisor, {why}',
  current:
    'install it from Google’s package repository, or unpack a release archive (commands for both: docs/runtimes.md, “A current gVisor”; {docs}) and register the binary:  @(sudo runtimes add runsc-now --path /opt/gvisor/runsc)',
});

const doubts = notices('network', {
  hostNetwork:
    '{runtimes}: registered with --network=host. The network figures are those of the host’s network stack behind gVisor’s system calls, and say nothing about gVisor’s own stack.',
});

/** gVisor: a kernel in user space, the sentry, handles system calls. */
export default {
  id: 'runsc',
  product: 'gVisor',
  order: 2,
  recognition: { pattern: /runsc|gvisor/i, priority: 1 },
  kernel: 'sandbox',
  released: gvisorReleased,
  current: words.current({ docs: gvisorDocs }),
  colors: ['#009e73', '#00573f', '#5fcfae'],
  programs: [
    {
      name: 'runsc',
      // systrap is explicit, so that a row names the measured platform even if a release changes the default.
      entry: ({ withoutNetwork }) => ({
        name: 'runsc',
        path: 'runsc',
        runtimeArgs: ['--platform=systrap', ...(withoutNetwork ? ['--network=none'] : [])],
      }),
    },
  ],
  // Its own network stack needs a configured network namespace (CNI).
  argumentsAlone: ['--network=none'],
  settings: {
    fromArguments: gvisorFromArgs,
    fromFile: gvisorFromToml,
  },
  sidecars: { directory: 'gvisor-bin', programs: runscSidecars, expectedBy: runscExpectsSidecars },
  ownNetwork: {
    program: 'runsc',
    probe: '/proc/sys/net/core/rmem_default',
    fails: runscNetworkFails,
  },
  networkStack: (network) =>
    network === 'sandbox' ? words.ownNetwork : network === 'host' ? words.hostNetwork : null,
  hostNetworkDoubt: (runtimes) => doubts.hostNetwork({ runtimes }),
  role: runscRole,
  roles: runscRoles,
  // gVisor counts its processes' CPU time by its own 10 ms tick, without the sentry's work for them. Each process of
  // its sandbox has one or more stubs on the host.
  accounting: { cpuError: { ns: 20e6, share: 0.15 }, extraProcesses: true },
  // --overlay2=root:self is the default.
  rootfsInMemory: true,
  failures: runscFailures,
  recordedFlags: runscFlags,
  recordedOptions: ['ConfigPath', 'TypeUrl', 'BinaryName', 'Root'],
  packages: [
    {
      program: 'runsc',
      package: 'runsc',
      why: words.toCompare({ why: whyToCompare }),
      elsewhere: gvisorDocs,
    },
  ],
  guestEntries(kernel) {
    const network = runscNetworkFails(debianRelease, null, kernel) ? ['--network=none'] : [];
    const entry = (platform: string) => ({
      path: '/usr/bin/runsc',
      runtimeArgs: [`--platform=${platform}`, ...network],
    });
    return { runsc: entry('systrap'), 'runsc-ptrace': entry('ptrace') };
  },
  checks: runscChecks,
  systemdDriverNote: words.systemdDriver,
  missingInStatistics: ({ runtimeType }) => (runtimeType === undefined ? null : words.missingInStatistics),
} satisfies Family;
