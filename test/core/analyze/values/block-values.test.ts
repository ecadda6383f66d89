import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockValues } from '../../../../src/core/analyze/values/block-values.ts';

const block = fc.integer({ min: 0, max: 12 });
const entries = fc.array(fc.tuple(block, fc.double({ noNaN: true })), { maxLength: 20 });

function filled(pairs: readonly (readonly [number, number])[]): BlockValues {
  const values = new BlockValues();
  for (const [each, value] of pairs) values.set(each, value);
  return values;
}

test('holds what a map holds, in its order, in whichever order blocks are added and looked up', () => {
  const ascending = entries.map((pairs) => pairs.toSorted(([a], [b]) => a - b));
  fc.assert(
    fc.property(fc.oneof(entries, ascending), fc.array(block), (pairs, wanted) => {
      const [values, map] = [filled(pairs), new Map(pairs)];
      expect(values.size).toBe(map.size);
      expect(wanted.map((each) => values.get(each))).toEqual(wanted.map((each) => map.get(each)));
      expect(wanted.map((each) => values.has(each))).toEqual(wanted.map((each) => map.has(each)));
      expect([...values]).toEqual([...map]);
      expect([...values.keys()]).toEqual([...map.keys()]);
      expect([...values.values()]).toEqual([...map.values()]);
      const visited: (readonly [number, number])[] = [];
      values.forEach((value, each) => {
        visited.push([each, value]);
      });
      expect(visited).toEqual([...map]);
    }),
    { seed: 1, numRuns: 500 },
  );
});
