import { studentQuantile } from '../../../core/analyze/stats/student-t.ts';
import { errorOf, type Part, together } from '../history/deviation.ts';
import { level } from '../history/level.ts';
import { estimateOf } from '../history/night-estimate.ts';
import type { HeadlineLine } from '../history/record.ts';
import type { RecordedSeries } from '../history/recorded-series.ts';
import { leastNights, rules } from '../history/rules.ts';
import type { Night } from '../history/series.ts';
import type { Asked } from './asked.ts';
import { mostDisturbed } from './disturbed.ts';
import { type Evidence, intervalOf, type Looked, missing } from './evidence.ts';

/** The nights that a run is held against. */
export interface Nights {
  readonly directory: string;
  /** Every series of the host that measured the run; null where the run is none of its nights. */
  readonly series: readonly RecordedSeries[] | null;
}

const miss = 0.05;

/** The figure against the pinned copy. It is paired within the blocks of the run. */
export function pinnedFigure(asked: Asked, { lines }: Pick<Evidence, 'lines'>): Looked {
  const line = lineOf(asked, lines);
  const isPinned = ({ runtime, against }: HeadlineLine) =>
    runtime === asked.gate.runtime && against === 'pin';
  if (line === undefined && lines.some(isPinned)) return { why: missing.notMeasured({ what: asked.name }) };
  if (line?.against !== 'pin') return { why: missing.noPin };
  const { estimate, low, high, reference } = line;
  return { figure: { estimate, interval: intervalOf(low, high), unit: null, reference } };
}

/**
 * The change against the last night, or the accepted level, of the series that the history has of this runtime and subject.
 * What nights differ by beyond their own errors is part of the interval.
 */
export function nightFigure(
  asked: Asked,
  { run, lines }: Pick<Evidence, 'run' | 'lines'>,
  nights: Nights,
): Looked {
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
  const change = (log: number, parts: readonly Part[]): Looked => {
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

/** What the run says of it to a pinned copy, or of the pinned baseline. */
function lineOf({ gate, workload, params }: Asked, lines: readonly HeadlineLine[]): HeadlineLine | undefined {
  const { runtime, layer } = gate;
  return lines.find(
    (line) =>
      line.runtime === runtime &&
      line.workload === workload &&
      line.params === params &&
      line.layer === layer,
  );
}

/** Undisturbed nights before this one that can be compared with it: since its comparison key began. */
function earlierNights(
  series: RecordedSeries,
  { key, run }: HeadlineLine,
  startedAt: string,
): readonly Night[] {
  const before = series.nights.filter((_, i) => {
    const line = series.lines[i];
    return line !== undefined && line.run !== run && line.at < startedAt;
  });
  const disturbed = new Set(
    series.lines.flatMap((line, i) => (line.disturbed > mostDisturbed ? [series.nights[i]] : [])),
  );
  const other = before.findLastIndex((night) => night.key !== key);
  return before.slice(other + 1).filter((night) => !disturbed.has(night));
}

/** Of these, the nights of the level that was accepted last; those of a change that nobody has accepted are not. */
function acceptedNights(
  { accepted = [], open }: RecordedSeries,
  nights: readonly Night[],
  tonight: string,
): readonly Night[] {
  const from =
    accepted
      .filter((date) => date <= tonight)
      .toSorted()
      .at(-1) ?? '';
  return nights.filter(({ night }) => night >= from && (open === undefined || night < open.since));
}
