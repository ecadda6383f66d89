import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { engineProcesses } from '../../src/core/engine/embedded/supervisor-script.ts';
import { scratchPath } from '../../src/core/engine/scratch.ts';
import { identityOf } from '../../src/core/host/process-identity.ts';
import { runtimeDirectory } from '../../src/core/host/run-registry.ts';
import { runsDirectory, trashDirectory } from '../../src/core/host/state-directory.ts';
import { untilNone } from './until-none.ts';

/** By what something on this host is known to be of one test. Whatever has none of it is somebody else's, and may come and go. */
export interface Marks {
  /** Ids of its runs. */
  readonly runs?: readonly string[];
  /** Other names that nothing else has: directories of its own, ids of containers, sockets, network devices. */
  readonly names?: readonly string[];
  /** `NAME=value` of the environment of its processes. */
  readonly environment?: readonly string[];
  /** Network namespaces that it had. */
  readonly networks?: readonly Namespace[];
}

/** A network namespace, and the clock ticks since boot at which it was seen: its number is given again to a later one. */
export interface Namespace {
  readonly name: string;
  readonly seenTicks: number;
}

/** The marks as they stand in a text; the name of a slice has `_` for `-` (systemd.slice(5)). */
function formsOf({ runs = [], names = [] }: Marks): readonly string[] {
  return [...runs.flatMap((id) => [id, id.replaceAll('-', '_')]), ...names].filter(Boolean);
}

const readText = (path: string) => readFile(path, 'utf8').catch(() => '');

async function pids(): Promise<readonly string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
}

/**
 * Processes with a mark: on their command line, in their environment, by their cgroup, or in the mounts of their namespace, as
 * those of a container have them.
 */
export async function findProcesses(marks: Marks): Promise<string[]> {
  const forms = formsOf(marks);
  const hasMark = (text: string) => forms.some((form) => text.includes(form));
  const found: string[] = [];
  const isOurs = new Map([[await readlink('/proc/self/ns/mnt'), false]]);
  for (const pid of await pids()) {
    const at = (name: string) => `/proc/${pid}/${name}`;
    const line = (await readText(at('cmdline'))).replaceAll('\0', ' ');
    const namespace = await readlink(at('ns/mnt')).catch(() => '');
    if (namespace !== '' && !isOurs.has(namespace))
      isOurs.set(namespace, hasMark(await readText(at('mountinfo'))));
    const variables = marks.environment === undefined ? [] : (await readText(at('environ'))).split('\0');
    const hasVariable = marks.environment?.some((each) => variables.includes(each)) === true;
    if (hasMark(line) || hasVariable || isOurs.get(namespace) || hasMark(await readText(at('cgroup'))))
      found.push(`process ${pid} ${(await readText(at('comm'))).trim()}: ${line.slice(0, 120)}`);
  }
  return found;
}

/** Does any process that was there when it was seen still hold it? */
async function isHeld({ name, seenTicks }: Namespace): Promise<boolean> {
  for (const pid of await pids()) {
    if ((await readlink(`/proc/${pid}/ns/net`).catch(() => '')) !== name) continue;
    const startTime = Number(identityOf(Number(pid))?.startTime ?? Number.POSITIVE_INFINITY);
    if (startTime <= seenTicks) return true;
  }
  return false;
}

/** The network namespace of a run's embedded engine; null where it has none. */
export async function findNetwork(runId: string): Promise<Namespace | null> {
  const init = (await engineProcesses(scratchPath(runId))).find(({ name }) => name === 'init');
  if (init === undefined) return null;
  const name = await readlink(`/proc/${init.pid}/ns/net`).catch(() => null);
  // /proc counts the start of processes in hundredths of a second.
  return name === null ? null : { name, seenTicks: uptime() * 100 };
}

/** The lines of what a program prints; none where it is not installed. OcibenchError never: a program that fails rejects. */
async function linesOf(program: string, ...args: readonly string[]): Promise<readonly string[]> {
  const result = await execa(program, args, { reject: false });
  if (result.code === 'ENOENT') return [];
  if (result.failed) throw new Error(`${program} ${args.join(' ')}: ${result.stderr || result.shortMessage}`);
  return result.stdout.split('\n').filter(Boolean);
}

