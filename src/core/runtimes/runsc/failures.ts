import { reasons } from '../../messages/define.ts';
import { type FailureRule, type RuleContext, restartHint, timeoutWords } from '../failure-rule.ts';
import { gvisorDocs, gvisorFromArgs } from './settings.ts';

const own = ['runsc'] as const;

const text = reasons('preflight', {
  runscNetworkNamespace: {
    message:
      "this runsc takes the container's network namespace for the host's. Before release-20240807 it does so with every namespace since Linux 6.11 (this is {kernel}; google/gvisor#10704), later only with the host's own",
    fix: 'install a newer runsc ({docs}); or add "--network=none" (loopback only) or "--network=host" to runtimes.{name}.runtimeArgs in {file}, which changes what is measured and is labelled so; {restart}',
  },
  runscPlatformUnknown: {
    message: "this runsc has no platform ''{platform}''",
    fix: 'use --platform=systrap, kvm, or what "runsc flags" lists (systrap and kvm; ptrace until it is removed; slimvm since release-20260706, which that list may lack) in runtimes.{name}.runtimeArgs of {file}; {restart}',
  },
  runscKvmUnavailable: {
    message: "gVisor's kvm platform needs /dev/kvm, and it cannot be opened",
    fix: 'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}, or load kvm_intel or kvm_amd',
  },
  runscPodShimMissing: {
    message:
      '{name} needs {shim} in a pod, which is missing (Debian’s package runsc does not include it). Through runc’s shim, neither the output nor the end of a container in a pod would arrive',
    fix: 'install the shim of gVisor beside runsc ({docs})',
  },
  runscShimMissing: {
    message: "{shim} is missing (Debian's package runsc does not include it)",
    fix: 'install gVisor with its shim ({docs}), or register the program: "{name}": \'{"path": "/usr/bin/runsc"}\' in {file}; {restart}',
  },
  runscSlimvmUnavailable: {
    message: "gVisor's slimvm platform needs /dev/slimvm, and it cannot be opened",
    fix: 'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}, or load the kernel module of https://github.com/antgroup/slimvm; {restart}',
  },
  runscSidecars: {
    message:
      'runsc cannot use the programs that belong beside it in gvisor-bin/: they are missing, or of another release (google/gvisor#13718)',
    fix: 'install runsc and gvisor-bin/ together, from one release tarball or the apt package ({docs})',
  },
  runscFlagUnknown: {
    message: 'this runsc has no flag {flag}; flags differ between releases',
    fix: 'remove {flag} from runtimes.{name}.runtimeArgs of {file}, or install a release that has it (runsc flags; docs/gvisor-flags.md says since when); {restart}',
  },
  runscFlagValue: {
    message: "this runsc does not accept the value ''{value}'' for {flag}",
    fix: 'see what it accepts (runsc flags), and correct runtimes.{name}.runtimeArgs in {file}; {restart}',
  },
  runscSharedRoot: {
    message:
      '--file-access=shared does not work with an overlay on the root file system, which is the default',
    fix: 'add "--overlay2=none", or remove --file-access from runtimes.{name}.runtimeArgs in {file} (mounts have --file-access-mounts); {restart}',
  },
  runscKvmEnded: {
    message: "the sandbox of gVisor's kvm platform ended before it was ready: KVM cannot run it here",
    fix: 'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}; kvm is meant for bare metal; {restart}',
  },
  runscSandboxEnded: {
    message: 'the sandbox ended before it was ready, and only its log says why',
    fix: 'add "--debug" and "--debug-log=/tmp/runsc/" to runtimes.{name}.runtimeArgs in {file}, {restart}, start a container and read the end of /tmp/runsc/*boot*; then remove both, since they slow gVisor down',
  },
  runscKvmHang: {
    message:
      'no answer: runsc --platform=kvm hangs where KVM cannot run it; its sandbox takes a whole CPU until it is killed',
    fix: 'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}; kvm is meant for bare metal; {restart}',
  },
  runscKvmHangInGuest: {
    message:
      'no answer: runsc --platform=kvm hangs where KVM cannot run it (this machine is itself a guest); its sandbox takes a whole CPU until it is killed',
    fix: 'use --platform=systrap in runtimes.{name}.runtimeArgs of {file}; kvm is meant for bare metal; {restart}',
  },
});

