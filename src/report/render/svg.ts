import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { textWidth } from './text-width.ts';

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
