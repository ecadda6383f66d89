import { messages, notices } from '../messages/define.ts';
import type { Family } from './family.ts';
import { whyToCompare } from './host-kernel.ts';
import { runscChecks } from './runsc/checks.ts';
import { runscFailures } from './runsc/failures.ts';
import { runscFlags } from './runsc/flags.ts';
import { runscRole, runscRoles } from './runsc/roles.ts';
import {
  debianRelease,
  gvisorDocs,
  gvisorFromArgs,
  gvisorFromToml,
  gvisorReleased,
  runscExpectsSidecars,
  runscNetworkFails,
} from './runsc/settings.ts';

const words = messages('runtime.runsc', {
  ownNetwork: 'gVisor’s own stack',
  hostNetwork: 'the host’s stack, through gVisor (--network=host)',
  systemdDriver:
    'systemd; a runsc older than release-20260615 that is registered by runtimeType needs systemd-cgroup = "true" in the file that options.ConfigPath names, otherwise its limits are not applied (google/gvisor#10371)',
  missingInStatistics: 'the memory of sentry and gofer',
  toCompare: 'gVisor, {why}',
  current:
    'from Google’s package repository, or unpack the archive of a release (the commands of both: docs/runtimes.md, “A current gVisor”; {docs}) and register its program:  @(sudo runtimes add runsc-now --path /opt/gvisor/runsc)',
});

const doubts = notices('network', {
  hostNetwork:
    "{runtimes}: registered with --network=host, so that its network figures are of the host's network stack behind gVisor's system calls, and say nothing of gVisor's own stack.",
});

const claims = messages('section.taught.claim', { 'gvisor-slower': 'gVisor is 30–50% slower' });

/** gVisor: a kernel in user space, the sentry, handles system calls. */
const runsc: Family = {
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
      // systrap is explicit, so that a row says what was measured even where a release changes its default.
      entry: ({ withoutNetwork }) => ({
        name: 'runsc',
        path: 'runsc',
        runtimeArgs: ['--platform=systrap', ...(withoutNetwork ? ['--network=none'] : [])],
      }),
    },
  ],
  // Its own network stack needs a configured network namespace (CNI).
  argumentsAlone: ['--network=none'],
  // runc's shim waits for a process of a container, and has its output from `create`. Of a further container in a sandbox
  // runsc has no process to wait for, and takes its output from `start`.
  podShim: {
    program: 'containerd-shim-runsc-v1',
    type: 'io.containerd.runsc.v1',
    optionsType: 'io.containerd.runsc.v1.options',
    flags: 'runsc_config',
  },
  settings: {
    fromArguments: gvisorFromArgs,
    fromFile: gvisorFromToml,
  },
  sidecars: { directory: 'gvisor-bin', program: 'gvisor_sentry', expectedBy: runscExpectsSidecars },
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
  taught: [
    {
      id: 'gvisor-slower',
      statement: claims['gvisor-slower'],
      order: 1,
      against: 'host-kernel',
      about: 'speed',
      claim: { atLeast: 1.3, atMost: 1.5 },
    },
  ],
};
export default runsc;
