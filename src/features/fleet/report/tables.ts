import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import {
  type Block,
  link,
  number,
  quiet,
  runtimeName,
  type Text,
  text,
} from '../../../report/document/document.ts';
import { formatCount } from '../../../report/document/format.ts';
import { type TableColumn, tableOf } from '../../../report/document/make-table.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { verdictInline } from '../../../report/words/verdict.ts';
import type { Fleet, FleetCategory, FleetComparison, FleetHost } from '../merge/fleet-record.ts';
import { loadFact } from '../merge/host-facts.ts';
import { factName, factValue } from './facts.ts';
import { meanDiffers, spreadShown } from './lead.ts';
import { categoryLabel, clauses, comparisonLabel, costShown, fleetWords, manyHosts } from './words.ts';

const words = messages('fleetReport.table', {
  work: 'workload',
  mean: 'plain mean',
  said: 'verdict',
  differ: 'do hosts differ?',
  differs: 'yes (p {p})',
  mayDiffer: 'not shown',
  untested: '–',
  kernel: 'kernel',
  processor: 'processor',
  cpus: 'CPUs',
  virtual: 'virtual',
  load: 'load',
  engine: 'engine',
  runs: 'runs',
  without: 'without a vote',
  noVote: 'no vote',
  noVoteAs: 'no vote: {reason}',
  report: 'report',
  own: '{host} (yours)',
  outlier: '{host}: {category} of {runtime} costs {cost}, the others {others}',
  differsIn: 'It differs in: {facts}.',
  likeOthers: 'No recorded fact is different.',
  fact: '{fact}: {value} (most others: {others})',
  factAlone: '{fact}: {value}, on no other host (most others: {others})',
  moreHosts: '{n} more {n, plural, one {host is} other {hosts are}} in fleet.json.',
});

const statusWords: Readonly<Record<FleetHost['runs'][number]['status'], Message>> = messages(
  'fleetReport.status',
  { running: 'ended early', complete: 'complete', interrupted: 'interrupted', failed: 'failed' },
);

/** The fleet's estimates by category. */
export function estimateTable(fleet: Fleet, lang: Lang): Block {
  return tableOfHosts(fleet.categories, [fleetWords.category, (of) => categoryLabel(of, lang)], fleet, lang);
}

/** The fleet's estimates by workload. */
export function comparisonTable(fleet: Fleet, lang: Lang): Block {
  return tableOfHosts(fleet.comparisons, [words.work, (of) => comparisonLabel(of, lang)], fleet, lang);
}

function tableOfHosts<T extends FleetCategory | FleetComparison>(
  rows: readonly T[],
  what: TableColumn<T>,
  fleet: Fleet,
  lang: Lang,
): Block {
  const differs = (of: T) => meanDiffers(of, fleet);
  const meanShown = ({ mean: { cost, low, high } }: T) => number(costShown(cost, low, high, lang), cost);
  const columns = estimateColumns<T>(
    {
      what,
      count: [fleetWords.hosts, (of) => number(hostsShown(of, lang), of.votes.length), 'right'],
      cost: fleetWords.cost,
      spread: fleetWords.spread,
      differ: words.differ,
    },
    [
      rows.some(differs) && [words.mean, (of) => (differs(of) ? meanShown(of) : null), 'right'],
      [fleetWords.another, (of) => predictionShown(of, lang), 'right'],
    ],
    lang,
  );
  return tableOf(rows, columns, lang);
}

/** What is estimated over several hosts, or over several sessions of one. */
type Estimated = Pick<FleetCategory, 'runtime' | 'cost' | 'low' | 'high' | 'tau' | 'differP' | 'verdict'>;

interface EstimateTitles<T> {
  readonly what: TableColumn<T>;
  /** Number of hosts or sessions. */
  readonly count: TableColumn<T>;
  readonly cost: Message;
  readonly spread: Message;
  readonly differ: Message;
}

/** Columns of estimates, with those of `more` after the cost. */
export function estimateColumns<T extends Estimated>(
  { what, count, cost, spread, differ }: EstimateTitles<T>,
  more: readonly (TableColumn<T> | false)[],
  lang: Lang,
): readonly (TableColumn<T> | false)[] {
  const t = (message: Message) => translate(message, lang);
  return [
    [fleetWords.runtime, ({ runtime }) => runtimeName(plainText(runtime))],
    what,
    count,
    [cost, (of) => number(costShown(of.cost, of.low, of.high, lang), of.cost), 'right'],
    ...more,
    // Of a single host nothing is known.
    [
      spread,
      ({ tau, differP }) => (tau === 1 && differP === null ? '–' : number(spreadShown(tau, lang), tau)),
      'right',
    ],
    [differ, ({ differP }) => differShown(differP)],
    [words.said, (of) => verdictInline({ verdict: of.verdict, ratio: of.cost }, t)],
  ];
}

