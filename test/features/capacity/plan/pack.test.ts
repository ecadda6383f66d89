import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerBound } from '../../../../src/features/capacity/plan/option.ts';
import { type Item, pack } from '../../../../src/features/capacity/plan/pack.ts';

const bin = (capacity: readonly number[], limit: number | null = null) => ({ capacity, limit });
const one = (count: number, ...demand: readonly number[]): Item => ({ demand, count });

test('fills hosts to the last quarter', () => {
  const { hosts, left, filled } = pack([one(64, 0.25, 1)], [bin([4, 100])]);
  expect({ hosts, left }).toEqual({ hosts: 4, left: 0 });
  expect(filled).toEqual([{ bin: 0, hosts: 4, taken: [4, 16] }]);
});

test('takes the resource that is full first', () => {
  expect(pack([one(10, 1, 60)], [bin([16, 64])]).hosts).toBe(10);
  expect(pack([one(10, 1, 6)], [bin([16, 64])]).hosts).toBe(1);
});

test('puts what is complementary together', () => {
  // Much CPU beside much memory: apart they would need twice as many.
  expect(pack([one(10, 8, 1), one(10, 1, 56)], [bin([9, 57])]).hosts).toBe(10);
});

test('mixes kinds that first fit would put apart', () => {
  // First fit puts the four large ones on one host, whose CPUs are then half idle.
  expect(pack([one(40, 0.5, 0.5), one(4, 1, 8)], [bin([8, 32])]).hosts).toBe(3);
});

test('finds the same again with the measure that found it', () => {
  const given = [one(40, 0.5, 0.5), one(4, 1, 8), one(7, 3, 2), one(9, 0.2, 5)];
  const found = pack(given, [bin([8, 32])]);
  expect(pack(given, [bin([8, 32])], found.measure)).toEqual(found);
});

test('what has no limit limits nothing', () => {
  const unlimited = bin([Number.POSITIVE_INFINITY, 8]);
  expect(pack([one(8, 100, 1)], [unlimited]).hosts).toBe(1);
  expect(pack([one(8, Number.POSITIVE_INFINITY, 1), one(8, 1, 1)], [unlimited]).hosts).toBe(2);
});

test('items that no host can take are left, and hosts that cannot be had are not taken', () => {
  expect(pack([one(3, 5), one(2, 1)], [bin([4])])).toMatchObject({ hosts: 1, left: 3 });
  expect(pack([one(10, 2)], [bin([4], 3)])).toMatchObject({ hosts: 3, left: 4 });
  expect(pack([one(10, 2)], [bin([4], 3), bin([8])])).toMatchObject({ hosts: 4, left: 0 });
});

test('without items there are no hosts, and without hosts all is left', () => {
  expect(pack([], [bin([4])])).toMatchObject({ filled: [], hosts: 0, left: 0 });
  expect(pack([one(2, 1)], [])).toMatchObject({ hosts: 0, left: 2 });
});

test('the bound knows that two halves and a bit do not fit together', () => {
  expect(lowerBound([one(4, 5)], [9])).toBe(4);
  expect(lowerBound([one(4, 5), one(4, 4)], [9])).toBe(4);
  expect(lowerBound([one(4, 5), one(5, 4)], [9])).toBe(5);
  expect(lowerBound([], [9])).toBe(0);
  expect(lowerBound([one(10, 1)], [Number.POSITIVE_INFINITY])).toBe(0);
});

const items = fc.array(
  fc.record({
    demand: fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 10 })),
    count: fc.integer({ min: 1, max: 30 }),
  }),
  { minLength: 1, maxLength: 6 },
);

test('every item is on a host, no host is too full, and the bound is not above what was found', () => {
  fc.assert(
    fc.property(items, (given) => {
      const capacity = [10, 12];
      const { filled, hosts, left } = pack(given, [bin(capacity)]);
      const total = (at: number) =>
        given.reduce((sum, { demand, count }) => sum + count * (demand[at] ?? 0), 0);
      expect(left).toBe(0);
      for (const at of [0, 1]) {
        const taken = filled.reduce((sum, each) => sum + each.hosts * (each.taken[at] ?? 0), 0);
        expect(taken).toBeCloseTo(total(at));
        for (const each of filled) expect(each.taken[at]).toBeLessThanOrEqual(capacity[at] ?? 0);
      }
      expect(filled.reduce((sum, each) => sum + each.hosts, 0)).toBe(hosts);
      expect(lowerBound(given, capacity)).toBeLessThanOrEqual(hosts);
    }),
    { seed: 7 },
  );
});

/** First-fit, one item after the other. */
function oneByOne(given: readonly Item[], capacity: readonly number[]): number {
  const hosts: number[][] = [];
  for (const { demand, count } of given)
    for (let i = 0; i < count; i++) {
      let host = hosts.find((free) => free.every((room, at) => room >= (demand[at] ?? 0)));
      if (host === undefined) {
        host = [...capacity];
        hosts.push(host);
      }
      for (const [at, size] of demand.entries()) host[at] = (host[at] ?? 0) - size;
    }
  return hosts.length;
}

test('in bulk comes out what one after the other would give', () => {
  fc.assert(
    fc.property(items, (given) => {
      // Of one item kind there is one order only.
      const [first] = given;
      if (first === undefined) return;
      expect(pack([first], [bin([10, 12])]).hosts).toBe(oneByOne([first], [10, 12]));
      // No more than the worst of its orders would need: any order of first-fit is one of many.
      const sorted = given.toSorted((a, b) => b.demand[1] - a.demand[1]);
      expect(pack(given, [bin([10, 12])]).hosts).toBeLessThanOrEqual(oneByOne(sorted, [10, 12]));
    }),
    { seed: 7 },
  );
});

/** The fewest hosts of any packing, by trying all. */
function fewest(sizes: readonly (readonly number[])[], capacity: readonly number[]): number {
  let best = sizes.length;
  const place = (at: number, hosts: readonly (readonly number[])[]): void => {
    if (hosts.length >= best) return;
    const size = sizes[at];
    if (size === undefined) {
      best = hosts.length;
      return;
    }
    for (const [i, free] of hosts.entries())
      if (free.every((room, d) => room >= (size[d] ?? 0)))
        place(
          at + 1,
          hosts.with(
            i,
            free.map((room, d) => room - (size[d] ?? 0)),
          ),
        );
    place(at + 1, [...hosts, capacity.map((room, d) => room - (size[d] ?? 0))]);
  };
  place(0, []);
  return best;
}

test('the fewest hosts lie between the bound and the packing', () => {
  const few = fc.array(fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 })), {
    minLength: 1,
    maxLength: 7,
  });
  fc.assert(
    fc.property(few, (sizes) => {
      const given = sizes.map((demand) => ({ demand, count: 1 }));
      const best = fewest(sizes, [10, 12]);
      expect(lowerBound(given, [10, 12])).toBeLessThanOrEqual(best);
      expect(pack(given, [bin([10, 12])]).hosts).toBeGreaterThanOrEqual(best);
    }),
    { seed: 7, numRuns: 200 },
  );
});
