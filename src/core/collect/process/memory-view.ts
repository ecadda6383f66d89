import { join } from 'node:path';
import { valuesOf } from '../../metrics/figure.ts';
import { readText } from '../cgroup/files.ts';
import type { CgroupLayout } from '../cgroup/layout.ts';
import { pidsOfCgroup } from '../cgroup/make.ts';
import { readCgroup } from '../cgroup/read.ts';
import { readPss } from './read.ts';

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

/** Anonymous and shared memory, bytes by PSS, of all processes in a cgroup and its descendants. */
export function processesMemory(layout: CgroupLayout, path: string): number {
  return pidsOfCgroup(layout, path)
    .map((pid) => readPss('/proc', pid))
    .reduce(
      (sum, pss) => sum + (pss === 'gone' || pss.parts === null ? 0 : pss.parts.anon + pss.parts.shmem),
      0,
    );
}
