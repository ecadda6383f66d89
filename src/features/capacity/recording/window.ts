import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidsOfCgroup } from '../../../core/collect/cgroup/make.ts';
import { readCgroup } from '../../../core/collect/cgroup/read.ts';
import { type Figures, figureDelta } from '../../../core/metrics/figure.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';
import { networkFigures, openNetwork } from './network.ts';
import type { Recording } from './recording.ts';
import type { Cgroups } from './target.ts';

/** Figures that only grow: the window has their difference. */
const counters = [
  'cpu.usage',
  'io.read_bytes',
  'io.write_bytes',
  'io.read_ops',
  'io.write_ops',
  ...networkFigures,
] as const;

/** Figures of the reading with the most memory. */
const gauges = [
  'memory.current',
  'memory.anon',
  'memory.file',
  'memory.shmem',
  'memory.kernel',
  'pids.current',
] as const;

/** Period of the readings, ms. */
const periodMs = 250;

/** The measured part of a recording; `windowNs` is 0 if the target was gone at once. */
export type RecordedWindow = Pick<Recording, 'windowNs' | 'endedBy' | 'figures'>;

/** What is read, and for how long. */
export interface WindowOptions {
  /** The cgroup, relative to the hierarchies' roots. */
  readonly cgroup: string;
  readonly forMs: number;
  readonly interrupt: AbortSignal;
  /** Called once the window has begun. */
  readonly begun?: () => void;
}

/**
 * Reads the files of a cgroup until the time is over, the cgroup is gone, or the user interrupts. What a cgroup counted is
 * gone with it, so the last reading before that ends the window.
 */
export async function recordWindow(
  { layout, mount }: Cgroups,
  { cgroup, forMs, interrupt, begun }: WindowOptions,
): Promise<RecordedWindow> {
  using network = openNetwork(pidsOfCgroup(layout, cgroup)[0]);
  const read = (): Figures => ({ ...readCgroup(layout, cgroup).figures, ...network.read() });
  const beginMs = performance.now();
  const begin = read();
  begun?.();
  let [end, highest] = [begin, begin];
  let windowMs = 0;
  const ended = (endedBy: Recording['endedBy']): RecordedWindow => ({
    windowNs: Math.round(windowMs * 1e6),
    endedBy,
    figures: { ...differences(begin, end), ...pick(highest, gauges) },
  });
  for (;;) {
    const leftMs = forMs - (performance.now() - beginMs);
    // Rejects only when it is interrupted.
    await sleep(Math.max(1, Math.min(periodMs, leftMs)), undefined, { signal: interrupt }).catch(
      () => undefined,
    );
    const passedMs = performance.now() - beginMs;
    const now = read();
    if (!existsSync(join(mount, cgroup))) return ended('exit');
    end = now;
    windowMs = passedMs;
    if (memoryOf(now) > memoryOf(highest)) highest = now;
    if (interrupt.aborted) return ended('interrupt');
    if (passedMs >= forMs) return ended('time');
  }
}

/** The growth of each counter. */
function differences(begin: Figures, end: Figures): Figures {
  const found: Record<string, Figure> = {};
  for (const id of counters) {
    const [before, after] = [begin[id], end[id]];
    if (before !== undefined && after !== undefined) found[id] = figureDelta(before, after);
  }
  return found;
}

function pick(figures: Figures, ids: readonly string[]): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([id]) => ids.includes(id)));
}

function memoryOf({ 'memory.current': memory }: Figures): number {
  return memory !== undefined && 'value' in memory ? memory.value : -1;
}
