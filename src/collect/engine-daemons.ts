import { join } from 'node:path';
import { runsAsEngine } from './engine-process.ts';
import { flagOf, pidNamespaceDepth } from './process/parse.ts';
import { readCmdline, readProcessFile, readStat } from './process/read.ts';
import { processesNamed, socketServers } from './socket-server.ts';

/** Host ids of the dockerd behind a socket and of the containerd that it uses. */
export interface EngineDaemons {
  readonly dockerd: number;
  readonly containerd: number;
}

/** Where dockerd looks for a containerd of the system before it starts one of its own (moby, cmd/dockerd/daemon_unix.go). */
const systemContainerd = '/run/containerd/containerd.sock';

/**
 * The one of these processes that listens on the socket. Where descriptors may not be seen (without root), the only one there
 * is: of several, nobody can say which it is.
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

/** Any user can give a process this name, and bind the engine's socket over one that it listens on. */
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

/** The daemons behind a Unix socket of this host, or why they are not known. */
export function findEngineDaemons(
  socket: string,
  procRoot = '/proc',
): EngineDaemons | { readonly absent: string } {
  const candidates = daemonsNamed(procRoot, 'dockerd');
  if (candidates.length === 0) return { absent: 'no dockerd process was found on this host' };
  const dockerd = serverOf(procRoot, candidates, socket);
  if (dockerd === null)
    return { absent: `which of the dockerd processes of this host answers at ${socket} cannot be told` };
  const containerd = containerdOf(procRoot, dockerd);
  if (containerd === null)
    return { absent: `the containerd that dockerd (process ${dockerd}) uses was not found` };
  return { dockerd, containerd };
}
