import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateHosts } from '../../src/features/nightly/report/host-nights.ts';
import { reportPage } from '../../src/features/nightly/report/page.ts';
import { drawCourses } from '../../src/features/nightly/report/series-table.ts';
import { renderSvg } from '../../src/report/render/svg.ts';
import { yearHistory } from '../features/nightly/history/synthetic-year.ts';
import { canBrowse, issues, openBrowser, openReport, overflowing, unfitForPaper } from './support.ts';

const history = yearHistory({ categories: ['startup', 'memory', 'syscall'] });
const hosts = evaluateHosts(history);
const runs = history.nights.slice(-30).flatMap(({ run }) => run ?? []);

describe.skipIf(!canBrowse)('the report of a year of nights in Chromium', () => {
  let browser: Browser;
  let directory = '';
  const file = (lang: string) => join(directory, 'history', `${lang}.html`);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-nights-'));
    const pictures = new Map<string, string>();
    for (const [name, spec] of hosts.flatMap(drawCourses)) pictures.set(name, (await renderSvg(spec)).svg);
    await mkdir(join(directory, 'history'));
    const links = new Map<string, string>();
    for (const run of runs) {
      const place = join(directory, 'results', run);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'report.html'), `<title>${run}</title>`);
      links.set(run, relative(dirname(file('en')), join(place, 'report.html')));
    }
    const unread = [{ file: 'history/2026-01.ndjson', line: 3, said: 'line 3 is skipped: it is not JSON' }];
    const input = { history, unread, at: '2026-11-27T03:00:00.000Z', version: '0.1.0', links };
    for (const lang of ['en', 'fr'] as const)
      await writeFile(file(lang), reportPage(hosts, { ...input, lang }, pictures));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  test.each([
    ['en', 1280, 'light'],
    ['en', 375, 'dark'],
    ['fr', 375, 'light'],
    ['fr', 1280, 'dark'],
  ] as const)(
    '%s, %i px, %s: table and pictures are there, nothing sticks out, nothing for axe',
    async (lang, width, colorScheme) => {
      const viewport = { width, height: 900 };
      const { page, complaints, requests } = await openReport(browser, file(lang), { viewport, colorScheme });
      expect(await page.locator('h2:text-is("Alarms"), h2:text-is("Alarmes")').count()).toBe(1);
      await page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true;");
      const moved = history.alarms.reduce((sum, { series }) => sum + series.length, 0);
      const series = hosts.reduce((sum, each) => sum + each.series.length, 0);
      expect(await page.locator('td .spark svg:visible').count()).toBe(series + moved);
      expect(await page.locator('th a.anchor:visible').count()).toBe(series);
      expect(await overflowing(page)).toEqual([]);
      expect(await issues(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      await page.context().close();
    },
  );

  test('every link leads somewhere: to a part of the page, which opens, or to a run', async () => {
    const { page } = await openReport(browser, file('en'));
    const hrefs = await page
      .locator('a[href]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const href of new Set(hrefs.filter((each) => each.startsWith('#')))) {
      const target = await page.evaluate(
        `document.getElementById(decodeURIComponent(${JSON.stringify(href.slice(1))})) !== null`,
      );
      expect(target, href).toBe(true);
    }
    await page.locator('a[href*="runc-runc-pin-startup-echo-"]').first().dispatchEvent('click');
    expect(await page.locator('tr:has(:target)').isVisible()).toBe(true);
    await page.locator('a[href^="../results/"]').first().dispatchEvent('click');
    await page.waitForURL(/report\.html$/);
    expect(runs).toContain(await page.title());
    await page.context().close();
  });

  test('on paper everything is there, nothing is cut', async () => {
    const { page } = await openReport(browser, file('en'), { viewport: { width: 718, height: 1000 } });
    await page.emulateMedia({ media: 'print' });
    expect(await unfitForPaper(page)).toEqual({ hidden: 0, wide: [], small: [] });
    await page.context().close();
  });
});
