import { join } from 'node:path';
import { notices } from '../messages/define.ts';
import { type MessageRefs, recorded } from '../messages/record.ts';
import { runsAsEngine } from './engine-process.ts';
import { flagOf, pidNamespaceDepth } from './process/parse.ts';
import { readCmdline, readProcessFile, readStat } from './process/read.ts';
import { processesNamed, socketServers } from './socket-server.ts';

const text = notices('engineDaemons', {
  none: 'no dockerd process was found on this host',
  several: 'which of the dockerd processes of this host answers at {socket} cannot be told',
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

/**
 * The process that listens on the socket. Where descriptors are not visible (without root), the only candidate; of
 * several candidates, none can be chosen.
 */
function serverOf(procRoot: string, candidates: readonly number[], socket: string): number | null {
  const { pids, certain } = socketServers(procRoot, candidates, socket);
  if (pids[0] !== undefined) return pids[0];
  if (certain) return null;
  const near = candidates.filter(
    (pid) => pidNamespaceDepth(readProcessFile(procRoot, pid, 'status') ?? '') === 1,
  );
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

/** Find the daemons behind a Unix socket of this host, or say why they are unknown. */
export function findEngineDaemons(
  socket: string,
  procRoot = '/proc',
): EngineDaemons | { readonly absent: string; readonly messages?: MessageRefs } {
  const candidates = daemonsNamed(procRoot, 'dockerd');
  if (candidates.length === 0) return recorded({ absent: text.none });
  const dockerd = serverOf(procRoot, candidates, socket);
  if (dockerd === null) return recorded({ absent: text.several({ socket }) });
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

/** Host ids of all of them. */
export function daemonPids({ dockerd, containerd }: EngineDaemons): readonly number[] {
  return dockerd === null ? [containerd] : [dockerd, containerd];
}
