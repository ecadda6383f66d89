import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Terminal columns of a text without escape sequences: wide characters take two, combining ones none. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** Cuts a text to `columns` with an ellipsis, between characters. */
export function fitColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** {@link fitColumns}, padded on the right, or on the left for numbers. */
export function padColumns(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const fitted = fitColumns(text, columns);
  const fill = ' '.repeat(Math.max(0, columns - columnsOf(fitted)));
  return align === 'left' ? fitted + fill : fill + fitted;
}

/** Two texts at both ends of a line of exactly `columns`; the left one is cut if both do not fit. */
export function spreadColumns(left: string, right: string, columns: number): string {
  const end = fitColumns(right, columns);
  const room = columns - columnsOf(end);
  return room < 2 ? padColumns(end, columns) : `${padColumns(left, room - 1)} ${end}`;
}
