import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readCmdline, userProcesses } from '../../src/core/collect/process/read.ts';
import { scratchPath } from '../../src/core/engine/scratch.ts';
import { findNetwork, findOurs, type Marks, type Namespace } from './ours.ts';
import { untilNone } from './until-none.ts';

/** What was seen of a run's engines while it went on. */
export interface SeenEngines {
  /** How often one was looked at. */
  readonly looks: number;
  /** In what they were not apart from the host. */
  readonly shared: readonly string[];
  /** By what their remains are known. */
  readonly marks: Marks;
}

/** The first processes of namespaces that a run makes, by the name (`$0`) of their shell program. */
const inits: Readonly<
  Record<string, { readonly kinds: readonly string[]; readonly covered: readonly string[] }>
> = {
  'ocibench-init': { kinds: ['mnt', 'net', 'pid'], covered: ['/run', '/opt', '/etc/docker'] },
  'ocibench-containerd': { kinds: ['mnt', 'net', 'pid'], covered: ['/run', '/opt', '/etc/docker'] },
  'ocibench-podman': { kinds: ['mnt', 'pid'], covered: ['/run', '/var/lib'] },
};
/** What they start once all is covered. */
const daemons = /^(?:dockerd|containerd|podman)$/;

const read = (path: string) => readFile(path, 'utf8').catch(() => '');

/** Parses a line of proc_pid_mountinfo(5). */
function parseMount(line: string) {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , , point = '', , ...peers] = before.split(' ');
  const [type = '', , options = ''] = after.split(' ');
  return { point, type, options, peers: peers.flatMap((each) => /:(\d+)$/.exec(each)?.[1] ?? []) };
}

const mountsOf = async (pid: number | 'self') =>
  (await read(`/proc/${pid}/mountinfo`)).split('\n').filter(Boolean).map(parseMount);

/** What of a process’s mount namespace reaches the host: writes to a directory that do not go into `scratch`, and mounts that are passed on. */
export async function findShared(
  pid: number,
  scratch: string,
  covered: readonly string[],
): Promise<string[]> {
  const [mounts, host] = [await mountsOf(pid), await mountsOf('self')];
  // It has ended.
  if (mounts.length === 0) return [];
  const isCovered = (directory: string) => {
    const top = mounts.findLast(
      ({ point }) => point === directory || `${directory}/`.startsWith(`${point}/`),
    );
    return top?.type === 'overlay' && top.options.includes(`upperdir=${scratch}`);
  };
  const open = covered.filter((directory) => existsSync(directory) && !isCovered(directory));
  const peers = new Set(host.flatMap((each) => each.peers));
  const passed = mounts.filter((each) => each.peers.some((peer) => peers.has(peer)));
  return [
    ...open.map((directory) => `writes to ${directory} reach the host`),
    ...passed.map(({ point }) => `mounts below ${point} reach the host`),
  ];
}

/** Which namespaces of a process are those of this one. */
export async function findSameNamespaces(pid: number, kinds: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const kind of kinds) {
    const theirs = await readlink(`/proc/${pid}/ns/${kind}`).catch(() => null);
    if (theirs === (await readlink(`/proc/self/ns/${kind}`)))
      found.push(`${readCmdline('/proc', pid).join(' ').slice(0, 80)} is in the host’s ${kind} namespace`);
  }
  return found;
}

/** Names that nothing else on the host has: of containers, of sockets of their shims, of network devices. */
async function findNames(init: number, tree: readonly number[], directory: string): Promise<string[]> {
  const ids = tree.flatMap((pid) => readCmdline('/proc', pid)).filter((word) => /^[0-9a-f]{64}$/.test(word));
  const sockets = `/proc/${init}/root${join(directory, 'cover_run/upper/containerd/s')}`;
  const devices = (await read(`/proc/${init}/net/dev`)).matchAll(/^\s*((?:br-|veth)[^:]*):/gm);
  return [...ids, ...(await readdir(sockets).catch(() => [])), ...[...devices].map(([, name = '']) => name)];
}

/** Looks at all engines of a run that are up. */
export async function lookAtEngines(scratch: string) {
  const all = userProcesses('/proc');
  const seen = [];
  for (const { pid } of all) {
    const [, , , name = '', first = '', second = ''] = readCmdline('/proc', pid);
    const init = first.startsWith(scratch) ? inits[name] : undefined;
    if (init === undefined) continue;
    const tree = new Set([pid]);
    for (const each of all) if (tree.has(each.ppid)) tree.add(each.pid);
    if (!all.some((each) => tree.has(each.pid) && daemons.test(each.comm))) continue;
    const same = [...tree].map((each) => findSameNamespaces(each, init.kinds));
    seen.push({
      names: await findNames(pid, [...tree], name === 'ocibench-podman' ? second : first),
      shared: [...(await Promise.all(same)).flat(), ...(await findShared(pid, scratch, init.covered))],
    });
  }
  return seen;
}

/** Looks again and again at the engines of the newest run below `out`, until its command has ended. */
export async function watchEngines(out: string, command: PromiseLike<unknown>): Promise<SeenEngines> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  command.then(end, end);
  let looks = 0;
  let runId: string | undefined;
  const [shared, names, networks] = [new Set<string>(), new Set<string>(), new Map<string, Namespace>()];
  for (; !isOver; await sleep(200)) {
    const ids = (await readdir(join(out, 'results')).catch(() => [])).filter((name) => /^\d/.test(name));
    runId = ids.toSorted().at(-1);
    if (runId === undefined) continue;
    for (const seen of await lookAtEngines(scratchPath(runId))) {
      looks++;
      for (const each of seen.shared) shared.add(each);
      for (const each of seen.names) names.add(each);
    }
    const network = await findNetwork(runId);
    if (network !== null) networks.set(network.name, network);
  }
  const runs = runId === undefined ? [] : [runId];
  return { looks, shared: [...shared], marks: { runs, names: [...names], networks: [...networks.values()] } };
}

/** Expects that a run's engines were seen and apart from the host, and that after `limitMs` at the latest nothing of them is left. */
export async function expectApart({ looks, shared, marks }: SeenEngines, limitMs: number): Promise<void> {
  expect(looks).toBeGreaterThan(0);
  expect(shared).toEqual([]);
  expect(await untilNone(limitMs, () => findOurs(marks))).toEqual([]);
}
