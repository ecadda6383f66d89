import Table from 'cli-table3';

/** One figure of the self-benchmark. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** What it is hoped to be; empty where there is no aim. */
  readonly aim: string;
}

/** The figures as a table. */
export function figuresTable(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['figure', 'measured', 'aim'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...figures.map(({ what, value, aim }) => [what, value, aim]));
  return table.toString();
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}
