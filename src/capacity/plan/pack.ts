import { fitting, type Item, less, type Open } from './fit.ts';
import { spread } from './spread.ts';

/** Hosts of one type. */
export interface Bin {
  readonly capacity: readonly number[];
  /** No more of them can be had; null: no limit. */
  readonly limit: number | null;
}

/** Hosts that were filled alike. */
interface Filled {
  /** Index of their type. */
  readonly bin: number;
  readonly hosts: number;
  /** What is taken on each, by dimension. */
  readonly taken: readonly number[];
}

export interface Packing {
  readonly filled: readonly Filled[];
  readonly hosts: number;
  /** Items that no host could take. */
  readonly left: number;
}

/** Size of an item in one number, by which the items are sorted. */
type Measure = (relative: readonly number[]) => number;

const greatest: Measure = (relative) => Math.max(0, ...relative);
const sum: Measure = (relative) => relative.reduce((total, part) => total + part, 0);

/**
 * Packs items into as few hosts as two methods find, each with several measures of size, since no single one is good for all
 * vectors (Panigrahy, Talwar, Uyeda, Wieder 2011): first-fit decreasing, and for hosts of one type an even {@link spread} over
 * fewer and fewer hosts. New hosts are of the first type that has room. Equal items are placed in bulk: what comes out is
 * what one after the other would give.
 */
export function pack(items: readonly Item[], bins: readonly Bin[]): Packing {
  const [first, ...others] = bins;
  if (first === undefined)
    return { filled: [], hosts: 0, left: items.reduce((n, { count }) => n + count, 0) };
  const sized = items.map((item) => ({
    item,
    relative: item.demand.map((size, at) => relativeTo(size, first.capacity[at] ?? 0)),
  }));
  const single = first.capacity.map(
    (_, at): Measure =>
      (relative) =>
        relative[at] ?? 0,
  );
  const orders = [greatest, sum, ...single].map((measure) =>
    sized
      .map(({ item, relative }) => ({ item, size: measure(relative) }))
      .toSorted((a, b) => b.size - a.size)
      .map(({ item }) => item),
  );
  const [best = nothing] = orders
    .map((order) => firstFit(order, bins))
    .toSorted((a, b) => a.left - b.left || a.hosts - b.hosts);
  return others.length > 0 || best.left > 0 ? best : evened(orders, first, best);
}

const nothing: Packing = { filled: [], hosts: 0, left: 0 };

/** The same on fewer hosts, as long as that goes. */
function evened(orders: readonly (readonly Item[])[], bin: Bin, found: Packing): Packing {
  for (const order of found.hosts > 1 ? orders : []) {
    const open = spread(order, bin.capacity, found.hosts - 1);
    if (open !== null)
      return evened(orders, bin, {
        filled: open.map((group) => filledFrom(group, [bin])),
        hosts: found.hosts - 1,
        left: 0,
      });
  }
  return found;
}

function relativeTo(size: number, capacity: number): number {
  if (capacity === Number.POSITIVE_INFINITY || size === 0) return 0;
  return size / capacity;
}

function firstFit(items: readonly Item[], bins: readonly Bin[]): Packing {
  let open: Open[] = [];
  const had = bins.map(() => 0);
  let left = 0;
  for (const { demand, count } of items) {
    let rest = count;
    const next: Open[] = [];
    for (const group of open) {
      const placed = placeIn(group, demand, rest);
      next.push(...placed.groups);
      rest -= placed.count;
    }
    for (const [bin, { capacity, limit }] of bins.entries()) {
      const each = fitting(demand, capacity);
      if (rest === 0) break;
      if (each === 0) continue;
      const wanted = each === Number.POSITIVE_INFINITY ? 1 : Math.ceil(rest / each);
      const hosts = Math.min(wanted, (limit ?? Number.POSITIVE_INFINITY) - (had[bin] ?? 0));
      if (hosts <= 0) continue;
      had[bin] = (had[bin] ?? 0) + hosts;
      const placed = placeIn({ bin, hosts, free: capacity }, demand, rest);
      next.push(...placed.groups);
      rest -= placed.count;
    }
    left += rest;
    open = next;
  }
  return {
    filled: open.map((group) => filledFrom(group, bins)),
    hosts: had.reduce((total, hosts) => total + hosts, 0),
    left,
  };
}

function filledFrom({ bin, hosts, free }: Open, bins: readonly Bin[]): Filled {
  return {
    bin,
    hosts,
    taken: free.map((room, at) => {
      const capacity = bins[bin]?.capacity[at] ?? 0;
      return Number.isFinite(capacity) ? capacity - room : 0;
    }),
  };
}

/** Fills the hosts of a group one after the other, with `wanted` items at most. */
function placeIn(
  group: Open,
  demand: readonly number[],
  wanted: number,
): { readonly groups: readonly Open[]; readonly count: number } {
  const each = Math.min(fitting(demand, group.free), wanted);
  if (wanted === 0 || each === 0) return { groups: [group], count: 0 };
  const full = Math.min(group.hosts, Math.floor(wanted / each));
  const over = full < group.hosts ? wanted - full * each : 0;
  const after = (number: number) => less(group.free, demand, number);
  const untouched = group.hosts - full - (over > 0 ? 1 : 0);
  return {
    groups: [
      ...(full > 0 ? [{ ...group, hosts: full, free: after(each) }] : []),
      ...(over > 0 ? [{ ...group, hosts: 1, free: after(over) }] : []),
      ...(untouched > 0 ? [{ ...group, hosts: untouched }] : []),
    ],
    count: full * each + over,
  };
}
