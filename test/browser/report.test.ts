import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fullSuite } from '../report/full-suite.ts';
import { syntheticRun } from '../report/support.ts';
import { canBrowse, drawAll, issues, openBrowser, openReport, overflowing, reportHtml } from './support.ts';

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
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const views = [
    ['en', 1280, 'light'],
    ['en', 390, 'dark'],
    ['fr', 390, 'light'],
    ['fr', 1280, 'dark'],
  ] as const;

  test.each(views)(
    '%s, %i px, %s: every chart is drawn, nothing sticks out, nothing for axe to find',
    async (lang, width, colorScheme) => {
      const { page, complaints, requests } = await openReport(browser, file(lang), {
        viewport: { width, height: 900 },
        colorScheme,
      });
      expect(await page.locator('figure').count()).toBeGreaterThan(10);
      expect(await page.locator('.chart svg').count()).toBe(await page.locator('figure').count());
      expect(await overflowing(page)).toEqual([]);
      expect(await issues(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([`file://${file(lang)}`]);
      await page.context().close();
    },
  );

  test('a runtime that is switched off leaves charts and tables, and comes back', async () => {
    const { page, complaints } = await openReport(browser, file('en'), {
      viewport: { width: 1280, height: 900 },
    });
    const table = page.locator('#category-startup table').first();
    const chart = page.locator('#chart-overview .chart');
    const labels = () => chart.locator('text').allTextContents();
    const rows = () => table.locator('tbody tr:visible').filter({ hasText: 'crun' }).count();
    const before = await rows();
    expect(before).toBeGreaterThan(0);
    await expect.poll(labels).toContain('crun');
    const box = page.getByRole('checkbox', { name: 'crun' });
    await box.uncheck();
    await drawAll(page);
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
    for (const box of await page.locator('input[name="runtime"]').all()) await box.uncheck();
    const chart = page.locator('#chart-overview .chart');
    await chart.scrollIntoViewIfNeeded();
    await expect.poll(() => chart.textContent()).toBe('Every runtime of this chart is hidden.');
    await page.context().close();
  });

  test('an axis becomes linear and log again, and its title says which it is', async () => {
    const { page } = await openReport(browser, file('en'));
    const figure = page.locator('#chart-overhead-startup');
    const log = figure.getByRole('checkbox', { name: 'log scale' });
    await figure.scrollIntoViewIfNeeded();
    expect(await log.isChecked()).toBe(true);
    await log.uncheck();
    await expect.poll(() => figure.locator('svg').textContent()).toContain('(linear scale;');
    await log.check();
    await expect.poll(() => figure.locator('svg').textContent()).toContain('(log scale;');
    expect(await page.locator('#chart-startup-phases [data-log]').isVisible()).toBe(false);
    await page.context().close();
  });

  test('a column sorts by its numbers, one way, the other, and back; the keyboard does it too', async () => {
    const { page } = await openReport(browser, file('en'));
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
    const { page } = await openReport(browser, file('en'), { viewport: { width: 1280, height: 900 } });
    await page.locator('#chart-overhead-startup .mark-symbol path').first().hover({ force: true });
    const tooltip = page.locator('.tooltip');
    await expect.poll(() => tooltip.isVisible()).toBe(true);
    expect(await tooltip.textContent()).toMatch(/startup\/.*\n.*\[.*\]\n.*× runc.*\nn = \d+/);
    await page.context().close();
  });

  test('colours follow the choice, else the system; charts too', async () => {
    const { page } = await openReport(browser, file('en'), { colorScheme: 'dark' });
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
    expect(await page.locator('figure svg[role="img"]').count()).toBe(await page.locator('figure').count());
    expect(await page.locator('#controls').isVisible()).toBe(false);
    expect(await page.locator('table').first().isVisible()).toBe(true);
    expect(complaints.filter((line) => line.startsWith('error'))).toEqual([]);
    await page.context().close();
  });

  test('hostile names stay words, in the text, in the data of the script and in its charts', async () => {
    const { page, complaints } = await openReport(browser, file('hostile'));
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('main').textContent()).toContain('<img src=x');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
