import { studentQuantile } from '../../../core/analyze/stats/distributions.ts';
import { listed } from '../../../core/messages/compose.ts';
import { recalled } from '../../../core/messages/record.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { defaultLayer } from '../../../core/model/trial/cell.ts';
import { subjectName } from '../../../core/model/trial/subject-name.ts';
import { areSurvivors } from '../../../core/model/trial/trial-outcome.ts';
import { leastNights, rules } from '../history/alarm-thresholds.ts';
import { estimateOf } from '../history/dating.ts';
import { errorOf, level, together, type VarianceComponent } from '../history/level.ts';
import type { HeadlineLine } from '../history/record.ts';
import type { RecordedSeries } from '../history/recorded-series.ts';
import { beginsAt, comparisonKey, type Night } from '../history/series.ts';
import {
  type FigureResult,
  type GateCase,
  type GateEvidence,
  intervalOf,
  missing,
  mostDisturbed,
} from './evidence.ts';

/**
 * The run's own figure: a value, or the ratio to its baseline. `baselines`: the names of the baseline that the limit expects.
 */
export function ownFigure(
  asked: GateCase,
  { run, analysis }: Pick<GateEvidence, 'run' | 'analysis'>,
  baselines: readonly string[],
): FigureResult {
  const { gate, name, workload, params } = asked;
  const { baseline } = run.config;
  const isRatio = gate.vs === 'baseline';
  if (isRatio && !baselines.includes(baseline))
    return { why: missing.otherBaseline({ baseline, expected: baselines[0] ?? '' }) };
  if (gate.subject.kind === 'category') return categoryFigure(asked, { run, analysis });
  const rows = analysis.rows.filter(
    (row) => row.headline && row.workload === workload && row.params === params && row.layer === gate.layer,
  );
  const row = rows.find(({ runtime }) => runtime === gate.runtime);
  if (row === undefined) return { why: missing.notMeasured({ what: name }) };
  const { metric, unit, median } = row;
  const note = recalled(row, 'note');
  if (metric === null || unit === null || median === null) return { why: missing.noValue({ note }) };
  if (metric !== gate.subject.metric)
    return { why: missing.otherFigure({ metric, expected: gate.subject.metric }) };
  const compared = isRatio ? [row, ...rows.filter(({ runtime }) => runtime === baseline)] : [row];
  const survivors = compared.find(({ failures, n }) => areSurvivors({ failed: failures, ok: n }));
  if (survivors !== undefined) {
    const { failures, n } = survivors;
    return { why: missing.survivors({ failed: failures, all: failures + n }) };
  }
  if (!isRatio)
    return {
      figure: { estimate: median, interval: intervalOf(row.ciLow, row.ciHigh), unit, reference: null },
    };
  if (row.ratio === null) return { why: missing.noRatio({ note }) };
  const interval = intervalOf(row.ratioCiLow, row.ratioCiHigh);
  // A row with an interval but without p: its test was withheld.
  if (interval !== null && row.p === null) return { why: missing.withheld({ note }) };
  return { figure: { estimate: row.ratio, interval, unit: null, reference: baseline } };
}

/** A category has a figure only if each scheduled subject has a ratio: the subject that failed may be the slow one. */
function categoryFigure(
  { gate: { runtime, layer }, category, name }: GateCase,
  { run, analysis }: Pick<GateEvidence, 'run' | 'analysis'>,
): FigureResult {
  const own = (analysis.categories ?? []).find(
    (one) => one.runtime === runtime && one.category === category && one.layer === layer,
  );
  const rows = analysis.rows.filter(
    (row) =>
      row.headline &&
      row.runtime === runtime &&
      row.category === category &&
      row.layer === layer &&
      row.better !== 'neither',
  );
  const compared = rows.filter(({ ratio, p }) => ratio !== null && p !== null);
  if (own === undefined && compared.length > 1) return { why: missing.noCommonRatio };
  if (own === undefined) return { why: missing.notMeasured({ what: name }) };
  const lost = rows.filter((row) => !compared.includes(row) && !isUnsupported(row, run));
  if (lost.length > 0) return { why: missing.partly({ members: listed(lost.map(subjectName)) }) };
  const { cost, low, high } = own;
  const { baseline } = run.config;
  return { figure: { estimate: cost, interval: intervalOf(low, high), unit: null, reference: baseline } };
}

/** Was it known before the run that the runtime does not support the subject? */
function isUnsupported(row: SummaryRow, { subjects }: GateEvidence['run']): boolean {
  return subjects.some(
    ({ workload, params, layer = defaultLayer, unsupported }) =>
      workload === row.workload &&
      params === row.params &&
      layer === row.layer &&
      Object.hasOwn(unsupported, row.runtime),
  );
}

