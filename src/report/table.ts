import Table from 'cli-table3';
import type { Analysis, SummaryRow, Verdict } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { borderless } from './borderless.ts';
import { manySubjects, subjectCount } from './category-summary.ts';
import { hasValue, hasVerdict, rawRatio } from './comparison.ts';
import { unavailableRuntimes } from './context.ts';
import { emulationDoubt, otherDoubts } from './emulation.ts';
import { formatConfidence, formatEstimate, formatRatio, formatRatioInterval } from './format.ts';
import { groupBy, orderRows, runtimeNames, subjectLabel } from './labels.ts';
import { type Messages, messages, metricLabel } from './messages/index.ts';
import type { Lang } from './number.ts';
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
}

/** Columns that the whole output fits in. */
export const tableWidth = 100;

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
 * The headline rows for a terminal of {@link tableWidth} columns: warnings, then per workload every runtime with
 * median, ratio and verdict (of many subjects: per category what they come to), then what could not be measured and
 * what would mend it. Ends with a line feed.
 */
export function terminalTable({ run, analysis, lang, paint = (_, text) => text }: TableOptions): string {
  const m = messages(lang);
  const runtimes = runtimeNames(run, analysis);
  const gone = new Set(unavailableRuntimes({ run }));
  const headlines = orderRows(analysis.rows, runtimes).filter(
    ({ headline, runtime }) => headline && !gone.has(runtime),
  );
  const many = subjectCount(headlines) > manySubjects;
  const results = () =>
    many
      ? summaryTable({ rows: headlines, analysis, lang, m, paint, width: tableWidth })
      : body(headlines, analysis, lang, m, paint);
  const above = [
    warnings(run, analysis, m, paint),
    !headlines.some(hasValue)
      ? `${m.nothingMeasured}\n`
      : `${paint('dim', wrapText(m.tableTitle(analysis.blocks), tableWidth).join('\n'))}\n${results()}`,
  ];
  const used = above.join('\n').split('\n').length + 1;
  const room = many ? Math.max(leastAbsenceLines, mostLines - used) : Number.POSITIVE_INFINITY;
  const parts = [...above, absences(run, analysis, m, paint, room)];
  return parts.filter((part) => part !== '').join('\n');
}

function warnings(run: RunRecord, analysis: Analysis, m: Messages, paint: Paint): string {
  const emulation = emulationDoubt(run, m);
  return [...(emulation === null ? [] : [emulation]), ...otherDoubts(analysis).map(({ message }) => message)]
    .map((message) =>
      hanging(`! ${m.takeCare}${m.colon}`, message).replace(/^! [^:]+:/, (s) => paint('yellow', s)),
    )
    .join('');
}

function body(
  rows: readonly SummaryRow[],
  analysis: Analysis,
  lang: Lang,
  m: Messages,
  paint: Paint,
): string {
  const confidence = formatConfidence(analysis.thresholds.confidence, lang);
  const head = [
    `  ${m.runtime}`,
    m.medianCi(confidence),
    m.ratioCi(terminalText(analysis.baseline, 12)),
    m.verdictHead,
  ];
  const groups = groupBy(rows, subjectLabel).map((group) => ({
    title: group.find(hasValue) ?? group[0],
    lines: group.map((row) => ({ row, cells: cellsOf(row, lang, m) })),
  }));
  const colWidths = columnWidths([head, ...groups.flatMap(({ lines }) => lines.map(({ cells }) => cells))]);
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
    colWidths,
  });
  table.push(head.map((text) => paint('dim', text)));
  for (const { title, lines } of groups) {
    if (title !== undefined) table.push([{ colSpan: head.length, content: groupTitle(title, m, paint) }]);
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

/** As wide as the contents; where that is too much, the runtimes' names give way. */
function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths = [0, 1, 2, 3].map((i) => gap + Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const [names = 0, ...others] = widths;
  const rest = tableWidth - others.reduce((sum, width) => sum + width, 0);
  return [Math.max(10, Math.min(names, rest)), ...others];
}

function groupTitle(row: SummaryRow, m: Messages, paint: Paint): string {
  const direction = row.better === 'lower' ? m.lowerBetter : row.better === 'higher' ? m.higherBetter : '';
  const about = [metricLabel(row.metric ?? '', m), direction].filter((text) => text !== '').join(', ');
  return wrapText(`${terminalText(subjectLabel(row), 120)} (${terminalText(about, 120)})`, tableWidth - 4)
    .map((text) => paint('bold', text))
    .join('\n');
}

function cellsOf(row: SummaryRow, lang: Lang, m: Messages): readonly string[] {
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
  return [
    `  ${terminalText(row.runtime, 60)}`,
    hasValue(row)
      ? formatEstimate({ value: row.median, low: row.ciLow, high: row.ciHigh }, row.unit, lang)
      : '',
    ratio.trim(),
    `${hasVerdict(row) ? `${symbols[row.verdict]} ${m.verdict[row.verdict]}` : ''}${failed}`,
  ];
}

/**
 * Runtimes that cannot run here, and cells that never gave a value (those of one runtime and reason together); after
 * `room` lines only how many reasons are left.
 */
function absences(run: RunRecord, analysis: Analysis, m: Messages, paint: Paint, room: number): string {
  const items = run.runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'available'
      ? []
      : [
          hanging(`  – ${terminalText(entry.name, 40)}${m.colon}`, preflight.reason) +
            hanging(`    ${m.fix}${m.colon}`, preflight.fix),
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
      first.note,
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
function hanging(start: string, text: string): string {
  const lines = wrapText(`${start.trimStart()}${terminalText(text)}`, tableWidth - 6);
  const indent = start.length - start.trimStart().length;
  return lines.map((part, i) => `${' '.repeat(i === 0 ? indent : 4)}${part}\n`).join('');
}
