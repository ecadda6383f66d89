import type { AaCheck, SummaryRow } from '../../model/analysis/analysis.ts';
import { aaControl } from '../../model/trial/cell.ts';
import { settleClaims } from '../claims/claims.ts';
import { subjectRows } from '../rows/rows.ts';
import type { Subject } from '../rows/subjects.ts';
import { chiSquareQuantile, normalScore } from '../stats/distributions.ts';
import { findableScatter } from '../stats/findable-scatter.ts';
import type { RowContext } from '../values/groups.ts';

/** The check fails by chance in this share of runs. */
const byChance = 0.01;

/** The scatter that a check is said to find is found in this share of runs. */
const foundIn = 0.8;

/**
 * Check the method on the baseline compared with itself, by the headlines of its A/A control (facts are not compared).
 * Where the method holds, their normal scores are standard normal, and the sum of k squares is chi-square with k
 * degrees of freedom. If their root mean square exceeds the bound of that distribution, values scatter more than the
 * blocks show, so all intervals of the run are widened by it.
 */
export function checkBaseline(aaRows: readonly SummaryRow[]): AaCheck {
  const compared = aaRows.filter(({ headline, category }) => headline && category !== 'isolation');
  const tested = compared.filter(({ p }) => p !== null);
  const scores = tested.map(({ p }) => normalScore(p ?? 1));
  const comparisons = scores.length;
  if (comparisons === 0) return { comparisons, rms: null, limit: null, finds: null, widening: 1 };
  const squares = scores.reduce((sum, score) => sum + score * score, 0);
  const rms = Math.sqrt(squares / comparisons);
  const limit = Math.sqrt(chiSquareQuantile(byChance, comparisons) / comparisons);
  const fewest = Math.min(...tested.map(({ pairs }) => pairs));
  const finds = findableScatter(comparisons, fewest - 1, limit, foundIn);
  return { comparisons, rms, limit, finds, widening: rms > limit ? rms : 1 };
}

/**
 * Compare the A/A control with the baseline in every subject where it was measured. Its headlines are one family, by
 * Holm's method.
 */
export function aaControlRows(subjects: readonly Subject[], context: RowContext): SummaryRow[] {
  const { run } = context;
  const arm = aaControl(run.config.baseline);
  const measured = subjects.filter((subject) => subject.cells.has(arm));
  const alone = { ...context, runtimes: [arm] };
  const drafts = measured
    .flatMap((subject) => subjectRows(subject, alone))
    .map(({ comparison, ...draft }) => ({
      ...draft,
      comparison:
        comparison?.family.headline === true
          ? { ...comparison, family: { name: `headline/${arm}`, headline: false } }
          : comparison,
    }));
  return settleClaims(drafts, run);
}