/** The nights that a run is compared with. */
export interface ReferenceNights {
  readonly directory: string;
  /** Every series of the host that measured the run; null if the run is not a night of that host. */
  readonly series: readonly RecordedSeries[] | null;
}

const miss = 0.05;

/** The figure against the pinned copy, paired within the blocks of the run. */
export function pinnedFigure(asked: GateCase, { lines }: Pick<GateEvidence, 'lines'>): FigureResult {
  const line = lineOf(asked, lines);
  const isPinned = ({ runtime, against }: HeadlineLine) =>
    runtime === asked.gate.runtime && against === 'pin';
  if (line === undefined && lines.some(isPinned)) return { why: missing.notMeasured({ what: asked.name }) };
  if (line?.against !== 'pin') return { why: missing.noPin };
  const { estimate, low, high, reference } = line;
  return { figure: { estimate, interval: intervalOf(low, high), unit: null, reference } };
}

/**
 * Change of the series of this runtime and subject against the last night, or against the accepted level. The interval includes
 * the variance between nights.
 */
export function nightFigure(
  asked: GateCase,
  { run, lines }: Pick<GateEvidence, 'run' | 'lines'>,
  nights: ReferenceNights,
): FigureResult {
  const { series: all, directory } = nights;
  if (all === null) return { why: missing.noNight({ directory }) };
  const line = lineOf(asked, lines);
  const series = all.find(({ id }) => id === line?.series);
  if (line === undefined || series === undefined) return { why: missing.notMeasured({ what: asked.name }) };
  const earlier = earlierNights(series, line, run.startedAt);
  const tonight = { variance: errorOf(line.logError), df: line.df };
  const rule = rules[series.against];
  const between = (of: readonly Night[]) => ({
    variance: Math.max(level(of, rule).tauSquared, rule.tau * tonight.variance),
    df: of.length,
  });
  const change = (log: number, parts: readonly VarianceComponent[]): FigureResult => {
    const { variance, df } = together([tonight, ...parts]);
    const whole = Math.max(1, Math.floor(df));
    const [moved, half] = [
      Math.log(line.estimate) - log,
      -studentQuantile(miss / 2, whole) * Math.sqrt(variance),
    ];
    const [low, high] = [Math.exp(moved - half), Math.exp(moved + half)];
    const { reference } = line;
    return { figure: { estimate: Math.exp(moved), interval: intervalOf(low, high), unit: null, reference } };
  };
  if (asked.gate.vs === 'accepted') {
    const own = acceptedNights(series, earlier, line.night);
    const known = level(own, rule);
    if (own.length < leastNights) return { why: missing.learning({ n: own.length, least: leastNights }) };
    return change(known.log, [between(own), { variance: 1 / known.weight, df: own.length }]);
  }
  const last = earlier.at(-1);
  if (last === undefined) return { why: missing.noEarlier };
  const { log, variance } = estimateOf(last);
  const both = between(earlier);
  return change(log, [
    { variance, df: last.df },
    { ...both, variance: 2 * both.variance },
  ]);
}

/** The headline of the run for this runtime and subject: against its pinned copy, or of the pinned baseline. */
function lineOf(
  { gate, workload, params }: GateCase,
  lines: readonly HeadlineLine[],
): HeadlineLine | undefined {
  const { runtime, layer } = gate;
  return lines.find(
    (line) =>
      line.runtime === runtime &&
      line.workload === workload &&
      line.params === params &&
      line.layer === layer,
  );
}

/** Undisturbed earlier nights that can be compared with this one: those since its comparison key last changed. */
function earlierNights(series: RecordedSeries, tonight: HeadlineLine, startedAt: string): readonly Night[] {
  const before = series.nights.filter((_, i) => {
    const line = series.lines[i];
    return line !== undefined && line.run !== tonight.run && line.at < startedAt;
  });
  const disturbed = new Set(
    series.lines.flatMap((line, i) => (line.disturbed > mostDisturbed ? [series.nights[i]] : [])),
  );
  const key = comparisonKey(tonight);
  const other = before.findLastIndex((night) => night.key !== key);
  return before.slice(other + 1).filter((night) => !disturbed.has(night));
}

/** Those of `nights` on the level that was accepted last; nights since an unaccepted alarm are excluded. */
function acceptedNights(
  { moves = [] }: RecordedSeries,
  nights: readonly Night[],
  tonight: string,
): readonly Night[] {
  const taken = moves.findLast(({ accepted, since }) => accepted && since <= tonight);
  const from = taken === undefined ? 0 : beginsAt(nights, taken);
  const open = moves.find(({ accepted, since }) => !accepted && since > (taken?.since ?? ''));
  return nights.slice(from, open === undefined ? nights.length : beginsAt(nights, open));
}
