import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canRun, ocibench, workplace } from '../e2e/support.ts';
import { canBrowse, openBrowser, openReport, overflowing, seriousIssues } from './support.ts';

test.skipIf(!canRun || !canBrowse)(
  'the report of a real run, written anew in French, is drawn and usable',
  async () => {
    const place = await workplace();
    const browser = await openBrowser();
    try {
      const result = await ocibench(
        [
          ...['run', '--preset', 'quick', '--engine', 'embedded', '--blocks', '3..3', '--max-time', '5m'],
          ...['--runtimes', 'runc,crun,runsc', '--workloads', 'startup/echo,memory/idle,isolation/facts'],
          ...['--daemon-json', place.daemonJson, '--out', place.path, '--seed', '7'],
        ],
        place.path,
      );
      expect(result.exitCode, result.stderr).toBe(0);
      const results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
      const again = await ocibench(
        ['report', 'latest', '--out', place.path, '--lang', 'fr', '--json'],
        place.path,
      );
      expect(again.exitCode, again.stderr).toBe(0);
      for (const [width, colorScheme] of [
        [1280, 'light'],
        [390, 'dark'],
      ] as const) {
        const { page, complaints, requests } = await openReport(browser, join(results, 'report.html'), {
          viewport: { width, height: 900 },
          colorScheme,
        });
        expect(await page.locator('html').getAttribute('lang')).toBe('fr');
        expect(await page.locator('figure').count()).toBeGreaterThan(3);
        expect(await page.locator('#isolation-cost ~ div table').first().textContent()).toContain('4.4');
        expect(await overflowing(page)).toEqual([]);
        expect(await seriousIssues(page)).toEqual([]);
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
      await place.remove();
    }
  },
  400_000,
);
