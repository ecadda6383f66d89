import { availableParallelism } from 'node:os';

/** Figures of memory.stat, which the kernel updates from time to time, not when it is read. */
const fromStat = ['memory.anon', 'memory.file', 'memory.shmem', 'memory.kernel'] as const;

const mebibyte = 2 ** 20;

/**
 * True if memory.stat lags behind the cgroup's charge. `memory.current` is exact. The parts are gathered from every CPU
 * by a flush. The kernel limits the flush's rate and skips it while another runs (mm/memcontrol.c,
 * mem_cgroup_flush_stats). Under load, 195 MiB were seen charged with an `anon` of 0. Normally, the charge outside all
 * parts is only what each CPU reserves (64 pages) and small items; a lag exceeds that. gVisor's sentry also exceeds it:
 * partly freed huge pages remain charged. Only time distinguishes the two cases.
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

/** A gap that lasts longer than this is not a lag, ms: the kernel always updates every two seconds (FLUSH_TIME). */
export const maxLagMs = 2_500;

/** True if more than half of the charge is in no part. No real gap is that large. */
export function isMostlyUnattributed(figures: Readonly<Record<string, number>>): boolean {
  const { 'memory.current': current = 0, 'memory.anon': anon = 0, 'memory.file': file = 0 } = figures;
  return anon + file + (figures['memory.kernel'] ?? 0) < current / 2;
}

/** The figures without those of a lagging memory.stat: an absent figure is better than a false zero. */
export function withoutLaggingParts(
  figures: Readonly<Record<string, number>>,
  cpus = availableParallelism(),
): Record<string, number> {
  return memoryStatLags(figures, cpus) ? withoutParts(figures) : { ...figures };
}

/** The figures without those of memory.stat. */
export function withoutParts(figures: Readonly<Record<string, number>>): Record<string, number> {
  const stale: readonly string[] = fromStat;
  return Object.fromEntries(Object.entries(figures).filter(([id]) => !stale.includes(id)));
}
