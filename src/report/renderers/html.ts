import { messages } from '../../messages/define.ts';
import type { Lang, Message } from '../../messages/message.ts';
import { translate } from '../../messages/translate.ts';
import type { Block, Inline, Text } from '../document.ts';
import { embedSvg } from '../embed-svg.ts';
import type { PageParts } from '../page-parts.ts';
import { htmlText, scriptJson } from '../sanitize.ts';
import { stylesheet } from '../stylesheet.ts';
import { takeCare } from '../words/common.ts';

/** Words of the page around the report. */
const words = messages('page', {
  skip: 'Skip to the report',
  table: 'table',
  contents: 'Contents',
  controls: 'What is shown, and how',
  runtimes: 'Shown:',
  colours: 'Colours',
  logScale: 'log scale',
});

const themes = messages('page.theme', { auto: 'as the system', light: 'light', dark: 'dark' });

export interface HtmlOptions {
  readonly lang: Lang;
  readonly title: string;
  /** Chart id → its SVG; a figure without one is left out. */
  readonly svgs: Readonly<Record<string, string>>;
  /** Parts that make the page interactive. */
  readonly page: PageParts;
}

/**
 * Renders one self-contained file: styles, pictures, data and one script. Its policy allows that script, by digest, and
 * forbids every other one and every request. The page is readable without scripts; the script redraws the charts to be
 * interactive, and adds controls.
 */
