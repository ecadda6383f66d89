import { left, text } from '../src/report/document/document.ts';
import { renderTerminal } from '../src/report/renderers/terminal.ts';

/** One figure of the self-benchmark. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** The target; empty where there is none. */
  readonly aim: string;
}

/** Formats the figures as a table. */
export function figuresTable(figures: readonly Figure[]): string {
  const column = (title: string) => ({ ...left(title), fit: { how: 'wrap', max: 48 } }) as const;
  return renderTerminal(
    [
      [
        {
          kind: 'table',
          columns: ['figure', 'measured', 'aim'].map(column),
          rows: figures.map(({ what, value, aim }) => [[text(what)], [text(value)], [text(aim)]]),
        },
      ],
    ],
    { lang: 'en', width: 120 },
  );
}

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

/** Peak of this process's memory until now. */
export function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}
