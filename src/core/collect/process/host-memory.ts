import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from 'simple-statistics';
import { valuesOf } from '../../metrics/figure.ts';
import { readText } from '../cgroup/files.ts';
import type { CgroupLayout } from '../cgroup/layout.ts';
import { readCgroup } from '../cgroup/read.ts';
import { parseKibibytes } from './read.ts';

/**
 * Memory charged to a cgroup that the kernel could not reclaim, bytes. It is the charge without file-backed page cache
 * and, where the kernel reports it (v2), without reclaimable slab. Null where a part is absent.
 */
export function unreclaimable(layout: CgroupLayout, path: string): number | null {
  const values = valuesOf(readCgroup(layout, path).figures);
  const { 'memory.current': current, 'memory.file': file, 'memory.shmem': shmem } = values;
  if (current === undefined || file === undefined || shmem === undefined) return null;
  return current - (file - shmem) - reclaimableSlab(layout, path);
}

function reclaimableSlab(layout: CgroupLayout, path: string): number {
  if (layout.kind !== 'v2' || layout.unified === null) return 0;
  const read = readText(join(layout.unified, path, 'memory.stat'));
  return 'text' in read ? Number(/^slab_reclaimable (\d{1,20})$/m.exec(read.text)?.[1] ?? 0) : 0;
}

/** The sum of one field of /proc/zoneinfo's text over zones and CPUs, in pages. */
function sumOf(zoneinfo: string, field: RegExp): number {
  return [...zoneinfo.matchAll(field)].reduce((sum, [, pages]) => sum + Number(pages), 0);
}

/**
 * Memory in the per-CPU lists of free pages, bytes; 0 where unknown. Neither MemFree nor MemAvailable counts it. Since Linux
 * 6.7 these lists grow as a CPU frees more (`pcp->high` in mm/page_alloc.c), up to an eighth of a zone over all CPUs: the
 * memory that a short process freed is in them, and not in MemAvailable.
 *
 * The page size is computed from both files. If it is not a power of two, /proc/meminfo describes a container (lxcfs) and
 * /proc/zoneinfo its host.
 */
export function parsePerCpuFree(zoneinfo: string, meminfo: string): number {
  const total = parseKibibytes(meminfo, 'MemTotal');
  const managed = sumOf(zoneinfo, /^ +managed +(\d{1,15})$/gm);
  if (total === null || managed === 0) return 0;
  const pageBytes = total / managed;
  const nearestPower = 2 ** Math.round(Math.log2(pageBytes));
  if (Math.abs(pageBytes / nearestPower - 1) > 0.001) return 0;
  return nearestPower * sumOf(zoneinfo, /^ +count: +(\d{1,15})$/gm);
}

/**
 * Memory that the host could give to programs without swapping, bytes: MemAvailable (proc_meminfo(5)) and the free pages of
 * {@link parsePerCpuFree}. Null where there is no MemAvailable.
 */
export function parseAvailable(meminfo: string, zoneinfo: string): number | null {
  const available = parseKibibytes(meminfo, 'MemAvailable');
  return available === null ? null : available + parsePerCpuFree(zoneinfo, meminfo);
}

/** Present value of {@link parseAvailable}, bytes. */
export function readAvailable(): number | null {
  const [meminfo, zoneinfo] = ['/proc/meminfo', '/proc/zoneinfo'].map(readText);
  if (meminfo === undefined || !('text' in meminfo)) return null;
  return parseAvailable(meminfo.text, zoneinfo !== undefined && 'text' in zoneinfo ? zoneinfo.text : '');
}

/** The median of nine readings, bytes, to suppress short changes of the host. Null where it cannot be read. */
export async function steadyAvailable(): Promise<number | null> {
  const readings: number[] = [];
  for (let i = 0; i < 9; i++) {
    const now = readAvailable();
    if (now === null) return null;
    readings.push(now);
    await sleep(50);
  }
  return median(readings);
}
