import { type Adjusted, adjustFamilies, type Family } from './families.ts';
import { type Look, overLooks } from './looks.ts';
import type { Centre } from './stats/paired-centre.ts';

/** A comparison at one look of a run that was extended, with the blocks of that look. */
export interface LookedAt {
  readonly look: Look;
  /** Of its log ratios, or of its differences where there is no ratio; null without pairs. */
  readonly centre: Centre | null;
}

/** The p value of a comparison at one look. */
export interface LookTest {
  readonly look: Look;
  readonly family: Family;
  readonly p: number;
}

/** Adjust the p values of comparisons at each look by itself, and give each comparison one p over all its looks. */
export function adjustOverLooks(
  tests: readonly (readonly LookTest[])[],
  looks: readonly Look[],
  alpha: number,
): (Adjusted | null)[] {
  const byLook = looks.map(({ number }) =>
    adjustFamilies(tests.map((own) => own.find(({ look }) => look.number === number) ?? null)),
  );
  return tests.map((_, place) => {
    const adjusted = byLook.flatMap((all, index) => {
      const [found, look] = [all[place] ?? null, looks[index]];
      return found === null || look === undefined ? [] : [{ ...found, look }];
    });
    const p = overLooks(adjusted, alpha);
    return p === null ? null : { p, comparisons: adjusted.at(-1)?.comparisons ?? 0 };
  });
}

/** The chosen cells of an extension are one family. */
export function lookFamily({ number }: Look, usual: Family): Family {
  return number === 0 ? usual : { name: `extension/${number}`, headline: false };
}
