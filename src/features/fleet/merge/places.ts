import type { Fleet, FleetCategory } from './fleet-record.ts';

/**
 * A fleet whose hosts are in the order of their cost over all categories, the cheapest first: its numbers tell a place, and not in
 * which order hosts were handed in or are called.
 */
export function byPlace(fleet: Fleet): Fleet {
  const sums = fleet.hosts.map(() => ({ sum: 0, n: 0 }));
  for (const { votes } of fleet.categories)
    for (const { host, cost } of votes) {
      const own = sums[host];
      if (own === undefined) continue;
      own.sum += Math.log(cost);
      own.n++;
    }
  // Hosts without a vote stand last.
  const meanOf = (host: number) => {
    const { sum = 0, n = 0 } = sums[host] ?? {};
    return n === 0 ? Number.MAX_VALUE : sum / n;
  };
  const order = fleet.hosts.map((_, host) => host).toSorted((a, b) => meanOf(a) - meanOf(b));
  const placeOf = new Map(order.map((host, place) => [host, place]));
  const place = (host: number) => placeOf.get(host) ?? 0;
  const moved = <T extends { readonly host: number }>(all: readonly T[]): T[] =>
    all.map((each) => ({ ...each, host: place(each.host) })).toSorted((a, b) => a.host - b.host);
  const movedVotes = <T extends Pick<FleetCategory, 'votes' | 'setAside'>>(of: T): T => ({
    ...of,
    votes: moved(of.votes),
    setAside: of.setAside.map(place).toSorted((a, b) => a - b),
  });
  return {
    ...fleet,
    hosts: order.flatMap((host) => fleet.hosts[host] ?? []),
    own: fleet.own === null ? null : place(fleet.own),
    categories: fleet.categories.map(movedVotes),
    comparisons: fleet.comparisons.map(movedVotes),
    outliers: moved(fleet.outliers),
    missing: fleet.missing.map((each) => ({
      ...each,
      hosts: each.hosts.map(place).toSorted((a, b) => a - b),
    })),
  };
}

/** The teacher's form of a class: names, each after the number that the machine has where names are withheld. */
export function withPlaces(fleet: Fleet): Fleet {
  const placed = byPlace(fleet);
  return {
    ...placed,
    hosts: placed.hosts.map((host, at) => ({ ...host, name: `${at + 1} · ${host.name}` })),
  };
}
