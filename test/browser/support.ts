import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { charts as makeCharts } from '../../src/report/charts/index.ts';
import { type PagePictures, pictureSpecs } from '../../src/report/document/page-parts.ts';
import { pageScript } from '../../src/report/render/page-script.ts';
import { renderSvg } from '../../src/report/render/svg.ts';
import { renderTexts } from '../../src/report/report.ts';
import type { Synthetic } from '../report/support.ts';

const program = '/usr/bin/chromium';

/** Debian's Chromium, which `npm test` installs as root; a person may run the rest without. */
export const canBrowse = (() => {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
})();

/** A headless Chromium; as root it has no sandbox of its own. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** report.html as `ocibench report` writes it. */
export async function reportHtml(input: Synthetic, lang: 'en' | 'fr'): Promise<string> {
  const charts = makeCharts({ ...input, lang });
  const svgs: Record<string, PagePictures> = {};
  for (const chart of charts) {
    if ('absent' in chart) continue;
    const { wide, narrow } = pictureSpecs(chart);
    svgs[chart.id] = { wide: (await renderSvg(wide)).svg, narrow: (await renderSvg(narrow)).svg };
  }
  const script = await pageScript();
  const texts = renderTexts({ ...input, lang, charts, svgs, script, chartsHref: '../charts' });
  return texts.find(({ path }) => path === 'report.html')?.content ?? '';
}

/** A page with what it said and asked for. */
export interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

/** Opens a file as a reader does. */
export async function openReport(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`file://${file}`);
  return { page, complaints, requests };
}

/**
 * Opens every section, scrolls these charts into view and waits until the page's own script has drawn them, which it does when they
 * come near. All of a long report take seconds.
 */
export async function drawCharts(page: Page, figures = 'figure'): Promise<void> {
  await page.evaluate(`(async () => {
    for (const fold of document.querySelectorAll('main details')) fold.open = true;
    for (const figure of document.querySelectorAll(${JSON.stringify(figures)})) {
      figure.scrollIntoView({ block: 'nearest' });
      while (figure.querySelector('[data-drawn="live"]') === null) await new Promise((go) => setTimeout(go, 5));
    }
  })()`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds, one line each. */
export async function issues(page: Page): Promise<readonly string[]> {
  const { violations } = (await page.evaluate(
    `${axe}; axe.run(document, { resultTypes: ['violations'] })`,
  )) as AxeResults;
  return violations.map(
    ({ id, impact, help, nodes }) => `${impact} ${id}: ${help} (${nodes[0]?.html.slice(0, 160)})`,
  );
}

/** Elements that stick out of the window, apart from what scrolls in a box of its own. */
export function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[
    ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
    ...[...document.querySelectorAll('main *')]
      .filter((part) => part.closest('.scroll, [hidden]') === null && part.getBoundingClientRect().right > innerWidth + 1)
      .map((part) => part.tagName + ' ' + part.textContent.slice(0, 60)),
  ]`);
}

/** What a page does not show on paper: folded parts, tables and pictures that are cut, text below 9 px. */
export function unfitForPaper(
  page: Page,
): Promise<{ readonly hidden: number; readonly wide: readonly string[]; readonly small: readonly string[] }> {
  return page.evaluate(`(() => {
    const of = (selector) =>
      [...document.querySelectorAll(selector)].filter((part) => part.closest('[hidden]') === null);
    const text = (part) => part.textContent.slice(0, 80);
    return {
      hidden: of('main details > :not(summary)').filter((part) => part.getBoundingClientRect().height === 0).length,
      wide: of('main table, main svg').filter((part) => part.getBoundingClientRect().right > innerWidth + 1).map(text),
      small: of('main :is(p, li, td, th)').filter((part) => parseFloat(getComputedStyle(part).fontSize) < 9).map(text),
    };
  })()`);
}

/** Where the visible picture of each chart begins and ends, and how high its smallest letters are, px; opens every section. */
export function measurePictures(
  page: Page,
): Promise<readonly Readonly<Record<'left' | 'right' | 'letters', number>>[]> {
  return page.evaluate(`(() => {
    for (const fold of document.querySelectorAll('main details')) fold.open = true;
    return [...document.querySelectorAll('figure')].map((figure) => {
      const svg = [...figure.querySelectorAll('svg')].find((one) => one.getBoundingClientRect().width > 0);
      const box = svg.getBoundingClientRect();
      const scale = box.width / Number(svg.getAttribute('width'));
      const sizes = [...svg.querySelectorAll('text')].map((text) => parseFloat(text.getAttribute('font-size')));
      return { id: figure.id, left: box.left, right: box.right, letters: scale * Math.min(...sizes) };
    });
  })()`);
}
