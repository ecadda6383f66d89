import type { SummaryRow } from '../model/analysis.ts';
import { type Cell, cellKey } from '../model/cell.ts';
import type { MetricDefinition } from '../model/metric.ts';
import type { RunRecord } from '../model/run.ts';
import { blocksNeeded } from './blocks-needed.ts';
import { failureNote } from './failure-notes.ts';
import { pairedRatio, type Ratio } from './ratio.ts';
import type { CellSamples, Sample } from './samples.ts';
import { holm } from './stats/holm.ts';
import { describeSample } from './stats/order-statistic.ts';
import { runtimesByName, type Subject } from './subjects.ts';
import { decideVerdict, verdictWords } from './verdict.ts';

/** What every row of a run needs to know. */
export interface RowContext {
  readonly run: RunRecord;
  readonly confidence: number;
  /** Row order; see runtimeOrder. */
  readonly runtimes: readonly string[];
  /** cell key → why its trials gave no value. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Of the workload's own metrics, by id. */
  readonly definition: (workload: string, metric: string) => MetricDefinition | undefined;
}

/**
 * The rows of one subject: the headline metric first, the others by id; within a metric the baseline first.
 * A runtime without values keeps one row, in the place of its headline, whose note says why.
 */
export function subjectRows(subject: Subject, context: RowContext): SummaryRow[] {
  const found = new Set<string>();
  for (const cell of subject.cells.values()) for (const metric of cell.samples.keys()) found.add(metric);
  const { headline } = subject;
  const others = [...found].filter((metric) => metric !== headline).sort();
  const rows = headlineRows(subject, context);
  for (const metric of others) rows.push(...metricRows(subject, metric, context));
  return rows;
}

/** One row per runtime: its headline values, or why there are none. */
function headlineRows(subject: Subject, context: RowContext): SummaryRow[] {
  const { headline } = subject;
  const measured = headline === null ? [] : metricRows(subject, headline, context);
  const byRuntime = new Map(measured.map((row) => [row.runtime, row]));
  return context.runtimes.flatMap((runtime) => {
    const row = byRuntime.get(runtime);
    if (row !== undefined) return row;
    const cell = subject.cells.get(runtime);
    const hasOthers = cell !== undefined && cell.samples.size > 0;
    // Without a headline (a workload that no longer exists) the other metrics speak for the cell.
    if (hasOthers && headline === null) return [];
    return emptyRow(subject, runtime, hasOthers ? headline : null, context);
  });
}

/**
 * The rows of one metric. Holm's family is these comparisons, all runtimes against the baseline: the claims
 * that a report prints side by side and a reader scans for "the one that differs". Metrics are separate
 * families, since each answers a question of its own that was asked in advance.
 */
function metricRows(subject: Subject, metric: string, context: RowContext): SummaryRow[] {
  const { baseline } = context.run.config;
  const samples = context.runtimes.flatMap((runtime) => {
    const cell = subject.cells.get(runtime);
    const sample = cell?.samples.get(metric);
    return cell === undefined || sample === undefined ? [] : { runtime, cell, sample };
  });
  const reference = samples.find(({ runtime }) => runtime === baseline)?.sample;
  const compared = samples.map((entry) => ({
    ...entry,
    ratio:
      entry.runtime === baseline
        ? null
        : pairedRatio(entry.sample.byBlock, reference?.byBlock ?? new Map(), context.confidence),
  }));
  const tested = compared.filter(({ ratio }) => ratio !== null && ratio.p !== null);
  const adjusted = holm(tested.map(({ ratio }) => ratio?.p ?? 1));
  const adjustedBy = new Map(tested.map(({ runtime }, index) => [runtime, adjusted[index] ?? null]));
  return compared.map(({ runtime, cell, sample, ratio }) =>
    valueRow(subject, runtime, cell, sample, context, {
      ratio,
      pAdjusted: adjustedBy.get(runtime) ?? null,
      comparisons: tested.length,
      baselineKnown: reference !== undefined,
    }),
  );
}

interface Comparison {
  /** null on the baseline's own row. */
  readonly ratio: Ratio | null;
  readonly pAdjusted: number | null;
  readonly comparisons: number;
  readonly baselineKnown: boolean;
}