/**
 * Prints the cgroups, and what is in the tmpfs below their mount points: a hierarchy that is unmounted in a private namespace
 * shows the directory under it, and what is written there stays on the host.
 */
const listCgroups = `
find /sys/fs/cgroup -type d
awk '$5 ~ "^/sys/fs/cgroup/" { print $5 }' /proc/self/mountinfo | while read -r each; do umount -l "$each"; done
find /sys/fs/cgroup -xdev
true
`;

async function findCgroups(): Promise<readonly string[]> {
  const inPrivate = ['--mount', '--propagation', 'private', 'sh', '-c', listCgroups];
  // One that goes while they are listed is none.
  const { stdout } = await execa('unshare', inPrivate, { reject: false });
  return [...new Set(stdout.split('\n'))].map((path) => `cgroup ${path}`);
}

/** Where engines, runtimes and podman leave something on a host, whatever directories they are told to use. */
const enginePlaces = [
  '/run/containerd',
  '/run/docker',
  '/run/runc',
  '/run/crun',
  '/run/runsc',
  '/run/containers',
  '/run/libpod',
  '/run/netns',
  '/run/criu',
  '/var/lib/containers',
  '/var/lib/cni',
  '/etc/cni',
  '/etc/containers',
  '/etc/docker',
  '/opt',
  '/dev/shm',
];

/** Files there with a mark in their path, and small ones of today with a mark in them: a state names its bundle. */
async function findFiles(forms: readonly string[]): Promise<readonly string[]> {
  if (forms.length === 0) return [];
  const copies = (await readdir('/tmp')).filter((name) => name.startsWith('ctrd-'));
  const places = [...enginePlaces, ...copies.map((name) => join('/tmp', name))].filter(existsSync);
  const named = forms.flatMap((form) => ['-o', '-path', `*${form}*`]).slice(1);
  const search = async (program: string, args: readonly string[]) =>
    (await execa(program, args, { reject: false })).stdout.split('\n').filter(Boolean);
  const byName = await search('find', ['/run', '/run/lock', ...places, '(', ...named, ')']);
  const recent = ['-xdev', '-type', 'f', '-size', '-2048k', '-mmin', '-1440'];
  const words = forms.flatMap((form) => ['-e', form]);
  const byText = await search('find', [
    ...places,
    ...recent,
    '-exec',
    'grep',
    '-lF',
    ...words,
    '--',
    '{}',
    '+',
  ]);
  const registered = join(runtimeDirectory, 'runs/');
  return [...new Set([...byName, ...byText])].map((path) =>
    path.startsWith(registered) ? `file record of run ${path.slice(registered.length)}` : `file ${path}`,
  );
}

/** What is in the directories of the state that this process has: of every run that it keeps there. */
export async function findInState(): Promise<string[]> {
  const found: string[] = [];
  for (const directory of [runsDirectory(), trashDirectory()])
    for (const name of await readdir(directory).catch(() => [])) found.push(`file ${join(directory, name)}`);
  return found;
}

/** Everything on this host that carries one of the marks: processes, mounts, cgroups, network devices and rules, files. */
export async function findOurs(marks: Marks): Promise<string[]> {
  const forms = formsOf(marks);
  const hasMark = (text: string) => forms.some((form) => text.includes(form));
  const mounts = (await readText('/proc/self/mountinfo')).split('\n').map((line) => `mount ${line}`);
  const links = (await linesOf('ip', '-oneline', 'link')).map((line) => `network device ${line}`);
  const rules = (await linesOf('iptables-save')).map((line) => `rule ${line}`);
  const held: string[] = [];
  for (const network of marks.networks ?? [])
    if (await isHeld(network)) held.push(`network namespace ${network.name}`);
  return [
    ...(await findProcesses(marks)),
    ...held,
    ...[...mounts, ...(await findCgroups()), ...links, ...rules, ...(await findInState())].filter(hasMark),
    ...(await findFiles(forms)),
  ];
}

/** What of some runs is on this host once nothing is, or `limitMs` is over; other runs may go on beside them. */
export function tracesOf(runs: string | readonly string[], limitMs: number): Promise<string[]> {
  return untilNone(limitMs, () => findOurs({ runs: [runs].flat() }));
}
