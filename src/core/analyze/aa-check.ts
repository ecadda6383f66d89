import type { AaCheck, SummaryRow } from '../model/analysis.ts';
import { chiSquareQuantile, normalScore } from './stats/chi-square.ts';

/** The check fails by chance in this share of runs. */
const byChance = 0.01;

/**
 * Check the method on the baseline compared with itself, by the headlines of its A/A control (facts are not compared).
 * Where the method holds, their normal scores are standard normal, and the sum of k squares is chi-square with k degrees of
 * freedom. If their root mean square exceeds what that allows, values scatter more than blocks show, so all intervals of
 * the run are widened by it.
 */
export function checkBaseline(aaRows: readonly SummaryRow[]): AaCheck {
  const compared = aaRows.filter(({ headline, category }) => headline && category !== 'isolation');
  const scores = compared.flatMap(({ p }) => (p === null ? [] : [normalScore(p)]));
  const comparisons = scores.length;
  if (comparisons === 0) return { comparisons, rms: null, limit: null, widening: 1 };
  const squares = scores.reduce((sum, score) => sum + score * score, 0);
  const rms = Math.sqrt(squares / comparisons);
  const limit = Math.sqrt(chiSquareQuantile(byChance, comparisons) / comparisons);
  return { comparisons, rms, limit, widening: rms > limit ? rms : 1 };
}
