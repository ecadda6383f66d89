import { joined, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { enginesOf } from '../../../core/model/run/run.ts';
import { profilesOf } from '../../../core/model/runtime/container-profile.ts';
import type { ReportContext } from '../../context.ts';
import { formatRatio } from '../../document/format.ts';
import { groupBy, shortSubject, subjectLabel, withoutEngine } from '../../document/labels.ts';
import {
  type CategoryFinding,
  type CostConclusion,
  categoryFindings,
  rowConclusion,
} from '../../findings/category-findings.ts';
import {
  atPlace,
  type CategorySummary,
  categorySummaries,
  mainEstimate,
  mainPlace,
  subjectsApart,
} from '../../findings/category-summary.ts';
import { hasEmulatedGuests } from '../../findings/emulation.ts';
import { isClaim, noteworthy } from '../../tables/direct-table.ts';
import { categoryInText } from '../../words/category.ts';
import { placesSentence } from './places.ts';

const words = messages('section.finding', {
  sentence: 'Compared with {baseline}, {claims}.',
  nothing: 'Nothing was compared with {baseline}.',
  alone:
    'Nothing was compared: this engine knows only {baseline}. To register another runtime:  @(sudo runtimes add crun --path /usr/bin/crun)',
  engines:
    '{runtimes} {count, plural, one {was} other {were}} compared in {n} engines: {claims, plural, =0 {no significant difference} one {{claims} significant difference} other {{claims} significant differences}}.',
  profiles:
    '{runtimes} {count, plural, one {was} other {were}} compared under {n} profiles: {claims, plural, =0 {no significant difference} one {{claims} significant difference} other {{claims} significant differences}}.',
  more: '{runtime} costs more in {category}',
  moreOf:
    '{runtime} costs more in {n} of {all} {kind, select, tests {tests} categories {categories} other {categories and single tests}}, most of all in {category}',
  moreInAll:
    '{runtime} costs more in all {n} {kind, select, tests {tests} categories {categories} other {categories and single tests}}, most of all in {category}',
  less: '{runtime} costs less in {categories}',
  andLess: '{claim}, and less in {categories}',
  andSame:
    '{claim}, and shows no difference within ±{band} in {all, plural, =0 {the other {n}} other {{n} of the other {all}}}',
  same: '{runtime} shows no difference within ±{band}',
  sameOf:
    '{runtime} shows no difference within ±{band} in {n} of {all} {kind, select, tests {tests} categories {categories} other {categories and single tests}}; the {rest, plural, one {other is} other {others are}} inconclusive',
  otherwise: '{claim}; {n, plural, one {one test says} other {{n} tests say}} otherwise: {tests}',
  test: '{test} {ratio}',
  open: '{runtime} is inconclusive',
  few: '{runtime} has too few blocks for a verdict ({n})',
  emulated: '{runtime} (emulated guest)',
  category: '{category} ({ratio})',
  workload: '{category} ({ratio} in {workload})',
});

/** The context, with the layer and engine of the sentence's costs; null if the run has only one. */
type SentenceContext = ReportContext & { readonly place: string | null };

/** Number of categories in which a runtime costs more, and the costliest one. */
interface CostlierCategories {
  readonly runtime: string | Message;
  readonly n: number;
  readonly all: number;
  readonly kind: string;
  readonly category: Message | string;
}

/** Maximum number of named categories in which a runtime costs less, and of named tests that stand apart. */
const maxNamed = 2;

/**
 * The run in one sentence. It mentions only verdicts of categories: a ratio without a verdict is no difference, however large.
 */
export function findingSentence(context: ReportContext): Message {
  const { rows, analysis } = context;
  const { baseline, categories } = analysis;
  const summaries = categorySummaries(rows, baseline, categories).filter(
    ({ category }) => category !== 'isolation',
  );
  const ofPlaces = placesSentence(summaries, context);
  if (ofPlaces !== null) return ofPlaces;
  const inMainPlace = summaries.map((summary) => {
    const main = mainEstimate(summary);
    return main === null ? summary : { ...summary, estimates: [main] };
  });
  const place = summaries.map(mainPlace).find((one) => one !== null) ?? null;
  const found = groupBy(inMainPlace, ({ runtime }) => runtime).flatMap((group) => {
    const findings = group.flatMap(categoryFindings);
    return findings.length === 0
      ? []
      : [
          {
            most: costOf(sorted(findings, 'worse')[0]),
            claim: withOtherClaims(aboutRuntime(group, findings, { ...context, place }), findings, context),
          },
        ];
  });
  if (found.length === 0) {
    const { runtimes, config } = context.run;
    const isAlone = runtimes.length === 1 && config.runtimes === null;
    return besideItself(context) ?? words[isAlone ? 'alone' : 'nothing']({ baseline });
  }
  const claims = found.toSorted((a, b) => b.most - a.most).map(({ claim }) => claim);
  return words.sentence({ baseline, claims: joined(claims, 'semicolon') });
}

/** For a run that compares no runtimes: what it varied; null if nothing. */
function besideItself({ analysis, run, runtimes }: ReportContext): Message | null {
  const of = (rows: readonly SummaryRow[] = []) => ({
    runtimes: listed(runtimes, 'and'),
    count: runtimes.length,
    claims: noteworthy(rows).filter(isClaim).length,
  });
  const [engines, profiles] = [enginesOf(run.config), profilesOf(run.config)];
  if (engines.length > 1) return words.engines({ ...of(analysis.engines), n: engines.length });
  return profiles.length > 1 ? words.profiles({ ...of(analysis.profiles), n: profiles.length }) : null;
}

function aboutRuntime(
  group: readonly CategorySummary[],
  findings: readonly CategoryFinding[],
  context: SentenceContext,
): Message {
  const name = group[0]?.runtime ?? '';
  const runtime = hasEmulatedGuests(name, context.analysis) ? words.emulated({ runtime: name }) : name;
  const all = placesOf(findings);
  const kind = kindOf(findings);
  const [worse, better] = [sorted(findings, 'worse'), sorted(findings, 'better')];
  const [most] = worse;
  const less = listed(
    better
      .toReversed()
      .slice(0, maxNamed)
      .map((one) => placeOf(one, context)),
    'and',
  );
  if (most !== undefined) {
    const n = placesOf(worse).size;
    const category = placeOf(most, context);
    const claim = moreIn({ runtime, n, all: all.size, kind, category });
    return better.length === 0 ? claim : words.andLess({ claim, categories: less });
  }
  const same = placesOf(findings.filter(({ conclusion }) => conclusion === 'equivalent'));
  if (better.length > 0) {
    const claim = words.less({ runtime, categories: less });
    const others = [...all].filter((one) => !placesOf(better).has(one));
    if (same.size === 0 || better.length > maxNamed) return claim;
    const rest = others.length === same.size ? 0 : others.length;
    return words.andSame({ claim, band: context.band, n: same.size, all: rest });
  }
  const open = findings.filter(({ conclusion }) => conclusion !== 'equivalent');
  const { band } = context;
  if (same.size > 0 && open.length === 0) return words.same({ runtime, band });
  if (same.size > 0)
    return words.sameOf({ runtime, band, n: same.size, all: all.size, rest: all.size - same.size, kind });
  return open.some((one) => hasInterval(one, group)) ? words.open({ runtime }) : tooFew(runtime, group);
}

/** Has the cost of an undecided category an interval, or that of any of its subjects? */
function hasInterval({ category, cost }: CategoryFinding, group: readonly CategorySummary[]): boolean {
  const own = cost === null ? group.filter((summary) => summary.category === category) : [];
  const costs = cost === null ? own.flatMap((summary) => summary.costs.map((one) => one.cost)) : [cost.cost];
  return costs.some(({ low, high }) => low !== null && high !== null);
}

/** Without any interval a difference of any size would be undecided: that none is claimed says nothing of the runtime. */
function tooFew(runtime: Message | string, group: readonly CategorySummary[]): Message {
  const pairs = group.flatMap(({ costs }) => costs.map(({ row }) => row.pairs));
  return words.few({ runtime, n: Math.max(...pairs) });
}

function moreIn({ runtime, n, all, kind, category }: CostlierCategories): Message {
  if (n === 1) return words.more({ runtime, category });
  return n === all
    ? words.moreInAll({ runtime, n, kind, category })
    : words.moreOf({ runtime, n, all, kind, category });
}

/** A claim with the tests whose claim is another than that of their category; unchanged without such tests. */
function withOtherClaims(
  claim: Message,
  findings: readonly CategoryFinding[],
  { rows, lang }: ReportContext,
): Message {
  const apart = findings
    .flatMap(({ cost, conclusion }) =>
      cost === null || cost.middle === null
        ? []
        : subjectsApart(cost.middle, rows).filter(({ row }) => rowConclusion(row) !== conclusion),
    )
    .filter(({ row }) => isClaim(row))
    .toSorted((a, b) => Math.abs(Math.log(b.cost.ratio)) - Math.abs(Math.log(a.cost.ratio)));
  if (apart.length === 0) return claim;
  const tests = apart
    .slice(0, maxNamed)
    .map(({ row, cost }) =>
      words.test({ test: subjectLabel(withoutEngine(row)), ratio: formatRatio(cost.ratio, lang) }),
    );
  return words.otherwise({ claim, n: apart.length, tests: listed(tests, 'and') });
}

/** Are the findings of single tests, of categories, or of both? */
function kindOf(findings: readonly CategoryFinding[]): 'tests' | 'categories' | 'both' {
  const ofTests = findings.filter(({ cost }) => (cost?.only ?? null) !== null).length;
  return ofTests === findings.length ? 'tests' : ofTests === 0 ? 'categories' : 'both';
}

/** The categories that findings are of, and the tests that stand for themselves. */
function placesOf(findings: readonly CategoryFinding[]): ReadonlySet<string> {
  return new Set(
    findings.map(({ category, cost }) =>
      cost === null || cost.only === null ? category : subjectLabel(withoutEngine(cost.only)),
    ),
  );
}

/** Findings with this conclusion, costliest first. */
function sorted(
  findings: readonly CategoryFinding[],
  conclusion: CostConclusion,
): readonly CategoryFinding[] {
  return findings
    .filter((finding) => finding.conclusion === conclusion)
    .toSorted((a, b) => costOf(b) - costOf(a));
}

function costOf(finding: CategoryFinding | undefined): number {
  return finding?.cost?.cost.ratio ?? finding?.claims?.extreme.cost.ratio ?? 0;
}

/** `system calls (11.3×)`, `startup/echo (1.50×)`; without an estimate, with the workload of the ratio. */
function placeOf({ category: id, cost, claims }: CategoryFinding, { lang, place }: SentenceContext): Message {
  const only = cost?.only ?? null;
  const category = only === null ? categoryInText[id] : subjectLabel(withoutEngine(only));
  if (cost !== null)
    return words.category({ category, ratio: atPlace(formatRatio(cost.cost.ratio, lang), place) });
  if (claims === null) return categoryInText[id];
  const { row, cost: extreme } = claims.extreme;
  return words.workload({ category, ratio: formatRatio(extreme.ratio, lang), workload: shortSubject(row) });
}
