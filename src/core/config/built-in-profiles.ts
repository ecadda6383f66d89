import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { ProfileShape } from './profile-shape.ts';

const words = messages('builtInProfile', {
  default:
    'ocibench’s own container: Docker’s system call filter, seven fewer capabilities, no new privileges, no log',
  plain: 'what docker run makes; memory (512 MiB) and processes (1024) stay limited, to protect this host',
  seccompUnconfined: 'no system call filter',
  seccompStrict: 'the filter that ocibench ships: some ninety calls, for programs that compute and use files',
  noNewPrivileges: 'programs gain no privileges through execve',
  capDropAll: 'no capabilities',
  readOnly: 'a root file system that cannot be written to',
  user: 'user 65534 (nobody) instead of root',
  pidsLimit: '200 processes and threads at most',
  pidsUnlimited: 'as many processes and threads as the host has',
  memory: '256 MiB of memory at most',
  memoryUnlimited: 'as much memory as the host has',
  cpus: 'one and a half CPUs',
  init: 'Docker’s init as process 1',
  tmpfs: 'a tmpfs of 64 MiB on /tmp',
  apparmorUnconfined: 'no AppArmor profile',
  logNone: 'no log',
  logJsonFile: 'output is written to a log in JSON',
  logLocal: 'output is written to a log in Docker’s own format',
  hardened:
    'all measures at once: strict filter, no new privileges, no capabilities, read-only, user 65534, limits, tmpfs on /tmp, init',
});

/** A profile that ocibench knows by its name. */
export interface BuiltInProfile {
  readonly name: string;
  /** Options added to the plain container; null: the harness's own container. */
  readonly shape: ProfileShape | null;
  readonly words: Message;
}

/**
 * The reference profiles, then the hardening measures that courses recommend: each alone on the plain container, then all
 * together.
 */
export const builtInProfiles: readonly BuiltInProfile[] = [
  { name: 'default', shape: null, words: words.default },
  { name: 'plain', shape: {}, words: words.plain },
  { name: 'seccomp=unconfined', shape: { seccomp: 'unconfined' }, words: words.seccompUnconfined },
  { name: 'seccomp=strict', shape: { seccomp: 'strict' }, words: words.seccompStrict },
  { name: 'no-new-privileges', shape: { noNewPrivileges: true }, words: words.noNewPrivileges },
  { name: 'cap-drop=ALL', shape: { capDrop: ['ALL'] }, words: words.capDropAll },
  { name: 'read-only', shape: { readonlyRootfs: true }, words: words.readOnly },
  { name: 'user', shape: { user: '65534' }, words: words.user },
  { name: 'pids-limit', shape: { pidsLimit: 200 }, words: words.pidsLimit },
  { name: 'pids-limit=unlimited', shape: { pidsLimit: 'unlimited' }, words: words.pidsUnlimited },
  { name: 'memory', shape: { memory: '256m' }, words: words.memory },
  { name: 'memory=unlimited', shape: { memory: 'unlimited' }, words: words.memoryUnlimited },
  { name: 'cpus', shape: { cpus: 1.5 }, words: words.cpus },
  { name: 'init', shape: { init: true }, words: words.init },
  { name: 'tmpfs', shape: { tmpfs: { '/tmp': '64m' } }, words: words.tmpfs },
  { name: 'apparmor=unconfined', shape: { apparmor: 'unconfined' }, words: words.apparmorUnconfined },
  { name: 'log=none', shape: { log: 'none' }, words: words.logNone },
  { name: 'log=json-file', shape: { log: 'json-file' }, words: words.logJsonFile },
  { name: 'log=local', shape: { log: 'local' }, words: words.logLocal },
  {
    name: 'hardened',
    shape: {
      seccomp: 'strict',
      noNewPrivileges: true,
      capDrop: ['ALL'],
      readonlyRootfs: true,
      user: '65534',
      pidsLimit: 200,
      memory: '512m',
      cpus: 1.5,
      ulimits: { nofile: '1024:2048' },
      tmpfs: { '/tmp': '64m' },
      init: true,
    },
    words: words.hardened,
  },
];
