import { notices } from '../../messages/define.ts';
import type { Figure } from '../../model/trial/trial.ts';
import { absent, present } from '../figure.ts';
import { cgroupMetric } from '../metric.ts';
import {
  type CgroupV1,
  cgroupScope,
  keyedValue,
  type V1Source,
  v1Memory,
  v2Keyed,
  v2Single,
} from './source.ts';

const text = notices('absent', {
  linux518: 'Linux ≥ 5.18 has it',
  linux413: 'Linux ≥ 4.13 has it',
  oomCountGone: 'memory.oom_control: v1 counts OOM kills in the cgroup itself, which is gone',
});

/**
 * Sum the OOM kills of the cgroups that exist. v1 counts a kill only in the cgroup where it happens, not in its parents
 * (mm/memcontrol-v1.c).
 */
function oomKills({ files, below }: CgroupV1): Figure {
  if (below.length === 0) return absent(text.oomCountGone);
  let sum = 0;
  for (const each of [files, ...below]) {
    const kills = keyedValue(each, 'memory.oom_control', 'oom_kill', { hint: text.linux413 });
    if ('absent' in kills) return kills;
    sum += kills.value;
  }
  return present(sum, 'memory.oom_control oom_kill');
}

const v1OomKills: V1Source = { controller: 'memory', files: ['memory.oom_control'], read: oomKills };

/**
 * Memory of a cgroup. `memory.peak` and `memory.current` of v1 hold pages and kernel memory, as on v2, but not socket
 * buffers (kmem.tcp). `total_rss`, `total_cache` and `total_shmem` are the same kernel counters under older names.
 */
export const memoryMetrics = [
  cgroupMetric({
    id: 'memory.peak',
    unit: 'bytes',
    better: 'lower',
    label: 'peak memory of the cgroup',
    description: `Highest memory charge, memory.peak (v1: memory.max_usage_in_bytes). Contains page cache, so a workload that reads files is charged for them. ${cgroupScope}`,
    v2: v2Single('memory.peak'),
    v1: v1Memory('memory.max_usage_in_bytes'),
  }),
  cgroupMetric({
    id: 'memory.current',
    unit: 'bytes',
    better: 'lower',
    label: 'memory charged to the cgroup',
    description:
      'Memory charged at the last reading, memory.current (v1: memory.usage_in_bytes). Contains page cache.',
    v2: v2Single('memory.current'),
    v1: v1Memory('memory.usage_in_bytes'),
    gauge: true,
  }),
  cgroupMetric({
    id: 'memory.anon',
    unit: 'bytes',
    better: 'lower',
    label: 'anonymous memory',
    description:
      'Anonymous memory at the last reading, anon of memory.stat (v1: total_rss). Under gVisor the program’s memory is in memory.shmem instead.',
    v2: v2Keyed('memory.stat', 'anon'),
    v1: v1Memory('memory.stat', 'total_rss'),
    gauge: true,
  }),
  cgroupMetric({
    id: 'memory.file',
    unit: 'bytes',
    better: 'lower',
    label: 'page cache',
    description:
      'Page cache at the last reading, file of memory.stat (v1: total_cache); contains memory.shmem.',
    v2: v2Keyed('memory.stat', 'file'),
    v1: v1Memory('memory.stat', 'total_cache'),
    gauge: true,
  }),
  cgroupMetric({
    id: 'memory.shmem',
    unit: 'bytes',
    better: 'lower',
    label: 'shared memory',
    description:
      'Shared memory and tmpfs at the last reading, shmem of memory.stat (v1: total_shmem): the memory of programs under gVisor (a memfd) and of guests under Kata.',
    v2: v2Keyed('memory.stat', 'shmem'),
    v1: v1Memory('memory.stat', 'total_shmem'),
    gauge: true,
  }),
  cgroupMetric({
    id: 'memory.kernel',
    unit: 'bytes',
    better: 'lower',
    label: 'kernel memory',
    description:
      'Kernel memory at the last reading, kernel of memory.stat, Linux ≥ 5.18 (v1: memory.kmem.usage_in_bytes). Does not contain the memory of a guest kernel or of the gVisor sentry.',
    v2: v2Keyed('memory.stat', 'kernel', { hint: text.linux518 }),
    v1: v1Memory('memory.kmem.usage_in_bytes'),
    gauge: true,
  }),
  cgroupMetric({
    id: 'memory.oom_kills',
    unit: 'count',
    better: 'lower',
    label: 'processes killed for lack of memory',
    description: 'Processes killed for lack of memory, oom_kill of memory.events (v1: memory.oom_control).',
    v2: v2Keyed('memory.events', 'oom_kill'),
    v1: v1OomKills,
  }),
];
