import { fileURLToPath } from 'node:url';

const file = (name: string) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

/** The only fonts that charts are drawn with, so that they look the same on every machine. */
export const fontFamily = 'DejaVu Sans';
const fontFiles: readonly string[] = [file('DejaVuSans'), file('DejaVuSans-Bold')];

/** Options of resvg: shipped fonts only. With no font at all, resvg would leave out every text in silence. */
export const fontOptions = {
  loadSystemFonts: false,
  fontFiles: [...fontFiles],
  defaultFontFamily: fontFamily,
  sansSerifFamily: fontFamily,
};
