import type { Lang } from '../../core/messages/message.ts';
import type { Block } from '../document/document.ts';
import { terminalText } from '../document/sanitize.ts';
import { unbroken, wrapText } from '../document/wrap.ts';
import { warningMark } from '../words/common.ts';
import { plainBlock } from './plain-blocks.ts';
import { tableLines } from './terminal-table.ts';
import { type Paint, plain, toneStyles } from './terminal-text.ts';

/** Preferred maximum width of a table for a terminal, columns. */
export const tableWidth = 100;

export interface TerminalOptions {
  readonly lang: Lang;
  /** Maximum width of lines, columns. */
  readonly width: number;
  /** Default: no styles. */
  readonly paint?: Paint | undefined;
}

/** Renders blocks for a terminal, with an empty line between groups and no line feed at the end. */
export function renderTerminal(groups: readonly (readonly Block[])[], options: TerminalOptions): string {
  return groups
    .filter((blocks) => blocks.length > 0)
    .map((blocks) => terminalLines(blocks, options).join('\n'))
    .join('\n\n');
}

/** The lines of one group of blocks. */
export function terminalLines(blocks: readonly Block[], options: TerminalOptions): readonly string[] {
  return blocks.flatMap((block) => linesOf(block, options));
}

function linesOf(block: Block, options: TerminalOptions): readonly string[] {
  const { lang, width, paint = (_, text) => text } = options;
  const wrapped = (text: string) => text.split('\n').flatMap((line) => wrapText(line, width));
  switch (block.kind) {
    case 'heading':
      return wrapped(terminalText(block.text)).map((line) => paint('bold', line));
    case 'paragraph': {
      const lines = wrapped(
        block.text.map((part) => (part.kind === 'code' ? unbroken(plain([part])) : plain([part]))).join(''),
      );
      if (block.quiet === true) return lines.map((line) => paint('dim', line));
      const [first] = block.text;
      return first !== undefined && 'tone' in first && first.tone !== undefined
        ? withPaintedStart(lines, first.text, (start) => paint(toneStyles[first.tone ?? 'quiet'], start))
        : lines;
    }
    case 'list':
      return block.items.flatMap((item) => hanging(`– ${plain(item)}`, 2, width));
    case 'warning': {
      const care = `! ${warningMark(lang)}`;
      return block.items.flatMap((item) =>
        withPaintedStart(hanging(`${care} ${plain(item)}`, 0, width), care, (start) =>
          paint('yellow', start),
        ),
      );
    }
    case 'lead':
    case 'badges':
    case 'cards':
    case 'matrix':
      return linesOf(plainBlock(block), options);
    case 'table':
      return tableLines(block, width, paint);
    case 'section':
      return [paint('bold', terminalText(block.title)), ...terminalLines(block.blocks, options)];
    case 'figure':
      return wrapped(terminalText(`${block.title}. ${block.caption}`));
  }
}

/** Paints the start of the first line. */
function withPaintedStart(
  [first = '', ...others]: readonly string[],
  start: string,
  paint: (text: string) => string,
): readonly string[] {
  return [first.startsWith(start) ? `${paint(start)}${first.slice(start.length)}` : first, ...others];
}

/** Wrapped text with a margin on the right; all lines but the first are indented by four. */
function hanging(text: string, indent: number, width: number): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => wrapText(line, width - 6))
    .map((line, i) => `${' '.repeat(i === 0 ? indent : 4)}${line}`);
}
