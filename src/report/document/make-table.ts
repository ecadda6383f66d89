import type { Lang, Message } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import { type Block, type Column, type Inline, type Text, text } from './document.ts';

/** Content of a cell; null: empty. */
export type TableCell = string | Message | Inline | Text | null;

/** A column: title, content for a row, and layout (default: left-aligned). */
export type TableColumn<T> = readonly [
  title: string | Message,
  cell: (row: T) => TableCell,
  how?: 'right' | Partial<Column>,
];

/** A title for the rows that follow. */
interface GroupTitle {
  readonly over: TableCell;
}

/** Makes a table; messages are translated to `lang`, and columns that are false are left out. */
export function tableOf<T>(
  rows: readonly T[],
  columns: readonly (TableColumn<Exclude<T, GroupTitle>> | false)[],
  lang: Lang,
  caption?: string | Message,
): Block {
  const say = (what: string | Message) => (typeof what === 'string' ? what : translate(what, lang));
  const shown = (cell: TableCell): Text => {
    if (cell === null) return [];
    if (typeof cell === 'string') return [text(cell)];
    if ('kind' in cell) return [cell];
    return 'id' in cell ? [text(say(cell))] : cell;
  };
  const present = columns.filter((column) => column !== false);
  return {
    kind: 'table',
    ...(caption === undefined ? {} : { caption: say(caption) }),
    columns: present.map(([title, , how = {}]) => ({
      title: say(title),
      align: how === 'right' ? how : 'left',
      ...(how === 'right' ? {} : how),
    })),
    rows: rows.map((row) =>
      isOver(row) ? [shown(row.over)] : present.map(([, cell]) => shown(cell(row as Exclude<T, GroupTitle>))),
    ),
  };
}

function isOver<T>(row: T): row is Extract<T, GroupTitle> {
  return typeof row === 'object' && row !== null && 'over' in row;
}

/** Layout for a terminal: wraps text wider than `max`; the column may shrink to `min` if others need space. */
export const wrap = (max?: number, min?: number): Partial<Column> => fitted('wrap', max, min);
/** Layout for a terminal: cuts text wider than `max` in the middle; `min` as for {@link wrap}. */
export const cut = (max?: number, min?: number): Partial<Column> => fitted('cut', max, min);

function fitted(how: 'wrap' | 'cut', max?: number, min?: number): Partial<Column> {
  return {
    fit: { how, ...(max === undefined ? {} : { max }), ...(min === undefined ? {} : { min }) },
  };
}
