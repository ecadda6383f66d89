/**
 * `npm run fonts`: makes the fonts of charts in src/report/render/fonts/ anew, from the whole DejaVu Sans. They keep the letters of
 * Latin, Greek and Cyrillic, with their marks, and signs: a configuration has words and names of its own. Beside them stand
 * the widths of the usual characters, as charts measure them.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import subsetFont from 'subset-font';
import { measuredAdvance } from '../src/report/render/text-width.ts';

/** Unicode blocks, first and last code point. */
const blocks = [
  // Latin, spacing and combining marks, Greek, Cyrillic
  [0x20, 0x52f],
  // raised and lowered letters
  [0x1d00, 0x1dbf],
  // more Latin, with the letters of Vietnamese
  [0x1e00, 0x1eff],
  [0x2c60, 0x2c7f],
  // spaces, dashes, quotes; superscripts and subscripts; currencies
  [0x2000, 0x20cf],
  // letter-like signs, fractions, arrows, mathematics, technical signs
  [0x2100, 0x23ff],
  // boxes, blocks, shapes, signs, dingbats
  [0x2500, 0x27bf],
] as const;

const characters = blocks
  .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
  .map((code) => String.fromCodePoint(code))
  .join('');
/** Characters whose widths are known beforehand: those of English and French, of numbers, and of the signs of charts. */
const usual = [
  ...Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)),
  ...Array.from({ length: 0x100 - 0xa0 }, (_, i) => String.fromCharCode(0xa0 + i)),
  ...'ŒœŸμ–—‘’“”†•…‰\u2009\u202f₂⁰¹²³⁴⁵⁶⁷⁸⁹⁻←↑→↓−√∞≈≠≤≥▲▼◆○●✓',
];

/** Advance widths of the usual characters in each weight. */
function advances() {
  const of = (bold: boolean) =>
    Object.fromEntries([...new Set(usual)].map((each) => [each, measuredAdvance(each, bold)]));
  return { normal: of(false), bold: of(true) };
}

const whole = dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/package.json')));
const fonts = resolve(process.argv[2] ?? join(import.meta.dirname, '../src/report/render/fonts'));

for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
  const font = await readFile(join(whole, 'ttf', name));
  await writeFile(join(fonts, name), await subsetFont(font, characters, { targetFormat: 'truetype' }));
}
await writeFile(join(fonts, 'advances.json'), `${JSON.stringify(advances(), null, 2)}\n`);
await copyFile(join(whole, 'LICENSE'), join(fonts, 'LICENSE'));
