import { normalScore } from '../../../../core/analyze/stats/chi-square.ts';
import { upperGamma } from '../../../../core/analyze/stats/gamma.ts';
import { studentTwoSided } from '../../../../core/analyze/stats/student-t.ts';

/** The mean of one host, the square of its standard error (above 0), and the degrees of freedom of that. */
export interface HostMean {
  readonly mean: number;
  readonly variance: number;
  readonly df: number;
}

/**
 * p of "the hosts do not differ", where each knows its own error from a handful of blocks: the distance of each host from their
 * weighted mean, as the normal score of its t test, squared and summed like Cochran's Q. Q itself takes the errors as known, and
 * Welch's analysis of variance holds for few hosts only: with 100 of 8 blocks it claims three times as often as it may. 1 for one
 * host.
 */
export function differP(hosts: readonly HostMean[]): number {
  if (hosts.length < 2) return 1;
  const total = hosts.reduce((sum, { variance }) => sum + 1 / variance, 0);
  const centre = hosts.reduce((sum, { mean, variance }) => sum + mean / variance, 0) / total;
  const sum = hosts.reduce((all, { mean, variance, df }) => {
    // The host is itself a part of the mean.
    const apart = 1 - 1 / variance / total;
    if (!(apart > 0)) return all;
    const t = Math.abs(mean - centre) / Math.sqrt(variance * apart);
    return all + apart * normalScore(studentTwoSided(t, df)) ** 2;
  }, 0);
  return upperGamma((hosts.length - 1) / 2, sum / 2);
}
