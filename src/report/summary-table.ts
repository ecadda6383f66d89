import Table from 'cli-table3';
import type { Lang } from '../messages/message.ts';
import type { Analysis, SummaryRow } from '../model/analysis.ts';
import { borderless } from './borderless.ts';
import {
  allInconclusive,
  type CategorySummary,
  categorySummaries,
  type HeadlineCost,
  type Standing,
  standings,
  subjectCount,
} from './category-summary.ts';
import { formatRatio } from './format.ts';
import { briefSubject, commonParams, groupBy } from './labels.ts';
import type { Messages } from './messages/index.ts';
import { terminalText } from './sanitize.ts';
import type { Paint, TextStyle } from './table.ts';
import { cutMiddle, wrapText } from './wrap.ts';

interface SummaryTableOptions {
  readonly rows: readonly SummaryRow[];
  readonly analysis: Analysis;
  readonly lang: Lang;
  readonly m: Messages;
  readonly paint: Paint;
  /** Columns that no line may exceed. */
  readonly width: number;
}

/** One letter's width says what is better even without colour; the words are above the table. */
const signs: Readonly<Record<Standing, string>> = {
  worse: '▼',
  better: '▲',
  differs: '≠',
  equivalent: '≈',
  inconclusive: '?',
  unavailable: '–',
};

const styles: Readonly<Partial<Record<Standing, TextStyle>>> = { worse: 'red', better: 'green' };

/** Columns between cells. */
const gap = 2;

/** In fewer columns the names of parameters are left out of all but the shortest subjects. */
const roomyWidth = 96;

/**
 * The headlines of many subjects for a terminal: a line per category and runtime with the geometric mean of its cost
 * ratios, the costliest and the cheapest subject, and how many subjects got which verdict. Ends with a line feed.
 */
export function summaryTable({ rows, analysis, lang, m, paint, width }: SummaryTableOptions): string {
  const summaries = categorySummaries(rows, analysis.baseline);
  const present = standings.filter((standing) => summaries.some(({ counts }) => counts[standing] > 0));
  const dropped = commonParams(rows);
  const most = width < roomyWidth ? 12 : 24;
  const intro = m.summaryIntro(subjectCount(rows), terminalText(analysis.baseline, 30));
  const legend = present.map((standing) => `${signs[standing]} ${m.standing[standing]}`).join(' · ');
  const head = [
    `  ${m.runtime}`,
    m.summaryMean,
    m.summaryWorst,
    m.summaryBest,
    ...present.map((standing) => signs[standing]),
  ];
  const bodies = summaries.map((summary) => ({
    summary,
    cells: cellsOf(summary, present, dropped, most, lang),
  }));
  const colWidths = columnWidths([head, ...bodies.map(({ cells }) => cells)], width);
  const narrowed = (cells: readonly string[]) =>
    cells.map((cell, i) => cutMiddle(cell, (colWidths[i] ?? 0) - gap));
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
    colWidths,
    colAligns: head.map((_, i) => (i === 1 || i > 3 ? 'right' : 'left')),
  });
  table.push(narrowed(head).map((text) => paint('dim', text)));
  for (const group of groupBy(bodies, ({ summary }) => summary.category)) {
    const first = group[0]?.summary;
    if (first === undefined) continue;
    const title = `${m.category[first.category]} (${m.subjectsCount(String(first.subjects), first.subjects)})`;
    table.push([{ colSpan: head.length, content: paint('bold', title) }]);
    for (const { cells } of group)
      table.push(narrowed(cells).map((cell, i) => painted(cell, present[i - 4], paint)));
  }
  const lines = table
    .toString()
    .split('\n')
    .map((text) => text.trimEnd());
  const notes = [...wrapText(intro, width), ...wrapText(`${m.summaryCounts}${m.colon}${legend}`, width)];
  const dim = (texts: readonly string[]) => texts.map((text) => paint('dim', text));
  return [...dim(notes), ...lines, ...dim(wrapText(m.fullTable, width)), ''].join('\n');
}

function painted(cell: string, standing: Standing | undefined, paint: Paint): string {
  const style = standing === undefined || cell === '' ? undefined : styles[standing];
  return style === undefined ? cell : paint(style, cell);
}

function cellsOf(
  summary: CategorySummary,
  present: readonly Standing[],
  dropped: ReadonlyMap<string, ReadonlySet<string>>,
  most: number,
  lang: Lang,
): readonly string[] {
  const { runtime, costs, counts } = summary;
  const extreme = (item: HeadlineCost | undefined) =>
    item === undefined
      ? ''
      : `${extremeRatio(item, lang)} ${terminalText(briefSubject(item.row, dropped, most), 120)}`;
  return [
    `  ${terminalText(runtime, 60)}`,
    meanRatio(summary, lang),
    extreme(costs[0]),
    costs.length > 1 ? extreme(costs[costs.length - 1]) : '',
    ...present.map((standing) => (counts[standing] === 0 ? '' : String(counts[standing]))),
  ];
}

/** The geometric mean, with a question mark where no ratio behind it is conclusive. */
export function meanRatio(summary: CategorySummary, lang: Lang): string {
  const { mean } = summary;
  return mean === null ? '' : `${formatRatio(mean, lang)}${allInconclusive(summary) ? '?' : ''}`;
}

/** The ratio of one subject, marked likewise. */
export function extremeRatio({ row, cost }: HeadlineCost, lang: Lang): string {
  return `${formatRatio(cost.ratio, lang)}${row.verdict === 'inconclusive' ? '?' : ''}`;
}

/** As wide as the contents; where that is too much, the two subjects give way evenly, then the runtimes' names. */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const widths = (rows[0] ?? []).map((_, i) => gap + Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const sum = (of: readonly number[]) => of.reduce((total, one) => total + one, 0);
  const [names = 0, mean = 0, worst = 0, best = 0, ...counts] = widths;
  const kept = Math.min(names, 18);
  const room = width - sum([kept, mean, ...counts]);
  const half = Math.floor(room / 2);
  const worstKept = Math.min(worst, Math.max(half, room - best));
  return [kept, mean, worstKept, Math.min(best, room - worstKept), ...counts];
}
