import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Path of a font in `fonts/`: DejaVu Sans reduced to Latin, Greek and Cyrillic by `npm run fonts`. */
const file = (name: string) => fileURLToPath(new URL(`./fonts/${name}.ttf`, import.meta.url));

/** The only fonts of charts, so that charts look the same on every machine. */
const fontFamily = 'DejaVu Sans';
const fontFiles: readonly string[] = [file('DejaVuSans'), file('DejaVuSans-Bold')];

/** Options of resvg: shipped fonts only. Without any font, resvg would silently omit every text. */
export const fontOptions = {
  loadSystemFonts: false,
  fontFiles: [...fontFiles],
  defaultFontFamily: fontFamily,
  sansSerifFamily: fontFamily,
};

/** Advance widths at 1 px, by weight and character. */
const advances = new Map<string, number>();

function inkWidth(text: string, bold: boolean): number {
  const content = text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  const weight = bold ? ' font-weight="bold"' : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="200"><text x="10" y="120" font-family="${fontFamily}" font-size="100"${weight} xml:space="preserve">${content}</text></svg>`;
  return new Resvg(svg, { font: fontOptions }).getBBox()?.width ?? 0;
}

/** Measures the width of `|x|` minus that of `||`, which includes the side bearings of a glyph, and spaces. */
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
 * Width of a text in the charts' font, pixels: the sum of its characters' advances. Ignores kerning, which makes it a little
 * narrower. Vega without a canvas would assume 0.8 em per character, which is far too wide.
 */
export function textWidth(text: string, fontSize: number, bold: boolean): number {
  let width = 0;
  for (const character of text) width += advance(character, bold);
  return width * fontSize;
}

/** Vega's argument when it asks for the width of a text. */
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** Vega's exported but untyped text measuring. A renderer without a canvas measures by replacing `width`. */
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: TextItem, text: unknown) => number };
};
textMetrics.width = (item, text) =>
  text === null || text === undefined
    ? 0
    : textWidth(
        Array.isArray(text) ? text.join(' ') : String(text),
        item.fontSize ?? 11,
        item.fontWeight === 'bold' || Number(item.fontWeight) >= 600,
      );

/** A loader that refuses all resources of a specification: charts include their data. */
function offlineLoader(): vega.Loader {
  const refuse = (uri: string) => Promise.reject(new Error(`a chart must not load ${uri}`));
  const loader = vega.loader();
  loader.load = refuse;
  loader.http = refuse;
  loader.file = refuse;
  return loader;
}

/**
 * Collects Vega's messages instead of printing: a warning means that a chart does not show what it should. Uses no
 * `this`, since Vega calls a logger's functions as methods of other objects.
 */
function collectWarnings(warnings: string[]): vega.LoggerInterface {
  const collect = (...args: readonly unknown[]) => {
    warnings.push(args.map(String).join(' '));
    return logger;
  };
  const ignore = () => logger;
  function level(): number;
  function level(value: number): vega.LoggerInterface;
  function level(value?: number): number | vega.LoggerInterface {
    return value === undefined ? vega.Warn : logger;
  }
  const logger = {
    level,
    warn: collect,
    error: collect,
    info: ignore,
    debug: ignore,
  } as vega.LoggerInterface;
  return logger;
}

/** Draws a Vega-Lite specification as SVG, without browser or canvas. Throws if it is invalid. */
export async function renderSvg(
  spec: Readonly<Record<string, unknown>>,
): Promise<{ readonly svg: string; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const logger = collectWarnings(warnings);
  const compiled = compile(spec as unknown as TopLevelSpec, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger, loader: offlineLoader() });
  try {
    return { svg: await view.toSVG(), warnings };
  } finally {
    view.finalize();
  }
}
