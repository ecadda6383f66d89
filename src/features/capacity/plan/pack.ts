/** `count` equal items, each of size `demand`: one number per dimension. */
export interface Item {
  readonly demand: readonly number[];
  readonly count: number;
}

/** Hosts of one type with equal free capacity. */
interface OpenHosts {
  /** Index of their type. */
  readonly bin: number;
  readonly hosts: number;
  readonly free: readonly number[];
}

/** Tolerance: 16 × 0.25 must be 4 despite rounding errors. */
const tolerance = 1e-9;

/** Number of items of a demand that fit into the free capacity. Infinite if the demand is zero. */
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

/** Free capacity after `count` items are placed. Unlimited dimensions stay unlimited, even for an infinite demand. */
function less(free: readonly number[], demand: readonly number[], count: number): readonly number[] {
  return count === 0
    ? free
    : free.map((room, at) => (Number.isFinite(room) ? room - count * (demand[at] ?? 0) : room));
}

/**
 * Packs items onto exactly `hosts` equal hosts: each host gets an even share of every kind, the largest kinds first; other
 * hosts take what does not fit. Null if items are left over. First fit fills a host with one kind; mixing is better for kinds
 * that need different resources.
 */
function spread(
  items: readonly Item[],
  capacity: readonly number[],
  hosts: number,
): readonly OpenHosts[] | null {
  let open: readonly OpenHosts[] = [{ bin: 0, hosts, free: capacity }];
  for (const { demand, count } of items) {
    const room = open.map((group) => Math.min(count, fitting(demand, group.free)));
    const each = evenShare(open, room, count);
    if (each === null) return null;
    let extra = count - open.reduce((sum, group, at) => sum + group.hosts * Math.min(each, room[at] ?? 0), 0);
    open = open.flatMap((group, at) => {
      const own = Math.min(each, room[at] ?? 0);
      const more = (room[at] ?? 0) > each ? Math.min(extra, group.hosts) : 0;
      extra -= more;
      return [
        { ...group, hosts: more, free: less(group.free, demand, own + 1) },
        { ...group, hosts: group.hosts - more, free: less(group.free, demand, own) },
      ].filter((part) => part.hosts > 0);
    });
  }
  return open;
}

