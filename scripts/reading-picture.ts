/**
 * `npm run docs:picture -- REPORT.html`: takes the picture of docs/reading.md from a real report, with a number on each part
 * that the page explains. Needs Debian's chromium. Fails where the report lacks a part that every report has.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/** Number on the picture and in docs/reading.md → where the part is in report.html. */
export const marks: readonly (readonly [part: string, selector: string])[] = [
  ['the finding', '.lead'],
  ['the run', '.lead ~ p'],
  ['badges of trust', '.badges'],
  ['warnings', '.warning'],
  ['cards', '.cards'],
  ['the matrix', '.matrix'],
  ['a field of the matrix', '.matrix tbody td'],
  ['signs and colours', '.matrix ~ p, .scroll:has(.matrix) + p'],
  ['a fold', 'main summary h2'],
  ['the overview', '#chart-overview'],
  ['contents and filter', '.bar'],
];

/** What a report without warnings has not. */
const optional = ['warnings'];

/** Where the number of a part stands, and where the part ends, px. */
interface Place {
  readonly number: number;
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

export const picture = resolve(import.meta.dirname, '../docs/pictures/reading.png');
const width = 1280;
/** Width of a number's disc, px. */
const disc = 26;

if (import.meta.main) {
  const [report] = process.argv.slice(2);
  if (report === undefined) throw new Error('usage: npm run docs:picture -- REPORT.html');
  await using browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(resolve(report)).href);
  const places: Place[] = [];
  for (const [at, [part, selector]] of marks.entries()) {
    const found = page.locator(selector).first();
    if (optional.includes(part) && (await found.count()) === 0) continue;
    const box = await found.boundingBox({ timeout: 5000 });
    if (box === null) throw new Error(`${report} has no visible ${part} (${selector})`);
    // A disc stands left of its part, or in it where there is no room.
    const left = box.x < disc ? box.x + box.width - 2 * disc : box.x - disc;
    places.push({
      number: at + 1,
      left,
      top: box.y,
      bottom: part === 'contents and filter' ? 0 : box.y + box.height,
    });
  }
  await page.evaluate(drawMarks, places);
  await mkdir(dirname(picture), { recursive: true });
  const height = Math.ceil(Math.max(...places.map(({ bottom }) => bottom))) + 16;
  await page.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width, height } });
}

/** Runs in the page: a numbered disc for every place. */
function drawMarks(places: readonly Place[]): void {
  // biome-ignore lint/suspicious/noExplicitAny: the types of a browser are not those of this project
  const { document } = globalThis as any;
  for (const { number, left, top } of places) {
    const mark = document.createElement('div');
    mark.textContent = String(number);
    Object.assign(mark.style, {
      position: 'absolute',
      left: `${left}px`,
      top: `${Math.max(2, top - 2)}px`,
      width: '24px',
      font: 'bold 14px/24px sans-serif',
      textAlign: 'center',
      color: '#fff',
      background: '#b3005e',
      borderRadius: '12px',
      zIndex: '9',
    });
    document.body.append(mark);
  }
}
