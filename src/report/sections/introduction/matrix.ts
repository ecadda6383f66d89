import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { fewestForMiddle } from '../../../core/model/analysis/middle.ts';
import { unsupportedReason } from '../../../core/model/run/run.ts';
import { type ReportContext, unavailableRuntimes } from '../../context.ts';
import {
  type Block,
  briefly,
  type CellTone,
  type MatrixCell,
  quiet,
  type Text,
  text,
} from '../../document/document.ts';
import { formatCount, formatNumberShort, formatRatio, formatRatioInterval } from '../../document/format.ts';
import { briefSubject, categoryOrder, commonParams, withoutEngine } from '../../document/labels.ts';
import { quoted, quotedMessage } from '../../document/quotes.ts';
import { categoryFindings, conclusionOf } from '../../findings/category-findings.ts';
import {
  atPlace,
  type CategoryCost,
  type CategorySummary,
  categorySummaries,
  costOfSubject,
  extremeRatio,
  mainEstimate,
  mainPlace,
  placeName,
  subjectsApart,
} from '../../findings/category-summary.ts';
import type { CostStanding, HeadlineCost } from '../../findings/headline-cost.ts';
import { isClaim } from '../../tables/direct-table.ts';
import { categoryNames } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';
import { standingInline } from '../../words/verdict.ts';
import { type Place, placesIn } from './places.ts';

const words = messages('section.matrix', {
  caption: 'Cost of each category relative to {baseline}, with its interval and the costliest test',
  corner: 'cost relative to {baseline}',
  most: 'worst: {ratio} {workload}',
  apart: 'apart: {ratio} {workload}',
  some: '{ratio} in {n} of {all}',
  noRatio: 'no ratio',
  notMeasurable: 'not measurable{colon}',
  legend:
    '{signs}. Darker colours start at {clear} and {strong}; no colour: not significant. Brackets: what this run leaves open, not what another day would change.',
});

/** Factors of a claimed cost at which its colour becomes stronger. */
const steps = { strong: 3, clear: 1.5 } as const;
/** Maximum number of columns if each layer or engine has its own. */
const maxColumns = 8;

/** Cost of every runtime in every category, and of several layers or engines in each; a cell links to its category. */
export function categoryMatrix(context: ReportContext): readonly Block[] {
  const { run, rows, analysis, runtimes, t } = context;
  const { baseline } = analysis;
  const summaries = categorySummaries(rows, baseline, analysis.categories);
  const scheduled = new Set(run.subjects.map(({ category }) => category));
  const columns = categoryOrder.filter((category) => category !== 'isolation' && scheduled.has(category));
  const shown = runtimes.filter((name) => name !== baseline);
  if (columns.length === 0 || shown.length === 0) return [];
  const gone = new Set(unavailableRuntimes(context));
  const places = placesIn(summaries.filter(({ category }) => columns.includes(category)));
  const isByPlace = places.length > 0 && places.length * columns.length <= maxColumns;
  const shownPlaces = isByPlace ? places : [null];
  return [
    {
      kind: 'matrix',
      caption: t(words.caption({ baseline })),
      corner: t(words.corner({ baseline })),
      columns: columns.flatMap((category) => {
        const n = new Set(
          run.subjects
            .filter((one) => one.category === category)
            .map((one) => `${one.workload} ${one.params}`),
        ).size;
        const tests = t(shared.subjects({ count: formatCount(n, context.lang), n }));
        const name = t(categoryNames[category]);
        return shownPlaces.map((place) =>
          place === null
            ? { title: name, about: tests }
            : {
                title: typeof place.title === 'string' ? place.title : t(place.title),
                about: name,
              },
        );
      }),
      rows: shown.map((runtime) => ({
        runtime,
        cells: gone.has(runtime)
          ? [unavailableCell(runtime, context)]
          : columns.flatMap((category) => {
              const summary = summaries.find((one) => one.category === category && one.runtime === runtime);
              return shownPlaces.map((place) => {
                const own = summary === undefined || place === null ? summary : atOnly(summary, place);
                return own === undefined || own.costs.length === 0
                  ? emptyCell({ category, runtime }, context)
                  : cell(own, context);
              });
            }),
      })),
    },
    quiet(t(legend(context))),
  ];
}

