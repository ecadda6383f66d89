import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

/** A file in `fonts/`: DejaVu Sans reduced to Latin, Greek and Cyrillic by `npm run fonts`, and its widths. */
const file = (name: string) => fileURLToPath(new URL(`./fonts/${name}`, import.meta.url));

/** The only fonts of charts, so that charts look the same on every machine. */
const fontFamily = 'DejaVu Sans';
const fontFiles: readonly string[] = [file('DejaVuSans.ttf'), file('DejaVuSans-Bold.ttf')];

/** Options of resvg: shipped fonts only. Without any font, resvg would silently omit every text. */
export const fontOptions = {
  loadSystemFonts: false,
  fontFiles: [...fontFiles],
  defaultFontFamily: fontFamily,
  sansSerifFamily: fontFamily,
};

function inkWidth(text: string, bold: boolean): number {
  const content = text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  const weight = bold ? ' font-weight="bold"' : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="200"><text x="10" y="120" font-family="${fontFamily}" font-size="100"${weight} xml:space="preserve">${content}</text></svg>`;
  return new Resvg(svg, { font: fontOptions }).getBBox()?.width ?? 0;
}

/**
 * Advance width of a character at 1 px, measured: the width of `|x|` minus that of `||`, which includes the side bearings of
 * a glyph, and spaces. Reads both fonts for either, which takes milliseconds.
 */
export function measuredAdvance(character: string, bold: boolean): number {
  return Math.max(0, inkWidth(`|${character}|`, bold) - inkWidth('||', bold)) / 100;
}

/** Advance widths at 1 px by character, for each weight; of the usual characters, measured by `npm run fonts`. */
interface Advances {
  readonly normal: Record<string, number>;
  readonly bold: Record<string, number>;
}

let known: Advances | undefined;

function advance(character: string, bold: boolean): number {
  known ??= JSON.parse(readFileSync(file('advances.json'), 'utf8')) as Advances;
  const widths = bold ? known.bold : known.normal;
  widths[character] ??= measuredAdvance(character, bold);
  return widths[character];
}

/**
 * Width of a text in the charts' font, pixels: the sum of its characters' advances. Ignores kerning, which makes it a little
 * narrower. Vega without a canvas would assume 0.8 em per character, which is far too wide.
 */
export function textWidth(text: string, fontSize: number, bold: boolean): number {
  let width = 0;
  for (const character of text) width += advance(character, bold);
  return width * fontSize;
}
