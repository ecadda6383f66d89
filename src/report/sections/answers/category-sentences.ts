import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Analysis, CategoryEstimate } from '../../../core/model/analysis/analysis.ts';
import { defaultProfile } from '../../../core/model/runtime/container-profile.ts';
import { type Cell, defaultLayer } from '../../../core/model/trial/cell.ts';
import type { AnalysisContext } from '../../context.ts';
import { formatPercent, formatRatio, formatRatioEstimate } from '../../document/format.ts';
import { commonParams, shortSubject, subjectLabel, withoutEngine } from '../../document/labels.ts';
import type { CategoryFinding, CostConclusion } from '../../findings/category-findings.ts';
import { type CategoryCost, extremeRatio, subjectsApart } from '../../findings/category-summary.ts';
import { isFromPageCache } from '../../findings/page-cache.ts';
import { remarks } from '../../findings/remarks.ts';
import type { RatioEstimate } from '../../findings/row-guards.ts';
import { categoryInText } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';

const sentences = messages('section.inShort', {
  worse: 'Costs more: {claims}.',
  better: 'Costs less: {claims}.',
  equivalent: 'No difference from {baseline} within ±{band}: {claims}.',
  undecided: 'Inconclusive: {claims}.',
});

const words = messages('section.inShort', {
  claim: '{category} {ratio} ({about})',
  ofMany: '{category} ({about})',
  workloads: '{n} {n, plural, one {test} other {tests}}',
  ofWorkloads: '{n} of {all} tests',
  plain: '{category} {ratio}',
  apart: '{n, plural, one {one stands} other {{n} stand}} apart: {tests}',
  test: '{workload} {ratio}',
  carried: 'not claimed: without {workload} the others do not show it',
  observed: 'observed from {smallest} to {largest}, spread ×{tau}',
  inSome:
    '{category} in {n} of {all} {all, plural, one {test} other {tests}} ({which, select, worse {largest} other {smallest}} observed: {ratio} {workload})',
  inEach: 'each of {n} tests',
  noEstimate: '{n} tests, no common ratio',
  noInterval: 'too few pairs for an interval',
  layer: 'layer {layer}',
  engine: 'engine {engine}',
  pageCache: 'files in the page cache, no disk involved',
  cachedOnes: '{n} of them on files in the page cache, no disk involved',
  unconfirmed: 'not confirmed after correction for {n} {n, plural, one {comparison} other {comparisons}}',
  needs: 'about {blocks} blocks would give an interval of ±{width}',
  needsAtLeast: 'at least {blocks} blocks are needed',
});

/** Conclusions in the order of the sentences. */
const conclusions: readonly CostConclusion[] = ['worse', 'better', 'equivalent', 'undecided'];

/** One sentence per conclusion: `Costs more: system calls 8.20× [6.10, 11.0] (6 workloads, observed from …), …`. */
export function categorySentences(
  findings: readonly CategoryFinding[],
  context: AnalysisContext,
): readonly Message[] {
  const { band, analysis } = context;
  return conclusions.flatMap((conclusion) => {
    const own = findings.filter((finding) => finding.conclusion === conclusion);
    if (own.length === 0) return [];
    const claims = listed(
      own.map((finding) => claim(finding, findings, context)),
      'semicolon',
    );
    return [sentences[conclusion]({ claims, band, baseline: analysis.baseline })];
  });
}

function claim(finding: CategoryFinding, all: readonly CategoryFinding[], context: AnalysisContext): Message {
  const { cost, claims, category: id, subjects, conclusion } = finding;
  const category = categoryInText[id];
  const dropped = commonParams(context.rows.filter(({ headline }) => headline));
  if (cost !== null) {
    const places = all.filter((other) => other.category === id).map((other) => placeOf(other.cost));
    const about = [...of(cost, finding, context), ...beside(cost, finding, places, context)];
    const claimed = {
      category: cost.only === null ? category : subjectLabel(withoutEngine(cost.only)),
      ratio: formatRatioEstimate(cost.cost, context.lang),
    };
    return about.length === 0
      ? words.plain(claimed)
      : words.claim({ ...claimed, about: listed(about, 'comma') });
  }
  if (claims === null) {
    const about = conclusion === 'equivalent' ? words.inEach : words.noEstimate;
    return words.ofMany({ category, about: about({ n: subjects }) });
  }
  return words.inSome({
    category,
    n: claims.claimed,
    all: subjects,
    which: conclusion === 'worse' ? 'worse' : 'better',
    ratio: ratioText(claims.extreme.cost, context),
    workload: shortSubject(claims.extreme.row, dropped),
  });
}

