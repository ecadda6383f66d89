/** So many of the same, each of which takes `demand`: one number a dimension. */
export interface Item {
  readonly demand: readonly number[];
  readonly count: number;
}

/** Hosts of one type. */
export interface Bin {
  readonly capacity: readonly number[];
  /** No more of them can be had; null: no limit. */
  readonly limit: number | null;
}

/** Hosts that were filled alike. */
export interface Filled {
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

/** Sixteen quarters are four, whatever the doubles say. */
const tolerance = 1e-9;

/** How many of a demand fit into what is free. Infinite where it takes nothing. */
export function fitting(demand: readonly number[], free: readonly number[]): number {
  let most = Number.POSITIVE_INFINITY;
  for (const [at, size] of demand.entries()) {
    if (size <= 0) continue;
    const room = free[at] ?? 0;
    if (room === Number.POSITIVE_INFINITY) continue;
    most = Math.min(most, Math.floor(room / size + tolerance));
  }
  return Math.max(0, most);
}

/** Size of an item in one number, by which the items are sorted. */
type Measure = (relative: readonly number[]) => number;

const greatest: Measure = (relative) => Math.max(0, ...relative);
const sum: Measure = (relative) => relative.reduce((total, part) => total + part, 0);

/**
 * Packs items into as few hosts as first-fit decreasing finds, with several measures of size, since no single one is good for
 * all vectors (Panigrahy, Talwar, Uyeda, Wieder 2011); the best packing is taken. New hosts are of the first type that has
 * room. Equal items are placed in bulk: what comes out is what one after the other would give.
 */
export function pack(items: readonly Item[], bins: readonly Bin[]): Packing {
  const [first] = bins;
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
  let best: Packing | null = null;
  for (const measure of [greatest, sum, ...single]) {
    const sorted = sized
      .map(({ item, relative }) => ({ item, size: measure(relative) }))
      .toSorted((a, b) => b.size - a.size)
      .map(({ item }) => item);
    const found = firstFit(sorted, bins);
    if (best === null || found.left < best.left || (found.left === best.left && found.hosts < best.hosts))
      best = found;
  }
  return best ?? { filled: [], hosts: 0, left: 0 };
}

function relativeTo(size: number, capacity: number): number {
  if (capacity === Number.POSITIVE_INFINITY || size === 0) return 0;
  return size / capacity;
}

interface Open {
  readonly bin: number;
  readonly hosts: number;
  readonly free: readonly number[];
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
    filled: open.map(({ bin, hosts, free }) => ({
      bin,
      hosts,
      taken: free.map((room, at) => {
        const capacity = bins[bin]?.capacity[at] ?? 0;
        return capacity === Number.POSITIVE_INFINITY ? 0 : capacity - room;
      }),
    })),
    hosts: had.reduce((total, hosts) => total + hosts, 0),
    left,
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
  const after = (number: number) =>
    // What has no limit stays so, also less an infinite demand.
    group.free.map((room, at) => (Number.isFinite(room) ? room - number * (demand[at] ?? 0) : room));
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
