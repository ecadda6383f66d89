import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { compile, type TopLevelSpec } from 'vega-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { charts } from '../../src/report/charts/index.ts';
import { fullSuite } from '../report/full-suite.ts';
import { syntheticRun } from '../report/support.ts';
import { canBrowse, openBrowser } from './support.ts';

/** As viewers load it from a CDN; the package exports only modules. */
const vega = fileURLToPath(new URL('./vega.min.js', import.meta.resolve('vega')));
const runtimes = ['runc', 'crun', 'runsc'];
const drawn = charts({ ...syntheticRun({ runtimes, more: fullSuite }), lang: 'en' }).flatMap((chart) =>
  'spec' in chart ? [[chart.id, chart.spec] as const] : [],
);

/** What the fields of a chart that can be picked are called in its legend, or null where marks are picked. */
const legends: Readonly<Record<string, string>> = {
  overview: 'crun',
  'cost-io': 'crun',
  'startup-concurrency': 'crun',
  density: 'crun',
  'startup-phases': 'remove',
  'memory-footprint': 'workload',
};

describe.skipIf(!canBrowse)(
  'a specification alone, in a viewer that has Vega and nothing of ocibench',
  () => {
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      browser = await openBrowser();
      page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.setContent('<div id="view"></div>');
      await page.addScriptTag({ path: vega });
    });
    afterAll(() => browser?.close());

    /** As vega-embed does. */
    async function embed(spec: unknown): Promise<void> {
      const compiled = compile(spec as TopLevelSpec).spec;
      await page.evaluate(`(() => {
      document.getElementById('view').replaceChildren();
      globalThis.view = new vega.View(vega.parse(${JSON.stringify(compiled)}), { container: '#view', renderer: 'svg' });
      return view.hover().runAsync().then(() => undefined);
    })()`);
    }

    const marks = '#view .role-mark :is(path, line, text)';
    const settled = () => page.evaluate('view.runAsync().then(() => undefined)');
    /** How many of the marks are faint. */
    const faint = async () => {
      await settled();
      return page.locator(marks).evaluateAll(
        (all) =>
          all.filter((mark) => {
            const { getAttribute } = mark as unknown as { getAttribute(name: string): string | null };
            return getAttribute.call(mark, 'opacity') === '0.12';
          }).length,
      );
    };
    const show = (names: readonly string[]) =>
      page.evaluate(`view.signal('shown', ${JSON.stringify(names)}).runAsync().then(() => undefined)`);
    const count = () => page.locator(marks).count();

    test.each(drawn)('%s is drawn; a runtime can be taken out of it, and comes back', async (_, spec) => {
      await embed(spec);
      const all = await count();
      expect(all).toBeGreaterThan(5);
      expect(await faint()).toBe(0);
      // crun has no column of its own where nothing is claimed of it.
      await show(['runc', 'crun']);
      expect(await count()).toBeLessThan(all);
      expect(await page.locator('#view text', { hasText: /^runsc$/ }).count()).toBe(0);
      await show(runtimes);
      expect(await count()).toBe(all);
      expect(complaints).toEqual([]);
    });

    test.each(Object.entries(legends))(
      '%s: what is clicked in the legend stays, the rest fades',
      async (id, entry) => {
        const [, spec] = drawn.find(([name]) => name === id) ?? [];
        await embed(spec);
        const label = page.locator('#view .role-legend-label text', { hasText: new RegExp(`^${entry}$`) });
        await label.first().click({ force: true });
        const some = await faint();
        expect(some).toBeGreaterThan(0);
        expect(some).toBeLessThan(await count());
        await page.locator('#view svg').click({ position: { x: 3, y: 3 } });
        expect(await faint()).toBe(0);
        expect(complaints).toEqual([]);
      },
    );

    test.each([
      ['startup-distribution', '.role-mark.mark-symbol path'],
      ['syscall-heatmap', '.role-mark.mark-rect path'],
    ] as const)('%s: what is clicked stays, the rest fades', async (id, mark) => {
      const [, spec] = drawn.find(([name]) => name === id) ?? [];
      await embed(spec);
      await page.locator(`#view ${mark}`).last().click({ force: true });
      const some = await faint();
      expect(some).toBeGreaterThan(0);
      expect(some).toBeLessThan(await count());
    });

    test('a mark tells its value to whoever points at it', async () => {
      const [, spec] = drawn.find(([name]) => name === 'cost-startup') ?? [];
      await embed(spec);
      await page.locator('#view .role-mark.mark-symbol path').first().hover({ force: true });
      // Without a tooltip of its own, Vega uses the browser's.
      await expect
        .poll(() =>
          page.evaluate(`document.querySelector('#view [title], #view[title]')?.getAttribute('title')`),
        )
        .toMatch(/startup\/[\s\S]*\[.*\][\s\S]*× runc[\s\S]*n = \d+/);
    });
  },
);
