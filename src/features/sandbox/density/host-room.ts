import { readFileSync } from 'node:fs';
import type { KneeCause } from './knee.ts';

/** What the host keeps in reserve. */
const reserve = {
  /** Memory: this share of the host, at least this many bytes. */
  memoryShare: 0.2,
  memoryBytes: 2 ** 30,
  /** Threads and open files: the highest share of the kernel's limit. */
  used: 0.9,
} as const;

/** Of what the host has a fixed amount. */
interface Room {
  readonly used: number;
  readonly limit: number;
}

/** The first whole number in the text of a file; null where there is none, as for `max`. */
function numberIn(path: string, pattern = /^(\d{1,19})\b/): number | null {
  try {
    const found = pattern.exec(readFileSync(path, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

/** Threads of the host (proc_loadavg(5)) and its lowest limit; null where unknown. */
export function threadRoom(): Room | null {
  const used = numberIn('/proc/loadavg', /^(?:\S+ ){3}\d+\/(\d{1,9}) /);
  const limits = ['/proc/sys/kernel/pid_max', '/proc/sys/kernel/threads-max'].flatMap(
    (path) => numberIn(path) ?? [],
  );
  return used === null || limits.length === 0 ? null : { used, limit: Math.min(...limits) };
}

/** Open files of the host and their limit (proc_sys_fs(5)); null where unknown. */
export function fileRoom(): Room | null {
  const path = '/proc/sys/fs/file-nr';
  const [used, limit] = [numberIn(path), numberIn(path, /^\d+\s+\d+\s+(\d{1,19})\b/)];
  return used === null || limit === null ? null : { used, limit };
}

/** A limit of the cgroup that is the whole of what is seen from here, as in a container; v2, then v1. */
function cgroupRoom(files: readonly (readonly [used: string, limit: string])[]): Room | null {
  for (const [usedFile, limitFile] of files) {
    const [used, limit] = [usedFile, limitFile].map((file) => numberIn(`/sys/fs/cgroup/${file}`));
    if (used != null && limit != null) return { used, limit };
  }
  return null;
}

/** Size of the host's memory, bytes; null where unknown. */
export function memorySize(): number | null {
  const kibibytes = numberIn('/proc/meminfo', /^MemTotal: +(\d{1,15}) kB$/m);
  return kibibytes === null ? null : kibibytes * 1024;
}

/**
 * Bytes that may still be taken before the reserve is touched. `available`: the host's, bytes, null where unknown. Infinite
 * where nothing is known.
 */
export function memoryRoom(available: number | null): number {
  const total = memorySize();
  const kept = (of: number) => Math.max(reserve.memoryShare * of, reserve.memoryBytes);
  const host = total === null || available === null ? Number.POSITIVE_INFINITY : available - kept(total);
  const own = cgroupRoom([
    ['memory.current', 'memory.max'],
    ['memory/memory.usage_in_bytes', 'memory/memory.limit_in_bytes'],
  ]);
  // Without a limit, v1 has a number beyond any memory.
  const isLimited = own !== null && total !== null && own.limit < total;
  return isLimited ? Math.min(host, own.limit - own.used - kept(own.limit)) : host;
}

const pidsRoom = () =>
  cgroupRoom([
    ['pids.current', 'pids.max'],
    ['pids/pids.current', 'pids/pids.max'],
  ]);

const isNearly = (found: Room | null): boolean => found !== null && found.used > reserve.used * found.limit;

/** What may be added before the reserve of any of these is touched. Infinite where nothing is known. */
export function leftOf(rooms: readonly (Room | null)[]): number {
  const left = rooms.flatMap((found) =>
    found === null ? [] : [Math.max(0, Math.floor(reserve.used * found.limit - found.used))],
  );
  return Math.min(...left);
}

/** Threads that may still be started, and files opened, before the reserve is touched; likewise. */
export const threadsLeft = () => leftOf([threadRoom(), pidsRoom()]);
export const filesLeft = () => leftOf([fileRoom()]);

/** What would be used up by `more` sandboxes that take as much as each of `count` did; null if there is room for them. */
export function lackOf(
  more: number,
  {
    count,
    available,
    taken,
  }: { readonly count: number; readonly available: number | null; readonly taken: number },
): KneeCause | null {
  const needed = count === 0 ? 0 : (more * taken) / count;
  if (memoryRoom(available) < needed) return 'memory';
  if (isNearly(threadRoom()) || isNearly(pidsRoom())) return 'threads';
  return isNearly(fileRoom()) ? 'files' : null;
}
