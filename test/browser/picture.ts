import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/**
 * Fraction of the pixels that may differ: another release of the browser draws the edges of letters otherwise. Charts are
 * drawn with the shipped fonts by pinned programs, and a dot that turns hollow is few pixels.
 */
const tolerated = { browser: 0.02, charts: 0.000_02 } as const;

const golden = join(import.meta.dirname, '../golden');

/**
 * Compares a picture with the golden one of its folder; null where they are alike, else what to do. A golden one that is missing
 * is made, to be looked at.
 */
export async function differsFromGolden(
  name: string,
  screenshot: Uint8Array,
  folder: keyof typeof tolerated = 'browser',
): Promise<string | null> {
  const path = join(golden, folder, `${name}.png`);
  if (!existsSync(path)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, screenshot);
    return `${path} was made: look at it, then run again`;
  }
  const [was, is] = [PNG.sync.read(await readFile(path)), PNG.sync.read(Buffer.from(screenshot))];
  if (was.width !== is.width || was.height !== is.height)
    return `${is.width} × ${is.height} instead of ${was.width} × ${was.height}`;
  const difference = new PNG({ width: was.width, height: was.height });
  const pixels = pixelmatch(was.data, is.data, difference.data, was.width, was.height, { threshold: 0.15 });
  const share = pixels / (was.width * was.height);
  if (share <= tolerated[folder]) return null;
  const at = join(tmpdir(), `ocibench-${name}`);
  await writeFile(`${at}.png`, screenshot);
  await writeFile(`${at}.difference.png`, PNG.sync.write(difference));
  return `${pixels} pixels (${(100 * share).toFixed(2)} %) differ: ${at}.png, ${at}.difference.png; if that is wanted, remove ${path}`;
}
