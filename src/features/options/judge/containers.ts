import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { listed } from '../../../core/messages/compose.ts';
import { reasons } from '../../../core/messages/define.ts';
import { shimBinary } from '../../../core/runtimes/entry.ts';
import { type Against, type DockerHere, isSince } from './objection.ts';

const why = reasons('judgeContainers', {
  nameless: {
    message: 'the entry {name} has no "Name"; dockerd does not take it from the key, and no container starts',
    fix: 'add "Name": "{name}" to the entry',
  },
  unknownLimit: {
    message: 'no limit is called {name}, and no container starts',
    fix: 'write one of: {names}',
  },
  softAboveHard: {
    message: 'the soft limit of {name}, {soft}, is above the hard one, {hard}, and no container starts',
    fix: 'write at most {hard} as Soft',
  },
  aboveOwn: {
    message: 'the limit {hard} of {name} is above the daemon’s own, {most}, and containers do not start',
    fix: 'write at most {most}, or raise the daemon’s:  systemctl edit docker  (LimitNOFILE=, LimitNPROC=, LimitMEMLOCK= …)',
  },
  noSystemd: {
    message: 'systemd does not run on this host, and no container starts',
    fix: 'write "native.cgroupdriver=cgroupfs", or remove the option',
  },
  execOption: {
    message: 'dockerd on Linux has no option {option}',
    fix: 'remove it; the only one is native.cgroupdriver',
  },
  runtimeMissing: {
    message: '{program} is not installed, and no container starts under {name}',
    fix: 'install it, or remove the runtime:  @(runtimes show)',
  },
  initMissing: {
    message: '{path} is not there, and no container with an init starts',
    fix: 'correct the path',
  },
  noSelinux: {
    message: 'this kernel has no SELinux, and containers get no labels',
    fix: 'remove the line, or use a host with SELinux (Fedora, RHEL)',
  },
});

/** Limits that runc knows (setrlimit(2)): their names in /proc/PID/limits (proc_pid_limits(5)). */
export const limitLines: Readonly<Record<string, string>> = {
  as: 'Max address space',
  core: 'Max core file size',
  cpu: 'Max cpu time',
  data: 'Max data size',
  fsize: 'Max file size',
  locks: 'Max file locks',
  memlock: 'Max locked memory',
  msgqueue: 'Max msgqueue size',
  nice: 'Max nice priority',
  nofile: 'Max open files',
  nproc: 'Max processes',
  rss: 'Max resident set',
  rtprio: 'Max realtime priority',
  rttime: 'Max realtime timeout',
  sigpending: 'Max pending signals',
  stack: 'Max stack size',
};

type Limit = NonNullable<DaemonConfig['default-ulimits']>[string];

function judgeLimit(entry: string, limit: Limit, here: DockerHere): readonly Against[] {
  const key = 'default-ulimits' as const;
  const { Name = '', Hard: hard = 0, Soft: soft = 0 } = limit;
  const name = Name.toLowerCase();
  if (name === '') return [[true, key, 'no-container', why.nameless({ name: entry })]];
  const size = (value: number) => (value === -1 ? Number.POSITIVE_INFINITY : value);
  const most = here.limits.get(name) ?? Number.POSITIVE_INFINITY;
  const isKnown = Object.hasOwn(limitLines, name);
  const isAbove = Math.max(size(hard), size(soft)) > most;
  return [
    [!isKnown, key, 'no-container', why.unknownLimit({ name: Name, names: listed(Object.keys(limitLines)) })],
    [isKnown && size(soft) > size(hard), key, 'no-container', why.softAboveHard({ name, soft, hard })],
    [isKnown && isAbove, key, 'no-container', why.aboveOwn({ name, hard, most: String(most) })],
  ];
}

/** The program that a start under a runtime needs: its path, or its shim; empty without either. */
export function neededProgram({
  path,
  runtimeType = '',
}: NonNullable<DaemonConfig['runtimes']>[string]): string {
  return path || (shimBinary(runtimeType) ?? runtimeType);
}

/** What speaks against the settings with which containers start. */
export function judgeContainers(config: DaemonConfig, here: DockerHere): readonly Against[] {
  const options = config['exec-opts'] ?? [];
  const usual = config['default-runtime'] ?? '';
  const initPath = config['init-path'] ?? '';
  return [
    ...Object.entries(config['default-ulimits'] ?? {}).flatMap(([name, limit]) =>
      judgeLimit(name, limit, here),
    ),
    ...options.map((option): Against => {
      const isSystemd = option === 'native.cgroupdriver=systemd';
      return [isSystemd && !here.hasSystemd, 'exec-opts', 'no-container', why.noSystemd];
    }),
    ...options.map((option): Against => {
      const isKnown = option.startsWith('native.cgroupdriver=');
      return [!isKnown, 'exec-opts', isSince(here, 28) ? 'refused' : 'ignored', why.execOption({ option })];
    }),
    ...Object.entries(config.runtimes ?? {}).map(([name, runtime]): Against => {
      const program = neededProgram(runtime);
      const isMissing = program !== '' && !here.present.has(program);
      const effect = name === usual ? 'no-container' : 'note';
      return [isMissing, 'runtimes', effect, why.runtimeMissing({ name, program })];
    }),
    [
      initPath !== '' && !here.present.has(initPath),
      'init-path',
      config.init === true ? 'no-container' : 'note',
      why.initMissing({ path: initPath }),
    ],
    [config['selinux-enabled'] === true && !here.hasSelinux, 'selinux-enabled', 'ignored', why.noSelinux],
  ];
}
