import { readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { notices } from '../messages/define.ts';
import { type MessageRefs, recorded } from '../messages/record.ts';
import { flagOf, pidNamespaceDepth, readCmdline, readProcessFile, readStat } from './process/read.ts';
import { type ConnectionPorts, connectionServers, processesNamed, socketServers } from './socket-server.ts';

/** Known origins of the engine's processes. */
export interface EngineOrigin {
  readonly procRoot: string;
  /** Full id of the container, 64 hex digits. */
  readonly containerId: string;
  /**
   * Cgroups that contain only the engine and what it started, relative to the hierarchies' roots; empty where unknown.
   */
  readonly engineCgroups: readonly string[];
  /** Parent directory of the hierarchies' mounts; null where `procRoot` belongs to another machine. */
  readonly cgroupRoot?: string | null;
}

/** A line of /proc/<pid>/cgroup: `4:memory:/ocibench/run/engine` (cgroups(7)). */
interface Membership {
  readonly controllers: string;
  readonly path: string;
}

function membershipsOf(procRoot: string, pid: number): readonly Membership[] {
  const lines = (readProcessFile(procRoot, pid, 'cgroup') ?? '').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [, controllers = '', ...path] = line.split(':');
    return { controllers, path: path.join(':') };
  });
}

/**
 * True if the process is in one of these cgroups, or below. A container's view of /proc/<pid>/cgroup may have a longer
 * prefix.
 */
export function isInCgroups(cgroups: readonly string[], pid: number, procRoot: string): boolean {
  const paths = membershipsOf(procRoot, pid).map(({ path }) => `${path}/`);
  return paths.some((path) => cgroups.some((cgroup) => path.includes(`/${cgroup}/`)));
}

/** Local engines belong to root (those of other users are out of reach: `hidden: 'rootless'`), or to this process. */
function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.getuid?.();
}

/**
 * True if the real, effective, saved and file system uid (proc_pid_status(5)) are the engine's, without a set-user-ID
 * program. Any user can start such a program under any name, and it may become root while it asks for a password.
 */
function runsAsEngine(pid: number, procRoot: string): boolean {
  const uids = /^Uid:((?:\t\d+){4})$/m.exec(readProcessFile(procRoot, pid, 'status') ?? '')?.[1];
  if (uids === undefined || !uids.trim().split('\t').map(Number).every(isTrusted)) return false;
  try {
    return (statSync(join(procRoot, String(pid), 'exe')).mode & 0o4000) === 0;
  } catch {
    return true;
  }
}

/** True if the process descends from this one: its PID namespace keeps the orphans of an engine started here. */
function descendsFromHarness(pid: number, procRoot: string): boolean {
  const seen = new Set<number>();
  for (let at = pid; at > 1 && !seen.has(at); at = readStat(procRoot, at)?.ppid ?? 0) {
    if (at === process.pid) return procRoot === '/proc';
    seen.add(at);
  }
  return false;
}

/** Owner of a cgroup's directory, who decides which processes may enter it; null: not found, or not mounted there. */
function ownerOf({ controllers, path }: Membership, root: string): number | null {
  for (const hierarchy of [controllers.replace(/^name=/, ''), '', 'unified'])
    try {
      return statSync(join(root, hierarchy, path)).uid;
    } catch {
      // Not in this hierarchy.
    }
  return null;
}

/**
 * True if the engine may have started the process for this container, whatever its name. Any user can choose names, arguments,
 * and the names of cgroups below their own. These cannot be faked:
 * - descent from this process: only its own engine has it;
 * - a cgroup that only root can enter: the engine's, or one named after the container (sandboxes and VMMs may run under another
 * uid);
 * - the uid: root's or this user's, by an ordinary program, and not in the cgroup of another container. It alone decides where
 * the engine's cgroup is unknown: an engine's processes are reparented to PID 1, so descent shows nothing.
 */
export function isEngineProcess(pid: number, origin: EngineOrigin): boolean {
  const { procRoot, containerId, engineCgroups } = origin;
  const { cgroupRoot = procRoot === '/proc' ? '/sys/fs/cgroup' : null } = origin;
  if (descendsFromHarness(pid, procRoot)) return true;
  const memberships = membershipsOf(procRoot, pid);
  if (memberships.some(({ path }) => engineCgroups.some((cgroup) => `${path}/`.startsWith(`/${cgroup}/`))))
    return true;
  const named = memberships.filter(({ path }) => path.includes(containerId));
  const owners = cgroupRoot === null ? [] : named.map((each) => ownerOf(each, cgroupRoot));
  const known = owners.filter((uid) => uid !== null);
  if (known.length > 0) return known.every(isTrusted);
  if (!runsAsEngine(pid, procRoot)) return false;
  if (named.length > 0) return true;
  if (engineCgroups.length > 0) return isInCgroups(engineCgroups, pid, procRoot);
  const own = readProcessFile(procRoot, process.pid, 'cgroup') ?? '';
  const others = memberships.flatMap(({ path }) => path.match(/[0-9a-f]{64}/g) ?? []);
  return others.every((id) => own.includes(id));
}

