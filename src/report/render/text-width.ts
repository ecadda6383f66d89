import { Resvg } from '@resvg/resvg-js';
import { fontFamily, fontOptions } from './fonts.ts';

/** Advance widths at 1 px, by weight and character. */
const advances = new Map<string, number>();

function inkWidth(text: string, bold: boolean): number {
  const content = text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  const weight = bold ? ' font-weight="bold"' : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="200"><text x="10" y="120" font-family="${fontFamily}" font-size="100"${weight} xml:space="preserve">${content}</text></svg>`;
  return new Resvg(svg, { font: fontOptions }).getBBox()?.width ?? 0;
}

/** Measures the ink of `|x|` less that of `||`: so the sides of a glyph and spaces count too. */
function advance(character: string, bold: boolean): number {
  const key = `${bold ? 'b' : 'n'}${character}`;
  let width = advances.get(key);
  if (width === undefined) {
    width = Math.max(0, inkWidth(`|${character}|`, bold) - inkWidth('||', bold)) / 100;
    advances.set(key, width);
  }
  return width;
}

/**
 * Width of a text in the charts' font, pixels: the sum of its characters' advances. Kerning, which makes it a little
 * narrower, is omitted. Vega without a canvas would guess 0.8 em a character, which is far too wide.
 */
export function textWidth(text: string, fontSize: number, bold: boolean): number {
  let width = 0;
  for (const character of text) width += advance(character, bold);
  return width * fontSize;
}
