import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { execa } from 'execa';
import { Blob, Face } from 'harfbuzzjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fontOptions, measuredAdvance } from '../../../src/report/render/text-width.ts';

const root = resolve(import.meta.dirname, '../../..');
const { fontFiles } = fontOptions;
const charactersOf = (file: string) =>
  new Set(
    [...new Face(new Blob(readFileSync(file))).collectUnicodes()].map((code) => String.fromCodePoint(code)),
  );

/** Every character in the sources of what is shown, and in the French catalogue: more than what charts show. */
const shown = new Set(
  globSync('{src/{core/{analyze,messages,metrics,model,runtimes},report}/**/*.{ts,json},workloads/**/*.ts}', {
    cwd: root,
  })
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8')])
    .filter((character) => character >= ' '),
);

describe.each(fontFiles.map((file) => [basename(file), file] as const))('%s', (_, file) => {
  test('holds every character that is written in reports, in English and French', () => {
    for (const character of ['é', '’', '×', '≈', '▲', '▼', 'µ', '\u202f', '−'])
      expect([...shown]).toContain(character);
    const held = charactersOf(file);
    expect([...shown].filter((character) => !held.has(character))).toEqual([]);
  });

  test('holds letters that names in a configuration have, and not the scripts that were taken out', () => {
    const held = charactersOf(file);
    expect([...'ŁódźΩμЖѝÅřỹ½₂→✓'].filter((character) => !held.has(character))).toEqual([]);
    expect(held.has('א')).toBe(false);
  });
});

describe('the whole fonts', () => {
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'ocibench-fonts-'));
    await execa(process.execPath, ['scripts/fonts.ts', place], { cwd: root });
  }, 60_000);
  afterAll(() => rm(place, { recursive: true }));

  test.each(fontFiles.map((file) => [basename(file), file] as const))('give %s', async (name, file) => {
    expect((await readFile(join(place, name))).equals(await readFile(file))).toBe(true);
  });

  test('give the widths of the usual characters', async () => {
    const widths = await readFile(join(place, 'advances.json'), 'utf8');
    const kept = join(root, 'src/report/render/fonts/advances.json');
    expect(widths).toBe(await readFile(kept, 'utf8'));
    const { normal, bold } = JSON.parse(widths) as Record<'normal' | 'bold', Record<string, number>>;
    expect(Object.keys(bold)).toEqual(Object.keys(normal));
    for (const character of ['a', '&', '\u202f', '−', 'É']) {
      expect(normal[character]).toBe(measuredAdvance(character, false));
      expect(bold[character]).toBe(measuredAdvance(character, true));
    }
  });

  test('draw the same picture as their parts', () => {
    const text = [...shown].filter((character) => !'&<>'.includes(character)).join('');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="100"><text y="30" font-family="DejaVu Sans" font-size="20">${text}</text><text y="80" font-family="DejaVu Sans" font-weight="bold" font-size="20">${text}</text></svg>`;
    const whole = fontFiles.map((file) => join(root, 'node_modules/dejavu-fonts-ttf/ttf', basename(file)));
    const draw = (files: readonly string[]) =>
      Buffer.from(new Resvg(svg, { font: { ...fontOptions, fontFiles: [...files] } }).render().asPng());
    expect(draw(fontFiles).equals(draw(whole))).toBe(true);
    expect(draw(fontFiles).equals(draw([]))).toBe(false);
  });
});
