import { middleP } from '../../src/core/analyze/stats/middle-mean.ts';
import { seededRandom } from '../../src/core/model/prng.ts';
import {
  type CategoryShape,
  type draws,
  shapes,
  simulateCategory,
} from '../../test/core/analyze/stats/simulated-category.ts';
import { beyond, type Part, percent, worst } from './page.ts';

const practical = Math.log(1.05);
/** The strictest of Holm's levels for seven categories. */
const strictest = 0.05 / 7;

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
    const { middle, truth, low, high } = simulateCategory(shape, { effect: 0, ...host }, random);
    const error = middle.estimate - truth;
    if (low <= truth && truth <= high) covered++;
    if (middleP({ ...middle, estimate: error }) < 0.05) rejected++;
    const estimate = error + Math.log(1.1);
    if (middleP({ ...middle, estimate }) < strictest && estimate > practical) claimed++;
  }
  return { covered: covered / runs, rejected: rejected / runs, claimed: claimed / runs };
}

/** What is said of categories. */
export const categories: Part = {
  name: 'categories',
  runs: 10_000,
  write: (page, runs) => {
    page.text(`Categories, by the subjects in them, ${runs} runs a row:`);
    page.table([
      'subjects',
      'covered',
      'p < 0.05',
      'p < 0.05, subjects 20 % apart',
      'p < 0.05, heavy tails',
      'p < 0.05, outliers',
      'claimed at +10 %',
      'with outliers',
    ]);
    for (const shape of shapes) {
      const plain = categoryLevels(shape, { spread: 0, draw: 'normal' }, runs);
      const apart = categoryLevels(shape, { spread: Math.log(1.2), draw: 'normal' }, runs);
      const heavy = categoryLevels(shape, { spread: 0, draw: 'heavy tails' }, runs);
      const outliers = categoryLevels(shape, { spread: 0, draw: 'outliers' }, runs);
      const shares = [plain, apart, heavy, outliers].map(({ rejected }) => rejected);
      const cells = [plain.covered, ...shares, plain.claimed, outliers.claimed].map(percent);
      page.row([shape.name, ...cells], worst(shares.map((share) => beyond(share, runs, { most: 0.06 }))));
    }
  },
};
