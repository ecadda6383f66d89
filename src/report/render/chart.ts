import { Resvg } from '@resvg/resvg-js';
import { renderSvg } from './svg.ts';
import { fontOptions } from './text-width.ts';

/** Renders an SVG as PNG on white, `zoom` pixels per SVG unit, with the shipped fonts only. */
export function renderPng(svg: string, zoom = 2): Uint8Array {
  return new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    background: 'white',
    font: fontOptions,
  })
    .render()
    .asPng();
}

interface RenderedChart {
  readonly svg: string;
  readonly png: Uint8Array;
  /** Warnings of Vega; empty for a valid chart. */
  readonly warnings: readonly string[];
}

/** Draws a Vega-Lite specification as SVG and PNG. Throws if it is invalid. */
export async function renderChart(spec: Readonly<Record<string, unknown>>): Promise<RenderedChart> {
  const { svg, warnings } = await renderSvg(spec);
  return { svg, png: renderPng(svg), warnings };
}
