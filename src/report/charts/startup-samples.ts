import type { SummaryRow } from '../../model/analysis.ts';
import type { Measurement } from '../../model/metric.ts';
import { hasValue, type ValueRow } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { subjectLabel } from '../labels.ts';
import { plotWidth } from './chart.ts';
import { isCurve } from './curve-rows.ts';

/** A value of a startup workload's headline metric. */
export interface StartupSample {
  readonly subject: string;
  readonly runtime: string;
  readonly block: number;
  readonly position: number;
  readonly value: number;
}

/** Values that one chart draws at most. */
export const sampleLimit = 1200;

/** Headline rows of the startup workloads that have a value in ns, in report order. */
export function startupHeadlines(context: ReportContext): readonly ValueRow[] {
  return context.rows
    .filter((row) => row.category === 'startup' && row.headline && row.unit === 'ns')
    .filter((row) => !isCurve(row.workload))
    .filter(hasValue);
}

/** Subjects that a chart with a small picture for each has room for; fewer where the pictures are high. */
const mostPictures = (runtimes: number) => (runtimes > 4 ? 4 : 6);

/** The rows of the first subjects, as many as there is room for, and how many there are. */
export function firstSubjects<T extends SummaryRow>(
  rows: readonly T[],
): { readonly rows: readonly T[]; readonly shown: number; readonly total: number } {
  const subjects = [...new Set(rows.map(subjectLabel))];
  const runtimes = new Set(rows.map(({ runtime }) => runtime)).size;
  const kept = new Set(subjects.slice(0, mostPictures(runtimes)));
  return {
    rows: rows.filter((row) => kept.has(subjectLabel(row))),
    shown: kept.size,
    total: subjects.length,
  };
}

/** What a caption adds where not all subjects are drawn. */
export function shownOf(shown: number, total: number, { m }: ReportContext): string {
  return shown === total ? '' : `${m.semicolon}${m.subjectsShown(shown, total)}`;
}

/** How many small pictures stand side by side, how wide they are (px), and the characters of a subtitle's line. */
export function pictureGrid(count: number): {
  readonly columns: number;
  readonly width: number;
  readonly subtitle: number;
} {
  return count > 3
    ? { columns: 2, width: 400, subtitle: 136 }
    : { columns: 1, width: plotWidth, subtitle: 108 };
}

/** The measured (not warm-up) values behind those rows, in the order of time. */
export function startupSamples(
  measurements: readonly Measurement[],
  rows: readonly SummaryRow[],
): readonly StartupSample[] {
  const headline = new Map(rows.map((row) => [`${subjectLabel(row)}|${row.runtime}`, row.metric]));
  return measurements
    .flatMap((measurement): readonly StartupSample[] => {
      const { cell, metric, value, phase, block, position, category } = measurement;
      if (category !== 'startup' || phase !== 'measure' || value === null) return [];
      const subject = subjectLabel(cell);
      if (headline.get(`${subject}|${cell.runtime}`) !== metric) return [];
      return [{ subject, runtime: cell.runtime, block, position, value }];
    })
    .toSorted((a, b) => a.block - b.block || a.position - b.position);
}

/**
 * At most `limit` samples, evenly spaced in time within each subject and runtime, always with the least and the
 * greatest of each: thinning must not hide an outlier. A chart says so where it draws fewer than there are.
 */
export function thin(samples: readonly StartupSample[], limit: number): readonly StartupSample[] {
  if (samples.length <= limit) return samples;
  const groups = Map.groupBy(samples, ({ subject, runtime }) => `${subject}|${runtime}`);
  const share = Math.max(3, Math.floor(limit / groups.size));
  const kept = new Set<StartupSample>();
  for (const group of groups.values()) {
    const even = Math.min(group.length, share - 2);
    for (let i = 0; i < even; i++) {
      const sample = group[Math.floor((i * group.length) / even)];
      if (sample !== undefined) kept.add(sample);
    }
    const least = group.reduce((a, b) => (b.value < a.value ? b : a));
    const greatest = group.reduce((a, b) => (b.value > a.value ? b : a));
    kept.add(least).add(greatest);
  }
  return samples.filter((sample) => kept.has(sample));
}
