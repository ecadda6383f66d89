import { categoryWords, decideVerdict } from '../../../core/analyze/claims/verdict.ts';
import { differences } from '../../../core/analyze/runs/provenance.ts';
import { studentQuantile, studentTwoSided } from '../../../core/analyze/stats/distributions.ts';
import { factorOf } from '../../../core/analyze/stats/factor.ts';
import { holm } from '../../../core/analyze/stats/holm.ts';
import type { Analysis, CategoryEstimate, SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { type VerdictWords, verdictWords } from '../../../core/model/analysis/cost-ratio.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { combinedVersion } from '../../../core/model/run/session-spread.ts';
import { type Cell, cellKey, identityOf, subjectKey } from '../../../core/model/trial/cell.ts';
import type { Combined, CombinedCategory, CombinedComparison } from './combined-record.ts';
import type { EstimatedMean } from './stats/heterogeneity.ts';
import { logMeanOf } from './stats/log-mean.ts';
import { type SessionsMean, sessionMeans } from './stats/session-means.ts';

/** One value of a session, as a mean of logarithms with a known error, and what it is the value of. */
interface SessionValue<Of> extends EstimatedMean {
  /** Values with one key are combined. */
  readonly key: string;
  readonly of: Of;
}

/** The headline of a cell. */
type ComparedHeadline = Pick<
  CombinedComparison,
  keyof Cell | 'baselineProfile' | 'metric' | 'category' | 'unit' | 'better'
>;
/** A runtime in a category. */
type ComparedCategory = Pick<CombinedCategory, 'runtime' | 'category' | 'layer' | 'engine' | 'subjects'>;

/** The part of a run that is combined. */
export interface MeasuredSession {
  readonly run: RunRecord;
  readonly comparisons: readonly SessionValue<ComparedHeadline>[];
  /** The baseline's own values. */
  readonly baselines: readonly SessionValue<ComparedHeadline>[];
  readonly categories: readonly SessionValue<ComparedCategory>[];
}

/** Selects the part of a run and its analysis that is combined: tested headlines and categories, and the baseline's values. */
export function sessionOf(run: RunRecord, { rows, profiles = [], categories }: Analysis): MeasuredSession {
  const { baseline, thresholds } = run.config;
  const headlines = [...rows, ...profiles].flatMap(headlineOf);
  const [own, others] = [true, false].map((isOwn) =>
    headlines.filter(({ of }) => (of.runtime === baseline && of.baselineProfile === undefined) === isOwn),
  );
  /** None without a positive value, or without an error. */
  const readValue = <Of>(
    [of, key]: readonly [Of, string],
    value: number | null,
    [low, high]: readonly [number | null, number | null],
    values: number,
  ): readonly SessionValue<Of>[] => {
    if (value === null || !(value > 0) || !Number.isFinite(value)) return [];
    const { mean, variance, df } = logMeanOf(value, low, high, values, thresholds.alpha);
    return variance === null ? [] : [{ mean, variance, df, key, of }];
  };
  return {
    run,
    comparisons: (others ?? []).flatMap(({ row, of, key }) =>
      row.p === null ? [] : readValue([of, key], row.ratio, [row.ratioCiLow, row.ratioCiHigh], row.pairs),
    ),
    baselines: (own ?? []).flatMap(({ row, of, key }) =>
      readValue([of, key], row.median, [row.ciLow, row.ciHigh], row.n),
    ),
    categories: categories.flatMap((estimate) => {
      const { runtime, category, layer, engine, subjects, p, cost, low, high, blocks } = estimate;
      const of = { runtime, category, layer, ...(engine === undefined ? {} : { engine }), subjects };
      return p === null ? [] : readValue([of, categoryKey(estimate, rows)], cost, [low, high], blocks);
    }),
  };
}

function headlineOf(row: SummaryRow) {
  const { headline, layer, category, metric, unit, better, baselineProfile } = row;
  if (!headline || layer === 'floor' || category === 'isolation') return [];
  if (metric === null || unit === null || better === null) return [];
  const reference = baselineProfile === undefined ? {} : { baselineProfile };
  const of: ComparedHeadline = { ...identityOf(row), ...reference, metric, category, unit, better };
  return [{ row, of, key: [cellKey(of), metric, baselineProfile ?? ''].join('|') }];
}

/** The category with its subjects: a session that measured others answers another question. */
function categoryKey(of: CategoryEstimate, rows: readonly SummaryRow[]): string {
  const members = rows.filter((row) => row.headline && row.p !== null && categoryOf(row) === categoryOf(of));
  const subjects = members.map((row) => `${subjectKey(row)}|${row.metric}`).toSorted();
  return [categoryOf(of), ...subjects].join('\n');
}

function categoryOf({ runtime, category, layer, engine }: Omit<ComparedCategory, 'subjects'>): string {
  return [runtime, category, layer, engine ?? ''].join('|');
}

type Thresholds = RunRecord['config']['thresholds'];

/** Combines runs of one host, each of which is a session. Two at least, in order of time; the caller ensures that they are comparable. */
export function combineSessions(sessions: readonly MeasuredSession[], harnessVersion: string): Combined {
  const last = sessions.at(-1);
  if (last === undefined) throw new RangeError('there is no session');
  const { baseline, thresholds } = last.run.config;
  const { id = null, hostname, cpuModel, memoryBytes } = last.run.host;
  const questions = byKey(sessions.map(({ comparisons }) => comparisons));
  const several = questions.filter(({ length }) => length > 1);
  const categories = Map.groupBy(byKey(sessions.map((session) => session.categories)), ([first]) =>
    first === undefined ? '' : categoryOf(first.of),
  );
  return {
    combinedVersion,
    harnessVersion,
    host: { id, hostname, cpuModel, memoryBytes },
    baseline,
    thresholds: { ...thresholds, confidence: 1 - thresholds.alpha },
    sessions: sessions.map(({ run: { runId, status, startedAt } }) => ({ runId, status, startedAt })),
    accepted: acceptedIn(sessions.map(({ run }) => run)),
    comparisons: meansOf(several, several, thresholds, ({ metric, unit, better }) =>
      verdictWords(metric, unit, better),
    ).map(({ of, ratio, ...mean }) => ({ ...of, ratio, ...mean })),
    categories: meansOf(
      // Of several sets of subjects, the one that most sessions measured.
      [...categories.values()].flatMap((variants) => {
        const [most = []] = variants.toSorted((a, b) => b.length - a.length);
        return most.length > 1 ? [most] : [];
      }),
      several,
      thresholds,
      ({ category }) => categoryWords(category),
    ).map(({ of, ratio, ...mean }) => ({ ...of, cost: ratio, ...mean })),
    baselines: spreadsOf(byKey(sessions.map(({ baselines }) => baselines))),
    once: questions.length - several.length,
    some: several.filter(({ length }) => length < sessions.length).length,
  };
}

/** Values of one question, one of each session that has it. */
type Asked<Of> = readonly SessionValue<Of>[];

function byKey<Of>(sessions: readonly (readonly SessionValue<Of>[])[]): readonly Asked<Of>[] {
  return [...Map.groupBy(sessions.flat(), ({ key }) => key).values()];
}

/** Every difference in provenance, once for each key. */
function acceptedIn([first, ...others]: readonly RunRecord[]): Combined['accepted'] {
  if (first === undefined) return [];
  const found = Map.groupBy(
    others.flatMap((other) => differences(first, other)),
    ({ key }) => key,
  );
  return [...found.values()].flatMap((same) => same.slice(0, 1));
}

/** The questions of each runtime with their means: its comparisons, the `pool`, have a variance between sessions in common. */
function ofRuntimes<Of extends { readonly runtime: string }>(
  questions: readonly Asked<Of>[],
  pool: readonly Asked<{ readonly runtime: string }>[],
) {
  const runtimes = Map.groupBy(questions, ([first]) => first?.of.runtime ?? '');
  return [...runtimes].map(([runtime, own]) => {
    const means = sessionMeans(
      own,
      pool.filter(([first]) => first?.of.runtime === runtime),
    );
    return own.flatMap((question, index) => {
      const [of, mean] = [question.at(-1)?.of, means[index]];
      return of === undefined || mean === undefined ? [] : [{ of, question, mean }];
    });
  });
}

function spreadOf(question: Asked<unknown>, { own, shared }: SessionsMean) {
  return {
    sessions: question.length,
    tau: factorOf(Math.sqrt(own)),
    sharedTau: shared === null ? null : factorOf(Math.sqrt(shared)),
  };
}

function spreadsOf(questions: readonly Asked<ComparedHeadline>[]): Combined['baselines'] {
  const several = questions.filter(({ length }) => length > 1);
  return ofRuntimes(several, several)
    .flat()
    .map(({ of: { category, unit, better, ...of }, question, mean }) => ({
      ...of,
      ...spreadOf(question, mean),
    }));
}

/** Means with their claims, of which those of a runtime are corrected together. */
function meansOf<Of extends { readonly runtime: string }>(
  questions: readonly Asked<Of>[],
  pool: readonly Asked<ComparedHeadline>[],
  thresholds: Thresholds,
  wordsOf: (of: Of) => VerdictWords,
) {
  const { alpha } = thresholds;
  const halfOf = ({ variance, df }: Pick<EstimatedMean, 'variance' | 'df'>, miss: number) =>
    -studentQuantile(miss / 2, df) * Math.sqrt(variance);
  return ofRuntimes(questions, pool).flatMap((own) => {
    const ps = own.map(({ mean: { estimate, standardError, df } }) =>
      studentTwoSided(estimate / standardError, df),
    );
    const adjusted = holm(ps);
    return own.map(({ of, question, mean }, index) => {
      const { estimate, standardError, df } = mean;
      const [wide, narrow] = [alpha, 2 * alpha].map((miss) =>
        halfOf({ variance: standardError ** 2, df }, miss),
      );
      const around = (half = 0) => [estimate - half, estimate + half] as const;
      const [[low, high], [low90, high90]] = [around(wide), around(narrow)];
      const pAdjusted = adjusted[index] ?? 1;
      const { q, df: qDf, p: differP } = mean.heterogeneity;
      return {
        of,
        ratio: factorOf(estimate),
        ...spreadOf(question, mean),
        low: factorOf(low),
        high: factorOf(high),
        low90: factorOf(low90),
        high90: factorOf(high90),
        df,
        p: ps[index] ?? 1,
        pAdjusted,
        verdict: decideVerdict({ estimate, low, high, low90, high90 }, pAdjusted, thresholds, wordsOf(of)),
        q,
        qDf,
        differP,
        halfWidth: factorOf(high - estimate) - 1,
        narrowest: factorOf(Math.min(...question.map((each) => halfOf(each, alpha)))) - 1,
      };
    });
  });
}
