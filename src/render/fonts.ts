import { fileURLToPath } from 'node:url';

const file = (name: string) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

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
