import Table from 'cli-table3';
import type { Analysis, SummaryRow, Verdict } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { hasValue, rawRatio, type ValueRow } from './comparison.ts';
import { formatEstimate, formatPercent, formatRatio, formatRatioInterval } from './format.ts';
import { groupBy, orderRows, runtimeNames, subjectLabel } from './labels.ts';
import { type Messages, messages, metricLabel } from './messages/index.ts';
import type { Lang } from './number.ts';
import { terminalText } from './sanitize.ts';
import { wrapText } from './wrap.ts';

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
 * median, ratio and verdict, then what could not be measured and what would mend it. Ends with a line feed.
 */
export function terminalTable({ run, analysis, lang, paint = (_, text) => text }: TableOptions): string {
  const m = messages(lang);
  const runtimes = runtimeNames(run, analysis);
  const headlines = orderRows(analysis.rows, runtimes).filter((row) => row.headline && hasValue(row));
  const parts = [
    warnings(analysis, m, paint),
    headlines.length === 0
      ? `${m.nothingMeasured}\n`
      : `${paint('dim', wrapText(m.tableTitle(analysis.blocks), tableWidth).join('\n'))}\n${body(headlines, analysis, lang, m, paint)}`,
    absences(run, analysis, m, paint),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function warnings(analysis: Analysis, m: Messages, paint: Paint): string {
  return analysis.warnings
    .map(({ message }) =>
      hanging(`! ${m.takeCare}: `, message).replace(/^! [^:]+:/, (s) => paint('yellow', s)),
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
  const confidence = formatPercent(analysis.thresholds.confidence, lang);
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: true },
    colWidths: [22, 30, 24, 18],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  table.push(
    [m.runtime, m.medianCi(confidence), m.ratioCi(terminalText(analysis.baseline, 12)), m.verdictHead].map(
      (text) => paint('dim', text),
    ),
  );
  for (const group of groupBy(rows, (row) => `${subjectLabel(row)}|${row.metric}`)) {
    const first = group[0];
    if (first === undefined) continue;
    table.push([{ colSpan: 4, content: groupTitle(first, m, paint) }]);
    for (const row of group) if (hasValue(row)) table.push(line(row, lang, m, paint));
  }
  return `${table
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n')}\n`;
}

function groupTitle(row: SummaryRow, m: Messages, paint: Paint): string {
  const direction = row.better === 'lower' ? m.lowerBetter : row.better === 'higher' ? m.higherBetter : '';
  const about = [metricLabel(row.metric ?? '', m), direction].filter((text) => text !== '').join(', ');
  return wrapText(`${terminalText(subjectLabel(row), 120)} (${terminalText(about, 120)})`, tableWidth - 4)
    .map((text) => paint('bold', text))
    .join('\n');
}

function line(row: ValueRow, lang: Lang, m: Messages, paint: Paint): string[] {
  const raw = rawRatio(row);
  const ratio =
    raw === null || row.verdict === 'baseline'
      ? ''
      : [
          formatRatio(raw.ratio, lang),
          raw.low === null || raw.high === null
            ? ''
            : formatRatioInterval(raw.ratio, raw.low, raw.high, lang),
        ].join(' ');
  const verdict = `${symbols[row.verdict]} ${m.verdict[row.verdict]}`;
  const style = styles[row.verdict];
  const failed = row.failures > 0 ? ` (${m.failedCount(row.failures)})` : '';
  return [
    `  ${terminalText(row.runtime, 40)}${failed}`,
    formatEstimate({ value: row.median, low: row.ciLow, high: row.ciHigh }, row.unit, lang),
    ratio.trim(),
    style === undefined ? verdict : paint(style, verdict),
  ];
}

/** Runtimes that cannot run here, and cells that never gave a value. */
function absences(run: RunRecord, analysis: Analysis, m: Messages, paint: Paint): string {
  const items = run.runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'available'
      ? []
      : [
          hanging(`  – ${terminalText(entry.name, 40)}: `, preflight.reason) +
            hanging(`    ${m.fix}: `, preflight.fix),
        ],
  );
  const gone = new Set(
    run.runtimes.filter((r) => r.preflight.status === 'unavailable').map((r) => r.entry.name),
  );
  const cells = analysis.rows
    .filter((row) => row.n === 0 && !gone.has(row.runtime) && (row.headline || row.metric === null))
    .map((row) =>
      hanging(`  – ${terminalText(row.runtime, 40)}, ${terminalText(subjectLabel(row), 120)}: `, row.note),
    );
  const all = [...items, ...new Set(cells)];
  return all.length === 0 ? '' : `${paint('bold', m.notMeasured)}\n${all.join('')}`;
}

/** Text wrapped to the width, its further lines indented by four. */
function hanging(start: string, text: string): string {
  const lines = wrapText(`${start.trimStart()}${terminalText(text)}`, tableWidth - 6);
  const indent = start.length - start.trimStart().length;
  return lines.map((part, i) => `${' '.repeat(i === 0 ? indent : 4)}${part}\n`).join('');
}

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
