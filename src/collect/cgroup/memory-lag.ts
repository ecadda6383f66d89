import { availableParallelism } from 'node:os';

/** Figures out of memory.stat, which the kernel adds up when it finds the time, not when it is read. */
const fromStat = ['memory.anon', 'memory.file', 'memory.shmem', 'memory.kernel'] as const;

const mebibyte = 2 ** 20;

/**
 * Does memory.stat lag behind the cgroup's charge? `memory.current` is exact; the parts are gathered from every CPU
 * by a flush that the kernel limits in rate and leaves out while another is under way (mm/memcontrol.c,
 * mem_cgroup_flush_stats), so that under load 195 MiB were seen charged with an `anon` of 0. What is charged and in
 * no part is otherwise what each CPU holds in advance (64 pages) and small items: a lag is more than that. So is, in
 * gVisor's sentry, what is left charged of huge pages of which a part was given back; only time tells them apart.
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

/** After this time a gap is no lag: the kernel adds up every two seconds whatever happens (FLUSH_TIME), ms. */
export const lagLimitMs = 2_500;

/** Is more than half of the charge in no part? No gap that is real is as large. */
export function isHollow(figures: Readonly<Record<string, number>>): boolean {
  const { 'memory.current': current = 0, 'memory.anon': anon = 0, 'memory.file': file = 0 } = figures;
  return anon + file + (figures['memory.kernel'] ?? 0) < current / 2;
}

/** The figures without those of a memory.stat that lags: nothing is better than a false zero. */
export function withoutLaggingParts(
  figures: Readonly<Record<string, number>>,
  cpus = availableParallelism(),
): Record<string, number> {
  return memoryStatLags(figures, cpus) ? withoutParts(figures) : { ...figures };
}

/** The figures without those out of memory.stat. */
export function withoutParts(figures: Readonly<Record<string, number>>): Record<string, number> {
  const stale: readonly string[] = fromStat;
  return Object.fromEntries(Object.entries(figures).filter(([id]) => !stale.includes(id)));
}
