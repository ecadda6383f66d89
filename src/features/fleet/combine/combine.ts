import { differences } from '../../../core/analyze/provenance.ts';
import { studentQuantile, studentTwoSided } from '../../../core/analyze/stats/distributions.ts';
import { holm } from '../../../core/analyze/stats/holm.ts';
import { factorOf } from '../../../core/analyze/stats/log-mean.ts';
import { type SessionsMean, sessionMeans } from '../../../core/analyze/stats/session-means.ts';
import { categoryWords, decideVerdict, type VerdictEstimate } from '../../../core/analyze/verdict.ts';
import { type VerdictWords, verdictWords } from '../../../core/model/cost-ratio.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import { combinedVersion } from '../../../core/model/session-spread.ts';
import type { Combined } from './combined-record.ts';
import type { ComparedCategory, ComparedHeadline, MeasuredSession, SessionValue } from './session.ts';

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
    placeOf(first?.of),
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
type Question<Of> = readonly SessionValue<Of>[];

function byKey<Of>(sessions: readonly (readonly SessionValue<Of>[])[]): readonly Question<Of>[] {
  return [...Map.groupBy(sessions.flat(), ({ key }) => key).values()];
}

function placeOf(of: ComparedCategory | undefined): string {
  return of === undefined ? '' : [of.runtime, of.category, of.layer, of.engine ?? ''].join('|');
}

/** Every difference in provenance, once for each key. */
function acceptedIn(runs: readonly RunRecord[]): Combined['accepted'] {
  const found = new Map<string, Combined['accepted'][number]>();
  const [first, ...others] = runs;
  if (first !== undefined)
    for (const each of others.flatMap((other) => differences(first, other)))
      if (!found.has(each.key)) found.set(each.key, each);
  return [...found.values()];
}

/** The questions of each runtime with their means: its comparisons, the `pool`, have a variance between sessions in common. */
function ofRuntimes<Of extends { readonly runtime: string }>(
  questions: readonly Question<Of>[],
  pool: readonly Question<{ readonly runtime: string }>[],
): readonly (readonly { readonly of: Of; readonly question: Question<Of>; readonly mean: SessionsMean }[])[] {
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

function spreadOf(question: Question<unknown>, { own, shared }: SessionsMean) {
  return {
    sessions: question.length,
    tau: factorOf(Math.sqrt(own)),
    sharedTau: shared === null ? null : factorOf(Math.sqrt(shared)),
  };
}

function spreadsOf(questions: readonly Question<ComparedHeadline>[]): Combined['baselines'] {
  const several = questions.filter(({ length }) => length > 1);
  return ofRuntimes(several, several).flatMap((own) =>
    own.map(({ of: { category, unit, better, ...of }, question, mean }) => ({
      ...of,
      ...spreadOf(question, mean),
    })),
  );
}

/** Means with their claims, of which those of a runtime are corrected together. */
function meansOf<Of extends { readonly runtime: string }>(
  questions: readonly Question<Of>[],
  pool: readonly Question<ComparedHeadline>[],
  thresholds: Thresholds,
  wordsOf: (of: Of) => VerdictWords,
) {
  const { alpha } = thresholds;
  return ofRuntimes(questions, pool).flatMap((own) => {
    const ps = own.map(({ mean: { estimate, standardError, df } }) =>
      studentTwoSided(estimate / standardError, df),
    );
    const adjusted = holm(ps);
    return own.map(({ of, question, mean }, index) => {
      const logs = intervalOf(mean, alpha);
      const pAdjusted = adjusted[index] ?? 1;
      const { q, df: qDf, p: differP } = mean.heterogeneity;
      return {
        of,
        ratio: factorOf(logs.estimate),
        ...spreadOf(question, mean),
        low: factorOf(logs.low),
        high: factorOf(logs.high),
        low90: factorOf(logs.low90),
        high90: factorOf(logs.high90),
        df: mean.df,
        p: ps[index] ?? 1,
        pAdjusted,
        verdict: decideVerdict(logs, pAdjusted, thresholds, wordsOf(of)),
        q,
        qDf,
        differP,
        halfWidth: factorOf(logs.high - logs.estimate) - 1,
        narrowest: factorOf(Math.min(...question.map((each) => halfOf(each, alpha)))) - 1,
      };
    });
  });
}

function halfOf({ variance, df }: Pick<SessionValue<unknown>, 'variance' | 'df'>, miss: number): number {
  return -studentQuantile(miss / 2, df) * Math.sqrt(variance);
}

function intervalOf({ estimate, standardError, df }: SessionsMean, alpha: number) {
  const [wide, narrow] = [alpha, 2 * alpha].map((miss) => halfOf({ variance: standardError ** 2, df }, miss));
  const around = (half = 0) => [estimate - half, estimate + half] as const;
  const [[low, high], [low90, high90]] = [around(wide), around(narrow)];
  return { estimate, low, high, low90, high90 } satisfies VerdictEstimate;
}
