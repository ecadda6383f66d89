import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { notices } from '../../messages/define.ts';
import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import { absent, type CgroupFiles, present } from '../../metrics/figure.ts';
import type { CgroupTotals, Figure, Reading } from '../../model/trial/trial.ts';
import { readText } from './files.ts';
import type { CgroupLayout } from './layout.ts';

const gaugesText = notices('absent', {
  notReadWhileRunning: 'it was not read while the container ran',
  lagged: 'memory.stat lagged behind memory.current in the reading with the highest charge',
});

const ofGauges = cgroupMetrics.filter(({ gauge }) => gauge === true);
const gauges = ofGauges.map(({ id }) => id);

/** Files of both versions with the gauges and the CPU time, which change between readings. */
const movingFiles: ReadonlySet<string> = new Set(
  [...ofGauges, ...cgroupMetrics.filter(({ id }) => id === 'cpu.usage')].flatMap(({ v1, v2 }) => [
    ...v1.files,
    v2.file,
  ]),
);

/** The file with the parts of the memory charge. Its printing takes most of the time of a reading. */
export const chargeParts: ReadonlySet<string> = new Set(['memory.stat']);

/** The changing files without the parts of the charge, which change only if the charge does. */
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
        ? absent(highest === null ? gaugesText.notReadWhileRunning : gaugesText.lagged)
        : present(value, `${known.source}, while the container ran`);
  }
  return { ...totals, figures };
}

const text = notices('limits', {
  notMounted: 'the controller {controller} is not mounted',
  noOwnCgroup: 'the container has no cgroup of its own below the trial’s',
  missing: '{file}: {why}',
  noLimit: '{file}: the container has no such limit',
  otherForm: '{file} has an unknown format',
});

/** The directory below the trial's in which the runtime put the container; its name contains the container's id. */
function containerDir(trialDir: string, containerId: string): string | null {
  if (containerId === '') return null;
  try {
    const found = readdirSync(trialDir, { withFileTypes: true }).find(
      (entry) => entry.isDirectory() && entry.name.includes(containerId),
    );
    return found === undefined ? null : join(trialDir, found.name);
  } catch {
    return null;
  }
}

/** A limit, or a count; null where the kernel would not print such a text. */
type LimitValue = number | 'unlimited' | null;

/** Source of a figure: file, v1 controller (none in v2), and parser of the text. */
interface LimitSource {
  readonly controller?: string;
  readonly file: string;
  /** A second file of the same cgroup, on which the meaning of the first depends. */
  readonly besides?: string;
  readonly parse: (text: string, besides: string) => LimitValue;
}

/** The one number in a text, or null. `Number` alone would read an empty file as 0. */
function whole(text: string): number | null {
  return /^-?\d{1,20}$/.test(text.trim()) ? Number(text) : null;
}

const maximum = (text: string): LimitValue => (text.trim() === 'max' ? 'unlimited' : whole(text));

/** A line `key value` of a flat keyed file, times a factor. */
function keyed(key: string, factor = 1): (text: string) => LimitValue {
  const pattern = new RegExp(`^${key} (\\d{1,20})$`, 'm');
  return (text) => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? null : Number(found) * factor;
  };
}

function share(quota: number | null, period: number | null): LimitValue {
  return quota === null || period === null || !(quota > 0 && period > 0) ? null : quota / period;
}

/** cgroup v2 (Documentation/admin-guide/cgroup-v2.rst); cpu.max is `<quota µs|max> <period µs>`. */
const v2: Readonly<Record<string, LimitSource>> = {
  'limits.cpus': {
    file: 'cpu.max',
    parse(text) {
      const [quota = '', period = ''] = text.trim().split(' ');
      return quota === 'max' ? 'unlimited' : share(whole(quota), whole(period));
    },
  },
  'limits.memory': { file: 'memory.max', parse: maximum },
  'limits.pids': { file: 'pids.max', parse: maximum },
  'throttle.periods': { file: 'cpu.stat', parse: keyed('nr_periods') },
  'throttle.throttled_periods': { file: 'cpu.stat', parse: keyed('nr_throttled') },
  'throttle.time': { file: 'cpu.stat', parse: keyed('throttled_usec', 1000) },
};

/**
 * v1 represents "no limit" by the largest number of pages that fits (Documentation/admin-guide/cgroup-v1/memory.rst).
 */
const v1Unlimited = 2 ** 62;

/**
 * cgroup v1: quota and period in µs in two files, -1 for no quota; throttled_time in ns
 * (Documentation/scheduler/sched-bwc.rst).
 */
const v1: Readonly<Record<string, LimitSource>> = {
  'limits.cpus': {
    controller: 'cpu',
    file: 'cpu.cfs_quota_us',
    besides: 'cpu.cfs_period_us',
    parse(text, period) {
      const quota = whole(text);
      return quota !== null && quota < 0 ? 'unlimited' : share(quota, whole(period));
    },
  },
  'limits.memory': {
    controller: 'memory',
    file: 'memory.limit_in_bytes',
    parse(text) {
      const bytes = whole(text);
      return bytes !== null && bytes >= v1Unlimited ? 'unlimited' : bytes;
    },
  },
  'limits.pids': { controller: 'pids', file: 'pids.max', parse: maximum },
  'throttle.periods': { controller: 'cpu', file: 'cpu.stat', parse: keyed('nr_periods') },
  'throttle.throttled_periods': { controller: 'cpu', file: 'cpu.stat', parse: keyed('nr_throttled') },
  'throttle.time': { controller: 'cpu', file: 'cpu.stat', parse: keyed('throttled_time') },
};

/**
 * Read the limits that the kernel applies to a running container, and how often it throttled it; the step `limits`
 * lists the ids. A limit that is not set is absent, with that reason: the requested limit did not arrive.
 */
export function readContainerLimits(
  layout: CgroupLayout,
  trialPath: string,
  containerId: string,
): Record<string, Figure> {
  const unified = layout.kind === 'v2' ? layout.unified : null;

  function figureOf({ controller, file, besides, parse }: LimitSource): Figure {
    const root = unified ?? (controller === undefined ? undefined : layout.v1[controller]);
    if (root === undefined) return absent(text.notMounted({ controller: controller ?? '' }));
    const dir = containerDir(join(root, trialPath), containerId);
    if (dir === null) return absent(text.noOwnCgroup);
    const read = readText(join(dir, file));
    if ('missing' in read) return absent(text.missing({ file, why: read.missing }));
    const more = besides === undefined ? { text: '' } : readText(join(dir, besides));
    if ('missing' in more) return absent(text.missing({ file: besides ?? '', why: more.missing }));
    const value = parse(read.text, more.text);
    if (value === 'unlimited') return absent(text.noLimit({ file }));
    return value === null ? absent(text.otherForm({ file })) : present(value, file);
  }

  return Object.fromEntries(
    Object.entries(unified === null ? v1 : v2).map(([id, source]) => [id, figureOf(source)]),
  );
}
