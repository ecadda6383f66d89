import { cp, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { quickRun } from '../e2e/quick-run.ts';
import { canRun, ocibench, workplace } from '../e2e/support.ts';
import { canBrowse, drawCharts, issues, openBrowser, openReport, overflowing } from './support.ts';

test.skipIf(!canRun || !canBrowse)(
  'the report of a real run, written anew in French, is drawn and usable',
  async () => {
    const browser = await openBrowser();
    const { path: place, remove } = await workplace();
    try {
      const run = await quickRun();
      // Others look at that run beside this test: what is written anew is a copy.
      const id = basename(run.results);
      const results = join(place, 'results', id);
      await cp(run.results, results, { recursive: true });
      const again = await ocibench(['report', id, '--in', place, '--lang', 'fr', '--json'], place);
      expect(again.exitCode, again.stderr).toBe(0);
      for (const [width, colorScheme] of [
        [1280, 'light'],
        [390, 'dark'],
      ] as const) {
        const { page, complaints, requests } = await openReport(browser, join(results, 'report.html'), {
          viewport: { width, height: 900 },
          colorScheme,
        });
        await drawCharts(page);
        expect(await page.locator('html').getAttribute('lang')).toBe('fr');
        expect(await page.locator('figure').count()).toBeGreaterThan(3);
        expect(await page.locator('#isolation-cost table').first().textContent()).toContain('4.4');
        expect(await overflowing(page)).toEqual([]);
        expect(await issues(page)).toEqual([]);
        expect(complaints).toEqual([]);
        expect(requests).toHaveLength(1);
        // What a link of the page leads to lies beside it.
        const present = await readdir(results);
        for (const link of await page.locator('a[href*=".csv"]').all())
          expect(present).toContain(((await link.getAttribute('href')) ?? '').split('#')[0]);
        await page.context().close();
      }
    } finally {
      await browser.close();
      await remove();
    }
  },
  1_800_000,
);
