import { joined } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import {
  type Block,
  chapter,
  heading,
  list,
  quiet,
  type Text,
  text,
  titled,
} from '../../../report/document/document.ts';
import { formatConfidence, formatCount, formatRatio } from '../../../report/document/format.ts';
import { categoryOrder } from '../../../report/document/labels.ts';
import type { PagePictures } from '../../../report/document/page-parts.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { staticPage } from '../../../report/document/static-page.ts';
import { categoryInText, categoryNames } from '../../../report/words/category.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { leastForWeights } from '../merge/stats/biweight.ts';
import { colorOf, type FleetChart } from './charts.ts';
import { differencesTable } from './differences.ts';
import { leadOf } from './lead.ts';
import { missingBlocks } from './missing.ts';
import { comparisonTable, estimateTable, hostTable, outlierItems } from './tables.ts';
import { costShown, firstOf, fleetWords } from './words.ts';

const questionsWords = messages('fleetReport.question', {
  own: 'In {category} under {runtime}, {cheaper} of {all} machines cost less than yours ({cost}). Which facts of yours could explain its place, and how would you test that?',
  where:
    'In {category} under {runtime}, the cheapest machine pays {least} and the most expensive {most}, for the same work. What would you measure to find out why?',
  mean: 'All machines together: {runtime} costs {cost} in {category}. One more machine would lie between {low} and {high}. Why is the second interval wider? Which one would you give to somebody who buys a machine?',
  verdict:
    'In {category} under {runtime}, {clear} of {all} machines have an interval that excludes 1×. Why is the verdict of the class not simply a vote of these machines?',
  cause:
    'Facts that go with a cost often go with each other. Which two machines of the table would you compare? What would you change on one of them to tell cause from coincidence?',
  noise:
    'Which machine has the widest intervals? What may have run during the measurement? Does that make its estimate wrong, or only uncertain?',
});

/** Questions for the discussion, with the figures of this class. */
function questionItems(fleet: Fleet, lang: Lang): readonly Text[] {
  const t = (message: Message) => translate(message, lang);
  const widest = fleet.categories
    .filter(({ votes }) => votes.length > 1)
    .toSorted((a, b) => b.tau - a.tau)[0];
  return [
    ...(widest === undefined ? [] : ofCategory(widest, fleet, lang)),
    questionsWords.cause,
    questionsWords.noise,
  ].map((question) => [text(t(question))]);
}

function ofCategory(of: FleetCategory, fleet: Fleet, lang: Lang): readonly Message[] {
  const { votes, predictedLow, predictedHigh } = of;
  const place = { runtime: plainText(of.runtime), category: categoryInText[of.category] };
  const shown = (cost: number) => formatRatio(cost, lang);
  const costs = votes.map(({ cost }) => cost);
  const own = votes.find(({ host }) => host === fleet.own);
  const clear = votes.filter(
    ({ low, high }) => low !== null && high !== null && (low > 1 || high < 1),
  ).length;
  return [
    ...(own === undefined
      ? []
      : [
          questionsWords.own({
            ...place,
            cheaper: costs.filter((cost) => cost < own.cost).length,
            all: votes.length,
            cost: shown(own.cost),
          }),
        ]),
    questionsWords.where({ ...place, least: shown(Math.min(...costs)), most: shown(Math.max(...costs)) }),
    ...(predictedLow === null || predictedHigh === null
      ? []
      : [
          questionsWords.mean({
            ...place,
            cost: costShown(of.cost, of.low, of.high, lang),
            low: shown(predictedLow),
            high: shown(predictedHigh),
          }),
        ]),
    questionsWords.verdict({ ...place, clear, all: votes.length }),
  ];
}

const words = messages('fleetReport.blocks', {
  from: 'Each host has one vote: {runs, plural, one {one run} other {# runs}} of {hosts, plural, one {one host} other {# hosts}}{without, plural, =0 {} one {, without one host} other {, without # hosts}}, merged by ocibench {version}. With {least} hosts or more, a host far from the others has less weight, or none. Intervals: {confidence}, Student’s t over the hosts.',
  questions: 'Questions to discuss',
  estimates: 'All hosts together',
  estimatesNote:
    '“Far off”: so far from the others that it has no weight. “Plain mean”: the mean of all hosts, where its verdict differs. “Another host”: where a run on one more such host would lie, unless it is far off. “Hosts differ by”: the standard deviation of the true costs of the others. p values are corrected over the whole fleet.',
  outliers: 'Hosts that stand apart',
  outliersNote: 'A difference of a host does not prove a cause.',
  noOutliers: 'No host stands apart by more than chance, the practical threshold and its own noise.',
  facts: 'Differences between hosts',
  works: 'All tests',
  hosts: 'The hosts',
  told: 'Notes on the merge',
  more: '… and {n} more in fleet.json',
  leftOut: '{n, plural, one {one item} other {# items}} left out',
});

