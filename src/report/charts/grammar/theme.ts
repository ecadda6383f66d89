import type { Lang } from '../../../core/messages/message.ts';
import { numberLocales } from '../../../core/messages/number.ts';
import type { Spec } from './chart.ts';

/** Colours of main text, secondary text, and guide lines. */
export const ink = '#1f2328';
export const soft = '#59636e';
export const grey = '#8c959f';
/** Colours of higher and lower cost, distinguishable with any colour blindness (Paul Tol's "muted"). */
export const dearer = '#cc6677';
export const cheaper = '#44aa99';
const line = '#b6bec7';
const font = 'DejaVu Sans, Verdana, sans-serif';

/** The Vega config that all charts share, with the language's number format. */
export function theme(lang: Lang): Spec {
  const { decimal, group } = numberLocales[lang];
  return {
    background: 'white',
    padding: 16,
    aria: false,
    font,
    locale: { number: { decimal, thousands: group, grouping: [3], currency: ['', ''] } },
    view: { stroke: null },
    title: {
      anchor: 'start',
      frame: 'bounds',
      offset: 14,
      fontSize: 17,
      fontWeight: 'bold',
      color: ink,
      subtitleFontSize: 11,
      subtitleColor: soft,
      subtitlePadding: 6,
      subtitleLineHeight: 15,
    },
    axis: {
      labelFontSize: 11,
      labelColor: ink,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      titleColor: soft,
      titlePadding: 8,
      gridColor: '#e5e8eb',
      domainColor: line,
      tickColor: line,
      labelLimit: 300,
    },
    axisY: { grid: false, ticks: false, domain: false, labelPadding: 8, titleLimit: 0 },
    legend: {
      orient: 'top',
      title: null,
      titleColor: soft,
      labelFontSize: 11,
      labelColor: ink,
      labelLimit: 240,
      symbolSize: 90,
      symbolOpacity: 1,
      columnPadding: 18,
      rowPadding: 4,
      offset: 10,
    },
    header: {
      title: null,
      labelFontSize: 12,
      labelFontWeight: 'bold',
      labelColor: ink,
      labelLimit: 560,
      labelPadding: 2,
    },
  };
}

/** Transparent background, so that the page's light or dark one shows. */
export const pageLook = { background: 'transparent', padding: 8 };

const constants: ReadonlySet<string> = new Set(['title', 'subtitle', 'text']);

/**
 * Protects titles and texts from Vega's parser, which mistakes `if` and names of properties that every object has for variables
 * (see `byPlace`): appends a space to such a text, which looks the same.
 */
export function withTexts(spec: Spec): Spec {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string')
      return constants.has(key) && (value in {} || value === 'if') ? `${value} ` : value;
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (typeof value !== 'object' || value === null || key === 'data') return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
  };
  return walk(spec, '') as Spec;
}

/** A whole specification: a view in the shared theme. */
export function standalone(view: Spec, lang: Lang, look: Spec = {}): Spec {
  return withTexts({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...view,
    config: { ...theme(lang), ...look },
  });
}
