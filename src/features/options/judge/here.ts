import { existsSync, readdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { readProcessFile } from '../../../core/collect/process/read.ts';
import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { runProgram } from '../../../core/host/programs.ts';
import { versionOf } from '../../../core/host/runtimes.ts';
import { findDockerd } from '../daemon-json/dockerd-process.ts';
import { limitLines, neededProgram } from './containers.ts';
import type { DockerHere } from './objection.ts';
import { pluginPlaces } from './places.ts';

/** Bit of CAP_SYS_RESOURCE, which lets a process raise its hard limits (capabilities(7)). */
const sysResource = 24n;

/** Hard limits that a process cannot exceed; none with CAP_SYS_RESOURCE. `mask`: which set of capabilities counts. */
export function parseLimits(limits: string, status: string, mask: 'CapEff' | 'CapBnd'): Map<string, number> {
  const [, set = '0'] = new RegExp(`^${mask}:\\s*([0-9a-f]+)`, 'm').exec(status) ?? [];
  if (((BigInt(`0x${set}`) >> sysResource) & 1n) === 1n) return new Map();
  return new Map(
    Object.entries(limitLines).flatMap(([name, line]) => {
      const [, hard] = new RegExp(`^${line}\\s+\\S+\\s+(\\d+)`, 'm').exec(limits) ?? [];
      return hard === undefined ? [] : [[name, Number(hard)] as const];
    }),
  );
}

/** Limits of the daemon, or of what this process could start where none runs. */
async function readLimits(pid: number | null): Promise<ReadonlyMap<string, number>> {
  const read = (file: string) => readProcessFile('/proc', pid ?? process.pid, file) ?? '';
  const isRoot = process.getuid?.() === 0;
  const limits =
    pid === null && !isRoot
      ? new Map<string, number>()
      : parseLimits(read('limits'), read('status'), pid === null ? 'CapBnd' : 'CapEff');
  // Not even root exceeds it (kernel, Documentation/admin-guide/sysctl/fs.rst).
  const open = Number(
    await readPlainFile('/proc/sys/fs/nr_open', { followLinks: false }).then(String, () => 'x'),
  );
  if (Number.isFinite(open)) limits.set('nofile', Math.min(open, limits.get('nofile') ?? open));
  return limits;
}

/** Names of the first field of a file such as /etc/passwd; none where it cannot be read. */
async function namesIn(file: string): Promise<ReadonlySet<string>> {
  const text = await readPlainFile(file, { followLinks: true }).then(String, () => '');
  return new Set(text.split('\n').flatMap((line) => line.split(':')[0] || []));
}

/** Types of statfs(2) that drivers need. */
const fileSystems: ReadonlyMap<number, string> = new Map([
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x2fc12fc1, 'zfs'],
  [0xef53, 'ext4'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlay'],
]);

/** Longest path that a system call takes, bytes (PATH_MAX of limits.h). */
const longestPath = 4096;

/** The file system of a path, or of the nearest directory above it. */
async function readFileSystem(path: string): Promise<string> {
  if (path.length >= longestPath) return '?';
  for (let at = path; isAbsolute(at); at = dirname(at)) {
    const found = await statfs(at).catch(() => null);
    if (found !== null) return fileSystems.get(found.type) ?? `0x${found.type.toString(16)}`;
    if (at === dirname(at)) break;
  }
  return '?';
}

/** Keys that a command line of dockerd sets. */
export function flagKeys(command: string): ReadonlySet<string> {
  const names = {
    hosts: /\s(?:-H|--host)[\s=]/,
    containerd: /\s--containerd[\s=]/,
    'data-root': /\s--data-root[\s=]/,
  };
  return new Set(Object.entries(names).flatMap(([key, pattern]) => (pattern.test(command) ? [key] : [])));
}

/** The command line of docker.service, also where it does not run; empty without systemd. */
async function serviceCommand(hasSystemd: boolean): Promise<string> {
  if (!hasSystemd) return '';
  const asked = ['show', '--property=ExecStart', '--value', 'docker.service'];
  return (await runProgram('systemctl', asked)).stdout;
}

async function dockerdVersion(): Promise<string | null> {
  const program = await findProgram('dockerd');
  const printed = program === null ? null : await versionOf(program);
  return /version (\d+\.\d+\S*?),?(?:\s|$)/.exec(printed ?? '')?.[1] ?? null;
}

/** Paths and programs that a file names. */
function namedIn(config: DaemonConfig): readonly string[] {
  const keys = ['data-root', 'seccomp-profile', 'tlscacert', 'tlscert', 'tlskey', 'init-path'] as const;
  const more = ['userland-proxy-path', 'containerd'] as const;
  const programs = Object.values(config.runtimes ?? {}).flatMap((runtime) => neededProgram(runtime) || []);
  const plugins = (config['authorization-plugins'] ?? []).flatMap(pluginPlaces);
  return [
    'fuse-overlayfs',
    ...[...keys, ...more].flatMap((key) => config[key] || []),
    ...programs,
    ...plugins,
  ];
}

/** Looks at the Docker of this host that would read `file`, and at what the file names. */
export async function readDockerHere(file: string, config: DaemonConfig): Promise<DockerHere> {
  const found = await findDockerd(file, config.pidfile || null);
  const hasSystemd = existsSync('/run/systemd/system');
  const present: string[] = [];
  for (const name of namedIn(config))
    if (name.includes('/') ? existsSync(name) : (await findProgram(name)) !== null) present.push(name);
  return {
    version: await dockerdVersion(),
    hasSystemd,
    hasJournal: existsSync('/run/systemd/journal/socket'),
    hasSelinux: existsSync('/sys/fs/selinux/enforce'),
    limits: await readLimits('pid' in found && !('reason' in found) ? found.pid : null),
    dataFileSystem: await readFileSystem(config['data-root'] || '/var/lib/docker'),
    present: new Set(present),
    users: await namesIn('/etc/passwd'),
    groups: await namesIn('/etc/group'),
    subordinate: await namesIn('/etc/subuid'),
    devices: new Set(readdirSync('/sys/class/net')),
    flags: flagKeys(await serviceCommand(hasSystemd)),
  };
}