export function renderHtml(blocks: readonly Block[], options: HtmlOptions): string {
  const { lang, title, page } = options;
  const { script } = page;
  const policy = [
    "default-src 'none'",
    `script-src ${script === null ? "'none'" : `'sha256-${script.sha256}'`}`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const renderer = new Renderer(options);
  return `<!doctype html>
<html lang="${lang}" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<style>
${stylesheet(page.runtimes.map(({ color }) => color))}</style>
</head>
<body>
<a class="skip" href="#report">${phrase(words.skip, lang)}</a>
<div class="bar">
${contents(blocks, lang)}
${controls(options)}
</div>
<main id="report" tabindex="-1">
${renderer.blocks(blocks)}
</main>
${
  script === null
    ? ''
    : `<script type="application/json" id="report-data">${scriptJson(page.data)}</script>
<script>${script.code}</script>
`
}</body>
</html>
`;
}

/** Words of the page in its language, escaped. */
function phrase(words: Message, lang: Lang): string {
  return htmlText(translate(words, lang));
}

/** Table of contents: the headings that have an id. */
function contents(blocks: readonly Block[], lang: Lang): string {
  const items = blocks.flatMap((block) =>
    block.kind === 'heading' && block.id !== undefined
      ? [`<li><a href="#${htmlText(block.id)}">${htmlText(block.text)}</a></li>`]
      : [],
  );
  return `<nav aria-label="${phrase(words.contents, lang)}">\n<ul>\n${items.join('\n')}\n</ul>\n</nav>`;
}

/** Hidden until the script that they need has started. */
function controls({ lang, page }: HtmlOptions): string {
  const boxes = page.runtimes.map(
    ({ name }, i) =>
      `<label><input type="checkbox" name="runtime" value="${i}" checked> ${swatch(i)}${htmlText(name)}</label>`,
  );
  const options = Object.entries(themes).map(
    ([theme, name]) => `<option value="${theme}">${phrase(name, lang)}</option>`,
  );
  return `<form id="controls" role="region" aria-label="${phrase(words.controls, lang)}" hidden>
<fieldset><legend>${phrase(words.runtimes, lang)}</legend>
${boxes.join('\n')}
</fieldset>
<label>${phrase(words.colours, lang)} <select name="theme">${options.join('')}</select></label>
</form>`;
}

/** A spot in the runtime's colour, the same as in all charts. */
function swatch(runtime: number): string {
  return `<span class="swatch runtime-${runtime}" aria-hidden="true"></span>`;
}

class Renderer {
  readonly #options: HtmlOptions;
  readonly #runtimes: ReadonlyMap<string, number>;
  /** The headings above a table, which name it. */
  #chapter = '';
  #section = '';
  #tables = 0;

  constructor(options: HtmlOptions) {
    this.#options = options;
    this.#runtimes = new Map(options.page.runtimes.map(({ name }, i) => [name, i]));
  }

  blocks(blocks: readonly Block[]): string {
    return blocks
      .map((block) => this.#block(block))
      .filter((html) => html !== '')
      .join('\n');
  }

  #block(block: Block): string {
    switch (block.kind) {
      case 'heading': {
        if (block.level < 3) this.#chapter = block.text;
        this.#section = block.level < 3 ? '' : block.text;
        const id = block.id === undefined ? '' : ` id="${htmlText(block.id)}"`;
        return `<h${block.level}${id}>${htmlText(block.text)}</h${block.level}>`;
      }
      case 'paragraph':
        return `<p>${this.#text(block.text)}</p>`;
      case 'list':
        return `<ul>\n${block.items.map((item) => `<li>${this.#text(item)}</li>`).join('\n')}\n</ul>`;
      case 'warning': {
        const care = htmlText(takeCare(this.#options.lang));
        return `<div class="warning" role="note">\n${block.items
          .map((item) => `<p><strong>${care}</strong> ${this.#text(item)}</p>`)
          .join('\n')}\n</div>`;
      }
      case 'table':
        return this.#table(block);
      case 'section':
        this.#section = block.title;
        // Open by default, because browsers print only open ones.
        return `<details open>\n<summary><h3>${htmlText(block.title)}</h3></summary>\n${this.blocks(block.blocks)}\n</details>`;
      case 'figure':
        return this.#figure(block);
    }
  }

  #table({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
    const { lang } = this.#options;
    const attributes = (i: number, cell: Text = []) => {
      const value = cell.find((part) => part.kind === 'value');
      return [
        columns[i]?.align === 'right' ? ' class="number"' : '',
        this.#dataRuntime(columns[i]?.runtime),
        value === undefined ? '' : ` data-value="${value.value}"`,
      ].join('');
    };
    const head = columns.map(({ title }, i) => `<th scope="col"${attributes(i)}>${htmlText(title)}</th>`);
    let lead: Text = [];
    const body = rows.map((cells) => {
      const [first = [], ...others] = cells;
      const leads = first.length > 0;
      if (leads) lead = first;
      const label =
        leads || lead.length === 0 ? this.#text(first) : `<span class="ditto">${this.#text(lead)}</span>`;
      if (others.length === 0 && columns.length > 1)
        return `<tr class="group"><td colspan="${columns.length}">${this.#text(first)}</td></tr>`;
      const runtime = cells.flat().find((part) => part.kind === 'runtime');
      return `<tr${leads ? ' class="group"' : ''}${this.#dataRuntime(runtime?.text)}><td${attributes(0, first)}>${label}</td>${others
        .map((cell, i) => `<td${attributes(i + 1, cell)}>${this.#text(cell)}</td>`)
        .join('')}</tr>`;
    });
    this.#tables += 1;
    const name = [this.#chapter, this.#section, `${translate(words.table, lang)} ${this.#tables}`].filter(
      (part) => part !== '',
    );
    return `<div class="scroll" role="region" aria-label="${htmlText(name.join(', '))}" tabindex="0"><table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
  }

  #dataRuntime(name: string | undefined): string {
    const number = name === undefined ? undefined : this.#runtimes.get(name);
    return number === undefined ? '' : ` data-runtime="${number}"`;
  }

  #figure({ chart, title, caption }: Extract<Block, { kind: 'figure' }>): string {
    const { svgs, lang } = this.#options;
    const svg = svgs[chart];
    if (svg === undefined) return '';
    return `<figure id="chart-${htmlText(chart)}">
<figcaption><strong>${htmlText(title)}</strong> ${htmlText(caption)}</figcaption>
<p class="tools" hidden><label><input type="checkbox" data-log> ${phrase(words.logScale, lang)}</label></p>
<div class="scroll chart" role="region" aria-label="${htmlText(title)}" tabindex="0">${embedSvg(svg, chart, `${title}. ${caption}`)}</div>
</figure>`;
  }

  #text(parts: Text): string {
    return parts.map((part) => this.#inline(part)).join('');
  }

  #inline(part: Inline): string {
    if (part.kind === 'break') return '<br>';
    const text = htmlText(part.text);
    switch (part.kind) {
      case 'text':
      case 'value':
      case 'verdict':
        return text;
      case 'code':
        return part.text.trim() === '' ? '' : `<code>${text}</code>`;
      case 'runtime': {
        const number = this.#runtimes.get(part.text);
        return `<span class="runtime">${number === undefined ? '' : swatch(number)}<code>${text}</code></span>`;
      }
      case 'strong':
        return `<strong>${text}</strong>`;
      case 'quote':
        return part.lang === this.#options.lang ? text : `<span lang="${part.lang}">${text}</span>`;
      case 'link': {
        const about = part.about === undefined ? '' : ` title="${htmlText(part.about)}"`;
        return `<a href="${htmlText(encodeURI(part.href))}"${about}>${text}</a>`;
      }
    }
  }
}
