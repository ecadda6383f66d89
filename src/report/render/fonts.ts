import { fileURLToPath } from 'node:url';

/** In `fonts/` are DejaVu Sans without the scripts of other alphabets than Latin, Greek and Cyrillic: `npm run fonts`. */
const file = (name: string) => fileURLToPath(new URL(`./fonts/${name}.ttf`, import.meta.url));

/** The only fonts of charts, so that charts look the same on every machine. */
export const fontFamily = 'DejaVu Sans';
const fontFiles: readonly string[] = [file('DejaVuSans'), file('DejaVuSans-Bold')];

/** Options of resvg: shipped fonts only. Without any font, resvg would silently omit every text. */
export const fontOptions = {
  loadSystemFonts: false,
  fontFiles: [...fontFiles],
  defaultFontFamily: fontFamily,
  sansSerifFamily: fontFamily,
};
