import Table from 'cli-table3';
import type { Lang } from '../messages/message.ts';
import type { Analysis, SummaryRow, Verdict } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { borderless } from './borderless.ts';
import { manySubjects, subjectCount } from './category-summary.ts';
import { hasValue, hasVerdict, rawRatio, type ValueRow } from './comparison.ts';
import { unavailableRuntimes } from './context.ts';
import { emulationDoubt, ofEmulatedGuest, otherDoubts } from './emulation.ts';
import { formatConfidence, formatEstimate, formatRatio, formatRatioInterval, formatValue } from './format.ts';
import { groupBy, orderRows, otherMetric, runtimeNames, subjectLabel } from './labels.ts';
import { type Messages, messages, metricLabel } from './messages/index.ts';
import { inLanguage } from './phrases/phrase.ts';
import { terminalText } from './sanitize.ts';
import { summaryTable } from './summary-table.ts';
import { cutMiddle, wrapText } from './wrap.ts';

/** What a text looks like; the caller knows whether the terminal may show it (NO_COLOR, not a TTY). */
export type TextStyle = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
export type Paint = (style: TextStyle, text: string) => string;

export interface TableOptions {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly lang: Lang;
  /** Leaves the text as it is by default. */
  readonly paint?: Paint;
  /** Columns that no line may exceed, {@link tableWidth} by default and {@link leastTableWidth} at least. */
  readonly width?: number;
}

/** How the parts of the output are written. */
interface Look {
  readonly lang: Lang;
  readonly m: Messages;
  readonly paint: Paint;
  readonly width: number;
}

/** Columns that the whole output fits in where there is room for them. */
export const tableWidth = 100;

/** In fewer, numbers would have to be cut. */
export const leastTableWidth = 72;

/** Lines of the output where there are many subjects, about; what could not be measured gets what is left of them. */
const mostLines = 60;
const leastAbsenceLines = 8;

/** Beside the word, so that colour is never the only sign. */
const symbols: Readonly<Record<Verdict, string>> = {
  baseline: '·',
  faster: '▲',
  slower: '▼',
  less: '↓',
  more: '↑',
  equivalent: '≈',
  inconclusive: '?',
  unavailable: '–',
};

const styles: Readonly<Partial<Record<Verdict, TextStyle>>> = {
  baseline: 'dim',
  faster: 'green',
  slower: 'red',
  less: 'yellow',
  more: 'yellow',
  inconclusive: 'dim',
};

/**
 * The headline rows for a terminal: warnings, then per workload every runtime with
 * median, ratio and verdict (of many subjects: per category what they come to), then what could not be measured and
 * what would mend it. Ends with a line feed.
 */
export function terminalTable(options: TableOptions): string {
  const { run, analysis, lang, paint = (_, text) => text, width = tableWidth } = options;
  const m = messages(lang);
  const look: Look = { lang, m, paint, width: Math.max(leastTableWidth, width) };
  const runtimes = runtimeNames(run, analysis);
  const gone = new Set(unavailableRuntimes({ run }));
  const headlines = orderRows(analysis.rows, runtimes).filter(
    ({ headline, runtime }) => headline && !gone.has(runtime),
  );
  const many = subjectCount(headlines) > manySubjects;
  const results = () =>
    many ? summaryTable({ rows: headlines, analysis, ...look }) : body(headlines, analysis, look);
  const above = [
    warnings(run, analysis, look),
    !headlines.some(hasValue)
      ? `${m.nothingMeasured}\n`
      : `${paint('dim', wrapText(m.tableTitle(analysis.blocks), look.width).join('\n'))}\n${results()}`,
  ];
  const used = above.join('\n').split('\n').length + 1;
  const room = many ? Math.max(leastAbsenceLines, mostLines - used) : Number.POSITIVE_INFINITY;
  const parts = [...above, absences(run, analysis, look, room)];
  return parts.filter((part) => part !== '').join('\n');
}

function warnings(run: RunRecord, analysis: Analysis, { lang, m, paint, width }: Look): string {
  const emulation = emulationDoubt(run, m);
  return [
    ...(emulation === null ? [] : [emulation]),
    ...otherDoubts(analysis).map(({ message }) => inLanguage(message, lang)),
  ]
    .map((message) =>
      hanging(`! ${m.takeCare}${m.colon}`, message, width).replace(/^! [^:]+:/, (s) => paint('yellow', s)),
    )
    .join('');
}

function body(rows: readonly SummaryRow[], analysis: Analysis, look: Look): string {
  const { lang, m, paint, width } = look;
  const confidence = formatConfidence(analysis.thresholds.confidence, lang);
  const layout = (withIntervals: boolean) => {
    const head = [
      `  ${m.runtime}`,
      withIntervals ? m.medianCi(confidence) : m.median,
      m.ratioCi(terminalText(analysis.baseline, 12)),
      m.verdictHead,
    ];
    const groups = groupBy(rows, subjectLabel).map((group) => ({
      title: group.find(hasValue) ?? group[0],
      lines: group.map((row) => ({
        row,
        cells: cellsOf(row, group.find(hasValue) ?? row, analysis, { withIntervals, lang, m }),
      })),
    }));
    const all = [head, ...groups.flatMap(({ lines }) => lines.map(({ cells }) => cells))];
    return { head, groups, colWidths: columnWidths(all, width) };
  };
  // Where there is little room the intervals of medians give way: the ratios' are what verdicts rest on.
  const full = layout(true);
  const { head, groups, colWidths } = sum(full.colWidths) - gap <= width ? full : layout(false);
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
    colWidths,
  });
  table.push(head.map((text) => paint('dim', text)));
  for (const { title, lines } of groups) {
    if (title !== undefined)
      table.push([{ colSpan: head.length, content: groupTitle(title, width, m, paint) }]);
    for (const { row, cells } of lines) {
      const [name = '', median = '', ratio = '', verdict = ''] = cells;
      const style = styles[row.verdict];
      const shown = cutMiddle(name, (colWidths[0] ?? 0) - gap);
      table.push([shown, median, ratio, style === undefined ? verdict : paint(style, verdict)]);
    }
  }
  return `${table
    .toString()
    .split('\n')
    // The library cuts a cell that is too wide for it, if need be in the middle of a character.
    .map((text) => text.trimEnd().toWellFormed())
    .join('\n')}\n`;
}

