import { messages } from '../../../core/messages/define.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Block, Column, Fold, Text } from '../../document/document.ts';
import { htmlText } from '../../document/sanitize.ts';
import { warningMark } from '../../words/common.ts';
import type { BlockOptions } from './block-options.ts';
import { Inlines } from './inlines.ts';
import { htmlBadges, htmlCards, htmlMatrix } from './screen.ts';
import { embedSvg } from './svg.ts';

type Table = Extract<Block, { readonly kind: 'table' }>;

/** A table in its own scrolling box, in case it is too wide. `name`: for screen readers. */
function htmlTable({ columns, rows }: Table, name: string, inlines: Inlines): string {
  const head = columns.map(
    (column) => `<th scope="col"${attributes(column, [], inlines)}>${htmlText(column.title)}</th>`,
  );
  let lead: Text = [];
  const body = rows.map((cells) => {
    const [first = [], ...others] = cells;
    const leads = first.length > 0;
    if (leads) lead = first;
    if (others.length === 0 && columns.length > 1)
      return `<tr class="group"><td colspan="${columns.length}">${inlines.text(first)}</td></tr>`;
    const label =
      leads || lead.length === 0
        ? inlines.text(first)
        : `<span class="ditto">${inlines.text(lead.map(withoutAnchor))}</span>`;
    const [column, ...more] = columns;
    return `<tr${rowAttributes(cells, leads, inlines)}><th scope="row"${attributes(column, first, inlines)}>${label}</th>${others
      .map((cell, i) => `<td${attributes(more[i], cell, inlines)}>${inlines.text(cell)}</td>`)
      .join('')}</tr>`;
  });
  return `<div class="scroll" role="region" aria-label="${htmlText(name)}" tabindex="0"><table>
<caption class="unseen">${htmlText(name)}</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

/** Removes the anchor from a repeated label. */
function withoutAnchor(part: Text[number]): Text[number] {
  return part.kind === 'anchor' ? { kind: 'text', text: part.text } : part;
}

function attributes(column: Column | undefined, cell: Text, inlines: Inlines): string {
  const value = cell.find((part) => part.kind === 'value');
  return [
    column?.align === 'right' ? ' class="number"' : '',
    inlines.dataRuntime(column?.runtime),
    value === undefined ? '' : ` data-value="${value.value}"`,
  ].join('');
}

/** Attributes for filters: the runtime of a row, and whether it claims a difference. */
function rowAttributes(cells: readonly Text[], leads: boolean, inlines: Inlines): string {
  const all = cells.flat();
  const runtime = all.find((part) => part.kind === 'runtime');
  const judged = all.find((part) => part.kind === 'verdict' && part.differs !== undefined);
  const differs = judged?.kind === 'verdict' ? judged.differs : undefined;
  return [
    leads ? ' class="group"' : '',
    inlines.dataRuntime(runtime?.text),
    differs === undefined ? '' : ` data-differs="${differs}"`,
  ].join('');
}

const words = messages('page', {
  table: 'table',
  warnings: '{n} {n, plural, one {warning} other {warnings}}',
});

type Figure = Extract<Block, { readonly kind: 'figure' }>;
type Warning = Extract<Block, { readonly kind: 'warning' }>;

/** Blocks as HTML; remembers the headings above a table, which name it. */
export class BlockRenderer {
  readonly #options: BlockOptions;
  readonly #inlines: Inlines;
  #chapter = '';
  #section = '';
  #tables = 0;

  constructor(options: BlockOptions) {
    this.#options = options;
    this.#inlines = new Inlines(options);
  }

  blocks(blocks: readonly Block[]): string {
    return blocks
      .map((block) => this.#block(block))
      .filter((html) => html !== '')
      .join('\n');
  }

  #block(block: Block): string {
    const inlines = this.#inlines;
    switch (block.kind) {
      case 'heading': {
        this.#enter(block.level, block.text);
        const id = block.id === undefined ? '' : ` id="${htmlText(block.id)}"`;
        return `<h${block.level}${id}>${htmlText(block.text)}</h${block.level}>`;
      }
      case 'paragraph':
        return `<p${block.quiet === true ? ' class="quiet"' : ''}>${inlines.text(block.text)}</p>`;
      case 'lead':
        return `<p class="lead">${htmlText(block.text)}</p>`;
      case 'badges':
        return htmlBadges(block.items);
      case 'cards':
        return htmlCards(block, inlines);
      case 'matrix':
        return htmlMatrix(block, inlines);
      case 'list':
        return `<ul>\n${block.items.map((item) => `<li>${inlines.text(item)}</li>`).join('\n')}\n</ul>`;
      case 'warning':
        return this.#warning(block);
      case 'table': {
        this.#tables += 1;
        const place = [
          this.#chapter,
          this.#section,
          `${translate(words.table, this.#options.lang)} ${this.#tables}`,
        ];
        const name = block.caption ?? place.filter((part) => part !== '').join(', ');
        return htmlTable(block, name, inlines);
      }
      case 'section':
        return this.#fold(block);
      case 'figure':
        return this.#figure(block);
    }
  }

  #enter(level: 1 | 2 | 3, title: string): void {
    if (level < 3) this.#chapter = title;
    this.#section = level < 3 ? '' : title;
  }

  #warning({ items, folded = false }: Warning): string {
    const { lang } = this.#options;
    const care = `<strong>${htmlText(warningMark(lang))}</strong>`;
    const shown = items.map((item) => this.#inlines.text(item));
    if (!folded)
      return `<div class="warning" role="note">\n${shown.map((item) => `<p>${care} ${item}</p>`).join('\n')}\n</div>`;
    const count = htmlText(translate(words.warnings({ n: items.length }), lang));
    const list = shown.map((item) => `<li>${item}</li>`).join('\n');
    return `<details class="warning"><summary><strong>${count}</strong></summary>\n<ul>\n${list}\n</ul>\n</details>`;
  }

  /**
   * The anchor is inside the folded content, so that browsers open it when they follow a link. Without a script, folded content
   * is printed by means of the style sheet.
   */
  #fold({ title, level = 3, id, gist = [], open = true, blocks }: Fold): string {
    this.#enter(level, title);
    const aside = gist.length === 0 ? '' : ` <span class="gist">${this.#inlines.text(gist)}</span>`;
    const anchor = id === undefined ? '' : ` id="${htmlText(id)}"`;
    return `<details class="fold level-${level}"${open ? ' open' : ''}><summary><h${level}>${htmlText(title)}</h${level}>${aside}</summary>
<div class="body"${anchor}>
${this.blocks(blocks)}
</div></details>`;
  }

  #figure({ chart, title, caption, seen }: Figure): string {
    const svgs = this.#options.svgs[chart];
    if (svgs === undefined) return '';
    const label = `${title}. ${seen ?? caption}`;
    // The style sheet shows one of them, by the width of the window.
    const pictures = (['wide', 'narrow'] as const).map(
      (room) => `<div class="${room}">${embedSvg(svgs[room], `${chart}-${room}`, label)}</div>`,
    );
    return `<figure id="chart-${htmlText(chart)}">
<figcaption><strong>${htmlText(title)}</strong> ${htmlText(caption)}</figcaption>
<div class="chart">${pictures.join('')}</div>
</figure>`;
  }
}