/** `6 tests` with their range and those that stand apart; nothing for a test that stands for itself. */
function of(
  { only, middle, subjects }: CategoryCost,
  { subjects: all }: CategoryFinding,
  context: AnalysisContext,
): readonly Message[] {
  if (only !== null) return [];
  const count = subjects < all ? words.ofWorkloads({ n: subjects, all }) : words.workloads({ n: subjects });
  if (middle === null) return [count];
  const ratio = (value: number) => formatRatio(value, context.lang);
  const said = [count];
  if (middle.tau > 1 + context.analysis.thresholds.practical) {
    const [smallest, largest] = [ratio(middle.smallest.cost), ratio(middle.largest.cost)];
    said.push(words.observed({ smallest, largest, tau: ratio(middle.tau).replace(/×$/, '') }));
  }
  const apart = subjectsApart(middle, context.rows).map(({ row, cost }) =>
    words.test({
      workload: subjectLabel(withoutEngine(row)),
      ratio: extremeRatio({ row, cost }, context.lang),
    }),
  );
  if (apart.length > 0) said.push(words.apart({ n: apart.length, tests: listed(apart, 'and') }));
  const { carriedBy } = middle;
  if (carriedBy !== undefined)
    said.push(
      words.carried({
        workload: subjectLabel({ ...carriedBy, layer: defaultLayer, profile: defaultProfile }),
      }),
    );
  return said;
}

/** Layer and engine of a cost. */
function placeOf(cost: CategoryCost | null): Partial<Pick<Cell, 'layer' | 'engine'>> {
  return cost?.only ?? cost?.middle ?? {};
}

/** Qualifications of a category's cost, in brackets. `places`: the layers and engines that have costs. */
function beside(
  { only, middle, cost }: CategoryCost,
  { category }: CategoryFinding,
  places: readonly Partial<Pick<Cell, 'layer' | 'engine'>>[],
  { analysis, lang, rows }: AnalysisContext,
): readonly Message[] {
  const { layer, engine } = only ?? middle ?? {};
  const layers = new Set(places.map((place) => place.layer)).size;
  const cached = rows.filter(
    (row) =>
      row.headline && row.category === category && row.runtime === middle?.runtime && isFromPageCache(row),
  ).length;
  const comparisons = analysis.categories.filter(({ p }) => p !== null).length;
  return [
    ...(cost.low === null || cost.high === null ? [words.noInterval] : []),
    ...(layers > 1 && layer !== undefined ? [words.layer({ layer })] : []),
    ...(places.length > 1 && engine !== undefined ? [words.engine({ engine })] : []),
    ...(only !== null && isFromPageCache(only) ? [words.pageCache] : []),
    ...(cached > 0 ? [words.cachedOnes({ n: cached })] : []),
    ...(only === null ? [] : remarks(only, lang).map(({ full }) => full)),
    ...(middle !== null && isUnconfirmed(middle, cost, analysis)
      ? [words.unconfirmed({ n: comparisons })]
      : []),
    ...(only?.needs === undefined
      ? []
      : only.needs.atLeast === true
        ? [words.needsAtLeast({ blocks: only.needs.blocks })]
        : [words.needs({ width: formatPercent(only.needs.halfWidth, lang), blocks: only.needs.blocks })]),
  ];
}

/** True if only the correction for several comparisons prevents a claim. */
function isUnconfirmed(
  { verdict }: CategoryEstimate,
  { ratio, low, high }: RatioEstimate,
  { thresholds }: Analysis,
): boolean {
  if (verdict !== 'inconclusive' || low === null || high === null) return false;
  return (low > 1 || high < 1) && Math.max(ratio, 1 / ratio) > 1 + thresholds.practical;
}

/** `1.85× [1.68, 2.07]`, or why there is no interval. */
export function ratioText(cost: RatioEstimate, { lang, t }: AnalysisContext): string {
  const missing = cost.low === null || cost.high === null ? ` ${t(shared.noInterval)}` : '';
  return `${formatRatioEstimate(cost, lang)}${missing}`;
}
