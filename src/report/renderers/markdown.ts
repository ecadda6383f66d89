import type { Lang } from '../../core/messages/message.ts';
import { type Block, heading, type Inline, type Text } from '../document/document.ts';
import { markdownCode, markdownText } from '../document/sanitize.ts';
import { warningMark } from '../words/common.ts';
import { plainBlock } from './plain-blocks.ts';

/** GitHub-flavoured Markdown; `chartsHref` is the folder of the charts as seen from the report. */
export function renderMarkdown(blocks: readonly Block[], lang: Lang, chartsHref: string): string {
  return `${blocks.map((block) => renderBlock(block, lang, chartsHref)).join('\n\n')}\n`;
}

function renderBlock(block: Block, lang: Lang, chartsHref: string): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${markdownText(block.text)}`;
    case 'paragraph':
      return renderText(block.text, false);
    case 'list':
      return list(block.items);
    case 'warning':
      return block.items
        .map((item) => `> **${markdownText(warningMark(lang))}** ${renderText(item, false)}`)
        .join('\n>\n');
    case 'table':
      return [
        row(block.columns.map(({ title }) => markdownText(title))),
        row(block.columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
        ...block.rows.map((cells) => row(cells.map((cell) => renderText(cell, true)))),
      ].join('\n');
    case 'lead':
    case 'badges':
    case 'cards':
    case 'matrix':
      return renderBlock(plainBlock(block), lang, chartsHref);
    case 'section':
      return [heading(block.level ?? 3, block.title), ...block.blocks]
        .map((part) => renderBlock(part, lang, chartsHref))
        .join('\n\n');
    case 'figure':
      return `![${markdownText(block.title)}](${encodeURI(`${chartsHref}/${block.chart}.svg`)})\n\n${markdownText(block.caption)}`;
  }
}

function list(items: readonly Text[]): string {
  return items.map((item) => `- ${renderText(item, false)}`).join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function renderText(parts: Text, inTable: boolean): string {
  return parts
    .map((part) => renderInline(part, inTable))
    .join('')
    .trim();
}

function renderInline(part: Inline, inTable: boolean): string {
  switch (part.kind) {
    case 'text':
    case 'quote':
    case 'value':
    case 'anchor':
      return spaced(part.text, markdownText(part.text));
    case 'verdict':
      return markdownText(part.text);
    case 'code':
    case 'runtime':
      return markdownCode(part.text, inTable);
    case 'strong':
      return `**${markdownText(part.text)}**`;
    case 'picture':
      return '';
    case 'break':
      return '<br>';
    case 'link':
      // Drops links to anchors, which exist only in report.html.
      if (part.href.startsWith('#')) return spaced(part.text, markdownText(part.text));
      return `[${markdownText(part.text)}](${encodeURI(part.href)})`;
  }
}

/** Restores the spaces between inlines that escaping trims. */
function spaced(original: string, escaped: string): string {
  return `${/^\s/.test(original) ? ' ' : ''}${escaped}${/\s$/.test(original) && escaped !== '' ? ' ' : ''}`;
}
