import {
  type Block,
  type CardsBlock,
  left,
  lineBreak,
  type MatrixBlock,
  paragraph,
  runtimeName,
  strong,
  type Text,
  text,
} from '../document/document.ts';

type RichBlock = Extract<Block, { kind: 'lead' | 'badges' | 'cards' | 'matrix' }>;

/** Converts the first screen's blocks to blocks that every medium supports: paragraphs and tables. */
export function plainBlock(block: RichBlock): Block {
  switch (block.kind) {
    case 'lead':
      return paragraph(strong(block.text));
    case 'badges':
      return paragraph(text(block.items.map((item) => `${item.sign} ${item.text}`.trim()).join(' · ')));
    case 'cards':
      return cardsTable(block);
    case 'matrix':
      return matrixTable(block);
  }
}

function cardsTable({ caption, terms, cards }: CardsBlock): Block {
  return {
    kind: 'table',
    caption,
    columns: [left(''), ...cards.map(({ runtime }) => left(runtime))],
    rows: [
      [[], ...cards.map(({ about }) => [text(about)])],
      ...terms.map((term, i): readonly Text[] => [
        [text(term)],
        ...cards.map(({ values }): Text => {
          const { value = [], beside = [] } = values[i] ?? {};
          return beside.length === 0 ? value : [...value, lineBreak, ...beside];
        }),
      ]),
    ],
  };
}

function matrixTable({ caption, corner, columns, rows }: MatrixBlock): Block {
  return {
    kind: 'table',
    caption,
    columns: [left(corner), ...columns.map(({ title }) => left(title))],
    rows: rows.map(({ runtime, about = '', cells }) => [
      [runtimeName(runtime), ...(about === '' ? [] : [lineBreak, text(about)])],
      ...columns.map((_, i): Text => {
        const { lines = [] } = cells[i] ?? {};
        return lines.flatMap((line, at) => (at === 0 ? line : [lineBreak, ...line]));
      }),
    ]),
  };
}
