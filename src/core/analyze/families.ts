import type { SummaryRow } from '../model/analysis.ts';
import { benjaminiBogomolov } from './stats/benjamini-bogomolov.ts';
import { holm } from './stats/holm.ts';

/** Comparisons that share an error rate. */
export interface Family {
  /** Such as `headline/crun/startup` or `metric/memory.peak`. */
  readonly name: string;
  /** Headline families are corrected together, by Benjamini and Bogomolov's method; each other one by itself, by Holm's. */
  readonly headline: boolean;
}

/**
 * The family of a runtime's headlines in a category: the question "what does this runtime cost there?". `layers`: of the
 * run; a run of several asks per layer, and one of several engines per engine.
 */
export function headlineFamily(
  { runtime, category, layer, engine }: Pick<SummaryRow, 'runtime' | 'category' | 'layer' | 'engine'>,
  layers: number,
): Family {
  const place = [...(layers > 1 ? [layer] : []), ...(engine === undefined ? [] : [engine])];
  return { name: ['headline', ...place, runtime, category].join('/'), headline: true };
}

/**
 * Other questions than what a runtime costs beside the baseline: what an engine, a newer version, or an option of the container
 * changes.
 */
export type OtherQuestion = 'engine' | 'version' | 'profile';

/** The family of headlines of another question: "what does this engine change for this runtime there?". */
export function otherHeadlineFamily(
  question: OtherQuestion,
  row: Pick<SummaryRow, 'runtime' | 'category' | 'layer' | 'engine' | 'profile'>,
): Family {
  const { runtime, category, layer, engine, profile } = row;
  const option = question === 'profile' ? [profile] : [];
  const place = [layer, ...(engine === undefined ? [] : [engine]), ...option];
  return { name: ['headline', question, ...place, runtime, category].join('/'), headline: true };
}

/** The family of headlines of an option's effect: "what does this option change there?". `effect`: `directfs`, or `directfs×overlay2`. */
export function effectFamily(
  design: string,
  effect: string,
  row: Pick<SummaryRow, 'category' | 'layer' | 'engine'>,
): Family {
  const { category, layer, engine } = row;
  const place = [layer, ...(engine === undefined ? [] : [engine])];
  return { name: ['headline', 'effect', ...place, design, effect, category].join('/'), headline: true };
}

/** The family of a metric in another question. */
export function otherMetricFamily(question: OtherQuestion, metric: string): Family {
  return { name: `metric/${question}/${metric}`, headline: false };
}

/** The family of a metric, or of a group of metrics that a tool names (`syscall.*`), over all workloads and runtimes. */
export function metricFamily(metric: string): Family {
  return { name: `metric/${metric}`, headline: false };
}

/** The family of a metric of the tools at the layer `floor`: they are no runtimes, whose claims theirs must not change. */
export function floorFamily(metric: string): Family {
  return { name: `floor/${metric}`, headline: false };
}

/** A comparison that has a p value. */
export interface Tested {
  readonly family: Family;
  readonly p: number;
}

/** A p value adjusted for the comparisons beside it. */
export interface Adjusted {
  readonly p: number;
  /** Comparisons that were corrected together: all headlines, or those of the metric. */
  readonly comparisons: number;
}

/**
 * Adjust p values for several comparisons, in the order given; null stands for what was not tested. Of headlines, the
 * average false discovery rate over the families with a claim is bounded; of any other metric, the chance of a false
 * claim.
 */
export function adjustFamilies(tests: readonly (Tested | null)[]): (Adjusted | null)[] {
  const adjusted = new Array<Adjusted | null>(tests.length).fill(null);
  const keep = (members: readonly Placed[], ps: readonly number[], comparisons: number) => {
    for (const [index, { place }] of members.entries()) adjusted[place] = { p: ps[index] ?? 1, comparisons };
  };
  const placed = tests.flatMap((test, place): Placed[] => (test === null ? [] : [{ ...test, place }]));
  const families = [...Map.groupBy(placed, ({ family }) => family.name).values()];
  const headlines = families.filter(([first]) => first?.family.headline);
  const all = headlines.reduce((sum, members) => sum + members.length, 0);
  for (const [index, ps] of benjaminiBogomolov(headlines.map(pValues)).entries())
    keep(headlines[index] ?? [], ps, all);
  for (const members of families)
    if (!members[0]?.family.headline) keep(members, holm(pValues(members)), members.length);
  return adjusted;
}

interface Placed extends Tested {
  readonly place: number;
}

function pValues(tests: readonly Tested[]): number[] {
  return tests.map(({ p }) => p);
}
