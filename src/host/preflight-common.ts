import { diskFullWords } from '../model/disk-error.ts';
import { type Rule, type RuleContext, restartHint } from '../runtimes/failure-rule.ts';
import { gvisorFromArgs } from './runtime-family.ts';

const gvisorDocs = 'https://gvisor.dev/docs/user_guide/install/';

const platformOf = ({ entry }: RuleContext) => gvisorFromArgs(entry.runtimeArgs ?? []).platform;

/**
 * The image lacks the command: the runtime did its part. Before all other rules, because the words are those
 * of a missing runtime.
 */
export const commandRule: Rule = {
  code: 'command-missing',
  match: /unable to start container process: exec: "([^"]+)"|executable file `([^`]+)` not found/,
  reason: ([runc, crun]) =>
    `the image holds no program ${runc || crun}; the runtime itself got as far as starting it`,
  fix: () => 'remove the image, so that it is made again',
};

/** Resource limits by number, as far as `default-ulimits` is used for them. */
const limitNames: Readonly<Record<string, string>> = {
  3: 'stack',
  4: 'core',
  6: 'nproc',
  7: 'nofile',
  8: 'memlock',
};

/** `.nofile`; nothing where it is not known which limit it is. */
function limitName(number: string, name: string): string {
  const known = name === '' ? limitNames[number] : name.toLowerCase();
  return known === undefined ? '' : `.${known}`;
}

/** Failures of crun, runsc and the host's cgroups. Order matters: the first match counts. */
export const hostRules: readonly Rule[] = [
  {
    code: 'crun-hybrid-cgroup',
    match: /cgroups in hybrid mode not supported/,
    reason: () =>
      'crun does not run where v1 controllers stand beside /sys/fs/cgroup/unified (hybrid cgroups)',
    fix: () =>
      'use --engine embedded, which hides that mount from its own engine; or boot with systemd.unified_cgroup_hierarchy=1',
  },
  {
    code: 'runsc-network-namespace',
    match: /cannot run with network enabled in root network namespace/,
    reason: (_, { host }) =>
      `this runsc is older than release-20240807 and takes every network namespace of Linux ${host.kernel} for the host's (google/gvisor#10704)`,
    fix: (_, context) =>
      `install a newer runsc (${gvisorDocs}); or add "--network=none" (loopback only) or "--network=host" to runtimes.${context.entry.name}.runtimeArgs in ${context.file}, which changes what is measured and is labelled so; ${restartHint(context)}`,
  },
  {
    code: 'cgroup-controller-missing',
    match:
      /controller `(\w+)` is not available|mandatory cgroup controller "(\w+)" is missing|(NanoCPUs) can not be set/,
    reason: ([crun, runsc, cpus]) =>
      `the cgroup controller ${crun || runsc || (cpus ? 'cpu' : '')} is not available to containers`,
    fix: ([crun, runsc]) =>
      `enable it:  echo +${crun || runsc || 'cpu'} > /sys/fs/cgroup/cgroup.subtree_control ; if /sys/fs/cgroup/cgroup.controllers does not list it, v1 holds it: boot with systemd.unified_cgroup_hierarchy=1 and without cgroup_disable=`,
  },
  {
    code: 'systemd-bus-missing',
    match: /cannot open sd-bus|system_bus_socket|\/run\/systemd\/private: (?:connect|no such)/,
    reason: () => 'the systemd cgroup driver needs D-Bus and a running systemd, and none answers',
    fix: (_, context) =>
      `apt-get install dbus && systemctl start dbus; or "exec-opts": ["native.cgroupdriver=cgroupfs"] in ${context.file}; ${restartHint(context)}`,
  },
  {
    code: 'runsc-platform-unknown',
    match: /unknown platform: ([^\s:]+)/,
    reason: ([platform]) => `this runsc has no platform '${platform}'`,
    fix: (_, context) =>
      `use --platform=systrap, kvm or ptrace in runtimes.${context.entry.name}.runtimeArgs of ${context.file}; ${restartHint(context)}`,
  },
  {
    code: 'runsc-kvm-unavailable',
    match: /\/dev\/kvm/,
    families: ['runsc'],
    reason: () => "gVisor's kvm platform needs /dev/kvm, and it cannot be opened",
    fix: (_, context) =>
      `use --platform=systrap in runtimes.${context.entry.name}.runtimeArgs of ${context.file}, or load kvm_intel or kvm_amd`,
  },
  {
    // runc names the limit by its number (asm-generic/resource.h), crun by its name.
    code: 'rlimit',
    match: /error setting rlimit type (\d+)|setrlimit `?RLIMIT_(\w+)/,
    reason: ([number = '', name = '']) =>
      `the daemon gives containers a limit (default-ulimits${limitName(number, name)}) above its own hard limit, and may not raise it`,
    fix: ([number = '', name = ''], context) =>
      `lower "default-ulimits"${limitName(number, name)} in ${context.file} to the daemon's own limit (prlimit --pid "$(pidof dockerd)"), or raise that one (LimitNOFILE= and the like in docker.service); ${restartHint(context)}`,
  },
  {
    code: 'runsc-shim-missing',
    match: /binary not installed "(containerd-shim-runsc-[^"]*)"/,
    reason: ([shim]) => `${shim} is missing (Debian's package runsc does not bring it)`,
    fix: (_, context) =>
      `install gVisor with its shim (${gvisorDocs}), or register the program: "${context.entry.name}": {"path": "/usr/bin/runsc"} in ${context.file}; ${restartHint(context)}`,
  },
];

