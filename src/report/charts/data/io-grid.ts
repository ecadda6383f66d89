import { parseParams } from '../../../model/cell.ts';
import type { ValueRow } from '../../comparison.ts';
import { shortWorkload } from '../../labels.ts';
import { plainText } from '../../sanitize.ts';
import { cutMiddle } from '../../wrap.ts';
import { axisLabel } from '../grammar/layout.ts';

/** A value and its place in the grid. */
export interface GridItem {
  readonly row: ValueRow;
  readonly target: string;
  readonly op: string;
  /** The other parameters as text, without those that all subjects of the workload share. */
  readonly rest: string;
}

const knownOperations = ['randread', 'randwrite', 'seqread', 'seqwrite'];

/** Order of storage targets as columns; unknown ones follow. */
export const byTarget = byRank(['rootfs', 'bind', 'volume', 'tmpfs']);

/** The rows that have a `target` and an `op`. `dropped`: workload → parameters to leave out of labels. */
export function gridItems(
  rows: readonly ValueRow[],
  dropped: ReadonlyMap<string, ReadonlySet<string>>,
): readonly GridItem[] {
  const items = rows.flatMap((row) => {
    const { target, op, ...others } = parseParams(row.params);
    return target === undefined || op === undefined ? [] : [{ row, target, op, others }];
  });
  // With several workloads each operation also gets its workload's name, because the operations differ.
  const several = new Set(items.map(({ row }) => row.workload)).size > 1;
  return items.map(({ row, target, op, others }) => {
    const rest = Object.entries(others)
      .filter(([key]) => dropped.get(row.workload)?.has(key) !== true)
      .map(([key, value]) => `${key}=${value}`);
    return {
      row,
      target: cutMiddle(plainText(target), 20),
      op: plainText(op),
      rest: plainText([...(several ? [shortWorkload(row.workload)] : []), ...rest].join(', ')),
    };
  });
}

/** Label of an item's row. */
export function rowLabel({ op, rest }: Pick<GridItem, 'op' | 'rest'>): string {
  return axisLabel([op, rest].filter((part) => part !== '').join('\n'), 34);
}

/** Row labels in the order of operations; for one operation, rows with the most targets first. */
export function sortedRows(items: readonly GridItem[]): readonly string[] {
  const rank = byRank(knownOperations);
  return [...Map.groupBy(items, rowLabel)]
    .map(([label, members]) => ({
      label,
      op: members[0]?.op ?? '',
      targets: new Set(members.map(({ target }) => target)).size,
    }))
    .toSorted((a, b) => rank(a.op, b.op) || b.targets - a.targets)
    .map(({ label }) => label);
}

/** Comparator: known words in their order, then others in order of appearance. */
function byRank(known: readonly string[]): (a: string, b: string) => number {
  const rank = (word: string) => (known.includes(word) ? known.indexOf(word) : known.length);
  return (a, b) => rank(a) - rank(b);
}
