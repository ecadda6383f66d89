import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorkloadIds } from '../../src/core/config/workload-ids.ts';
import type { Lang } from '../../src/core/messages/message.ts';
import type { Fleet } from '../../src/features/fleet/merge/fleet-record.ts';
import { withoutNames } from '../../src/features/fleet/merge/withhold-names.ts';
import { fleetBlocks, fleetPage } from '../../src/features/fleet/report/blocks.ts';
import { fleetCharts } from '../../src/features/fleet/report/charts.ts';
import type { PagePictures } from '../../src/report/document/page-parts.ts';
import { renderSvg } from '../../src/report/render/svg.ts';
import { alikeHosts, madeFleet } from '../features/fleet/merge/made-fleet.ts';
import { canBrowse, issues, openBrowser, overflowing } from './support.ts';

const shipped = { workloads: new Set(loadWorkloadIds()), profiles: new Set(['default']) };

/** report.html as `ocibench fleet merge` writes it. */
async function pageOf(fleet: Fleet, lang: Lang, forClass = false): Promise<string> {
  const charts = fleetCharts(fleet, lang);
  const svgs: Record<string, PagePictures> = {};
  for (const { id, wide, narrow } of charts)
    svgs[id] = { wide: (await renderSvg(wide)).svg, narrow: (await renderSvg(narrow)).svg };
  return fleetPage(fleet, fleetBlocks(fleet, { lang, charts, forClass }), lang, svgs);
}

const hosts = alikeHosts(9, (at) => (at === 4 ? { runsc: 4, kernel: '5.4.0-1' } : {}));

describe.skipIf(!canBrowse)('the report of a fleet in Chromium', () => {
  let browser: Browser;
  let directory = '';
  const file = (name: string) => join(directory, `${name}.html`);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-fleet-page-'));
    const few = madeFleet(hosts, 'in/cn2/run');
    const many = madeFleet(alikeHosts(60, (at) => ({ name: `node-${at}` })));
    for (const lang of ['en', 'fr'] as const) {
      await writeFile(file(`few.${lang}`), await pageOf(few, lang));
      await writeFile(file(`class.${lang}`), await pageOf(withoutNames(few, lang, shipped), lang, true));
      await writeFile(file(`many.${lang}`), await pageOf(many, lang));
    }
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  test.each(
    (['few', 'class', 'many'] as const).flatMap((kind) => [
      [kind, 'en', 1280, 'light'] as const,
      [kind, 'en', 390, 'dark'] as const,
      [kind, 'fr', 390, 'light'] as const,
      [kind, 'fr', 1280, 'dark'] as const,
    ]),
  )(
    '%s, %s, %i px, %s: charts are there, nothing sticks out, nothing for axe',
    async (kind, lang, width, colorScheme) => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      await page.goto(`file://${file(`${kind}.${lang}`)}`);
      const figures = await page.locator('figure').count();
      expect(figures).toBe(kind === 'many' ? 1 : 2);
      expect(await page.locator('figure .chart svg:visible').count()).toBe(figures);
      expect(await overflowing(page)).toEqual([]);
      expect(await issues(page)).toEqual([]);
      await context.close();
    },
  );
});
