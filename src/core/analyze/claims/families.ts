import type { SummaryRow } from '../../model/analysis/analysis.ts';
import { holm } from '../stats/holm.ts';

/**
 * Benjamini and Hochberg's adjustment (J. R. Statist. Soc. B 57 (1995) 289), in the order given: the smallest false discovery
 * rate at which each is rejected. Throws RangeError on a p outside [0, 1].
 */
function benjaminiHochberg(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}: it must lie in [0, 1]`);
  const n = pValues.length;
  const adjusted = new Array<number>(n).fill(1);
  let running = 1;
  pValues
    .map((p, index) => ({ p, index }))
    .sort((a, b) => b.p - a.p)
    .forEach(({ p, index }, position) => {
      running = Math.min(running, p * (n / (n - position)));
      adjusted[index] = running;
    });
  return adjusted;
}

/** Simes's p of "none of them differs" (Biometrika 73 (1986) 751). */
export const simes = (pValues: readonly number[]): number => Math.min(...benjaminiHochberg(pValues));

/**
 * The adjustment of Benjamini & Bogomolov (J. R. Statist. Soc. B 76 (2014) 297) for families of hypotheses: the
 * smallest alpha at which each is rejected, in the order given.
 *
 * At alpha, Benjamini and Hochberg's procedure selects R of the m families by their Simes p values, and rejects within
 * each selected family at alpha·R/m. This bounds the average of the false discovery rates over the selected families by
 * alpha (their Theorem 1). It bounds neither the chance of any false claim in a run nor the rate in one given family.
 *
 * Families without hypotheses do not count. Throws RangeError on a p outside [0, 1].
 */
export function benjaminiBogomolov(families: readonly (readonly number[])[]): number[][] {
  const within = families.map(benjaminiHochberg);
  const tested = within.filter((family) => family.length > 0);
  const m = tested.length;
  // The smallest adjusted p value of a family is that of {@link simes}.
  const selectedFrom = benjaminiHochberg(tested.map((family) => Math.min(...family))).toSorted(
    (a, b) => a - b,
  );
  // alpha·R(alpha)/m grows with alpha and jumps where a family joins the selected.
  const steps = selectedFrom.flatMap((from, index) => {
    const below = selectedFrom[index + 1] ?? Number.POSITIVE_INFINITY;
    return below > from ? [{ from, below, selected: index + 1 }] : [];
  });
  const smallestAlpha = (p: number): number => {
    for (const { from, below, selected } of steps) {
      const alpha = Math.max(from, p * (m / selected));
      if (alpha < below) return Math.min(1, alpha);
    }
    return 1;
  };
  return within.map((family) => family.map(smallestAlpha));
}

/** Comparisons that share an error rate. */
export interface ComparisonFamily {
  /** Such as `headline/crun/startup` or `metric/crun/memory.peak`. */
  readonly name: string;
  /**
   * Headline families of one question are corrected together, by Benjamini and Bogomolov's method; any other family by itself,
   * by Holm's.
   */
  readonly headline: boolean;
}

/**
 * The question that a headline family asks in one category: its name without the category, such as `headline/crun` ("what does
 * crun cost?"). What a run asks of one runtime does not change what it says of another.
 */
export function questionOf({ name }: ComparisonFamily): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/**
 * The family of a runtime's headlines in a category: the question "what does this runtime cost there?". `layers`:
 * number of layers of the run; a run of several layers asks per layer, a run of several engines per engine.
 */
export function headlineFamily(
  { runtime, category, layer, engine }: Pick<SummaryRow, 'runtime' | 'category' | 'layer' | 'engine'>,
  layers: number,
): ComparisonFamily {
  const place = [...(layers > 1 ? [layer] : []), ...(engine === undefined ? [] : [engine])];
  return { name: ['headline', ...place, runtime, category].join('/'), headline: true };
}

/**
 * Questions other than the cost of a runtime relative to the baseline: what an engine, a newer version, or an option of
 * the container changes.
 */
export type OtherQuestion = 'engine' | 'version' | 'profile';

/** The family of headlines of one of these questions, such as "what does this engine change for this runtime there?". */
export function otherHeadlineFamily(
  question: OtherQuestion,
  row: Pick<SummaryRow, 'runtime' | 'category' | 'layer' | 'engine' | 'profile'>,
): ComparisonFamily {
  const { runtime, category, layer, engine, profile } = row;
  const option = question === 'profile' ? [profile] : [];
  const place = [layer, ...(engine === undefined ? [] : [engine]), ...option];
  return { name: ['headline', question, ...place, runtime, category].join('/'), headline: true };
}

/**
 * The family of headlines of an option's effect: "what does this option change there?". `effect`: `directfs`, or
 * `directfs×overlay2`.
 */
export function effectFamily(
  design: string,
  effect: string,
  row: Pick<SummaryRow, 'category' | 'layer' | 'engine'>,
): ComparisonFamily {
  const { category, layer, engine } = row;
  const place = [layer, ...(engine === undefined ? [] : [engine])];
  return { name: ['headline', 'effect', ...place, design, effect, category].join('/'), headline: true };
}

/** The family of a metric for one of these questions. */
export function otherMetricFamily(
  question: OtherQuestion,
  runtime: string,
  metric: string,
): ComparisonFamily {
  return { name: `metric/${question}/${runtime}/${metric}`, headline: false };
}

/** The family of a metric of a runtime, or of a group of metrics that a tool names (`syscall.*`), over all workloads. */
export function metricFamily(runtime: string, metric: string): ComparisonFamily {
  return { name: `metric/${runtime}/${metric}`, headline: false };
}

/**
 * The family of a metric of the tools at the layer `floor`. They are not runtimes, and must not change the correction
 * of runtimes.
 */
export function floorFamily(metric: string): ComparisonFamily {
  return { name: `floor/${metric}`, headline: false };
}

/** A comparison that has a p value. */
export interface FamilyTest {
  readonly family: ComparisonFamily;
  readonly p: number;
}

/** A p value, adjusted for the other comparisons of its correction. */
export interface AdjustedP {
  readonly p: number;
  /** Number of comparisons that were corrected together: all headlines of the question, or those of the metric. */
  readonly comparisons: number;
}

/**
 * Adjust p values for several comparisons, in the order given; null stands for an untested comparison. For the headlines of a
 * question, the average false discovery rate over the families with a claim is bounded; for any other family, the chance of a
 * false claim.
 */
export function adjustFamilies(tests: readonly (FamilyTest | null)[]): (AdjustedP | null)[] {
  const adjusted = new Array<AdjustedP | null>(tests.length).fill(null);
  const keep = (members: readonly IndexedTest[], ps: readonly number[], comparisons: number) => {
    for (const [index, { place }] of members.entries()) adjusted[place] = { p: ps[index] ?? 1, comparisons };
  };
  const placed = tests.flatMap((test, place): IndexedTest[] => (test === null ? [] : [{ ...test, place }]));
  const families = [...Map.groupBy(placed, ({ family }) => family.name).values()];
  const isHeadline = ([first]: readonly IndexedTest[]) => first?.family.headline === true;
  const questions = Map.groupBy(families.filter(isHeadline), ([first]) =>
    first === undefined ? '' : questionOf(first.family),
  );
  for (const own of questions.values()) {
    const all = own.reduce((sum, members) => sum + members.length, 0);
    for (const [index, ps] of benjaminiBogomolov(own.map(pValues)).entries()) keep(own[index] ?? [], ps, all);
  }
  for (const members of families)
    if (!isHeadline(members)) keep(members, holm(pValues(members)), members.length);
  return adjusted;
}

interface IndexedTest extends FamilyTest {
  readonly place: number;
}

function pValues(tests: readonly FamilyTest[]): number[] {
  return tests.map(({ p }) => p);
}
