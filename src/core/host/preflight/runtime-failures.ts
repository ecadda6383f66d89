import { messages, reasons } from '../../messages/define.ts';
import { diskFullWords } from '../../model/machine/disk-error.ts';
import { engineTraits } from '../../model/runtime/engine-kind.ts';
import { commandByHand, type FailureRule, restartHint, timeoutWords } from '../../runtimes/failure-rule.ts';

const words = messages('preflight', {
  tryByHand: 'try it by hand:  timeout 60 {command} ; look for processes at 100% with top',
});

const text = reasons('preflight', {
  podmanDefault: {
    message:
      'podman starts every container with its default runtime, {runtime}, whatever runtime is requested',
    fix: 'use one podman service for each runtime:  @(run --engine embedded --layers podman) ; or start the existing one with this runtime:  podman --runtime {name} system service',
  },
  runtimeNotRegistered: {
    message: "the engine knows no runtime ''{name}''",
    fix: 'add "{name}" under "runtimes" in {file}; {restart}; docker info shows what is registered',
  },
  runtimeTypeInvalid: {
    message: "''{type}'' does not name a containerd shim",
    fix: "write runtimes.{name}.runtimeType as io.containerd.<name>.v2 or as the shim's absolute path in {file}; {restart}",
  },
  shimMissing: {
    message: 'the containerd shim {shim} is not installed',
    fix: 'install {shim} where dockerd finds it, or correct runtimes.{name}.runtimeType in {file}',
  },
  runtimeBinaryMissing: {
    message:
      "the runtime's program {path} (or the interpreter of that script) does not exist on the engine's host",
    fix: 'install it, or correct runtimes.{name}.path in {file}; {restart}',
  },
  runtimeBinaryElsewhere: {
    message: "the runtime's program {path} does not exist on the engine's host; {elsewhere} does",
    fix: 'put {elsewhere} into runtimes.{name}.path of {file}; {restart}',
  },
  runtimeBinaryNotExecutable: {
    message: '{path} is not executable',
    fix: 'chmod +x {path} ; check also that its file system is not mounted noexec:  findmnt -T {path}',
  },
  runtimeBinaryInvalid: {
    message: '{path} is not a program for this machine ({arch})',
    fix: 'check its type:  file {path} ; install the build for this machine',
  },
  runtimeExit: {
    message:
      "the runtime's program ended with {status}, often because it does not know one of its arguments ({path})",
    fix: 'try it by hand:  {command} ; correct runtimes.{name}.runtimeArgs in {file}',
  },
  runtimeExitOnce: {
    message:
      "the runtime's program ended with {status} ({path}); it has started other containers of this run",
    fix: "read the engine's error message, and look for what the host lacked at that time:  dmesg | tail",
  },
  cgroupMountMissing: {
    message: 'the engine finds no mounted cgroup hierarchy for one of its controllers',
    fix: 'mount the cgroup hierarchies (a host with systemd does it at boot):  findmnt -t cgroup,cgroup2',
  },
  noSpace: {
    message: "the engine's disk is full",
    fix: 'free space:  docker system df ; df -h /var/lib/docker',
  },
  outOfMemory: {
    message: 'the host has too little free memory to start the container',
    fix: 'free memory:  free -h',
  },
  timeout: { message: 'the container did not start within the time limit' },
  permissionDenied: {
    message: 'the runtime was refused something it needs',
    fix: 'run the engine as root, and look for denials of AppArmor, SELinux or seccomp:  dmesg | tail',
  },
  fileMissing: {
    message: '{path} does not exist',
    fix: 'find out what should have provided {path}',
  },
});

/** Failures of any runtime; tried after the specific rules. */
export const runtimeFailures: readonly FailureRule[] = [
  {
    code: 'podman-default-runtime',
    match: /podman starts every container with its default runtime, (.+), whatever/,
    explain: ([runtime = ''], { entry }) => text.podmanDefault({ runtime, name: entry.name }),
  },
  {
    code: 'runtime-not-registered',
    match: /unknown or invalid runtime name: (.+?)\.?(?:\n|$)/,
    explain: ([name = ''], context) =>
      text.runtimeNotRegistered({ name, file: context.file, restart: restartHint(context) }),
  },
  {
    code: 'runtime-type-invalid',
    match: /invalid runtime name (\S+), correct runtime name/,
    explain: ([type = ''], context) =>
      text.runtimeTypeInvalid({
        type,
        name: context.entry.name,
        file: context.file,
        restart: restartHint(context),
      }),
  },
  {
    code: 'shim-missing',
    match: /binary not installed "([^"]+)"|invalid custom binary path: stat (\S+): no such file/,
    explain: ([name = '', path = ''], { entry, file }) =>
      text.shimMissing({ shim: path || name, name: entry.name, file }),
  },
  {
    code: 'runtime-binary-missing',
    match:
      /fork\/exec (\S+): no such file or directory|exec: "([^"]+)": (?:stat \S+: no such file|executable file not found)|no program is registered for the runtime \S+, or it is not installed/,
    explain: ([direct = '', looked = ''], context) => {
      const { entry, file, elsewhere } = context;
      // Layers without Docker find out themselves, and name the runtime only.
      const values = {
        path: direct || looked || (entry.path ?? entry.name),
        name: entry.name,
        file,
        restart: restartHint(context),
      };
      // The missing file may be another one, such as the interpreter of a script.
      return elsewhere === undefined || entry.path !== values.path
        ? text.runtimeBinaryMissing(values)
        : text.runtimeBinaryElsewhere({ ...values, elsewhere });
    },
  },
  {
    code: 'runtime-binary-not-executable',
    match: /fork\/exec (\S+): permission denied/,
    explain: ([path = '']) => text.runtimeBinaryNotExecutable({ path }),
  },
  {
    code: 'runtime-binary-invalid',
    match: /fork\/exec (\S+): exec format error/,
    explain: ([path = ''], { host }) => text.runtimeBinaryInvalid({ path, arch: host.arch }),
  },
  {
    code: 'runtime-exit',
    match: /(\S+) did not terminate successfully: (exit status \d+|signal: [a-z ]+)/,
    explain: ([path = '', status = ''], { entry, file, started }) => {
      if (started) return text.runtimeExitOnce({ path, status });
      const command = [entry.path ?? path, ...(entry.runtimeArgs ?? []), '--version'].join(' ');
      return text.runtimeExit({ path, status, command, name: entry.name, file });
    },
  },
  {
    code: 'cgroup-mount-missing',
    match: /cgroups?: cgroup mountpoint does not exist/,
    explain: () => text.cgroupMountMissing,
  },
  { code: 'no-space', match: diskFullWords, explain: () => text.noSpace },
  {
    code: 'out-of-memory',
    match: /cannot allocate memory|out of memory/i,
    explain: () => text.outOfMemory,
  },
  {
    code: 'timeout',
    match: timeoutWords,
    explain: (_, context) => {
      const fix = words.tryByHand({ command: commandByHand(context) });
      return text.timeout({ fix: engineTraits(context.engine ?? { kind: 'docker' }).andReadLog(fix) });
    },
  },
  {
    code: 'permission-denied',
    match: /permission denied|operation not permitted/i,
    explain: () => text.permissionDenied,
  },
  {
    code: 'file-missing',
    match: /(?:stat|open|lstat|exec:) "?([^\s":]+)"?: no such file or directory/,
    explain: ([path = '']) => text.fileMissing({ path }),
  },
];
