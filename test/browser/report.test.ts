import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fullSuite } from '../report/full-suite.ts';
import { syntheticRun } from '../report/support.ts';
import { layeredRun } from '../support/layered-run.ts';
import {
  canBrowse,
  drawCharts,
  issues,
  measurePictures,
  openBrowser,
  openReport,
  overflowing,
  reportHtml,
} from './support.ts';

/** Width of a phone's screen. */
const phone = 390;
const desk = { width: 1280, height: 900 };
const overview = '#chart-overview';

/** No picture is cut or has to be scrolled on a phone, and its letters can be read. */
async function expectReadable(page: Page): Promise<void> {
  const pictures = await measurePictures(page);
  expect(pictures.length).toBeGreaterThan(10);
  expect(pictures.filter(({ left, right }) => left < 0 || right > phone)).toEqual([]);
  expect(pictures.filter(({ letters }) => letters < 8)).toEqual([]);
}

const evil = '</script><img src=x onerror="alert(1)">\u2028<!--';

describe.skipIf(!canBrowse)('report.html in Chromium', () => {
  let browser: Browser;
  let directory = '';
  const file = (name: string) => join(directory, `${name}.html`);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-browser-'));
    const suite = syntheticRun({ more: fullSuite });
    for (const lang of ['en', 'fr'] as const) await writeFile(file(lang), await reportHtml(suite, lang));
    const hostile = syntheticRun({ runtimes: ['runc', evil], rename: (workload) => `${workload}${evil}` });
    await writeFile(file('hostile'), await reportHtml(hostile, 'en'));
    for (const lang of ['en', 'fr'] as const)
      await writeFile(file(`layers.${lang}`), await reportHtml({ ...layeredRun(), trials: [] }, lang));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const views = [
    ['en', 1280, 'light'],
    ['en', phone, 'dark'],
    ['fr', phone, 'light'],
    ['fr', 1280, 'dark'],
  ] as const;

  test.each(views)(
    '%s, %i px, %s: every chart is drawn, nothing sticks out, nothing for axe to find',
    async (lang, width, colorScheme) => {
      const { page, complaints, requests } = await openReport(browser, file(lang), {
        viewport: { width, height: 900 },
        colorScheme,
      });
      await drawCharts(page);
      expect(await page.locator('figure').count()).toBeGreaterThan(10);
      expect(await page.locator('.chart svg').count()).toBe(await page.locator('figure').count());
      expect(await overflowing(page)).toEqual([]);
      expect(await issues(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([`file://${file(lang)}`]);
      const cells = `document.querySelectorAll('#chart-syscall-heatmap .chart svg .mark-rect.role-mark')`;
      const filter = await page.evaluate(`getComputedStyle([...${cells}].at(-1)).filter`);
      if (colorScheme === 'dark') expect(filter, 'near-white cells glare').toContain('invert');
      else expect(filter).toBe('none');
      if (width === phone) await expectReadable(page);
      await page.context().close();
    },
  );

  test.each(views)(
    'starts at several layers, %s, %i px, %s: the same holds',
    async (lang, width, colorScheme) => {
      const { page, complaints } = await openReport(browser, file(`layers.${lang}`), {
        viewport: { width, height: 900 },
        colorScheme,
      });
      await drawCharts(page);
      const section = page.locator('details:has(> #layers)');
      // Time, and CPU time.
      expect(await section.locator('.chart svg').count()).toBe(2);
      expect(await section.locator('table').count()).toBe(3);
      expect(await overflowing(page)).toEqual([]);
      expect(await issues(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('a runtime that is switched off leaves charts and tables, and comes back', async () => {
    const { page, complaints } = await openReport(browser, file('en'), { viewport: desk });
    await drawCharts(page, overview);
    const table = page.locator('#category-startup table').first();
    const chart = page.locator('#chart-overview .chart');
    const labels = () => chart.locator('text').allTextContents();
    const rows = () => table.locator('tbody tr:visible').filter({ hasText: 'crun' }).count();
    const before = await rows();
    expect(before).toBeGreaterThan(0);
    await expect.poll(labels).toContain('crun');
    const box = page.getByRole('checkbox', { name: 'crun' });
    await box.uncheck();
    await drawCharts(page);
    expect(await rows()).toBe(0);
    await chart.scrollIntoViewIfNeeded();
    await expect.poll(labels).not.toContain('crun');
    expect(await labels()).toContain('runsc');
    await box.check();
    expect(await rows()).toBe(before);
    await expect.poll(labels).toContain('crun');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('without any runtime a chart says so', async () => {
    const { page } = await openReport(browser, file('en'));
    await drawCharts(page, overview);
    for (const box of await page.locator('input[name="runtime"]').all()) await box.uncheck();
    const chart = page.locator('#chart-overview .chart');
    await chart.scrollIntoViewIfNeeded();
    await expect.poll(() => chart.textContent()).toBe('Every runtime of this chart is hidden.');
    await page.context().close();
  });

  test('what is clicked in a legend stays, and the rest fades', async () => {
    const { page, complaints } = await openReport(browser, file('en'), { viewport: desk });
    await drawCharts(page, `${overview}, #chart-syscall-heatmap`);
    const chart = page.locator('#chart-overview .chart');
    const faint = () => chart.locator('[opacity="0.12"]').count();
    expect(await faint()).toBe(0);
    await chart.locator('.role-legend-label text', { hasText: /^crun$/ }).click({ force: true });
    await expect.poll(faint).toBeGreaterThan(0);
    const cells = page.locator('#chart-syscall-heatmap .chart');
    await cells.scrollIntoViewIfNeeded();
    await cells.locator('.role-mark.mark-rect path').last().click({ force: true });
    await expect.poll(() => cells.locator('[opacity="0.12"]').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('on a phone without scripts no picture is cut or scrolled either, and its letters can be read', async () => {
    const { page } = await openReport(browser, file('fr'), {
      viewport: { width: phone, height: 844 },
      javaScriptEnabled: false,
    });
    await expectReadable(page);
    await page.context().close();
  });

  test('a window that becomes narrow gets the pictures for a phone, and those for a page again', async () => {
    const { page } = await openReport(browser, file('en'), { viewport: desk });
    await drawCharts(page, overview);
    const picture = page.locator('#chart-overview svg');
    await picture.scrollIntoViewIfNeeded();
    const width = () =>
      picture.evaluate((svg) =>
        Number((svg as unknown as { getAttribute(name: string): string }).getAttribute('width')),
      );
    const wide = await width();
    await page.setViewportSize({ width: phone, height: 844 });
    await expect.poll(width).toBeLessThan(420);
    await page.setViewportSize(desk);
    await expect.poll(width).toBe(wide);
    await page.context().close();
  });

  test('the report can be printed from the page', async () => {
    const { page } = await openReport(browser, file('fr'), { viewport: desk });
    await page.evaluate('globalThis.printed = 0; window.print = () => { printed += 1 }');
    await page.getByRole('button', { name: 'Imprimer', exact: true }).press('Enter');
    expect(await page.evaluate('printed')).toBe(1);
    await page.context().close();
  });

  test('a column sorts by its numbers, one way, the other, and back; the keyboard does it too', async () => {
    const { page } = await openReport(browser, file('en'));
    await drawCharts(page, overview);
    const table = page.locator('#category-startup table').first();
    const heading = table.locator('th').nth(2);
    const values = () =>
      table.locator('tbody tr > :nth-child(3)').evaluateAll((cells) =>
        cells.flatMap((cell) => {
          const { value } = (cell as unknown as { dataset: Record<string, string> }).dataset;
          return value === undefined ? [] : [Number(value)];
        }),
      );
    const original = await values();
    await heading.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    expect(await values()).toEqual(original.toSorted((a, b) => a - b));
    await page.keyboard.press('Enter');
    expect(await values()).toEqual(original.toSorted((a, b) => b - a));
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe(null);
    expect(await values()).toEqual(original);
    await page.context().close();
  });

  test('a mark tells its value, interval and number when it is pointed at', async () => {
    const { page } = await openReport(browser, file('en'), { viewport: desk });
    await drawCharts(page, '#chart-cost-startup');
    await page.locator('#chart-cost-startup .mark-symbol path').first().hover({ force: true });
    const tooltip = page.locator('.tooltip');
    await expect.poll(() => tooltip.isVisible()).toBe(true);
    expect(await tooltip.textContent()).toMatch(/startup\/.*\n.*\[.*\]\n.*× runc.*\nn = \d+/);
    await page.context().close();
  });

  test('colours follow the choice, else the system; charts too', async () => {
    const { page } = await openReport(browser, file('en'), { colorScheme: 'dark' });
    await drawCharts(page, overview);
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const title = () =>
      page.evaluate(`getComputedStyle(document.querySelector('#chart-overview .chart text')).fill`);
    const [darkPaper, darkInk] = [await paper(), await title()];
    await page.locator('select[name="theme"]').selectOption('light');
    expect(await paper()).toBe('rgb(255, 255, 255)');
    expect(await paper()).not.toBe(darkPaper);
    expect(await title()).not.toBe(darkInk);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.bar').isVisible()).toBe(false);
    await page.context().close();
  });

  test('without scripts every picture and table is there, and no control', async () => {
    const { page, complaints } = await openReport(browser, file('en'), { javaScriptEnabled: false });
    // One for pages and one for phones.
    expect(await page.locator('figure svg[role="img"]').count()).toBe(
      2 * (await page.locator('figure').count()),
    );
    expect(await page.locator('#controls').isVisible()).toBe(false);
    expect(await page.locator('table').first().isVisible()).toBe(true);
    expect(complaints.filter((line) => line.startsWith('error'))).toEqual([]);
    await page.context().close();
  });

  test('hostile names stay words, in the text, in the data of the script and in its charts', async () => {
    const { page, complaints } = await openReport(browser, file('hostile'));
    await drawCharts(page);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('main').textContent()).toContain('<img src=x');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
