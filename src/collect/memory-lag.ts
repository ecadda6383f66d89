import { availableParallelism } from 'node:os';

/** Figures out of memory.stat, which the kernel adds up when it finds the time, not when it is read. */
const fromStat = ['memory.anon', 'memory.file', 'memory.shmem', 'memory.kernel'] as const;

const mebibyte = 2 ** 20;

/**
 * Does memory.stat lag behind the cgroup's charge? `memory.current` is exact; the parts are gathered from every CPU
 * by a flush that the kernel limits in rate and leaves out while another is under way (mm/memcontrol.c,
 * mem_cgroup_flush_stats), so that under load 195 MiB were seen charged with an `anon` of 0. What is charged and in
 * no part is otherwise what each CPU holds in advance (64 pages) and small items: a lag is more than that.
 */
export function memoryStatLags(
  figures: Readonly<Record<string, number>>,
  cpus = availableParallelism(),
): boolean {
  const { 'memory.current': current, 'memory.anon': anon, 'memory.file': file } = figures;
  if (current === undefined || anon === undefined || file === undefined) return false;
  const parts = anon + file + (figures['memory.kernel'] ?? 0);
  return current - parts > mebibyte + (cpus * mebibyte) / 2 + 0.05 * current;
}

/** The figures without those of a memory.stat that lags: nothing is better than a false zero. */
export function withoutLaggingParts(
  figures: Readonly<Record<string, number>>,
  cpus = availableParallelism(),
): Record<string, number> {
  if (!memoryStatLags(figures, cpus)) return { ...figures };
  const stale: readonly string[] = fromStat;
  return Object.fromEntries(Object.entries(figures).filter(([id]) => !stale.includes(id)));
}
