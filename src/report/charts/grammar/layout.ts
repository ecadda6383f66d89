import { plainText } from '../../document/sanitize.ts';
import { wrapText } from '../../document/wrap.ts';

/** Width of the plotting area, px; with labels a chart is about 16:9 on a slide. */
export const plotWidth = 560;

/** Width of a whole picture on a phone, px, without its padding. */
export const phoneWidth = 330;
/** Characters per line of a label beside the plot on a phone. */
const phoneColumns = 17;

/** Rounds to four significant digits: more than a picture shows, and the inlined data stays small. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** A value in a display unit, rounded; null stays null. */
export function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : round(value / factor);
}

/** Number of legend columns that fit above the plot; all are as wide as the widest entry. */
export function legendColumns(labels: readonly string[], narrow: boolean): number {
  const room = narrow ? phoneWidth : plotWidth + 60;
  const widths = labels.map((label) => Math.min(240, label.length * 6.6) + 42);
  for (let columns = labels.length; columns > 1; columns--) {
    let total = 0;
    for (let column = 0; column < columns; column++)
      total += Math.max(...widths.filter((_, i) => i % columns === column));
    if (total <= room) return columns;
  }
  return 1;
}

/**
 * Axis label of a subject: at most four lines of `columns` characters, joined by a line feed; more, shorter lines on a phone.
 */
export function axisLabel(lines: string, narrow: boolean, columns = 40): string {
  return lines
    .split('\n')
    .flatMap((line) => wrapText(plainText(line), narrow ? phoneColumns : columns))
    .slice(0, narrow ? 8 : 4)
    .join('\n');
}

/** The title of an axis: one line, or several on a phone. */
export function axisLines(title: string, narrow: boolean): string | readonly string[] {
  return narrow ? wrapText(title, 42) : title;
}

/** Height of one line of marks, px, so that a row of `marks` lines has room for its label. */
export function lineStep(labels: readonly string[], marks: number, min: number): number {
  const lines = Math.max(1, ...labels.map((label) => label.split('\n').length));
  return Math.max(min, Math.ceil((lines * 13 + 4) / Math.max(1, marks)));
}

/** Estimated width of the widest label line, px. */
function labelWidth(labels: readonly string[], max = 480): number {
  return Math.max(
    0,
    ...labels.flatMap((label) => label.split('\n')).map((line) => Math.min(max, line.length * 6.3)),
  );
}

/** Width of the plotting area that makes a tall picture about 16:9, px; title, legend and axis take 200 px. */
export function slideWidth(labels: readonly string[], height: number): number {
  return Math.max(480, Math.round(((height + 200) * 16) / 9 - labelWidth(labels) - 70));
}

/** Width of the plotting area on a phone, px: without the labels, and `right` px of text at the other side. */
export function phonePlot(labels: readonly string[], right = 0): number {
  return Math.max(110, Math.floor(phoneWidth - 12 - labelWidth(labels) * 1.08 - right));
}

/** Characters per line of the subtitle over a plot of this width with these labels. */
export function subtitleColumns(labels: readonly string[], width: number): number {
  return Math.max(92, Math.floor((width + labelWidth(labels)) / 6.4));
}

/** Splits items into as few pages as possible, with about as many items on each. */
export function paged<T>(items: readonly T[], max: number): readonly (readonly T[])[] {
  const pages = Math.ceil(items.length / max);
  return Array.from({ length: pages }, (_, i) =>
    items.slice(Math.round((i * items.length) / pages), Math.round(((i + 1) * items.length) / pages)),
  );
}
