import { notices } from '../../messages/define.ts';
import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import { absent, type CgroupFiles, present } from '../../metrics/figure.ts';
import type { CgroupTotals, Reading } from '../../model/trial.ts';

const text = notices('absent', {
  notReadWhileRunning: 'it was not read while the container ran',
  lagged: 'memory.stat lagged behind memory.current in the reading with the highest charge',
});

const ofGauges = cgroupMetrics.filter(({ gauge }) => gauge === true);
const gauges = ofGauges.map(({ id }) => id);

/** Files, of either version, that have the gauges and the CPU time: what moves from one reading to the next. */
const movingFiles: ReadonlySet<string> = new Set(
  [...ofGauges, ...cgroupMetrics.filter(({ id }) => id === 'cpu.usage')].flatMap(({ v1, v2 }) => [
    ...v1.files,
    v2.file,
  ]),
);

/** The file with the parts of the memory charge. The kernel takes most of a reading to print it. */
export const chargeParts: ReadonlySet<string> = new Set(['memory.stat']);

/** What moves without the parts of the charge, which move no more than the charge itself. */
export const quickFiles: ReadonlySet<string> = new Set(
  [...movingFiles].filter((name) => !chargeParts.has(name)),
);

/** The memory charge as the kernel printed it; null where it was not read. */
export function chargeIn(texts: CgroupFiles): string | null {
  const read = texts['memory.current'] ?? texts['memory.usage_in_bytes'];
  return read !== undefined && 'text' in read ? read.text : null;
}

/**
 * Fill the gauges of the totals from the reading with the highest `memory.current` while the container ran. All come
 * from one instant, so that the parts belong to their sum. They are absent where no reading was taken. If memory.stat
 * lagged in that reading (memory-lag.ts), its parts are absent: those of a lower reading would belong to another
 * charge.
 */
export function withGauges(totals: CgroupTotals, readings: readonly Reading[]): CgroupTotals {
  const height = (reading: Reading) => reading.figures['memory.current'] ?? -1;
  const highest = readings.reduce<Reading | null>(
    (best, reading) => (best === null || height(reading) > height(best) ? reading : best),
    null,
  );
  const figures = { ...totals.figures };
  for (const gauge of gauges) {
    const known = figures[gauge];
    if (known === undefined || 'absent' in known) continue;
    const value = highest?.figures[gauge];
    figures[gauge] =
      value === undefined
        ? absent(highest === null ? text.notReadWhileRunning : text.lagged)
        : present(value, `${known.source}, while the container ran`);
  }
  return { ...totals, figures };
}
