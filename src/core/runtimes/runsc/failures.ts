import { namelessMark } from '../../model/machine/host.ts';
import { type FailureRow, failureRules, namelessLimit } from '../failure-row.ts';
import { type FailureRule, type RuleContext, timeoutWords } from '../failure-rule.ts';
import { gvisorDocs, gvisorFromArgs } from './settings.ts';

const families = ['runsc'] as const;
const own = { families } as const;

const usesKvm = ({ entry }: RuleContext) => gvisorFromArgs(entry.runtimeArgs ?? []).platform === 'kvm';

const hasNamelessLimit = ({ engine }: RuleContext) =>
  engine?.conditions?.defaultUlimits?.includes(namelessMark) === true;

/** Error after a sandbox panicked: the runtime waits for its message, and the pipe closes. */
const sandboxEnded = /waiting for sandbox to start: EOF/;

const kvmFix =
  'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}; kvm is meant for bare metal; {restart}';

/** Failures of gVisor, by the errors that Docker passes on. Order matters: the first match counts. */
const rows: readonly FailureRow[] = [
  [
    /cannot run with network enabled in root network namespace/,
    'runsc-network-namespace',
    "this runsc takes the container's network namespace for the host's. Before release-20240807 it does so with every namespace since Linux 6.11 (this is {kernel}; google/gvisor#10704), later only with the host's own",
    'install a newer runsc ({docs}); or add "--network=none" (loopback only) or "--network=host" to runtimes.{name}.runtimeArgs in {file}, which changes what is measured and is labelled so; {restart}',
  ],
  [
    /unknown platform: (?<platform>[^\s:]+)/,
    'runsc-platform-unknown',
    "this runsc has no platform ''{platform}''",
    'use --platform=systrap, kvm, or what "runsc flags" lists (systrap and kvm; ptrace until it is removed; slimvm since release-20260706, which that list may lack) in runtimes.{name}.runtimeArgs of {file}; {restart}',
  ],
  [
    /flag provided but not defined: -+(?<bare>[\w-]+)/,
    'runsc-flag-unknown',
    'this runsc has no flag {flag}; flags differ between releases',
    'remove {flag} from runtimes.{name}.runtimeArgs of {file}, or install a release that has it (runsc flags; docs/gvisor-flags.md says since when); {restart}',
    own,
  ],
  [
    /invalid value "(?<value>[^"]*)" for flag -+(?<bare>[\w-]+)/,
    'runsc-flag-value',
    "this runsc does not accept the value ''{value}'' for {flag}",
    'see what it accepts (runsc flags), and correct runtimes.{name}.runtimeArgs in {file}; {restart}',
    own,
  ],
  [
    /overlay flag is incompatible with shared file access/,
    'runsc-shared-root',
    '--file-access=shared does not work with an overlay on the root file system, which is the default',
    'add "--overlay2=none", or remove --file-access from runtimes.{name}.runtimeArgs in {file} (mounts have --file-access-mounts); {restart}',
    own,
  ],
  [
    /\/dev\/kvm|opening KVM device file/,
    'runsc-kvm-unavailable',
    "gVisor's kvm platform needs /dev/kvm, and it cannot be opened",
    'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}, or load kvm_intel or kvm_amd',
    own,
  ],
  [
    /\/dev\/slimvm/,
    'runsc-slimvm-unavailable',
    "gVisor's slimvm platform needs /dev/slimvm, and it cannot be opened",
    'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}, or load the kernel module of https://github.com/antgroup/slimvm; {restart}',
    own,
  ],
  [
    /gvisor-bin\/|gvisor_sentry|sidecar/,
    'runsc-sidecars',
    'runsc cannot use the programs that belong beside it in gvisor-bin/: they are missing, or of another release (google/gvisor#13718)',
    'install runsc and gvisor-bin/ together, from one release tarball or the apt package ({docs})',
    own,
  ],
  [
    /binary not installed "(?<shim>containerd-shim-runsc-[^"]*)"/,
    'runsc-shim-missing',
    "{shim} is missing (Debian's package runsc does not include it)",
    'install gVisor with its shim ({docs}), or register the program: "{name}": \'{"path": "/usr/bin/runsc"}\' in {file}; {restart}',
  ],
  [
    // A current release ends immediately on a KVM that cannot run it.
    sandboxEnded,
    'runsc-kvm-ended',
    "the sandbox of gVisor's kvm platform ended before it was ready: KVM cannot run it here",
    kvmFix,
    { families, when: usesKvm },
  ],
  [
    // gVisor's own words do not come so far.
    sandboxEnded,
    ...namelessLimit,
    { id: 'runscRlimitNameless', families, when: hasNamelessLimit },
  ],
  [
    sandboxEnded,
    'runsc-sandbox-ended',
    'the sandbox ended before it was ready, and only its log says why',
    'add "--debug" and "--debug-log=/tmp/runsc/" to runtimes.{name}.runtimeArgs in {file}, {restart}, start a container and read the end of /tmp/runsc/*boot*; then remove both, since they slow gVisor down',
    own,
  ],
  [
    // On such a KVM, release 20240729 hangs with one CPU at 100 %.
    timeoutWords,
    'runsc-kvm-hang',
    'no answer: runsc --platform=kvm hangs where KVM cannot run it; its sandbox takes a whole CPU until it is killed',
    kvmFix,
    { families, when: (context) => usesKvm(context) && context.host.hypervisor === null },
  ],
  [
    timeoutWords,
    'runsc-kvm-hang',
    'no answer: runsc --platform=kvm hangs where KVM cannot run it (this machine is itself a guest); its sandbox takes a whole CPU until it is killed',
    kvmFix,
    { id: 'runscKvmHangInGuest', families, when: usesKvm },
  ],
];

export const runscFailures: readonly FailureRule[] = failureRules(rows, {
  kernel: ({ host }) => host.kernel,
  docs: () => gvisorDocs,
  flag: (_, { bare = '' }) => `--${bare}`,
});
