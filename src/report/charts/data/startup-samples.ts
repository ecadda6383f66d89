import type { Lang, Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { Measurement } from '../../../core/model/workload/metric.ts';
import type { ReportContext } from '../../context.ts';
import { formatCount } from '../../document/format.ts';
import { subjectLabel } from '../../document/labels.ts';
import { hasValue, type ValueRow } from '../../findings/row-guards.ts';
import { chartWords } from '../grammar/words.ts';
import { isCurve } from './call-rows.ts';

/** A value of a startup workload's headline metric. */
interface StartupSample {
  readonly subject: string;
  readonly runtime: string;
  readonly block: number;
  readonly position: number;
  readonly value: number;
}

/** Maximum number of values in one chart. */
export const sampleLimit = 1200;

/** Rows of startup workloads with a value, in report order, except those of curves. */
export function startupRows({ rows }: ReportContext): readonly ValueRow[] {
  return rows.filter(hasValue).filter((row) => row.category === 'startup' && !isCurve(row.workload));
}

/** The rows of headline metrics in ns. */
export function startupHeadlines(context: ReportContext): readonly ValueRow[] {
  return startupRows(context).filter((row) => row.headline && row.unit === 'ns');
}

/** The measured (not warm-up) values behind those rows, in order of time. */
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

/** As many samples as one chart draws, and a note for its caption if some are left out. */
export function thinned(
  samples: readonly StartupSample[],
  lang: Lang,
): { readonly shown: readonly StartupSample[]; readonly caption: Message | false } {
  const shown = thin(samples, sampleLimit);
  const count = (some: readonly StartupSample[]) => formatCount(some.length, lang);
  const drawn = chartWords.valuesDrawn({ shown: count(shown), all: count(samples) });
  return { shown, caption: shown.length < samples.length && drawn };
}

/**
 * At most `limit` samples, evenly spaced in time within each subject and runtime. Always keeps the minimum and the
 * maximum of each: thinning must not hide an outlier.
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