/** Largest even share per host, limited by each host's room, that places at most `count`; null if `count` does not fit. */
function evenShare(open: readonly OpenHosts[], room: readonly number[], count: number): number | null {
  const given = (share: number) =>
    open.reduce((sum, { hosts }, at) => sum + hosts * Math.min(share, room[at] ?? 0), 0);
  if (given(count) < count) return null;
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (given(middle) <= count) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Hosts of one type. */
export interface Bin {
  readonly capacity: readonly number[];
  /** Available number of hosts; null: no limit. */
  readonly limit: number | null;
}

/** Hosts with equal contents. */
interface FilledHosts {
  /** Index of their type. */
  readonly bin: number;
  readonly hosts: number;
  /** Used amount per host, by dimension. */
  readonly taken: readonly number[];
}

export interface Packing {
  readonly filled: readonly FilledHosts[];
  readonly hosts: number;
  /** Number of items that did not fit. */
  readonly left: number;
  /** Index of the measure of size that gave this packing. */
  readonly measure: number;
}

/** Size of an item as one number, to sort items by. */
type Measure = (relative: readonly number[]) => number;

const greatest: Measure = (relative) => Math.max(0, ...relative);
const sum: Measure = (relative) => relative.reduce((total, part) => total + part, 0);

/**
 * Packs items into few hosts; returns the best result of two heuristics with several measures of size each, since no measure
 * suits all vectors (Panigrahy, Talwar, Uyeda, Wieder 2011): first-fit decreasing, and for hosts of one type an even {@link
 * spread} over fewer hosts. A new host has the first type with room. Equal items are placed in bulk, with the same result as
 * one by one. `only`: tries only this measure.
 */
export function pack(items: readonly Item[], bins: readonly Bin[], only: number | null = null): Packing {
  const [first, ...others] = bins;
  if (first === undefined) return nothing(items);
  const sized = items.map((item) => ({
    item,
    relative: item.demand.map((size, at) => relativeTo(size, first.capacity[at] ?? 0)),
  }));
  const single = first.capacity.map(
    (_, at): Measure =>
      (relative) =>
        relative[at] ?? 0,
  );
  const found = [greatest, sum, ...single].flatMap((measure, number): readonly Packing[] => {
    if (only !== null && only !== number) return [];
    const order = sized
      .map(({ item, relative }) => ({ item, size: measure(relative) }))
      .toSorted((a, b) => b.size - a.size)
      .map(({ item }) => item);
    const fitted = { ...firstFit(order, bins), measure: number };
    const isDone = others.length > 0 || fitted.left > 0 || items.length > mostKinds;
    return [isDone ? fitted : evened(order, first, fitted)];
  });
  const [best] = found.toSorted((a, b) => a.left - b.left || a.hosts - b.hosts);
  return best ?? nothing(items);
}

function nothing(items: readonly Item[]): Packing {
  return { filled: [], hosts: 0, left: items.reduce((sum, { count }) => sum + count, 0), measure: 0 };
}

/** With more kinds, first fit mixes well enough, and a spread would take too long. */
const mostKinds = 40;

/**
 * A packing on fewer hosts by even spreading: bisects between the hosts of `found` and the hosts that the total demand needs.
 */
function evened(items: readonly Item[], bin: Bin, found: Packing): Packing {
  const amounts = bin.capacity.map((capacity, at) => {
    const amount = items.reduce((total, { demand, count }) => total + count * (demand[at] ?? 0), 0);
    return Number.isFinite(capacity) ? Math.ceil(amount / capacity - rounding) : 0;
  });
  let best = found;
  let low = Math.max(1, ...amounts);
  while (low < best.hosts) {
    const hosts = Math.floor((low + best.hosts) / 2);
    const open = spread(items, bin.capacity, hosts);
    if (open === null) low = hosts + 1;
    else best = { ...found, hosts, filled: open.map((group) => filledFrom(group, [bin])) };
  }
  return best;
}

/** Rounding error of a sum of thousands of doubles. */
const rounding = 1e-9;

function relativeTo(size: number, capacity: number): number {
  if (capacity === Number.POSITIVE_INFINITY || size === 0) return 0;
  return size / capacity;
}

function firstFit(items: readonly Item[], bins: readonly Bin[]): Omit<Packing, 'measure'> {
  let open: OpenHosts[] = [];
  const full: OpenHosts[] = [];
  const least = leastAfter(items);
  const had = bins.map(() => 0);
  let left = 0;
  for (const [at, { demand, count }] of items.entries()) {
    let rest = count;
    const next: OpenHosts[] = [];
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
    // Hosts that cannot take any later item are not tried again.
    const isOpen = ({ free }: OpenHosts) => fitting(least[at] ?? [], free) > 0;
    open = next.filter(isOpen);
    full.push(...next.filter((group) => !isOpen(group)));
  }
  return {
    filled: [...full, ...open].map((group) => filledFrom(group, bins)),
    hosts: had.reduce((total, hosts) => total + hosts, 0),
    left,
  };
}

/** For each item, the minimum demand of the items after it, by dimension; infinite for the last. */
function leastAfter(items: readonly Item[]): readonly (readonly number[])[] {
  const least: (readonly number[])[] = [];
  let smallest: readonly number[] = items[0]?.demand.map(() => Number.POSITIVE_INFINITY) ?? [];
  for (const { demand } of items.toReversed()) {
    least.push(smallest);
    smallest = smallest.map((size, at) => Math.min(size, demand[at] ?? 0));
  }
  return least.toReversed();
}

function filledFrom({ bin, hosts, free }: OpenHosts, bins: readonly Bin[]): FilledHosts {
  return {
    bin,
    hosts,
    taken: free.map((room, at) => {
      const capacity = bins[bin]?.capacity[at] ?? 0;
      return Number.isFinite(capacity) ? capacity - room : 0;
    }),
  };
}

/** Fills the hosts of a group in turn with at most `wanted` items. */
function placeIn(
  group: OpenHosts,
  demand: readonly number[],
  wanted: number,
): { readonly groups: readonly OpenHosts[]; readonly count: number } {
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
