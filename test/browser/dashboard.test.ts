import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryLine } from '../../src/features/nightly/history/record.ts';
import { countedLines, type History } from '../../src/features/nightly/history/recorded-series.ts';
import { figureText } from '../../src/features/nightly/site/figure-text.ts';
import { slugsOf } from '../../src/features/nightly/site/series-view.ts';
import { siteFiles } from '../../src/features/nightly/site/site.ts';
import { formatInstant } from '../../src/report/format.ts';
import { pageScript } from '../../src/report/render/page-script.ts';
import { syntheticYear, yearHistory } from '../features/nightly/site/synthetic-year.ts';
import { headlineLine, nightLine } from '../support/history-lines.ts';
import { differsFromGolden } from './picture.ts';
import { canBrowse, issues, openBrowser, overflowing, unfitForPaper } from './support.ts';

const dashboard = new URL('../../src/features/nightly/site/page/', import.meta.url);
const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const runcEcho = 'runc ÷ runc-pin startup/echo startup.to_output';
const crunIdle = 'crun ÷ crun-pin memory/idle memory.peak';

async function writeSite(directory: string, history: History): Promise<number> {
  const files = siteFiles({
    history,
    damaged: [],
    at: '2026-11-26T04:10:00.000Z',
    version: '0.1.0',
    script: await pageScript(dashboard),
    digest: (content) => createHash('sha256').update(content).digest('base64'),
  });
  let bytes = 0;
  for (const [path, content] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
    bytes += Buffer.byteLength(content);
  }
  return bytes;
}

