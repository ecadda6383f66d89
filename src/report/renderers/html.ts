import { calledNow, type StoredInvocation } from '../../core/messages/command.ts';
import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import type { Block } from '../document/document.ts';
import type { PageParts } from '../document/page-parts.ts';
import { htmlText, scriptJson } from '../document/sanitize.ts';
import { stylesheet } from '../document/stylesheet.ts';
import type { BlockOptions } from './html/block-options.ts';
import { BlockRenderer } from './html/blocks.ts';
import { swatch } from './html/inlines.ts';

/** Words of the page around the report. */
const words = messages('page', {
  skip: 'Skip to the report',
  top: 'At a glance',
  contents: 'Contents',
  controls: 'Display options',
  filter: 'Filter',
  runtimes: 'Shown:',
  differences: 'only differences',
  search: 'Search tests',
  colours: 'Colours',
  print: 'Print',
});

const themes = messages('page.theme', { auto: 'system', light: 'light', dark: 'dark' });

export interface HtmlOptions extends BlockOptions {
  readonly title: string;
  /** Parts that make the page interactive. */
  readonly page: PageParts;
}

/**
 * Renders one self-contained file: styles, pictures, data and one script. Its policy allows that script, by digest, and
 * forbids every other one and every request. The page is readable without scripts; the script makes the charts
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
  const renderer = new BlockRenderer(options);
  const styles = stylesheet(page.runtimes.map(({ color }) => color));
  return `${pageHead({ lang, title, policy, styles, called: calledNow() })}
<body>
<a class="skip" href="#report">${phrase(words.skip, lang)}</a>
<header class="bar">
${contents(blocks, lang)}
${controls(options)}
</header>
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

/** The start of a page, up to its body. `policy`: its Content-Security-Policy. */
export function pageHead(of: {
  readonly lang: Lang;
  readonly title: string;
  readonly policy: string;
  readonly styles: string;
  /** How commands in its texts are written, so that `verify` can recompute the page identically. */
  readonly called?: StoredInvocation | null;
}): string {
  const { called = null } = of;
  const calling = called === null ? '' : ` data-called="${encodeURIComponent(JSON.stringify(called))}"`;
  return `<!doctype html>
<html lang="${of.lang}" data-theme="auto"${calling}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${of.policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(of.title)}</title>
<style>
${of.styles}</style>
</head>`;
}

/** A text of the page in its language, escaped. */
function phrase(words: Message, lang: Lang): string {
  return htmlText(translate(words, lang));
}

/** Table of contents: the headings and folds that have an id. */
export function contents(blocks: readonly Block[], lang: Lang): string {
  const places = blocks.flatMap((block) => {
    if (block.kind === 'heading' && block.id !== undefined) return [{ id: block.id, title: block.text }];
    return block.kind === 'section' && block.level === 2 && block.id !== undefined
      ? [{ id: block.id, title: block.title }]
      : [];
  });
  const items = [{ id: 'report', title: translate(words.top, lang) }, ...places].map(
    ({ id, title }) => `<li><a href="#${htmlText(id)}">${htmlText(title)}</a></li>`,
  );
  return `<details class="menu" id="contents"><summary>${phrase(words.contents, lang)}<span class="here"></span></summary>
<nav aria-label="${phrase(words.contents, lang)}">\n<ul>\n${items.join('\n')}\n</ul>\n</nav></details>`;
}

/** Controls of the page; hidden until the script has started. */
function controls({ lang, page }: HtmlOptions): string {
  const boxes = page.runtimes.map(
    ({ name }, i) =>
      `<label><input type="checkbox" name="runtime" value="${i}" checked> ${swatch(i)}${htmlText(name)}</label>`,
  );
  return `<details class="menu" id="controls" hidden><summary>${phrase(words.filter, lang)}</summary>
<form aria-label="${phrase(words.controls, lang)}">
<label class="field">${phrase(words.search, lang)} <input type="search" name="q" autocomplete="off" spellcheck="false"></label>
<output class="found"></output>
<label><input type="checkbox" name="differences"> ${phrase(words.differences, lang)}</label>
<fieldset><legend>${phrase(words.runtimes, lang)}</legend>
${boxes.join('\n')}
</fieldset>
${themeChoice(lang)}
<button type="button" name="print">${phrase(words.print, lang)}</button>
</form></details>`;
}

/** A field that chooses light or dark colours. */
function themeChoice(lang: Lang): string {
  const options = Object.entries(themes).map(
    ([theme, name]) => `<option value="${theme}">${phrase(name, lang)}</option>`,
  );
  return `<label class="field">${phrase(words.colours, lang)} <select name="theme">${options.join('')}</select></label>`;
}
