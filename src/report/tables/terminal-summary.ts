import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import type { Analysis, SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import { type AnalysisContext, analysisContext, type Translate, unavailableRuntimes } from '../context.ts';
import {
  type Block,
  code,
  type Inline,
  lineBreak,
  list,
  number,
  paragraph,
  quiet,
  runtimeName,
  type Text,
  text,
} from '../document/document.ts';
import { formatConfidence, formatEstimate, formatRatioEstimate, formatValue } from '../document/format.ts';
import { briefSubject, commonParams, groupBy, otherMetric, subjectLabel } from '../document/labels.ts';
import { cut, type TableCell, tableOf, wrap } from '../document/make-table.ts';
import { quoted } from '../document/quotes.ts';
import { terminalText } from '../document/sanitize.ts';
import { manySubjects, subjectCount } from '../findings/category-summary.ts';
import { levelSentence, mainEffects } from '../findings/effects.ts';
import { emulationDoubt, ofEmulatedGuest, otherDoubts } from '../findings/emulation.ts';
import { nothingMeasured } from '../findings/nothing-measured.ts';
import { extending, needsText, openRows } from '../findings/open-rows.ts';
import { decidedByFew, failures, twoGroups, unconfirmed } from '../findings/remarks.ts';
import { hasValue, hasVerdict, rawRatio } from '../findings/row-guards.ts';
import { renderTerminal, type TerminalOptions, tableWidth, terminalLines } from '../renderers/terminal.ts';
import { aboutRatios, idlePrices, runtimeVerdicts } from '../sections/answers/in-short.ts';
import { words as shared } from '../words/common.ts';
import { metricName } from '../words/metric.ts';
import { verdictInline } from '../words/verdict.ts';
import { differenceText } from './direct-table.ts';
import { absences, summaryTable } from './summary-table.ts';

const terminalNeedsWords = messages('table', {
  openRow: '? {runtime}, {subject}: {needs}{more}',
  moreOpen: '; report.md lists {n} more',
  run: '{about}. Run{colon}',
});

const terminalNeedsMaxLines = 5;

/**
 * Effort that would decide the quickest inconclusive headline, with the command, if that fits into five lines. The command
 * stays on one line, which the terminal breaks. Empty if no headline can be decided. A run in an archive cannot be extended.
 */
function terminalNeeds(
  context: AnalysisContext,
  options: TerminalOptions & Pick<TableOptions, 'isArchive'>,
): readonly Block[] {
  const { rows, run, lang, t } = context;
  const open = openRows(rows);
  const [first] = open;
  if (first === undefined) return [];
  const dropped = commonParams(rows.filter(({ headline }) => headline));
  const about = terminalNeedsWords.openRow({
    runtime: terminalText(first.runtime, 24),
    subject: terminalText(briefSubject(first, dropped), 40),
    needs: needsText(first.needs, lang),
    more: open.length === 1 || options.isArchive ? '' : terminalNeedsWords.moreOpen({ n: open.length - 1 }),
  });
  if (options.isArchive) return [paragraph(text(`${t(about)}.`))];
  const command = t(extending(run, first.needs));
  const withCommand = [
    paragraph(
      text(t(terminalNeedsWords.run({ about, colon: shared.colon })).trimEnd()),
      lineBreak,
      code(command),
    ),
  ];
  const lines = terminalLines(withCommand, options).map(({ length }) => Math.ceil(length / options.width));
  const fits = lines.reduce((sum, n) => sum + n, 0) <= terminalNeedsMaxLines;
  return fits ? withCommand : [paragraph(text(`${t(about)}.`))];
}

export type { Paint } from '../renderers/terminal-text.ts';

const words = messages('table', {
  blocks:
    '{n} {n, plural, one {block} other {blocks}}; every block runs each combination once, in random order',
  someComplete:
    '{n} blocks, each in random order; {complete, plural, one {one} other {{complete}}} ran every test, the others only the tests that still needed more data',
  value: 'value',
  lower: 'lower is better',
  higher: 'higher is better',
  options:
    'options of {base}, from {name} and its {n} other {n, plural, one {arm} other {arms}} (all in report.md):',
});

export interface TableOptions extends Omit<TerminalOptions, 'width'> {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  /** Maximum width, columns; default {@link tableWidth}, at least {@link minTableWidth}. */
  readonly width?: number;
  /** True for a run in an archive: no report.md stands beside it, and it cannot go on. */
  readonly isArchive?: boolean;
}

/** Minimum width: below it numbers would be cut. */
export const minTableWidth = 72;

/** Approximate maximum number of lines for many subjects; the list of unmeasured ones gets the remaining lines. */
const maxLines = 60;
const minAbsenceLines = 8;

/**
 * The headline rows for a terminal: warnings, then per workload every runtime with value, ratio and verdict (for many
 * subjects a summary per category), then what could not be measured and how to fix it. Ends with a line feed.
 */
export function terminalTable({ run: whole, analysis: all, ...options }: TableOptions): string {
  const { lang, width = tableWidth } = options;
  const { run, analysis } = withoutArms(whole, all);
  const terminal = { ...options, width: Math.max(minTableWidth, width) };
  const context = analysisContext({ run, analysis, lang });
  const { t, rows } = context;
  const gone = new Set(unavailableRuntimes({ run }));
  const headlines = rows.filter(({ headline, runtime }) => headline && !gone.has(runtime));
  const many = subjectCount(headlines) > manySubjects;
  const results = !headlines.some(hasValue)
    ? nothingMeasured(run, analysis, terminal).map((said) => paragraph(text(t(said))))
    : [
        quiet(t(blocksOf(analysis))),
        ...(many
          ? [...summaryTable(headlines, analysis, terminal), ...idlePrices(context)]
          : [headlineTable(headlines, analysis, lang)]),
      ];
  // With many subjects, the first column of their table holds the verdicts.
  const sentences = many ? [] : runtimeVerdicts(context);
  const verdicts = sentences.length === 0 ? [] : [...aboutRatios(context), ...sentences];
  const above = [warnings(run, analysis, lang), verdicts, results, effectBlocks(context)];
  const needs = terminalNeeds(context, terminal);
  const used = renderTerminal([...above, needs], terminal).split('\n').length + 2;
  const room = many ? Math.max(minAbsenceLines, maxLines - used) : Number.POSITIVE_INFINITY;
  return `${renderTerminal([...above, absences(run, analysis, terminal, room), needs], terminal)}\n`;
}

/**
 * A run without the arms of designs, except those with all options at their reference and those that cannot run. The other arms
 * are shown as effects of options instead.
 */
function withoutArms(run: RunRecord, analysis: Analysis): Pick<TableOptions, 'run' | 'analysis'> {
  const { designs = [] } = run.config;
  if (designs.length === 0) return { run, analysis };
  const gone = new Set(unavailableRuntimes({ run }));
  const arms = new Set(designs.flatMap((design) => design.arms.slice(1).map(({ runtime }) => runtime)));
  const isShown = (runtime: string) => gone.has(runtime) || !arms.has(runtime);
  return {
    run: { ...run, runtimes: run.runtimes.filter(({ entry }) => isShown(entry.name)) },
    analysis: {
      ...analysis,
      rows: analysis.rows.filter(({ runtime }) => isShown(runtime)),
      ...(analysis.categories === undefined
        ? {}
        : { categories: analysis.categories.filter(({ runtime }) => isShown(runtime)) }),
    },
  };
}

/** One sentence per option of a runtime on its effect; empty without designs. */
function effectBlocks(context: AnalysisContext): readonly Block[] {
  const { analysis, run, t } = context;
  return (run.config.designs ?? []).flatMap((design) => {
    const own = (analysis.effects ?? []).filter((row) => row.design === design.name);
    const sentences = mainEffects(own).flatMap((rows) => levelSentence(rows, context) ?? []);
    if (sentences.length === 0) return [];
    const { name, base, arms } = design;
    const title = t(words.options({ name, base, n: arms.length - 1 }));
    return [paragraph(text(title)), ...list(sentences.map((sentence) => [text(t(sentence))]))];
  });
}

/** Completeness of the blocks. */
function blocksOf({ blocks: n, completeBlocks: complete }: Analysis): Message {
  return complete === n ? words.blocks({ n }) : words.someComplete({ n, complete });
}

function warnings(run: RunRecord, analysis: Analysis, lang: Lang): readonly Block[] {
  const emulation = emulationDoubt(run);
  const items = [
    ...(emulation === null ? [] : [[text(translate(emulation, lang))]]),
    ...otherDoubts(analysis).map((warning) => [quoted(warning, 'message', lang)]),
  ];
  return items.length === 0 ? [] : [{ kind: 'warning', items }];
}

/** Narrow tables drop the values' intervals first, because verdicts rest on the ratios'. */
function headlineTable(rows: readonly SummaryRow[], analysis: Analysis, lang: Lang): Block {
  const confidence = formatConfidence(analysis.thresholds.confidence, lang);
  const baseline = terminalText(analysis.baseline, 12);
  return tableOf(
    groupBy(rows, subjectLabel).flatMap((group) => {
      const title = group.find(hasValue);
      return group.flatMap((row, i) => [
        ...(i === 0 ? [{ over: titleOf(title ?? row, lang) }] : []),
        { row, title: title ?? row },
      ]);
    }),
    [
      [shared.runtime, ({ row }) => runtimeName(row.runtime), cut(undefined, 8)],
      [
        shared.valueWithInterval({ confidence }),
        ({ row }) => valueText(row, lang),
        { brief: translate(words.value, lang) },
      ],
      [shared.ratioWithInterval({ baseline }), ({ row }) => ratioOf(row, lang)],
      [shared.verdict, ({ row, title }) => verdictText(row, title, analysis, lang), wrap(undefined, 16)],
    ],
    lang,
  );
}

/** `startup/echo (time to first output, lower is better)` */
function titleOf({ metric, better, ...subject }: SummaryRow, lang: Lang): string {
  const direction = better === 'lower' || better === 'higher' ? translate(words[better], lang) : '';
  const about = [metricName(metric ?? '', lang), direction].filter((part) => part !== '').join(', ');
  const label = terminalText(subjectLabel(subject), 120);
  return about === '' ? label : `${label} (${terminalText(about, 120)})`;
}

function valueText(row: SummaryRow, lang: Lang): TableCell {
  if (!hasValue(row)) return null;
  const { median, ciLow: low, ciHigh: high, unit } = row;
  const shown = formatEstimate({ value: median, low, high }, unit, lang);
  return number(shown, median, formatValue(median, unit, lang));
}

function ratioOf(row: SummaryRow, lang: Lang): TableCell {
  const raw = rawRatio(row);
  return raw === null ? (differenceText(row, lang) ?? '') : number(formatRatioEstimate(raw, lang), raw.ratio);
}

function verdictText(row: SummaryRow, title: SummaryRow, analysis: Analysis, lang: Lang): Text {
  const t: Translate = (message) => translate(message, lang);
  const besides = [
    otherMetric(row, title, lang),
    ofEmulatedGuest(row, analysis) ? t(shared.emulatedGuest) : '',
  ]
    .filter((one) => one !== '')
    .map((one) => text(`, ${terminalText(one, 40)}`));
  return [
    ...(hasVerdict(row) ? [verdictOf(row, lang)] : []),
    ...besides,
    ...[...decidedByFew(row), ...twoGroups(row, lang), ...failures(row, lang)].map(({ brief }) =>
      text(`, ${t(brief)}`),
    ),
  ];
}

/** `? slower, not confirmed`: an inconclusive verdict with the one that only the correction prevents. */
function verdictOf(row: SummaryRow, lang: Lang): Inline {
  const t: Translate = (message) => translate(message, lang);
  const verdict = verdictInline(row, t);
  const [remark] = unconfirmed(row, lang);
  return remark === undefined ? verdict : { ...verdict, text: t(remark.brief) };
}
