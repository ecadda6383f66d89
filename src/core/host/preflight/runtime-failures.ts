import { isDeepStrictEqual } from 'node:util';
import { recordableEntry } from '../../config/engine-shape.ts';
import { messages } from '../../messages/define.ts';
import { diskFullWords } from '../../model/machine/disk-error.ts';
import { engineTraits } from '../../model/runtime/engine-kind.ts';
import { type FailureRow, failureRules } from '../../runtimes/failure-row.ts';
import {
  commandByHand,
  type FailureRule,
  type PatternGroups,
  type RuleContext,
  timeoutWords,
} from '../../runtimes/failure-rule.ts';

const words = messages('preflight', {
  tryByHand: 'try it by hand:  timeout 60 {command} ; look for processes at 100% with top',
});

const missing =
  /fork\/exec (?<found>\S+): no such file or directory|exec: "(?<found>[^"]+)": (?:stat \S+: no such file|executable file not found)|no program is registered for the runtime \S+, or it is not installed/;
const exited = /(?<path>\S+) did not terminate successfully: (?<status>exit status \d+|signal: [a-z ]+)/;

/** The missing program. Layers without Docker find out themselves, and name the runtime only. */
const missingPath = ({ entry }: RuleContext, { found }: PatternGroups) => found ?? entry.path ?? entry.name;

/** Failures of any runtime. Order matters: the first match counts. */
const rows: readonly FailureRow[] = [
  [
    /podman starts every container with its default runtime, (?<runtime>.+), whatever/,
    'podman-default-runtime',
    'podman starts every container with its default runtime, {runtime}, whatever runtime is requested',
    'use one podman service for each runtime:  @(run --engine embedded --layers podman) ; or start the existing one with this runtime:  podman --runtime {name} system service',
    { id: 'podmanDefault' },
  ],
  [
    /unknown or invalid runtime name: (?<name>.+?)\.?(?:\n|$)/,
    'runtime-not-registered',
    "the engine knows no runtime ''{name}''",
    'add "{name}" under "runtimes" in {file}; {restart}; docker info shows what is registered',
  ],
  [
    /invalid runtime name (?<type>\S+), correct runtime name/,
    'runtime-type-invalid',
    "''{type}'' does not name a containerd shim",
    "write runtimes.{name}.runtimeType as io.containerd.<name>.v2 or as the shim's absolute path in {file}; {restart}",
  ],
  [
    /binary not installed "(?<shim>[^"]+)"|invalid custom binary path: stat (?<shim>\S+): no such file/,
    'shim-missing',
    'the containerd shim {shim} is not installed',
    'install {shim} where dockerd finds it, or correct runtimes.{name}.runtimeType in {file}',
  ],
  [
    missing,
    'runtime-binary-missing',
    "the runtime's program {path} does not exist on the engine's host; {elsewhere} does",
    'put {elsewhere} into runtimes.{name}.path of {file}; {restart}',
    {
      id: 'runtimeBinaryElsewhere',
      // The missing file may be another one, such as the interpreter of a script.
      when: (context, groups) =>
        context.elsewhere !== undefined && context.entry.path === missingPath(context, groups),
    },
  ],
  [
    missing,
    'runtime-binary-missing',
    "the runtime's program {path} (or the interpreter of that script) does not exist on the engine's host",
    'install it, or correct runtimes.{name}.path in {file}; {restart}',
  ],
  [
    /fork\/exec (?<path>\S+): permission denied/,
    'runtime-binary-not-executable',
    '{path} is not executable',
    'chmod +x {path} ; check also that its file system is not mounted noexec:  findmnt -T {path}',
  ],
  [
    /fork\/exec (?<path>\S+): exec format error/,
    'runtime-binary-invalid',
    '{path} is not a program for this machine ({arch})',
    'check its type:  file {path} ; install the build for this machine',
  ],
  [
    exited,
    'runtime-exit',
    "the runtime's program ended with {status} ({path}); it has started other containers of this run",
    "read the engine's error message, and look for what the host lacked at that time:  dmesg | tail",
    { id: 'runtimeExitOnce', when: ({ started }) => started === true },
  ],
  [
    exited,
    'runtime-exit',
    "the runtime's program ended with {status}, often because it does not know one of its arguments ({path})",
    'try it by hand:  {command} ; correct runtimes.{name}.runtimeArgs in {file}',
  ],
  [
    /cgroups?: cgroup mountpoint does not exist/,
    'cgroup-mount-missing',
    'the engine finds no mounted cgroup hierarchy for one of its controllers',
    'mount the cgroup hierarchies (a host with systemd does it at boot):  findmnt -t cgroup,cgroup2',
  ],
  [
    diskFullWords,
    'no-space',
    "the engine's disk is full",
    'free space:  docker system df ; df -h /var/lib/docker',
  ],
  [
    /cannot allocate memory|out of memory/i,
    'out-of-memory',
    'the host has too little free memory to start the container',
    'free memory:  free -h',
  ],
  [timeoutWords, 'timeout', 'the container did not start within the time limit', '{fix}'],
  [
    /permission denied|operation not permitted/i,
    'permission-denied',
    'the runtime was refused something it needs',
    'run the engine as root, and look for denials of AppArmor, SELinux or seccomp:  dmesg | tail',
  ],
  [
    /(?:stat|open|lstat|exec:) "?(?<path>[^\s":]+)"?: no such file or directory/,
    'file-missing',
    '{path} does not exist',
    'find out what should have provided {path}',
  ],
];

/** Failures of any runtime; tried after the specific rules. */
export const runtimeFailures: readonly FailureRule[] = failureRules(rows, {
  path: missingPath,
  elsewhere: ({ elsewhere = '' }) => elsewhere,
  arch: ({ host }) => host.arch,
  command: ({ entry }, { path = '' }) => {
    // Reasons are recorded: of arguments that may be secret they have none.
    const isPlain = isDeepStrictEqual(recordableEntry(entry), entry);
    return [entry.path ?? path, ...(isPlain ? (entry.runtimeArgs ?? []) : ['ARGS']), '--version'].join(' ');
  },
  fix: (context) =>
    engineTraits(context.engine ?? { kind: 'docker' }).andReadLog(
      words.tryByHand({ command: commandByHand(context) }),
    ),
});