/** Number of hosts, and of those without weight. */
function hostsShown({ votes, setAside }: FleetCategory | FleetComparison, lang: Lang): string {
  const n = formatCount(votes.length, lang);
  const aside = formatCount(setAside.length, lang);
  return setAside.length === 0 ? n : translate(fleetWords.hostsAside({ n, aside }), lang);
}

function predictionShown({ predictedLow, predictedHigh }: FleetCategory | FleetComparison, lang: Lang) {
  if (predictedLow === null || predictedHigh === null) return '–';
  const shown = [predictedLow, predictedHigh].map((end) => costShown(end, null, null, lang));
  return shown.join(' – ');
}

function differShown(p: number | null): Message {
  if (p === null) return words.untested;
  return p < 0.05 ? words.differs({ p: p < 0.001 ? '< 0.001' : p.toPrecision(2) }) : words.mayDiffer;
}

/** The hosts, with their facts and links to their reports. */
export function hostTable({ hosts, own }: Fleet, lang: Lang): readonly Block[] {
  // Hosts without a vote stand first, so that none of them is cut off.
  const shown = hosts
    .toSorted((a, b) => Number(b.without !== undefined) - Number(a.without !== undefined))
    .slice(0, manyHosts);
  const isWithout = hosts.some(({ without }) => without !== undefined);
  const hasReports = hosts.some(({ runs }) => runs.some(({ runId }) => runId !== null));
  return [
    tableOf(
      shown,
      [
        [fleetWords.host, (host) => hostShown(host, host === hosts[own ?? -1], lang)],
        isWithout && [words.without, ({ without }) => withoutShown(without)],
        [words.processor, ({ facts }) => plainText(facts.cpu ?? '')],
        [words.cpus, ({ facts }) => facts.cpus ?? '', 'right'],
        [words.virtual, ({ facts }) => virtualShown(facts, lang)],
        [words.load, ({ facts }) => factValue(loadFact, facts.load ?? '', lang)],
        [words.kernel, ({ facts }) => plainText(facts.release ?? '')],
        [words.engine, ({ facts }) => plainText(facts.engineVersion ?? '')],
        [words.runs, ({ runs }) => number(formatCount(runs.length, lang), runs.length), 'right'],
        hasReports && [words.report, (host) => reportsOf(host, lang)],
      ],
      lang,
    ),
    ...(hosts.length > shown.length
      ? [quiet(translate(words.moreHosts({ n: hosts.length - shown.length }), lang))]
      : []),
  ];
}

/** Hypervisor, emulator, and what executes the virtual machines of runtimes. */
function virtualShown(
  { hypervisor = '', emulation = '', guests = '' }: FleetHost['facts'],
  lang: Lang,
): string {
  const parts = [
    factValue('hypervisor', hypervisor, lang),
    emulation === 'none' ? '' : plainText(emulation),
    factValue('guests', guests, lang),
  ];
  return clauses(
    parts.filter((part) => part !== ''),
    lang,
  );
}

/** Why a host has no vote; empty for one that has. */
function withoutShown(without: FleetHost['without']): Message | string {
  if (without === undefined) return '';
  return without.reason === null ? words.noVote : words.noVoteAs({ reason: plainText(without.reason) });
}

/** The name of a host; the reader's own is marked. */
function hostShown({ name }: Pick<FleetHost, 'name'>, isOwn: boolean, lang: Lang): string {
  const host = plainText(name);
  return isOwn ? translate(words.own({ host }), lang) : host;
}

/** Links to the reports of the host's runs; without a report, the run's path. */
function reportsOf({ runs }: FleetHost, lang: Lang): Text {
  return runs.flatMap(({ runId, origin, report, status }, at) => {
    const name = plainText(runId ?? '');
    const run = report === null ? text(plainText(origin ?? name)) : link(name, report);
    const said = status === 'complete' ? [] : [text(` (${translate(statusWords[status], lang)})`)];
    return [...(at === 0 ? [] : [text(', ')]), run, ...said];
  });
}

/** Outlying hosts with their differing facts. */
export function outlierItems(fleet: Fleet, lang: Lang): readonly Text[] {
  const t = (message: Message) => translate(message, lang);
  return fleet.outliers.flatMap(({ host, category, cost, others, differs }) => {
    const [of, own] = [fleet.categories[category], fleet.hosts[host]];
    if (of === undefined || own === undefined) return [];
    const facts = differs.map(({ fact, value, others: theirs, alone }) =>
      t(
        (alone ? words.factAlone : words.fact)({
          fact: factName(fact, lang),
          value: factValue(fact, value, lang),
          others: factValue(fact, theirs, lang),
        }),
      ),
    );
    const what = words.outlier({
      host: hostShown(own, host === fleet.own, lang),
      category: categoryLabel(of, lang),
      runtime: plainText(of.runtime),
      cost: costShown(cost, null, null, lang),
      others: costShown(others, null, null, lang),
    });
    const why = facts.length === 0 ? words.likeOthers : words.differsIn({ facts: clauses(facts, lang) });
    return [[text(`${t(what)}. ${t(why)}`)]];
  });
}
