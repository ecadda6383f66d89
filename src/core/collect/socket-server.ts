import { readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { readProcessFile, userProcesses } from './process/read.ts';

/** A listening Unix socket, from /proc/<pid>/net/unix. */
interface Listener {
  readonly inode: string;
  /** The bound path, in the mount namespace of the binding process. */
  readonly path: string;
}

/** `__SO_ACCEPTCON` of the column Flags (include/uapi/linux/net.h). */
const accepting = 0x1_0000;

/** Parse the listening sockets with a path (proc_pid_net(5), `unix`); skip lines of another form. */
function parseListeners(text: string): readonly Listener[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\S+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]{8}) [0-9A-F]+ [0-9A-F]+ +(\d{1,20}) (\/.*)$/.exec(
      line,
    );
    const [, flags = '', inode = '', path = ''] = found ?? [];
    return (Number.parseInt(flags, 16) & accepting) === 0 || path === '' ? [] : [{ inode, path }];
  });
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/**
 * True if the path, as the process sees it, is this file. An absolute link in the path (`/var/run`) would leave its
 * view.
 */
function isFile(procRoot: string, pid: number, path: string, file: Stats): boolean {
  return [path, path.replace(/^\/var\/run\//, '/run/')].some((one) => {
    const found = statOf(join(procRoot, String(pid), 'root', one));
    return found !== null && found.dev === file.dev && found.ino === file.ino;
  });
}

/** Inodes of a process's open sockets; null where access is denied. */
function openSockets(procRoot: string, pid: number | 'self'): ReadonlySet<string> | null {
  const directory = join(procRoot, String(pid), 'fd');
  try {
    const links = readdirSync(directory).map((fd) => {
      try {
        return readlinkSync(join(directory, fd));
      } catch {
        return '';
      }
    });
    return new Set(links.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  } catch {
    return null;
  }
}

/** The processes that listen on a Unix socket. */
export interface SocketServers {
  readonly pids: readonly number[];
  /** True if all could be inspected. Only root sees another user's descriptors (ptrace(2), access mode checks). */
  readonly certain: boolean;
}

/** The `candidates` that have the socket at `path` open and listen on it, in any namespace. */
export function socketServers(procRoot: string, candidates: readonly number[], path: string): SocketServers {
  const file = statOf(path);
  if (file === null) return { pids: [], certain: false };
  let certain = true;
  const pids = candidates.filter((pid) => {
    const open = openSockets(procRoot, pid);
    if (open === null) {
      certain = false;
      return false;
    }
    return parseListeners(readProcessFile(procRoot, pid, 'net/unix') ?? '').some(
      (listener) => open.has(listener.inode) && isFile(procRoot, pid, listener.path, file),
    );
  });
  return { pids, certain };
}

/** Ports of a TCP connection of this process. */
export interface ConnectionPorts {
  readonly local: number;
  readonly remote: number;
}

/** An established TCP connection, from /proc/<pid>/net/tcp or tcp6: `address:port` of both ends, in hexadecimal. */
interface Connection {
  readonly local: string;
  readonly remote: string;
  readonly inode: string;
}

/** `TCP_ESTABLISHED` of the column st (include/net/tcp_states.h). */
const established = '01';

/** Parse the established connections (proc_pid_net(5), `tcp`); IPv4 addresses in IPv6 become IPv4 addresses. */
function parseConnections(text: string): readonly Connection[] {
  const plain = (end: string) => end.replace(/^0{16}FFFF0{4}/, '');
  return text.split('\n').flatMap((line) => {
    const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === established ? [{ local: plain(local), remote: plain(remote), inode }] : [];
  });
}

/**
 * The `candidates` that hold the other end of a connection of this process; null while nobody has accepted it. Empty where
 * somebody else did: a client of ssh, a virtual machine monitor, a proxy. A connection that leads out of this network namespace
 * has no other end here, and gives null.
 */
export function connectionServers(
  procRoot: string,
  candidates: readonly number[],
  { local, remote }: ConnectionPorts,
): readonly number[] | null {
  const all = ['tcp', 'tcp6'].flatMap((table) => {
    try {
      return parseConnections(readFileSync(join(procRoot, 'self/net', table), 'utf8'));
    } catch {
      return [];
    }
  });
  const hex = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const ours = openSockets(procRoot, 'self');
  const own = all
    .filter((each) => each.local.endsWith(hex(local)) && each.remote.endsWith(hex(remote)))
    .find(({ inode }) => ours?.has(inode));
  const other = all.find((each) => each.local === own?.remote && each.remote === own.local);
  // Until a process accepts the connection, its end is no file.
  if (other === undefined || other.inode === '0') return null;
  return candidates.filter((pid) => openSockets(procRoot, pid)?.has(other.inode) === true);
}

/** Ids of the processes of this name, in any namespace. */
export function processesNamed(procRoot: string, name: string): readonly number[] {
  const all = userProcesses(procRoot);
  return all.flatMap(({ pid, comm }) => (comm === name ? [pid] : []));
}