/** What any runtime may meet; after the specific rules. */
export const genericRules: readonly Rule[] = [
  {
    code: 'runtime-not-registered',
    match: /unknown or invalid runtime name: (.+?)\.?(?:\n|$)/,
    reason: ([name]) => `the engine knows no runtime '${name}'`,
    fix: ([name], context) =>
      `add "${name}" under "runtimes" in ${context.file}; ${restartHint(context)}; docker info shows what is registered`,
  },
  {
    code: 'runtime-type-invalid',
    match: /invalid runtime name (\S+), correct runtime name/,
    reason: ([name]) => `'${name}' does not name a containerd shim`,
    fix: (_, context) =>
      `write runtimes.${context.entry.name}.runtimeType as io.containerd.<name>.v2 or as the shim's absolute path in ${context.file}; ${restartHint(context)}`,
  },
  {
    code: 'shim-missing',
    match: /binary not installed "([^"]+)"|invalid custom binary path: stat (\S+): no such file/,
    reason: ([name, path]) => `the containerd shim ${path || name} is not installed`,
    fix: ([name, path], context) =>
      `install ${path || name} where dockerd finds it, or correct runtimes.${context.entry.name}.runtimeType in ${context.file}`,
  },
  {
    code: 'runtime-binary-missing',
    match:
      /fork\/exec (\S+): no such file or directory|exec: "([^"]+)": (?:stat \S+: no such file|executable file not found)/,
    reason: ([direct, looked]) =>
      `the runtime's program ${direct || looked} (or the interpreter of that script) does not exist on the engine's host`,
    fix: (_, context) =>
      `install it, or correct runtimes.${context.entry.name}.path in ${context.file}; ${restartHint(context)}`,
  },
  {
    code: 'runtime-binary-not-executable',
    match: /fork\/exec (\S+): permission denied/,
    reason: ([path]) => `${path} may not be executed`,
    fix: ([path]) =>
      `chmod +x ${path} ; check also that its file system is not mounted noexec:  findmnt -T ${path}`,
  },
  {
    code: 'runtime-binary-invalid',
    match: /fork\/exec (\S+): exec format error/,
    reason: ([path], { host }) => `${path} is no program for this machine (${host.arch})`,
    fix: ([path]) => `look at what it is:  file ${path} ; install the build for this machine`,
  },
  {
    code: 'runtime-exit',
    match: /(\S+) did not terminate successfully: (exit status \d+|signal: [a-z ]+)/,
    reason: ([path, status]) =>
      `the runtime's program ended with ${status}, often because it does not know one of its arguments (${path})`,
    fix: ([path], { entry, file }) =>
      `try it by hand:  ${[entry.path ?? path, ...(entry.runtimeArgs ?? []), '--version'].join(' ')} ; correct runtimes.${entry.name}.runtimeArgs in ${file}`,
  },
  {
    code: 'cgroup-mount-missing',
    match: /cgroups?: cgroup mountpoint does not exist/,
    reason: () => 'the engine finds no mounted cgroup hierarchy for one of its controllers',
    fix: () =>
      'mount the cgroup hierarchies (a host with systemd does it at boot):  findmnt -t cgroup,cgroup2',
  },
  {
    code: 'no-space',
    match: diskFullWords,
    reason: () => "the engine's disk is full",
    fix: () => 'free space:  docker system df ; df -h /var/lib/docker',
  },
  {
    code: 'out-of-memory',
    match: /cannot allocate memory|out of memory/i,
    reason: () => 'the host has too little free memory to start the container',
    fix: () => 'free memory:  free -h',
  },
  {
    code: 'timeout',
    match: /timed? ?out|no answer|due to timeout|deadline exceeded/i,
    reason: () => 'the container did not start within the time limit',
    fix: (_, { entry, engine }) =>
      `try it by hand:  timeout 60 docker run --rm --runtime ${entry.name} --network none IMAGE true ; look for processes at 100 % with top${engine?.kind === 'embedded' ? '' : ' ; read:  journalctl -u docker'}`,
  },
  {
    code: 'permission-denied',
    match: /permission denied|operation not permitted/i,
    reason: () => 'the runtime was refused something it needs',
    fix: () => 'run the engine as root, and look for denials of AppArmor, SELinux or seccomp:  dmesg | tail',
  },
  {
    code: 'file-missing',
    match: /(?:stat|open|lstat|exec:) "?([^\s":]+)"?: no such file or directory/,
    reason: ([path]) => `${path} does not exist`,
    fix: ([path]) => `find out what should have provided ${path}`,
  },
];

/** runsc on a KVM that cannot run it: nothing answers and one CPU is at 100 %. */
export function kvmHang(
  context: RuleContext,
): { readonly code: string; readonly reason: string; readonly fix: string } | null {
  if (context.family !== 'runsc' || platformOf(context) !== 'kvm') return null;
  return {
    code: 'runsc-kvm-hang',
    reason: `no answer: runsc --platform=kvm hangs where KVM cannot run it${context.host.hypervisor === null ? '' : ' (this machine is itself a guest)'}; its sandbox takes a whole CPU until it is ended`,
    fix: `use --platform=systrap in runtimes.${context.entry.name}.runtimeArgs of ${context.file}; kvm is meant for bare metal; ${restartHint(context)}`,
  };
}
