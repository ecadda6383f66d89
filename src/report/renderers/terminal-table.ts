import type { Block, Column, Text } from '../document/document.ts';
import { columnsOf, fitColumns } from '../document/terminal-columns.ts';
import { cutMiddle, wrapText } from '../document/wrap.ts';
import { type Paint, plain, type TextStyle, toneStyles } from './terminal-text.ts';

type Table = Extract<Block, { kind: 'table' }>;

/** A cell and the style of its whole text. */
interface Cell {
  readonly text: string;
  readonly style: TextStyle | undefined;
}

/** Columns between cells. */
const gap = 2;

/** Indentation of rows below a title. */
const indent = 2;

/**
 * A table without lines. Columns are as wide as their contents. If that exceeds the width, columns with `fit.min` shrink; if
 * that is not enough, values use their short form. A row of one cell is a title for the rows that follow.
 */
export function tableLines(table: Table, width: number, paint: Paint): readonly string[] {
  const full = layout(table, width, false);
  const { head, rows, widths } = full.fits ? full : layout(table, width, true);
  const styled = ({ text, style }: Cell) => (style === undefined || text === '' ? text : paint(style, text));
  const line = (cells: readonly Cell[], toLines: typeof fitted) => {
    const columns = cells.map((cell, i) => toLines(cell.text, table.columns[i], widths[i] ?? 0));
    const height = Math.max(...columns.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) =>
      cells
        .map((cell, i) => {
          const text = columns[i]?.[at] ?? '';
          const fill = ' '.repeat(Math.max(0, (widths[i] ?? 0) - columnsOf(text)));
          const shown = styled({ text, style: cell.style });
          return table.columns[i]?.align === 'right' ? `${fill}${shown}` : `${shown}${fill}`;
        })
        .join(' '.repeat(gap))
        .trimEnd(),
    );
  };
  return [
    ...line(head, (title, _, columns) => [fitColumns(title, columns)]),
    ...rows.flatMap((row) =>
      'title' in row
        ? wrapText(row.title, width).map((text) => paint('bold', text))
        : line(row.cells, fitted),
    ),
  ];
}

function layout(table: Table, width: number, brief: boolean) {
  const { columns } = table;
  const isTitle = (row: readonly Text[]) => row.length === 1 && columns.length > 1;
  const margin = table.rows.some(isTitle) ? ' '.repeat(indent) : '';
  const cell = (parts: Text, i: number): Cell => ({
    text: `${i === 0 ? margin : ''}${plain(parts, brief)}`,
    style: parts
      .map((part) => ('tone' in part && part.tone ? toneStyles[part.tone] : undefined))
      .find(Boolean),
  });
  const head = columns.map(({ title, brief: short = title }, i): Cell => {
    const shown = plain([{ kind: 'text', text: brief ? short : title }]);
    return { text: `${i === 0 ? margin : ''}${shown}`, style: 'dim' };
  });
  const rows = table.rows.map((row) =>
    isTitle(row) ? { title: plain(row[0] ?? [], brief) } : { cells: row.map(cell) },
  );
  const all = [head, ...rows.flatMap((row) => ('cells' in row ? [row.cells] : []))];
  const natural = columns.map(({ fit }, i) => {
    const widest = Math.max(...all.flatMap((cells) => (cells[i]?.text ?? '').split('\n').map(columnsOf)));
    return Math.min(widest, fit?.max ?? widest);
  });
  // Numbers in the last column keep their distance from the edge.
  const gaps = gap * (columns.at(-1)?.align === 'right' ? columns.length : columns.length - 1);
  const widths = shared(columns, natural, width - gaps);
  return { head, rows, widths, fits: sum(widths) + gaps <= width };
}

/** Shares the remaining width evenly among the columns that may shrink. */
function shared(columns: readonly Column[], natural: readonly number[], width: number): readonly number[] {
  if (sum(natural) <= width) return natural;
  const flexible = columns.flatMap(({ fit }, i) => (fit?.min === undefined ? [] : [i]));
  let room = width - sum(natural.filter((_, i) => !flexible.includes(i)));
  const widths = [...natural];
  for (const [at, i] of flexible.entries()) {
    const later = flexible.slice(at + 1);
    const share = Math.max(
      Math.floor(room / (later.length + 1)),
      room - sum(later.map((n) => natural[n] ?? 0)),
    );
    widths[i] = Math.min(natural[i] ?? 0, Math.max(share, columns[i]?.fit?.min ?? 0));
    room -= widths[i] ?? 0;
  }
  return widths;
}

function fitted(text: string, column: Column | undefined, width: number): readonly string[] {
  if (column?.fit?.how === 'cut') return [cutMiddle(text, width)];
  return column?.fit === undefined
    ? text.split('\n')
    : text.split('\n').flatMap((line) => wrapText(line, width));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
