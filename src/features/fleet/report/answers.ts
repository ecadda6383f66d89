import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { isOfFirstProfile } from '../../../core/model/runtime/container-profile.ts';
import { defaultLayer } from '../../../core/model/trial/cell.ts';
import type { ReportContext } from '../../../report/context.ts';
import {
  type Block,
  heading,
  list,
  number,
  paragraph,
  quiet,
  runtimeName,
  type Text,
  text,
} from '../../../report/document/document.ts';
import {
  formatCount,
  formatEstimate,
  formatNumberShort,
  formatRatioEstimate,
  formatValue,
} from '../../../report/document/format.ts';
import { subjectLabel } from '../../../report/document/labels.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { firstQuestions, furtherIdle } from '../../../report/findings/category-findings.ts';
import { needsText, openRows } from '../../../report/findings/open-rows.ts';
import { costRatio, hasValue, rawRatio } from '../../../report/findings/row-guards.ts';
import { sections } from '../../../report/report.ts';
import { trustGist } from '../../../report/sections/introduction/badges.ts';
import { runtimeCards } from '../../../report/sections/introduction/cards.ts';
import { differenceText } from '../../../report/tables/direct-table.ts';
import { words as shared } from '../../../report/words/common.ts';
import { metricName } from '../../../report/words/metric.ts';
import type { Fleet } from '../merge/fleet-record.ts';

const words = messages('fleetReport.answer', {
  title: 'Questions and answers',
  about:
    'The figures of each host that answer questions of the lab exercise, made again from its records. A figure of the student is right if it lies inside the brackets. Q13: five pairs give p = 2 × 2⁻⁵ = 6.25%, six pairs 3.125%.',
  reliability: 'Q11: {n, plural, one {# block} other {# blocks}}. ',
  decide: 'Q12: {test} under {runtime} is inconclusive: {needs}.',
  allDecided: 'Q12: no test is inconclusive that more blocks would decide.',
  chance: 'Q14: {n} comparisons at 5%: about {expected} false differences without a correction.',
  fit: 'Q16: {n} idle containers under {runtime} fit into {memory}.',
  claims:
    'Q22: of {all} tests, {runtime} costs 30–50% more in {inside}, something else in {outside}; {open} intervals leave it open. The whole interval lies below {baseline} in {cheaper}.',
  difference: 'difference [CI]',
});

/** What figures answer in docs/lab: tests, and metrics; without metrics, the main one. */
interface AskedFigures {
  readonly question: string;
  readonly tests: readonly string[];
  readonly metrics?: readonly string[];
}

const asked: readonly AskedFigures[] = [
  { question: 'Q10', tests: ['startup/echo'] },
  {
    question: 'Q15',
    tests: ['startup/echo'],
    metrics: ['startup.create', 'startup.first_output', 'startup.run', 'startup.remove'],
  },
  { question: 'Q16', tests: ['memory/idle', 'memory/fault'] },
  { question: 'Q18', tests: ['syscall/trivial', 'syscall/process'] },
  { question: 'Q19', tests: ['io/fio', 'io/small-files'] },
  { question: 'Q20', tests: ['cpu/sysbench', 'app/redis'] },
];

/** Sections of a report that answer Q24 to Q29, where a run has them. */
const furtherSections: ReadonlySet<string> = new Set(['layers', 'options']);

/** The figures of a run that answer the questions of docs/lab, in their order, with intervals as its report has them. */
export function answerBlocks(context: ReportContext): readonly Block[] {
  const { analysis, run, t } = context;
  const rows = context.rows.filter((row) => row.layer === defaultLayer && isOfFirstProfile(row, run));
  const further = sections.filter(({ id }) => furtherSections.has(id));
  return [
    paragraph(text(t(words.reliability({ n: analysis.blocks }))), ...trustGist(context)),
    ...runtimeCards(context),
    ...figureTable(rows, context),
    ...list(sentences(rows, context)),
    ...further.flatMap(({ blocks }) => blocks(context, []).map(closed)),
  ];
}

