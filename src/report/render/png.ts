import { Resvg } from '@resvg/resvg-js';
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