const place = (context: RuleContext) => ({
  name: context.entry.name,
  file: context.file,
  restart: restartHint(context),
});

const usesKvm = ({ entry }: RuleContext) => gvisorFromArgs(entry.runtimeArgs ?? []).platform === 'kvm';

/** Error after a sandbox panicked: the runtime waits for its message, and the pipe closes. */
const sandboxEnded = /waiting for sandbox to start: EOF/;

/** Failures of gVisor, by the errors that Docker passes on. Order matters: the first match counts. */
export const runscFailures: readonly FailureRule[] = [
  {
    code: 'runsc-network-namespace',
    match: /cannot run with network enabled in root network namespace/,
    explain: (_, context) =>
      text.runscNetworkNamespace({ kernel: context.host.kernel, docs: gvisorDocs, ...place(context) }),
  },
  {
    code: 'runsc-platform-unknown',
    match: /unknown platform: ([^\s:]+)/,
    explain: ([platform = ''], context) => text.runscPlatformUnknown({ platform, ...place(context) }),
  },
  {
    code: 'runsc-flag-unknown',
    match: /flag provided but not defined: -+([\w-]+)/,
    families: own,
    explain: ([flag = ''], context) => text.runscFlagUnknown({ flag: `--${flag}`, ...place(context) }),
  },
  {
    code: 'runsc-flag-value',
    match: /invalid value "([^"]*)" for flag -+([\w-]+)/,
    families: own,
    explain: ([value = '', flag = ''], context) =>
      text.runscFlagValue({ flag: `--${flag}`, value, ...place(context) }),
  },
  {
    code: 'runsc-shared-root',
    match: /overlay flag is incompatible with shared file access/,
    families: own,
    explain: (_, context) => text.runscSharedRoot(place(context)),
  },
  {
    code: 'runsc-kvm-unavailable',
    match: /\/dev\/kvm|opening KVM device file/,
    families: own,
    explain: (_, { entry, file }) => text.runscKvmUnavailable({ name: entry.name, file }),
  },
  {
    code: 'runsc-slimvm-unavailable',
    match: /\/dev\/slimvm/,
    families: own,
    explain: (_, context) => text.runscSlimvmUnavailable(place(context)),
  },
  {
    code: 'runsc-sidecars',
    match: /gvisor-bin\/|gvisor_sentry|sidecar/,
    families: own,
    explain: () => text.runscSidecars({ docs: gvisorDocs }),
  },
  {
    // A runsc that is registered by its program needs the shim only in pods.
    code: 'runsc-pod-shim-missing',
    match: /binary not installed "(containerd-shim-runsc-[^"]*)"/,
    when: ({ entry }) => entry.runtimeType === undefined,
    explain: ([shim = ''], { entry }) =>
      text.runscPodShimMissing({ name: entry.name, shim, docs: gvisorDocs }),
  },
  {
    code: 'runsc-shim-missing',
    match: /binary not installed "(containerd-shim-runsc-[^"]*)"/,
    explain: ([shim = ''], context) => text.runscShimMissing({ shim, docs: gvisorDocs, ...place(context) }),
  },
  {
    // A current release ends immediately on a KVM that cannot run it.
    code: 'runsc-kvm-ended',
    match: sandboxEnded,
    families: own,
    when: usesKvm,
    explain: (_, context) => text.runscKvmEnded(place(context)),
  },
  {
    code: 'runsc-sandbox-ended',
    match: sandboxEnded,
    families: own,
    explain: (_, context) => text.runscSandboxEnded(place(context)),
  },
  {
    // On such a KVM, release 20240729 hangs with one CPU at 100 %.
    code: 'runsc-kvm-hang',
    match: timeoutWords,
    families: own,
    when: usesKvm,
    explain: (_, context) =>
      (context.host.hypervisor === null ? text.runscKvmHang : text.runscKvmHangInGuest)(place(context)),
  },
];
