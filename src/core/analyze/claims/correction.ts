import { type AdjustedP, adjustFamilies, type ComparisonFamily, questionOf } from './families.ts';
import { type InterimLook, type LookTest, overLooks } from './looks.ts';

/**
 * Categories have two thirds of alpha, rows that stand alone the third: p values are multiplied by the inverse. A row within its
 * category claims nothing where the category does not, so that alpha is enough for all of them.
 */
const parts = { category: 3 / 2, alone: 3 };

/** The tests of a row of a run. */
export interface RowTests {
  readonly tests: readonly LookTest[];
  /** Its place among the categories of the run; null where none counts it. */
  readonly category: number | null;
}

/** The tests of a category of a run. */
export interface CategoryTests {
  readonly tests: readonly LookTest[];
  /** Place of its only row; null where it has several. */
  readonly onlyRow: number | null;
}

/** p values of all rows and categories of a run, adjusted; null where nothing was tested. */
export interface Corrected {
  readonly rows: readonly (AdjustedP | null)[];
  readonly categories: readonly (AdjustedP | null)[];
}

/**
 * Correct the claims of a run. What is promised: of a runtime that equals the baseline, a run claims a difference, of any row or
 * category, with probability at most alpha (docs/method.md has the simulations).
 *
 * The categories of a question ("what does crun cost?") are a family, by Holm's method at two thirds of alpha. A headline row
 * claims where its family does by Benjamini and Bogomolov's method *and* its category does, or where it survives Holm's method
 * over all headlines of the question at a third of alpha: a single workload may differ where its category does not. Questions
 * that have no categories (engines, versions, options) are corrected by Benjamini and Bogomolov alone. A category of one row is
 * that row.
 */
export function correct(
  rows: readonly RowTests[],
  categories: readonly CategoryTests[],
  looks: readonly InterimLook[],
  alpha: number,
): Corrected {
  const byLook = looks.map((look) => ({ look, ...correctAt(look, rows, categories) }));
  const overAll = (kind: keyof Corrected, place: number): AdjustedP | null => {
    const adjusted = byLook.flatMap(({ look, ...own }) => {
      const found = own[kind][place] ?? null;
      return found === null ? [] : [{ ...found, look }];
    });
    const p = overLooks(adjusted, alpha);
    return p === null ? null : { p, comparisons: adjusted.at(-1)?.comparisons ?? 0 };
  };
  const ofRows = rows.map((_, place) => overAll('rows', place));
  return {
    rows: ofRows,
    categories: categories.map(({ onlyRow }, place) =>
      onlyRow === null ? overAll('categories', place) : (ofRows[onlyRow] ?? null),
    ),
  };
}

function correctAt(
  { number }: InterimLook,
  rows: readonly RowTests[],
  categories: readonly CategoryTests[],
): Corrected {
  const at = (tests: readonly LookTest[]) => tests.find(({ look }) => look.number === number) ?? null;
  const own = rows.map(({ tests }) => at(tests));
  const within = adjustFamilies(own);
  const byHolm = adjustFamilies(categories.map(({ tests }) => at(tests)));
  // The chosen cells of an extension are one family already.
  if (number > 0) return { rows: within, categories: byHolm };
  const ofCategories = byHolm.map((found) =>
    found === null ? null : { ...found, p: Math.min(1, parts.category * found.p) },
  );
  const asked = new Set(categories.flatMap(({ tests }) => at(tests)?.family.name ?? []));
  const isAsked = (family: ComparisonFamily) => family.headline && asked.has(questionOf(family));
  const overQuestion = adjustFamilies(
    own.map((test) =>
      test === null || !isAsked(test.family)
        ? null
        : { p: test.p, family: { name: questionOf(test.family), headline: false } },
    ),
  );
  return {
    rows: within.map((found, place) => {
      const alone = overQuestion[place] ?? null;
      if (found === null || alone === null) return found;
      const category = rows[place]?.category ?? null;
      const together = category === null ? 1 : Math.max(found.p, ofCategories[category]?.p ?? 1);
      return { ...found, p: Math.min(1, parts.alone * alone.p, together) };
    }),
    categories: ofCategories,
  };
}
