import { usedVariance } from '../../../../core/analyze/runs/session-variance.ts';
import {
  commonPauleMandel,
  flooredVariances,
  type KnownMeans,
  pauleMandel,
} from '../../../../core/analyze/stats/paule-mandel.ts';
import { type EstimatedMean, type Heterogeneity, heterogeneity } from './heterogeneity.ts';

/** Standard error below which a session's mean counts as no more precise: 0.1 %. No host repeats itself better. */
const resolution = 0.001;

/** From so many sessions on, a subject's own sessions alone say how much they differ. */
const enoughSessions = 5;

/** The mean over sessions of one subject. */
export interface SessionsMean {
  readonly estimate: number;
  readonly standardError: number;
  /** Degrees of freedom of `standardError`. */
  readonly df: number;
  /** Variance between sessions according to this subject alone, by Paule and Mandel. */
  readonly own: number;
  /** That of all subjects of the pool together; null where it has no other. */
  readonly shared: number | null;
  readonly heterogeneity: Heterogeneity;
}

/**
 * Means over sessions of several subjects that the same sessions measured, two sessions of each at least. `pool`: the subjects
 * whose sessions have a variance in common with these. Method: random effects with the
 * variance between sessions of Paule and Mandel, and the t interval of Hartung and Knapp with the modification that it is never
 * narrower than without a variance between sessions (G. Knapp & J. Hartung, Stat. Med. 22 (2003) 2693; at the root of Paule and
 * Mandel their factor is 1).
 *
 * That interval has k−1 degrees of freedom. With two sessions it is twelve standard errors wide, and with three still wider than
 * that of one session alone. Below {@link enoughSessions} the variance is therefore the larger of the subject's own and the one
 * that all subjects have in common, and counts two degrees of freedom more. Of the rules simulated, this one
 * covers best in the worlds of bench/prove/sessions.ts: where the sessions move all subjects alike (a common variance with all
 * its degrees of freedom does not; of this rule, two sessions that differ by 10 % cover in 92 %), and where some subjects vary
 * much more than others (an average of own and common does not).
 */
export function sessionMeans(
  subjects: readonly (readonly EstimatedMean[])[],
  pool: readonly (readonly EstimatedMean[])[] = subjects,
): readonly SessionsMean[] {
  const shared = pool.length < 2 ? null : commonPauleMandel(pool.map(knownOf));
  return subjects.map((sessions) => {
    const { means, variances } = knownOf(sessions);
    const own = pauleMandel(means, variances);
    const few = sessions.length < enoughSessions;
    const used = few
      ? usedVariance(sessions.length, own, shared)
      : { variance: own, df: sessions.length - 1 };
    const weights = variances.map((variance) => 1 / (variance + used.variance));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return {
      estimate: weights.reduce((sum, weight, at) => sum + (weight / total) * (means[at] ?? Number.NaN), 0),
      standardError: Math.sqrt(1 / total),
      df: used.df,
      own,
      shared,
      heterogeneity: heterogeneity(
        sessions.map(({ mean, df }, at) => ({ mean, df, variance: variances[at] ?? Number.NaN })),
      ),
    };
  });
}

/** Few blocks tell an error badly: one that is small by chance must not get all the weight. */
function knownOf(sessions: readonly EstimatedMean[]): KnownMeans {
  const variances = sessions.map(({ variance }) => Math.max(variance, resolution ** 2));
  return { means: sessions.map(({ mean }) => mean), variances: flooredVariances(variances) ?? variances };
}
