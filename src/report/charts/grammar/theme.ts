import type { Lang } from '../../../messages/message.ts';
import { numberLocales } from '../../../messages/number.ts';
import type { Spec } from './define.ts';

/** Colours of main text, secondary text, and guide lines. */
export const ink = '#1f2328';
export const soft = '#59636e';
export const grey = '#8c959f';
/** Colours of what costs more and what costs less, distinguishable with any colour blindness (Paul Tol's "muted"). */
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
