import { studentQuantile } from '../../src/core/analyze/stats/distributions.ts';
import { holm } from '../../src/core/analyze/stats/holm.ts';
import { pooledP } from '../../src/core/analyze/stats/pooled-mean.ts';
import { seededRandom } from '../../src/core/model/prng.ts';
import {
  type CategoryShape,
  type draws,
  measured,
  type SimulatedCategory,
  shapes,
  simulateCategory,
} from '../../test/core/analyze/stats/simulated-category.ts';
import { beyond, type Part, percent, worst } from './page.ts';

const practical = Math.log(1.05);
/** The strictest of Holm's levels for three runtimes and seven categories. */
const strictest = 0.05 / 21;

/** Shares of runs. */
interface CategoryLevels {
  /** The interval holds what the subjects cost. */
  readonly covered: number;
  /** p is below 0.05 though nothing differs. */
  readonly rejected: number;
  /** A true +10 % in every subject is claimed. */
  readonly claimed: number;
}

/** What becomes of one category whose subjects cost the same in the mean. */
function categoryLevels(
  shape: CategoryShape,
  host: { readonly spread: number; readonly draw: keyof typeof draws },
  runs: number,
): CategoryLevels {
  const random = seededRandom(`category ${shape.name} ${host.draw} ${host.spread}`);
  let [covered, rejected, claimed] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const { pooled, truth, low, high } = simulateCategory(shape, { effect: 0, ...host }, random);
    const error = pooled.estimate - truth;
    if (low <= truth && truth <= high) covered++;
    if (pooledP({ ...pooled, estimate: error }) < 0.05) rejected++;
    const estimate = error + Math.log(1.1);
    if (pooledP({ ...pooled, estimate }) < strictest && estimate > practical) claimed++;
  }
  return { covered: covered / runs, rejected: rejected / runs, claimed: claimed / runs };
}

/** What whole runs say, as shares of them. */
interface CategoryClaims {
  /** Of each category of the runtime that differs: a claim, or `equivalent` where the effect is 0. */
  readonly said: readonly number[];
  /** Any claim about the runtime that costs the same. */
  readonly anyFalse: number;
}

/**
 * Whole runs with the spreads of inputs/spreads.csv: a runtime that costs `effect` more in every subject, one that costs the
 * same, and one that is far beyond, which takes part in Holm's correction only. With a second arm the variance of a log
 * ratio is three quarters.
 */
function categoryClaims(
  { blocks, arms, effect }: { readonly blocks: number; readonly arms: 1 | 2; readonly effect: number },
  runs: number,
): CategoryClaims {
  const random = seededRandom(`category run ${blocks} ${arms} ${effect}`);
  const scale = arms === 2 ? Math.sqrt(0.75) : 1;
  const said = measured.map(() => 0);
  let wrong = 0;
  for (let run = 0; run < runs; run++) {
    const categories = [effect, 0].flatMap((added) =>
      measured.map(([name, deviations]) =>
        simulateCategory(
          { name, deviations: deviations.map((one) => scale * one), blocks: deviations.map(() => blocks) },
          { effect: Math.log1p(added), spread: 0, draw: 'normal' },
          random,
        ),
      ),
    );
    const adjusted = holm([...categories.map(({ pooled }) => pooledP(pooled)), ...measured.map(() => 0)]);
    const verdicts = categories.map((category, i) => verdictOf(category, adjusted[i] ?? 1));
    verdicts.slice(0, measured.length).forEach((verdict, i) => {
      if (verdict === (effect === 0 ? 'equivalent' : 'claimed')) said[i] = (said[i] ?? 0) + 1;
    });
    const equal = effect === 0 ? verdicts : verdicts.slice(measured.length);
    if (equal.includes('claimed')) wrong++;
  }
  return { said: said.map((count) => count / runs), anyFalse: wrong / runs };
}

function verdictOf(
  { pooled, low, high }: SimulatedCategory,
  pAdjusted: number,
): 'equivalent' | 'claimed' | 'inconclusive' {
  const size = Math.abs(pooled.estimate);
  const half90 = -studentQuantile(0.05, pooled.df) * pooled.standardError;
  if (size + half90 <= practical) return 'equivalent';
  return pAdjusted < 0.05 && size > practical && (low > 0 || high < 0) ? 'claimed' : 'inconclusive';
}

/** What is said of categories, and of whole runs of three runtimes. */
export const categories: Part = {
  name: 'categories',
  runs: 10_000,
  write: (page, runs) => {
    page.text(`Categories, by the subjects in them, ${runs} runs a row:`);
    page.table([
      ...['subjects', 'covered', 'p < 0.05', 'p < 0.05, subjects 20 % apart', 'p < 0.05, heavy tails'],
      'claimed at +10 %',
    ]);
    for (const shape of shapes) {
      const plain = categoryLevels(shape, { spread: 0, draw: 'normal' }, runs);
      const apart = categoryLevels(shape, { spread: Math.log(1.2), draw: 'normal' }, runs);
      const heavy = categoryLevels(shape, { spread: 0, draw: 'heavy tails' }, runs);
      const shares = [plain, apart, heavy].map(({ rejected }) => rejected);
      const cells = [plain.covered, ...shares, plain.claimed].map(percent);
      page.row([shape.name, ...cells], worst(shares.map((share) => beyond(share, runs, { most: 0.06 }))));
    }
    const whole = Math.ceil(runs / 2);
    page.text(
      `Whole runs of three runtimes, ${whole} runs a row: what is said of one that truly differs by as much:`,
    );
    page.table([
      ...['blocks', 'arms of the baseline', 'difference', ...measured.map(([name]) => name)],
      'any false claim',
    ]);
    for (const [blocks, arms] of [
      [8, 1],
      [8, 2],
      [10, 2],
      [12, 2],
    ] as const)
      for (const effect of [0, 0.05, 0.1, 0.2, 0.3]) {
        const { said, anyFalse } = categoryClaims({ blocks, arms, effect }, whole);
        const what = effect === 0 ? 'none: equivalent' : `+${percent(effect)}: claimed`;
        const cells = [`${blocks}`, `${arms}`, what, ...[...said, anyFalse].map(percent)];
        page.row(cells, beyond(anyFalse, whole, { most: 0.05 }));
      }
  },
};
