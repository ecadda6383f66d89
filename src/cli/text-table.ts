import type { Message } from '../core/messages/message.ts';
import type { Block, Column, Text } from '../report/document.ts';

export type Say = (message: Message) => string;

/** Width of a column: at most `max` characters; with `min` it shrinks where the terminal is narrow. */
export interface Measure {
  readonly title: Message;
  readonly max: number;
  readonly min?: number;
}

/** A table of the terminal whose cells are wrapped. */
export function textTable(columns: readonly Measure[], rows: readonly (readonly Text[])[], say: Say): Block {
  return {
    kind: 'table',
    columns: columns.map(
      ({ title, ...measure }): Column => ({
        title: say(title),
        align: 'left',
        fit: { how: 'wrap', ...measure },
      }),
    ),
    rows,
  };
}
