import { fitting, type Item, less, type Open } from './fit.ts';

/**
 * Packs items onto exactly `hosts` equal hosts by giving each host its even share of every kind, the largest kinds first; a host
 * that is too full for its share leaves it to others. Null where something is left. First fit fills a host with one kind;
 * kinds that are full of different things are better mixed.
 */
export function spread(
  items: readonly Item[],
  capacity: readonly number[],
  hosts: number,
): readonly Open[] | null {
  let open: readonly Open[] = [{ bin: 0, hosts, free: capacity }];
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

/** The most that every host can be given of `count` if none gets more than it has room for; null where that is too little. */
function evenShare(open: readonly Open[], room: readonly number[], count: number): number | null {
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