/** The answers of each host's runs, as chapters of the page with names. */
export function answerChapters(
  { hosts }: Fleet,
  answers: ReadonlyMap<string, readonly Block[]>,
  lang: Lang,
): readonly Block[] {
  const own = hosts.map(
    ({ name, runs }): Block => ({
      kind: 'section',
      title: plainText(name),
      open: false,
      blocks: runs.flatMap(({ origin }) => answers.get(origin ?? '') ?? []),
    }),
  );
  return [heading(2, translate(words.title, lang), 'answers'), quiet(translate(words.about, lang)), ...own];
}

/** A folded section without its anchor: the page has the section once a run. */
function closed(block: Block): Block {
  if (block.kind !== 'section') return block;
  const { id: _, ...anonymous } = block;
  return { ...anonymous, level: 3, open: false };
}

function figureTable(rows: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { analysis, confidence, lang, t } = context;
  const { baseline } = analysis;
  const found = asked.flatMap(({ question, tests, metrics }) => {
    const own = rows.filter(
      ({ workload, metric, headline }) =>
        tests.includes(workload) && (metrics === undefined ? headline : metrics.includes(metric ?? '')),
    );
    const valued = own.filter(hasValue);
    return valued.length === 0 ? [] : [{ over: question }, ...valued];
  });
  if (found.length === 0) return [];
  return [
    tableOf(
      found,
      [
        [shared.workload, (row) => `${subjectLabel(row)}${t(shared.colon)}${metricName(row.metric, lang)}`],
        [shared.runtime, ({ runtime }) => runtimeName(runtime)],
        [
          shared.valueWithInterval({ confidence }),
          ({ median, ciLow: low, ciHigh: high, unit }) =>
            number(formatEstimate({ value: median, low, high }, unit, lang), median),
          'right',
        ],
        [
          shared.ratioWithInterval({ baseline }),
          (row) => {
            const ratio = row.runtime === baseline ? null : rawRatio(row);
            return ratio === null ? null : number(formatRatioEstimate(ratio, lang), ratio.ratio);
          },
          'right',
        ],
        [words.difference, (row) => (row.runtime === baseline ? null : differenceText(row, lang)), 'right'],
      ],
      lang,
    ),
  ];
}

function sentences(rows: readonly SummaryRow[], context: ReportContext): readonly Text[] {
  const { analysis, lang, t } = context;
  const compared = rows.filter(
    ({ headline, runtime, p }) => headline && runtime !== analysis.baseline && p !== null,
  );
  const [open] = openRows(compared);
  const expected = formatNumberShort(Number((compared.length * 0.05).toFixed(1)), lang);
  return [
    open === undefined
      ? words.allDecided
      : words.decide({
          test: subjectLabel(open),
          runtime: plainText(open.runtime),
          needs: needsText(open.needs, lang),
        }),
    words.chance({ n: formatCount(compared.length, lang), expected }),
    ...fitting(rows, context),
    ...[...Map.groupBy(compared, ({ runtime }) => runtime)].map(([runtime, own]) => {
      const costs = own.flatMap((row) => costRatio(row) ?? []);
      const count = (holds: (low: number, high: number) => boolean) =>
        costs.filter(({ low, high }) => low !== null && high !== null && holds(low, high)).length;
      const inside = count((low, high) => low >= 1.3 && high <= 1.5);
      const outside = count((low, high) => high < 1.3 || low > 1.5);
      return words.claims({
        runtime: plainText(runtime),
        baseline: plainText(analysis.baseline),
        all: own.length,
        inside,
        outside,
        open: own.length - inside - outside,
        cheaper: count((_, high) => high < 1),
      });
    }),
  ].map((sentence) => [text(t(sentence))]);
}

/** How many idle containers fit into the memory of the host: the first, and the further ones. */
function fitting(rows: readonly SummaryRow[], { run, lang }: ReportContext) {
  const idle = rows.filter((row) => row.headline && firstQuestions.memory(row)).filter(hasValue);
  return idle.flatMap((first) => {
    const further = furtherIdle(rows, first).find(({ runtime }) => runtime === first.runtime);
    if (further === undefined) return [];
    const n = Math.floor((run.host.memoryBytes - first.median) / further.median) + 1;
    const memory = formatValue(run.host.memoryBytes, 'bytes', lang);
    return [words.fit({ n: formatCount(n, lang), runtime: plainText(first.runtime), memory })];
  });
}
