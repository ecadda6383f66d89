import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fullSuite } from '../report/full-suite.ts';
import { syntheticRun } from '../report/support.ts';
import { differsFromGolden } from './picture.ts';
import { canBrowse, openBrowser, reportHtml, unfitForPaper } from './support.ts';

const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

describe.skipIf(!canBrowse)('the first screen of report.html', () => {
  let browser: Browser;
  let directory = '';
  const url = (lang: string, rest = '') => `file://${join(directory, `${lang}.html`)}${rest}`;
  const open = async (address: string, options: Parameters<Browser['newContext']>[0] = {}) => {
    const page = await (await browser.newContext({ viewport: desk, ...options })).newPage();
    await page.goto(address);
    return page;
  };
  const close = (page: Page) => page.context().close();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-screen-'));
    const suite = syntheticRun({ runtimes: ['runc', 'crun', 'runsc'], more: fullSuite });
    for (const lang of ['en', 'fr'] as const)
      await writeFile(join(directory, `${lang}.html`), await reportHtml(suite, lang));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** The lower edge of an element, as a fraction of the window's height. */
  const edge = (page: Page, selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((part) => {
        const box = part as unknown as { getBoundingClientRect(): { bottom: number } };
        return (
          box.getBoundingClientRect().bottom / (globalThis as unknown as { innerHeight: number }).innerHeight
        );
      });

  test.each([
    ['en', desk],
    ['fr', desk],
    ['en', phone],
    ['fr', phone],
  ] as const)('%s, %o: finding, trust and a first result are above the fold', async (lang, viewport) => {
    const page = await open(url(lang), { viewport });
    for (const part of ['.lead', '.badges', '.cards tbody td strong'])
      expect(await edge(page, part), part).toBeLessThanOrEqual(1);
    if (viewport === desk) expect(await edge(page, '.matrix td.worse'), 'a verdict').toBeLessThanOrEqual(1);
    expect(await page.locator('.matrix td.worse .word').first().textContent()).not.toBe('');
    await close(page);
  });

  test.each([true, false])(
    'a cell leads to its section and opens it (scripts: %s)',
    async (javaScriptEnabled) => {
      const page = await open(url('en'), { javaScriptEnabled });
      const section = page.locator('#category-cpu');
      expect(await section.isVisible()).toBe(false);
      await page.locator('.matrix a[href="#category-cpu"]').first().click();
      await section.waitFor({ state: 'visible' });
      expect(await section.evaluate((part) => part.textContent)).toContain('sysbench');
      await close(page);
    },
  );

  test('a badge leads to what explains it, and a workload has an anchor', async () => {
    const page = await open(url('en'));
    await page.locator('.badge[href="#noise"]').click();
    await page.locator('#noise').waitFor({ state: 'visible' });
    await page.goto(url('en', '#w-cpu-sysbench-threads-1'));
    await page.locator('#w-cpu-sysbench-threads-1').waitFor({ state: 'visible' });
    await close(page);
  });

  test('what is filtered and searched is in the address, and comes back from it', async () => {
    const page = await open(url('en'));
    const rows = () => page.locator('#category-io table').first().locator('tbody tr:visible');
    const all = await rows().count();
    await page.getByRole('checkbox', { name: 'only differences' }).check();
    expect(await rows().filter({ hasText: 'no difference' }).count()).toBe(0);
    expect(await rows().filter({ hasText: 'slower' }).count()).toBeGreaterThan(0);
    expect(await rows().filter({ hasText: 'baseline' }).count()).toBeGreaterThan(0);
    const differing = await rows().count();
    expect(differing).toBeLessThan(all);
    await page.getByRole('searchbox').fill('fio seqread tmpfs');
    await expect.poll(() => rows().count()).toBeLessThan(differing);
    expect(await page.locator('output.found').textContent()).toMatch(/^\d+ tests?$/);
    for (const label of await rows().locator('th').allTextContents()) expect(label).toContain('target=tmpfs');
    const shown = await rows().count();
    const address = page.url();
    expect(new URL(address).searchParams.get('q')).toBe('fio seqread tmpfs');
    const again = await open(address);
    expect(await again.getByRole('searchbox').inputValue()).toBe('fio seqread tmpfs');
    await expect
      .poll(() => again.locator('#category-io table').first().locator('tbody tr:visible').count())
      .toBe(shown);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('checkbox', { name: 'only differences' }).uncheck();
    expect(await rows().count()).toBe(all);
    expect(new URL(page.url()).search).toBe('');
    await close(page);
    await close(again);
  });

  test('the table of contents shows where the reader is', async () => {
    const page = await open(url('en'));
    const here = () => page.locator('nav [aria-current]').textContent();
    expect(await here()).toBe('At a glance');
    await page.getByRole('link', { name: 'Memory', exact: true }).first().click();
    await expect.poll(here).toBe('Memory');
    await close(page);
  });

  test('on paper nothing is folded, cut or too small to read', async () => {
    // A4 less its margins.
    const page = await open(url('en'), { viewport: { width: 688, height: 1000 }, javaScriptEnabled: false });
    await page.emulateMedia({ media: 'print' });
    expect(await unfitForPaper(page)).toEqual({ hidden: 0, wide: [], small: [] });
    await close(page);
  });

  test.each([
    ['first-screen.desk.en.light', 'en', desk, 'light'],
    ['first-screen.phone.fr.dark', 'fr', phone, 'dark'],
  ] as const)('looks as it did: %s', async (name, lang, viewport, colorScheme) => {
    const page = await open(url(lang), { viewport, colorScheme });
    // The font that Debian's Chromium brings, whatever else is installed.
    await page.addStyleTag({ content: 'body { font-family: "DejaVu Sans" !important; }' });
    expect(await differsFromGolden(name, await page.screenshot({ animations: 'disabled' }))).toBe(null);
    await close(page);
  });
});