const text = notices('engineDaemons', {
  none: 'no dockerd process was found on this host',
  several: 'several dockerd processes run on this host, and it is unknown which one answers at {socket}',
  otherContainerd: 'the containerd that answers at {socket} was not found among the processes of this host',
  noContainerd: 'the containerd that dockerd (process {pid}) uses was not found',
});

/** Host ids of the dockerd behind a socket and of its containerd; null: it is containerd's own socket. */
export interface EngineDaemons {
  readonly dockerd: number | null;
  readonly containerd: number;
}

/** Where dockerd looks for the system's containerd before it starts its own (moby, cmd/dockerd/daemon_unix.go). */
const systemContainerd = '/run/containerd/containerd.sock';

/** True if the process is in this PID namespace, and in none below it, as those of containers are. */
function isNear(procRoot: string, pid: number): boolean {
  return pidNamespaceDepth(readProcessFile(procRoot, pid, 'status') ?? '') === 1;
}

/**
 * The process that listens on the socket. Where descriptors are not visible (without root), the only candidate; of
 * several candidates, none can be chosen.
 */
function serverOf(procRoot: string, candidates: readonly number[], socket: string): number | null {
  const { pids, certain } = socketServers(procRoot, candidates, socket);
  if (pids[0] !== undefined) return pids[0];
  if (certain) return null;
  const near = candidates.filter((pid) => isNear(procRoot, pid));
  return near.length === 1 ? (near[0] ?? null) : null;
}

/** Find daemons by name. Any user can give a process this name, and bind the engine's socket over an existing one. */
function daemonsNamed(procRoot: string, name: string): readonly number[] {
  return processesNamed(procRoot, name).filter((pid) => runsAsEngine(pid, procRoot));
}

function containerdOf(procRoot: string, dockerd: number): number | null {
  const candidates = daemonsNamed(procRoot, 'containerd');
  const own = candidates.find((pid) => readStat(procRoot, pid)?.ppid === dockerd);
  if (own !== undefined) return own;
  const dockerds = new Set(daemonsNamed(procRoot, 'dockerd'));
  const others = candidates.filter((pid) => !dockerds.has(readStat(procRoot, pid)?.ppid ?? 0));
  const address = flagOf(readCmdline(procRoot, dockerd), '--containerd') ?? systemContainerd;
  return serverOf(procRoot, others, join(procRoot, String(dockerd), 'root', address));
}

/** True if the process has ids and cgroups of the same namespaces as this one: what is read here is then what it means. */
function sharesNamespaces(procRoot: string, pid: number): boolean {
  const of = (who: number | 'self', kind: string) => {
    try {
      return readlinkSync(join(procRoot, String(who), 'ns', kind));
    } catch {
      return null;
    }
  };
  const [ids, cgroups] = ['pid', 'cgroup'].map((kind) => [of(pid, kind), of('self', kind)] as const);
  // A kernel before 4.6 has no namespaces of cgroups.
  return ids?.[0] != null && ids[0] === ids[1] && cgroups?.[0] === cgroups?.[1];
}

/**
 * The dockerd of this host at the other end of a TCP connection of this process; null where none holds it, `pending` where
 * nobody has accepted it yet. One in a container is not of this host, even on its network. Only root can see it.
 */
export function dockerdOfConnection(ports: ConnectionPorts, procRoot = '/proc'): number | null | 'pending' {
  const candidates = daemonsNamed(procRoot, 'dockerd').filter((pid) => sharesNamespaces(procRoot, pid));
  if (candidates.length === 0) return null;
  const servers = connectionServers(procRoot, candidates, ports);
  return servers === null ? 'pending' : (servers[0] ?? null);
}

/** The dockerd processes of this host: those of containers, and of engines that ocibench started, are not among them. */
export function dockerdsOfHost(procRoot = '/proc'): readonly number[] {
  return daemonsNamed(procRoot, 'dockerd').filter((pid) => isNear(procRoot, pid));
}

/** Find the daemons behind a Unix socket of this host, or of a known dockerd, or say why they are unknown. */
export function findEngineDaemons(
  server: string | number,
  procRoot = '/proc',
): EngineDaemons | { readonly absent: string; readonly messages?: MessageRefs } {
  const candidates = daemonsNamed(procRoot, 'dockerd');
  if (candidates.length === 0) return recorded({ absent: text.none });
  const dockerd = typeof server === 'number' ? server : serverOf(procRoot, candidates, server);
  if (dockerd === null) return recorded({ absent: text.several({ socket: String(server) }) });
  const containerd = containerdOf(procRoot, dockerd);
  if (containerd === null) return recorded({ absent: text.noContainerd({ pid: String(dockerd) }) });
  return { dockerd, containerd };
}

/** Find the containerd behind a Unix socket of this host, or say why it is unknown. */
export function findContainerd(
  socket: string,
  procRoot = '/proc',
): EngineDaemons | { readonly absent: string; readonly messages?: MessageRefs } {
  const containerd = serverOf(procRoot, daemonsNamed(procRoot, 'containerd'), socket);
  return containerd === null
    ? recorded({ absent: text.otherContainerd({ socket }) })
    : { dockerd: null, containerd };
}

/** Host ids of the known daemons. */
export function daemonPids({ dockerd, containerd }: EngineDaemons): readonly number[] {
  return dockerd === null ? [containerd] : [dockerd, containerd];
}
