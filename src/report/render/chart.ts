import { renderPngMeanwhile } from './png-meanwhile.ts';
import { renderSvg } from './svg.ts';

interface RenderedChart {
  readonly svg: string;
  /** Rendered by a thread meanwhile. */
  readonly png: Promise<Uint8Array>;
  /** Warnings of Vega; empty for a valid chart. */
  readonly warnings: readonly string[];
}

/** Draws a Vega-Lite specification as SVG and PNG. Throws if it is invalid. */
export async function renderChart(spec: Readonly<Record<string, unknown>>): Promise<RenderedChart> {
  const { svg, warnings } = await renderSvg(spec);
  return { svg, png: renderPngMeanwhile(svg), warnings };
}