/** Maximum number of items in a list; the others are in fleet.json. */
const maxItems = 25;

/** A fleet as blocks: for a page, for Markdown and for a terminal (without `charts`). */
export function fleetBlocks(
  fleet: Fleet,
  {
    lang,
    charts,
    forClass,
  }: { readonly lang: Lang; readonly charts: readonly FleetChart[]; readonly forClass: boolean },
): readonly Block[] {
  const t = (message: Message) => translate(message, lang);
  const figures = (category: FleetChart['category']): readonly Block[] =>
    charts
      .filter((chart) => chart.category === category)
      .map(({ id, title, caption }) => ({ kind: 'figure', chart: id, title, caption }));
  const outliers = outlierItems(fleet, lang);
  const apart: readonly Block[] =
    outliers.length === 0
      ? [quiet(t(words.noOutliers))]
      : [...list(someItems(outliers, lang)), quiet(t(words.outliersNote))];
  const questions = forClass ? questionItems(fleet, lang) : [];
  return [
    heading(1, t(forClass ? fleetWords.classTitle : fleetWords.title)),
    { kind: 'lead', text: t(joined(leadOf(fleet, lang), 'space')) },
    quiet(t(origin(fleet, lang))),
    ...warning(fleet, lang),
    heading(2, t(words.estimates), 'estimates'),
    quiet(t(words.estimatesNote)),
    estimateTable(fleet, lang),
    ...figures(null),
    ...missingBlocks(fleet, lang, forClass),
    ...titled(2, t(words.questions), questions, 'questions'),
    heading(2, t(words.outliers), 'outliers'),
    ...apart,
    heading(2, t(words.facts), 'facts'),
    differencesTable(fleet, lang),
    ...categoryOrder.flatMap((category) => {
      const own = figures(category);
      return own.length === 0 ? [] : [heading(2, t(categoryNames[category]), `category-${category}`), ...own];
    }),
    chapter({ title: t(words.works), id: 'workloads' }, [comparisonTable(fleet, lang)]),
    heading(2, t(words.hosts), 'hosts'),
    ...hostTable(fleet, lang),
    ...told(fleet, lang),
  ];
}

function origin({ hosts, thresholds, harnessVersion }: Fleet, lang: Lang): Message {
  const voting = hosts.filter(({ without }) => without === undefined);
  return words.from({
    runs: formatCount(
      voting.reduce((sum, { runs }) => sum + runs.length, 0),
      lang,
    ),
    hosts: formatCount(voting.length, lang),
    without: hosts.length - voting.length,
    least: leastForWeights,
    version: harnessVersion,
    confidence: formatConfidence(thresholds.confidence, lang),
  });
}

/** A warning with the number of runs left out; the end of the page lists them. */
function warning({ told: all }: Fleet, lang: Lang): readonly Block[] {
  const n = all.filter(({ kind }) => kind === 'left-out').length;
  if (n === 0) return [];
  const said = translate(words.leftOut({ n }), lang);
  return [{ kind: 'warning', items: [[{ kind: 'link', text: said, href: '#told' }]] }];
}

function told({ told: all }: Fleet, lang: Lang): readonly Block[] {
  if (all.length === 0) return [];
  const said = (kind: Fleet['told'][number]['kind']): readonly Text[] =>
    all.filter((each) => each.kind === kind).map((each) => [quoted(each, 'message', lang)]);
  return [
    heading(2, translate(words.told, lang), 'told'),
    ...list([...someItems(said('left-out'), lang), ...said('note')]),
  ];
}

function someItems(items: readonly Text[], lang: Lang): readonly Text[] {
  return firstOf(items, maxItems, (n) => [text(translate(words.more({ n }), lang))]);
}

/** A fleet as one file without scripts. */
export function fleetPage(
  fleet: Fleet,
  blocks: readonly Block[],
  lang: Lang,
  svgs: Readonly<Record<string, PagePictures>>,
): string {
  const [first] = blocks;
  const title = first?.kind === 'heading' ? first.text : '';
  const runtimes = fleet.runtimes.map(({ name }) => ({ name, color: colorOf(fleet, name) }));
  return staticPage(blocks, { lang, title, svgs, runtimes });
}
