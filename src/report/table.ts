import { messages } from '../messages/define.ts';
import type { Lang } from '../messages/message.ts';
import { translate } from '../messages/translate.ts';
import type { Analysis, SummaryRow } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { absences } from './absences.ts';
import { manySubjects, subjectCount } from './category-summary.ts';
import { hasValue, hasVerdict, rawRatio } from './comparison.ts';
import { type Translate, unavailableRuntimes } from './context.ts';
import { type Block, number, paragraph, quiet, runtimeName, type Text, text } from './document.ts';
import { emulationDoubt, ofEmulatedGuest, otherDoubts } from './emulation.ts';
import { formatConfidence, formatEstimate, formatRatio, formatRatioInterval, formatValue } from './format.ts';
import { groupBy, orderRows, otherMetric, runtimeNames, subjectLabel } from './labels.ts';
import { quoted } from './quotes.ts';
import { renderTerminal, type TerminalOptions } from './renderers/terminal.ts';
import { terminalText } from './sanitize.ts';
import { summaryTable } from './summary-table.ts';
import { words as shared } from './words/common.ts';
import { metricName } from './words/metric.ts';
import { verdictInline } from './words/verdict.ts';

export type { Paint } from './renderers/terminal-text.ts';

const words = messages('table', {
  blocks:
    '{n} {n, plural, one {block} other {blocks}}; every block runs each combination once, in random order',
  median: 'median',
  lower: 'lower is better',
  higher: 'higher is better',
});

export interface TableOptions extends Omit<TerminalOptions, 'width'> {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  /** Maximum width, columns; default {@link tableWidth}, at least {@link minTableWidth}. */
  readonly width?: number;
}

/** Preferred width of the whole output, columns. */
export const tableWidth = 100;

/** Minimum width: below it numbers would be cut. */
export const minTableWidth = 72;

/** Approximate maximum of lines for many subjects; the list of unmeasured ones gets the remaining lines. */
const maxLines = 60;
const minAbsenceLines = 8;

/**
 * The headline rows for a terminal: warnings, then per workload every runtime with median, ratio and verdict (for many
 * subjects a summary per category), then what could not be measured and how to fix it. Ends with a line feed.
 */
export function terminalTable({ run, analysis, ...options }: TableOptions): string {
  const { lang, width = tableWidth } = options;
  const terminal = { ...options, width: Math.max(minTableWidth, width) };
  const t: Translate = (message) => translate(message, lang);
  const runtimes = runtimeNames(run, analysis);
  const gone = new Set(unavailableRuntimes({ run }));
  const headlines = orderRows(analysis.rows, runtimes).filter(
    ({ headline, runtime }) => headline && !gone.has(runtime),
  );
  const many = subjectCount(headlines) > manySubjects;
  const results = !headlines.some(hasValue)
    ? [paragraph(text(t(shared.nothingMeasured)))]
    : [
        quiet(t(words.blocks({ n: analysis.blocks }))),
        ...(many
          ? summaryTable(headlines, analysis.baseline, terminal)
          : [headlineTable(headlines, analysis, lang)]),
      ];
  const above = [warnings(run, analysis, lang), results];
  const used = renderTerminal(above, terminal).split('\n').length + 2;
  const room = many ? Math.max(minAbsenceLines, maxLines - used) : Number.POSITIVE_INFINITY;
  return `${renderTerminal([...above, absences(run, analysis, terminal, room)], terminal)}\n`;
}

function warnings(run: RunRecord, analysis: Analysis, lang: Lang): readonly Block[] {
  const emulation = emulationDoubt(run);
  const items = [
    ...(emulation === null ? [] : [[text(translate(emulation, lang))]]),
    ...otherDoubts(analysis).map((warning) => [quoted(warning, 'message', lang)]),
  ];
  return items.length === 0 ? [] : [{ kind: 'warning', items }];
}

/** Narrow tables drop the medians' intervals first, because verdicts rest on the ratios'. */
function headlineTable(rows: readonly SummaryRow[], analysis: Analysis, lang: Lang): Block {
  const t: Translate = (message) => translate(message, lang);
  const confidence = formatConfidence(analysis.thresholds.confidence, lang);
  const baseline = terminalText(analysis.baseline, 12);
  return {
    kind: 'table',
    columns: [
      { title: t(shared.runtime), align: 'left', fit: { how: 'cut', min: 8 } },
      { title: t(shared.medianWithInterval({ confidence })), align: 'left', brief: t(words.median) },
      { title: t(shared.ratioWithInterval({ baseline })), align: 'left' },
      { title: t(shared.verdict), align: 'left', fit: { how: 'wrap', min: 16 } },
    ],
    rows: groupBy(rows, subjectLabel).flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const title = group.find(hasValue);
      return [
        [[text(titleOf(title ?? first, lang))]],
        ...group.map((row) => cellsOf(row, title ?? row, analysis, lang)),
      ];
    }),
  };
}

/** `startup/echo (time to first output, lower is better)` */
function titleOf({ metric, better, ...subject }: SummaryRow, lang: Lang): string {
  const direction = better === 'lower' || better === 'higher' ? translate(words[better], lang) : '';
  const about = [metricName(metric ?? '', lang), direction].filter((part) => part !== '').join(', ');
  return `${terminalText(subjectLabel(subject), 120)} (${terminalText(about, 120)})`;
}

function cellsOf(row: SummaryRow, title: SummaryRow, analysis: Analysis, lang: Lang): readonly Text[] {
  const t: Translate = (message) => translate(message, lang);
  const raw = rawRatio(row);
  const interval =
    raw === null || raw.low === null || raw.high === null
      ? ''
      : ` ${formatRatioInterval(raw.ratio, raw.low, raw.high, lang)}`;
  const besides = [
    otherMetric(row, title, lang),
    ofEmulatedGuest(row, analysis) ? t(shared.emulatedGuest) : '',
  ]
    .filter((one) => one !== '')
    .map((one) => text(`, ${terminalText(one, 40)}`));
  return [
    [runtimeName(row.runtime)],
    hasValue(row)
      ? [
          number(
            formatEstimate({ value: row.median, low: row.ciLow, high: row.ciHigh }, row.unit, lang),
            row.median,
            formatValue(row.median, row.unit, lang),
          ),
        ]
      : [],
    raw === null ? [] : [number(`${formatRatio(raw.ratio, lang)}${interval}`, raw.ratio)],
    [
      ...(hasVerdict(row) ? [verdictInline(row.verdict, t)] : []),
      ...besides,
      ...(row.failures > 0 ? [text(`, ${t(shared.failed({ n: row.failures }))}`)] : []),
    ],
  ];
}