describe.skipIf(!canBrowse)('the dashboard of a year of 150 series in Chromium', () => {
  let browser: Browser;
  let directory = '';
  let bytes = 0;
  const history = yearHistory();
  const slug = (name: string) =>
    slugsOf([...new Set(history.headlines.map(({ series }) => series))]).get(name) ?? '';
  const url = (page: string, hash = '') => `file://${join(directory, page)}${hash}`;

  /** Opens a page as a reader does, with what it said and asked for. */
  const open = async (address: string, options: BrowserContextOptions = {}) => {
    const page = await (await browser.newContext({ viewport: desk, ...options })).newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    return { page, complaints, requests };
  };
  const drawn = (page: Page) => page.locator('#series[data-drawn="true"]').waitFor({ state: 'attached' });
  const close = (page: Page) => page.context().close();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-dashboard-'));
    bytes = await writeSite(directory, history);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  test('is at most 4 MB', () => {
    expect(new Set(history.headlines.map(({ series }) => series)).size).toBe(150);
    expect(bytes).toBeLessThanOrEqual(4e6);
  });

  const views = [
    ['en', desk, 'light'],
    ['en', phone, 'dark'],
    ['fr', phone, 'light'],
    ['fr', desk, 'dark'],
  ] as const;

  test.each(views)(
    '%s, %o, %s: nothing sticks out, nothing for axe to find, no request but its own files',
    async (lang, viewport, colorScheme) => {
      const { page, complaints, requests } = await open(url(`${lang}.html`), { viewport, colorScheme });
      expect(await page.locator('.matrix td').count()).toBeGreaterThan(20);
      expect(await page.locator('table.series tbody tr:not(.group)').count()).toBe(150);
      expect(await overflowing(page)).toEqual([]);
      expect(await issues(page)).toEqual([]);
      expect(requests).toEqual([url(`${lang}.html`)]);
      await page.goto(url(`${lang}.html`, `#${slug(runcEcho)}`));
      await drawn(page);
      expect(await page.locator('.plot svg .dot').count()).toBeGreaterThan(60);
      expect(await overflowing(page)).toEqual([]);
      expect(await issues(page)).toEqual([]);
      expect(requests.filter((request) => !request.startsWith(`file://${directory}/`))).toEqual([]);
      expect(complaints).toEqual([]);
      await close(page);
    },
  );

  test('months load when they are needed, once each', async () => {
    const { page, requests } = await open(url('en.html', `#${slug(runcEcho)},30`));
    await drawn(page);
    const months = () => requests.filter((request) => request.includes('/data/'));
    expect(months().length).toBeLessThanOrEqual(2);
    await page.getByRole('radio', { name: 'a year' }).check({ force: true });
    await expect.poll(() => months().length).toBeGreaterThan(11);
    await drawn(page);
    await page.goto(url('en.html', `#${slug(crunIdle)},365`));
    await drawn(page);
    expect(new Set(months()).size).toBe(months().length);
    await close(page);
  });

  test.each(['en', 'fr'] as const)('%s: every figure of a series is as its record says', async (lang) => {
    const { page } = await open(url(`${lang}.html`, `#${slug(runcEcho)},all`));
    await drawn(page);
    const rows = await page.locator('table.figures tbody tr').evaluateAll((all) =>
      all.flatMap((row) => {
        const { cells } = row as unknown as { readonly cells: ArrayLike<{ readonly textContent: string }> };
        const [at, figure, pairs] = [cells[0], cells[1], cells[2]].map((cell) => cell?.textContent ?? '');
        return cells.length > 2 ? [`${at} ${figure} ${pairs}`] : [];
      }),
    );
    const own = history.headlines.filter(({ series, stage }) => series === runcEcho && stage === 'night');
    expect(rows).toEqual(
      own.toReversed().map((line) => `${formatInstant(line.at)} ${figureText(line, lang)} ${line.pairs}`),
    );
    await close(page);
  });

  test('nights without a figure, reruns, versions and segments are shown as such', async () => {
    const { page } = await open(url('en.html', `#${slug(runcEcho)},all`));
    await drawn(page);
    const text = await page.locator('table.figures').textContent();
    expect(text).toContain('skipped: others use 38 % of the CPUs');
    expect(text).toMatch(/rerun: \+\d+\.\d% \[\+\d/);
    expect(text).toContain('runc: 1.1.15 → 1.3.6');
    expect(text).toContain('kernel: 6.12.57 → 6.18.2');
    expect(text).toContain('image: decaf0000000 → c0ffee000000');
    for (const mark of [
      '.band',
      '.rerun',
      '.dot.disturbed',
      '.level',
      '.segment',
      '.version',
      '.alarm-span',
      '.control',
    ])
      expect(await page.locator(`.plot svg ${mark}`).count(), mark).toBeGreaterThan(0);
    for (const look of ['measured', 'missing', 'skipped', 'disturbed'])
      expect(await page.locator(`.plot svg .day.${look}`).count(), look).toBeGreaterThan(0);
    await close(page);
  });

  test('the keyboard goes from the list to a series, through its nights, and back', async () => {
    const { page } = await open(url('en.html'));
    const link = page.locator(`[id="${slug(crunIdle)}"] a`);
    await link.focus();
    await page.keyboard.press('Enter');
    await drawn(page);
    const slider = page.getByRole('slider');
    await slider.focus();
    const said = () => slider.getAttribute('aria-valuetext');
    const last = await said();
    expect(last).toContain('night of 2026-11-26');
    await page.keyboard.press('ArrowLeft');
    expect(await said()).not.toBe(last);
    await page.keyboard.press('Home');
    await page.keyboard.press('End');
    expect(await said()).toBe(last);
    expect(last).toContain((await page.locator('.readout strong').textContent()) ?? '?');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('#overview').isVisible()).toBe(true);
    await expect.poll(() => page.evaluate('document.activeElement.closest("tr")?.id')).toBe(slug(crunIdle));
    await close(page);
  });

  test('the list is searched and filtered, and says how many it shows', async () => {
    const { page } = await open(url('en.html'));
    const rows = () => page.locator('table.series tbody tr:not(.group):visible');
    await page.getByRole('searchbox').fill('crun-pin fio');
    await expect.poll(() => rows().count()).toBe(8);
    expect(await page.locator('output.found').textContent()).toBe('8 series');
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('pin');
    await expect.poll(() => rows().count()).toBe(4);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('checkbox').check();
    await expect.poll(() => rows().count()).toBeGreaterThan(2);
    expect(await rows().count()).toBeLessThan(40);
    await close(page);
  });

  test('the entry page leads to the language of its reader, and keeps the place', async () => {
    for (const [locale, lang] of [
      ['fr-CA', 'fr'],
      ['de-DE', 'en'],
    ] as const) {
      const { page } = await open(url('index.html', `#${slug(runcEcho)}`), { locale });
      await page.waitForURL(url(`${lang}.html`, `#${slug(runcEcho)}`));
      await drawn(page);
      await page.locator('a.lang').click();
      await page.waitForURL(url(`${lang === 'fr' ? 'en' : 'fr'}.html`, `#${slug(runcEcho)}`));
      await close(page);
    }
  });

  test('a month that is not there is named, and the others are drawn', async () => {
    const place = await mkdtemp(join(directory, 'part-'));
    await writeSite(place, history);
    await rm(join(place, 'data/2026-10.html'));
    const { page } = await open(`file://${place}/en.html#${slug(runcEcho)}`);
    await page.locator('[role="alert"]').waitFor({ timeout: 30_000 });
    expect(await page.locator('[role="alert"]').textContent()).toContain('2026-10');
    expect(await page.locator('.plot svg .dot').count()).toBeGreaterThan(20);
    await close(page);
  });

  test('without scripts the overview is whole, and no control is shown', async () => {
    const { page } = await open(url('en.html'), { javaScriptEnabled: false });
    expect(await page.locator('#controls').isVisible()).toBe(false);
    expect(await page.locator('.matrix td').first().isVisible()).toBe(true);
    expect(await page.locator('table.series tbody tr').first().isVisible()).toBe(true);
    expect(await page.locator('noscript').textContent()).toContain('need scripts');
    await close(page);
  });

  test('on paper nothing is folded, cut or too small to read', async () => {
    for (const hash of ['', `#${slug(runcEcho)},365`]) {
      // A4 less its margins.
      const { page } = await open(url('en.html', hash), { viewport: { width: 688, height: 1000 } });
      if (hash !== '') await drawn(page);
      await page.emulateMedia({ media: 'print' });
      expect(await unfitForPaper(page)).toEqual({ hidden: 0, wide: [], small: [] });
      await close(page);
    }
  });

  test('hostile names stay words, in the list, on a series page and in what it loads', async () => {
    const evil = '</script><img src=x onerror="alert(1)">\u2028<!--';
    const names = {
      runtime: evil,
      reference: evil,
      workload: evil,
      params: evil,
      metric: evil,
      series: evil,
    };
    const { provenance } = headlineLine('2026-11-24');
    const changed = { ...provenance, kernel: evil, runtime: { version: evil, sha256: evil } };
    const lines: HistoryLine[] = ['2026-11-24', '2026-11-25'].flatMap((night, i) => [
      headlineLine(night, { ...names, provenance: i === 0 ? provenance : changed }),
      nightLine(night, { reason: evil }),
    ]);
    const place = await mkdtemp(join(directory, 'evil-'));
    await writeSite(place, countedLines(lines));
    const { page, complaints } = await open(`file://${place}/en.html`);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('table.series').textContent()).toContain('<img src=x');
    await page.locator('table.series a').first().click();
    await drawn(page);
    expect(await page.locator('table.figures').textContent()).toContain('<img src=x');
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close(page);
  });

  test('what frames a page of data runs nothing of it', async () => {
    const place = await mkdtemp(join(directory, 'foreign-'));
    await writeSite(place, history);
    const foreign = `<script>parent.document.title = 'taken'; parent.postMessage('{}', '*')</script>`;
    await writeFile(join(place, 'data/2026-11.html'), foreign);
    const { page } = await open(`file://${place}/en.html#${slug(runcEcho)}`);
    await page.locator('[role="alert"]').waitFor({ timeout: 30_000 });
    expect(await page.title()).not.toBe('taken');
    await close(page);
  });

  test.each([
    ['dashboard.overview.desk.en.light', 'en', '', desk, 'light'],
    ['dashboard.overview.phone.fr.dark', 'fr', '', phone, 'dark'],
    ['dashboard.series.desk.en.light', 'en', `${crunIdle},365`, desk, 'light'],
    ['dashboard.series.phone.fr.dark', 'fr', runcEcho, phone, 'dark'],
  ] as const)('looks as it did: %s', async (name, lang, series, viewport, colorScheme) => {
    const [named = '', range] = series.split(',');
    const hash = series === '' ? '' : `#${slug(named)}${range === undefined ? '' : `,${range}`}`;
    const { page } = await open(url(`${lang}.html`, hash), { viewport, colorScheme });
    // The font that Debian's Chromium brings, whatever else is installed.
    await page.addStyleTag({ content: 'body { font-family: "DejaVu Sans" !important; }' });
    if (hash !== '') await drawn(page);
    expect(await differsFromGolden(name, await page.screenshot({ animations: 'disabled' }))).toBe(null);
    await close(page);
  });
});

test('the synthetic year is the same each time', () => {
  const year = () => JSON.stringify(syntheticYear({ nights: 20, categories: ['cpu'] }));
  expect(year()).toBe(year());
});
