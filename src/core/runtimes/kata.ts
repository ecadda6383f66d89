import { messages } from '../messages/define.ts';
import type { ProcessRole } from '../model/trial/trial.ts';
import type { Family } from './family.ts';
import { virtiofsd, vmm } from './guest/roles.ts';
import { kataChecks, kataOverhead } from './kata/checks.ts';
import { kataSettings, monitorSaid } from './kata/configuration.ts';
import { failureByPath, kataFailures } from './kata/failures.ts';
import { configCandidates } from './kata/fixes.ts';
import { kataReleases, kataShimType, kataVersion } from './kata/releases.ts';
import { kataReleased } from './release-dates.ts';
import type { Role } from './role.ts';

const names = messages('role', { 'kata-proxy': 'kata-proxy', 'kata-shim': 'kata-shim' });

const parts = { endsWithContainer: true, doesWork: true } as const;

/** Programs that Kata starts beside its shim and its virtual machine monitor; their names are their roles. */
const helpers: readonly Role[] = [
  virtiofsd,
  { id: 'kata-proxy', name: names['kata-proxy'], order: 80, color: '#882255', ...parts },
  { id: 'kata-shim', name: names['kata-shim'], order: 90, color: '#dddddd', ...parts },
];

const kataRoles: readonly Role[] = [vmm, ...helpers];

/** Programs that set up a virtual machine; `jailer` starts Firecracker by exec. */
const launchers = ['kata-runtime', 'jailer'];

const monitor = /^(qemu-system-\S+|qemu-kvm|cloud-hypervisor|firecracker|openvmm|stratovirt|crosvm)$/;

/** The role of a process, by its name; null: not one of Kata's. */
function kataRole(name: string, _: readonly string[], comm: string): ProcessRole | null {
  if (monitor.test(name) || monitor.test(comm) || comm.startsWith('qemu-system-')) return vmm.id;
  if (launchers.includes(name)) return 'runtime';
  return helpers.find(({ id }) => id === name)?.id ?? null;
}

const words = messages('runtime.kata', {
  current: 'archives of each release: {releases}',
  missingInStatistics: 'the virtual machine, unless Kata is registered by path and has sandbox_cgroup_only',
});
/** Kata Containers: every container in a virtual machine. */
export default {
  id: 'kata',
  product: 'kata',
  order: 3,
  recognition: { pattern: /kata/i, priority: 0 },
  kernel: 'guest',
  colors: ['#cc79a7', '#8c3f6b', '#e6b5d1'],
  programs: [
    {
      name: 'containerd-shim-kata-v2',
      entry: () => ({ name: 'kata', runtimeType: kataShimType }),
    },
    {
      name: 'kata-runtime',
      // Kata 2 and later still contain a `kata-runtime`, but as a tool and not as an OCI runtime.
      entry: ({ present }) =>
        present.includes('containerd-shim-kata-v2') ? null : { name: 'kata-runtime', path: 'kata-runtime' },
    },
  ],
  version: kataVersion,
  released: kataReleased,
  current: words.current({ releases: kataReleases }),
  networkStack: () => null,
  role: kataRole,
  roles: kataRoles,
  // The Rust runtime can run its monitor (Dragonball) inside the shim.
  guestInShim: true,
  overheadCgroups: kataOverhead,
  guestConfiguration: { files: configCandidates, parse: kataSettings },
  ownLog: { identifier: 'kata', monitorSaid },
  failureByPath,
  failures: kataFailures,
  recordedFlags: [
    'config',
    'kata-config',
    'log',
    'log-format',
    'log-level',
    'root',
    'rootless',
    'systemd-cgroup',
  ],
  recordedOptions: ['ConfigPath', 'TypeUrl'],
  packages: [],
  // Debian has no Kata: the entry makes the reports say why it is missing.
  guestEntries: () => ({ kata: { runtimeType: kataShimType } }),
  checks: kataChecks,
  missingInStatistics: () => words.missingInStatistics,
} satisfies Family;