/** Columns between cells. */
const gap = 2;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/**
 * As wide as the contents; where that is too much, the runtimes' names give way. What is left goes to the last column, so
 * that titles over all of them have the whole width.
 */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const widths = [0, 1, 2, 3].map((i) => gap + Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const [names = 0, medians = 0, ratios = 0, verdicts = 0] = widths;
  // Nothing follows the last column that a gap would have to part it from.
  const rest = width + gap - medians - ratios;
  const kept = Math.max(10, Math.min(names, rest - verdicts));
  return [kept, medians, ratios, Math.max(verdicts, rest - kept)];
}

function groupTitle(row: SummaryRow, width: number, m: Messages, paint: Paint): string {
  const direction = row.better === 'lower' ? m.lowerBetter : row.better === 'higher' ? m.higherBetter : '';
  const about = [metricLabel(row.metric ?? '', m), direction].filter((text) => text !== '').join(', ');
  return wrapText(`${terminalText(subjectLabel(row), 120)} (${terminalText(about, 120)})`, width)
    .map((text) => paint('bold', text))
    .join('\n');
}

function cellsOf(
  row: SummaryRow,
  title: SummaryRow,
  analysis: Analysis,
  { withIntervals, lang, m }: Pick<Look, 'lang' | 'm'> & { readonly withIntervals: boolean },
): readonly string[] {
  const raw = rawRatio(row);
  const ratio =
    raw === null
      ? ''
      : [
          formatRatio(raw.ratio, lang),
          raw.low === null || raw.high === null
            ? ''
            : formatRatioInterval(raw.ratio, raw.low, raw.high, lang),
        ].join(' ');
  const failed = row.failures > 0 ? `, ${m.failedCount(row.failures)}` : '';
  const besides = [otherMetric(row, title, m), ofEmulatedGuest(row, analysis) ? m.emulatedGuest : '']
    .filter((words) => words !== '')
    .map((words) => `, ${terminalText(words, 40)}`)
    .join('');
  return [
    `  ${terminalText(row.runtime, 60)}`,
    hasValue(row) ? medianText(row, withIntervals, lang) : '',
    ratio.trim(),
    `${hasVerdict(row) ? `${symbols[row.verdict]} ${m.verdict[row.verdict]}` : ''}${besides}${failed}`,
  ];
}

function medianText(row: ValueRow, withInterval: boolean, lang: Lang): string {
  const { median: value, ciLow: low, ciHigh: high, unit } = row;
  return withInterval ? formatEstimate({ value, low, high }, unit, lang) : formatValue(value, unit, lang);
}

/**
 * Runtimes that cannot run here, and cells that never gave a value (those of one runtime and reason together); after
 * `room` lines only how many reasons are left.
 */
function absences(run: RunRecord, analysis: Analysis, { lang, m, paint, width }: Look, room: number): string {
  const items = run.runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'available'
      ? []
      : [
          hanging(
            `  – ${terminalText(entry.name, 40)}${m.colon}`,
            inLanguage(preflight.reason, lang),
            width,
          ) + hanging(`    ${m.fix}${m.colon}`, inLanguage(preflight.fix, lang), width),
        ],
  );
  const gone = new Set(unavailableRuntimes({ run }));
  const empty = analysis.rows.filter(
    (row) => row.n === 0 && !gone.has(row.runtime) && (row.headline || row.metric === null),
  );
  const cells = groupBy(empty, (row) => JSON.stringify([row.runtime, row.note])).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subjects = [...new Set(group.map(subjectLabel))];
    const named =
      subjects.length > 2 ? m.subjectsCount(String(subjects.length), subjects.length) : subjects.join(', ');
    return hanging(
      `  – ${terminalText(first.runtime, 40)}, ${terminalText(named, 240)}${m.colon}`,
      inLanguage(first.note, lang),
      width,
    );
  });
  const all = [...items, ...cells];
  if (all.length === 0) return '';
  const shown = all.filter((_, i) => lineCount(all.slice(0, i + 1)) <= room - 2);
  const left = all.length - shown.length;
  const rest = left === 0 ? '' : `  – ${m.moreAbsent(left)}\n`;
  return `${paint('bold', m.notMeasured)}\n${shown.join('')}${rest}`;
}

function lineCount(texts: readonly string[]): number {
  return texts.join('').split('\n').length - 1;
}

/** Text wrapped to the width, its further lines indented by four. */
function hanging(start: string, text: string, width: number): string {
  const lines = wrapText(`${start.trimStart()}${terminalText(text)}`, width - 6);
  const indent = start.length - start.trimStart().length;
  return lines.map((part, i) => `${' '.repeat(i === 0 ? indent : 4)}${part}\n`).join('');
}