/** The part of a summary that one layer or engine has; its column says which, and names of tests do not. */
function atOnly(summary: CategorySummary, { name }: Place): CategorySummary {
  const costs = summary.costs
    .filter(({ row }) => (row.engine ?? row.layer) === name)
    .map((item) => ({ ...item, row: { ...withoutEngine(item.row), layer: 'docker' as const } }));
  const estimates = summary.estimates.filter((estimate) => placeName(estimate) === name);
  return { ...summary, costs, estimates, subjects: costs.length };
}

/** Legend of the signs in the cards and the matrix. */
function legend({ lang, t }: ReportContext): Message {
  const signs = (['worse', 'better', 'equivalent', 'inconclusive'] as const).map((standing) => {
    const { sign, text: said } = standingInline(standing, t);
    return `${sign} ${said}`;
  });
  const step = (factor: number) => `${formatNumberShort(factor, lang)}×`;
  return words.legend({ signs: signs.join(' · '), clear: step(steps.clear), strong: step(steps.strong) });
}

/** Cell of a category whose subjects were compared. */
function cell(summary: CategorySummary, context: ReportContext): MatrixCell {
  const { category, costs, estimates } = summary;
  const href = `#category-${category}`;
  if (estimates.length > 0) {
    const main = mainEstimate(summary) ?? strongest(estimates);
    const others = estimates.filter((one) => one !== main).map((one) => otherLine(one, context));
    const lines = [
      ...mainLines(main, mainPlace(summary), context),
      ...others,
      apart(main, context) ?? worst(summary, context),
    ];
    return { tone: toneOf(main.standing, main.cost.ratio), lines, href };
  }
  const [finding] = categoryFindings(summary);
  const [extreme] = costs;
  if (costs.length < fewestForMiddle) return cellOfTests(costs, context, href);
  if (finding?.claims === null || finding?.claims === undefined || extreme === undefined)
    return {
      tone: { kind: 'undecided' },
      lines: [verdictLine('inconclusive', '', context), worst(summary, context)],
      href,
    };
  const { claims, conclusion, subjects } = finding;
  const ratio = formatRatio(claims.extreme.cost.ratio, context.lang);
  const said = context.t(words.some({ ratio, n: claims.claimed, all: subjects }));
  const standing = conclusion === 'worse' ? 'worse' : 'better';
  return {
    tone: toneOf(standing, claims.extreme.cost.ratio),
    lines: [verdictLine(standing, said, context), worst(summary, context)],
    href,
  };
}

/** `▲ 1.74×`, then its interval; if there are several layers or engines, with the name of the place. */
function mainLines(
  { cost, standing }: CategoryCost,
  place: string | null,
  context: ReportContext,
): readonly Text[] {
  const ratio = formatRatio(cost.ratio, context.lang);
  return [verdictLine(standing, ratio, context), [text(atPlace(intervalOf(cost, context), place))]];
}

/** `▲ 2.67× [2.42, 2.95], oci`: a further layer or engine. */
function otherLine(estimate: CategoryCost, context: ReportContext): Text {
  const { cost, standing } = estimate;
  const shown = `${formatRatio(cost.ratio, context.lang)} ${intervalOf(cost, context)}`;
  return verdictLine(standing, atPlace(shown, placeName(estimate)), context);
}

function intervalOf({ ratio, low, high }: CategoryCost['cost'], { lang, t }: ReportContext): string {
  return low === null || high === null ? t(shared.noInterval) : formatRatioInterval(ratio, low, high, lang);
}

function verdictLine(standing: CostStanding, said: string, { t }: ReportContext): Text {
  return [standingInline(standing, t), text(said === '' ? '' : ` ${said}`)];
}

