import type { Block, Inline, Text } from './document.ts';
import { embedSvg } from './embed-svg.ts';
import type { Lang } from './number.ts';
import { htmlText } from './sanitize.ts';
import { stylesheet } from './stylesheet.ts';

export interface HtmlOptions {
  readonly lang: Lang;
  readonly title: string;
  readonly takeCare: string;
  /** Chart id → its SVG; a figure without one is left out. */
  readonly svgs: Readonly<Record<string, string>>;
}

/**
 * One file that needs nothing else: styles and charts are inside, and its policy forbids scripts and every
 * request. Headings below the title become sections.
 */
export function renderHtml(blocks: readonly Block[], options: HtmlOptions): string {
  const { lang, title } = options;
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<style>
${stylesheet}</style>
</head>
<body>
<main>
${blocks
  .map((block) => renderBlock(block, options))
  .filter((html) => html !== '')
  .join('\n')}
</main>
</body>
</html>
`;
}

function renderBlock(block: Block, options: HtmlOptions): string {
  const inline = (parts: Text) => parts.map((part) => renderInline(part, options.lang)).join('');
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${htmlText(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${inline(item)}</li>`).join('\n')}\n</ul>`;
    case 'warning':
      return `<div class="warning" role="note">\n${block.items
        .map((item) => `<p><strong>${htmlText(options.takeCare)}</strong> ${inline(item)}</p>`)
        .join('\n')}\n</div>`;
    case 'table':
      return table(block, inline);
    case 'section':
      // Open, so that every browser prints it.
      return `<details open>\n<summary><h3>${htmlText(block.title)}</h3></summary>\n${block.blocks
        .map((part) => renderBlock(part, options))
        .join('\n')}\n</details>`;
    case 'figure':
      return figure(block, options);
  }
}

function table(block: Extract<Block, { kind: 'table' }>, inline: (parts: Text) => string): string {
  const align = (i: number) => (block.columns[i]?.align === 'right' ? ' class="number"' : '');
  const head = block.columns.map(({ title }, i) => `<th scope="col"${align(i)}>${htmlText(title)}</th>`);
  const rows = block.rows.map((cells) => {
    const lead = (cells[0]?.length ?? 0) > 0 ? ' class="group"' : '';
    return `<tr${lead}>${cells.map((cell, i) => `<td${align(i)}>${inline(cell)}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0"><table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function figure(block: Extract<Block, { kind: 'figure' }>, { svgs }: HtmlOptions): string {
  const svg = svgs[block.chart];
  if (svg === undefined) return '';
  return `<figure id="chart-${htmlText(block.chart)}">
<div class="scroll chart" tabindex="0">${embedSvg(svg, block.chart, `${block.title}. ${block.caption}`)}</div>
<figcaption>${htmlText(block.caption)}</figcaption>
</figure>`;
}

function renderInline(part: Inline, lang: Lang): string {
  switch (part.kind) {
    case 'text':
      return htmlText(part.text);
    case 'code':
      return part.text.trim() === '' ? '' : `<code>${htmlText(part.text)}</code>`;
    case 'strong':
      return `<strong>${htmlText(part.text)}</strong>`;
    case 'quote':
      return lang === 'en' ? htmlText(part.text) : `<span lang="en">${htmlText(part.text)}</span>`;
    case 'link':
      return `<a href="${htmlText(encodeURI(part.href))}">${htmlText(part.text)}</a>`;
  }
}