function valueRow(
  subject: Subject,
  runtime: string,
  cell: CellSamples,
  { metric, unit, better, byBlock }: Sample,
  context: RowContext,
  comparison: Comparison,
): SummaryRow {
  const { thresholds, baseline } = context.run.config;
  const { ratio, pAdjusted } = comparison;
  const words = verdictWords(metric, unit, better);
  const verdict = ratio === null ? 'baseline' : decideVerdict(ratio, pAdjusted, thresholds, words);
  const notes = [failureNote(cell, context.reasons.get(cellKey(cell.cell)))];
  if (ratio !== null && verdict === 'inconclusive') notes.push(comparisonNote(comparison, ratio, context));
  return {
    ...identity(subject, runtime),
    metric,
    unit,
    better,
    headline: metric === subject.headline,
    failures: cell.failed.size,
    ...describeSample([...byBlock.values()], context.confidence),
    baseline,
    pairs: ratio?.pairs ?? byBlock.size,
    ratio: ratio?.ratio ?? null,
    ratioCiLow: ratio?.low ?? null,
    ratioCiHigh: ratio?.high ?? null,
    p: ratio?.p ?? null,
    pAdjusted,
    verdict,
    note: notes.filter((note) => note !== '').join('; '),
  };
}

/** What an inconclusive comparison lacks; empty where it only is not precise enough. */
function comparisonNote(comparison: Comparison, ratio: Ratio, context: RowContext): string {
  const { alpha } = context.run.config.thresholds;
  const { baseline } = context.run.config;
  if (!comparison.baselineKnown) return `the baseline ${baseline} has no value to compare with`;
  if (ratio.pairs === 0) return `no block holds both this runtime and the baseline ${baseline}`;
  if (ratio.notPositive) return 'zero values: no ratio';
  if (ratio.low === null) {
    const missing = blocksNeeded(1, alpha) - ratio.pairs;
    return `${missing} more paired block${missing === 1 ? '' : 's'} needed for an interval of the ratio`;
  }
  const needed = blocksNeeded(Math.max(1, comparison.comparisons), alpha);
  const excludesOne = ratio.high !== null && (ratio.low > 1 || ratio.high < 1);
  return excludesOne && ratio.pairs < needed
    ? `${needed} paired blocks needed to claim a difference among ${comparison.comparisons} comparisons`
    : '';
}

/** The row of a runtime that has no value: of this subject, or (where `metric` is given) of its headline only. */
function emptyRow(subject: Subject, runtime: string, metric: string | null, context: RowContext): SummaryRow {
  const cell = subject.cells.get(runtime);
  const definition = metric === null ? undefined : context.definition(subject.identity.workload, metric);
  return {
    ...identity(subject, runtime),
    metric,
    unit: definition?.unit ?? null,
    better: definition?.better ?? null,
    headline: true,
    n: 0,
    failures: cell?.failed.size ?? 0,
    median: null,
    ciLow: null,
    ciHigh: null,
    p95: null,
    min: null,
    max: null,
    mad: null,
    baseline: context.run.config.baseline,
    pairs: 0,
    ratio: null,
    ratioCiLow: null,
    ratioCiHigh: null,
    p: null,
    pAdjusted: null,
    verdict: 'unavailable',
    note: whyEmpty(subject, runtime, context),
  };
}

function whyEmpty(subject: Subject, runtime: string, context: RowContext): string {
  const preflight = runtimesByName(context.run).get(runtime)?.preflight;
  const cell = subject.cells.get(runtime);
  if (cell === undefined) {
    if (preflight?.status === 'unavailable') return `${preflight.reason}; fix: ${preflight.fix}`;
    return subject.unsupported[runtime] ?? `no measured trial was made (the run is ${context.run.status})`;
  }
  const reason = context.reasons.get(cellKey(cell.cell));
  if (cell.failed.size > 0) return failureNote(cell, reason);
  return reason === undefined || reason === 'ok' ? 'its trials ended well, but none gave this value' : reason;
}

function identity(subject: Subject, runtime: string): Cell & Pick<SummaryRow, 'category'> {
  return { runtime, ...subject.identity, category: subject.category };
}