/** Tests that stand for themselves: each with its verdict. */
function cellOfTests(costs: readonly HeadlineCost[], context: ReportContext, href: string): MatrixCell {
  const dropped = commonParams(context.rows.filter(({ headline }) => headline));
  const { standing, cost } = strongest(costs.map(costOfSubject));
  return {
    tone: toneOf(standing, cost.ratio),
    lines: costs.map((each) => {
      const { workload, category } = each.row;
      // Two tests of a category may have the same name, such as cpu/sysbench and memory/sysbench.
      const first = workload.startsWith(`${category}/`) ? '' : `${workload.split('/')[0]}/`;
      const name = `${first}${briefSubject(each.row, dropped, 16)}`;
      const said = `${formatRatio(each.cost.ratio, context.lang)} ${name}`;
      return verdictLine(costOfSubject(each).standing, said, context);
    }),
    href,
  };
}

/** The test that stands farthest apart with a claim of its own; null without one. */
function apart({ middle }: CategoryCost, { rows, lang, t }: ReportContext): Text | null {
  const [first] = middle === null ? [] : subjectsApart(middle, rows).filter(({ row }) => isClaim(row));
  if (first === undefined) return null;
  const dropped = commonParams(rows.filter(({ headline }) => headline));
  const workload = briefSubject(first.row, dropped, 16);
  return [text(t(words.apart({ ratio: extremeRatio(first, lang), workload })))];
}

/** The workload that costs most, or the only one. */
function worst({ costs, subjects }: CategorySummary, { rows, lang, t }: ReportContext): Text {
  const [first] = costs;
  if (first === undefined) return [];
  const dropped = commonParams(rows.filter(({ headline }) => headline));
  const workload = briefSubject(first.row, dropped, 16);
  if (costs.length === 1 && subjects === 1) return [text(workload)];
  return [text(t(words.most({ ratio: extremeRatio(first, lang), workload })))];
}

/** The strongest estimate: claims first, then by distance from equal cost. */
function strongest(estimates: readonly CategoryCost[]): CategoryCost {
  const distance = ({ cost }: CategoryCost) => Math.abs(Math.log(cost.ratio));
  const isClaim = ({ standing }: CategoryCost) => Number(standing === 'worse' || standing === 'better');
  const [first] = estimates.toSorted((a, b) => isClaim(b) - isClaim(a) || distance(b) - distance(a));
  if (first === undefined) throw new RangeError('no estimate');
  return first;
}

/** Tone of a cell: only a claim has a colour. */
function toneOf(standing: CostStanding, ratio: number): CellTone {
  const conclusion = conclusionOf(standing);
  if (conclusion === 'equivalent' || conclusion === 'undecided') return { kind: conclusion };
  const factor = Math.max(ratio, 1 / ratio);
  return { kind: conclusion, level: factor >= steps.strong ? 3 : factor >= steps.clear ? 2 : 1 };
}

/** Cell with the reason why a whole category has no ratio under a runtime. */
function emptyCell(
  { category, runtime }: Pick<CategorySummary, 'category' | 'runtime'>,
  { run, rows, lang, t }: ReportContext,
): MatrixCell {
  const subjects = run.subjects.filter((one) => one.category === category && one.runtimes === undefined);
  const reasons = subjects.map((subject) => unsupportedReason(subject, runtime));
  const reason = reasons.every((one) => one !== undefined) ? reasons[0] : undefined;
  const own = (row: SummaryRow) => row.category === category && row.runtime === runtime;
  const noted = rows.find((row) => own(row) && row.n === 0 && row.note !== '');
  const why =
    reason === undefined
      ? noted === undefined
        ? null
        : quoted(noted, 'note', lang, briefly)
      : quotedMessage(reason, lang, briefly);
  const colon = why === null ? '' : shared.colon;
  return {
    tone: { kind: 'absent' },
    lines:
      why === null
        ? [[text(t(words.noRatio))]]
        : [[text(t(words.notMeasurable({ colon })).trimEnd())], [why]],
    href: '#missing',
  };
}

function unavailableCell(runtime: string, { run, lang, t }: ReportContext): MatrixCell {
  const preflight = run.runtimes.find(({ entry }) => entry.name === runtime)?.preflight;
  const said = text(t(words.notMeasurable({ colon: shared.colon })));
  return {
    tone: { kind: 'absent' },
    lines: [
      preflight?.status === 'unavailable' ? [said, quoted(preflight, 'reason', lang, briefly)] : [said],
    ],
    href: '#missing',
  };
}
