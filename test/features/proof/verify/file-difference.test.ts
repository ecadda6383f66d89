import { expect, test } from 'vitest';
import { differenceIn } from '../../../../src/features/proof/verify/file-difference.ts';

const between = (name: string, published: string, records: string) =>
  differenceIn(name, Buffer.from(published), Buffer.from(records));

test('equal files do not differ', () => {
  for (const name of ['a.csv', 'a.json', 'a.md', 'a.png']) expect(between(name, 'x', 'x')).toBeNull();
});

test.each([
  ['a.csv', 'a,b\n1,2\n', 'a,b\n1,3\n', 'row 2, column b', '2', '3'],
  ['a.csv', 'a,b\n1,2\n', 'a,b\n1,2\n3,4\n', 'row 3, column a', 'nothing', '3'],
  ['a.csv', 'a\n"1', 'a\n1', 'line 2', '"1', '1'],
  ['a.json', '{"a":[1,{"b":2}]}', '{"a":[1,{"b":3}]}', '$.a[1].b', '2', '3'],
  ['a.json', '{"a":1}', '{"a":1,"b":null}', '$.b', 'nothing', 'null'],
  ['a.json', '{"__proto__":1}', '{"a":1}', '$.a', 'nothing', '1'],
  ['a.json', '{"a":[]}', '{"a":{}}', '$.a', '[]', '{}'],
  ['a.json', '{"a":1', '{"a":1}', 'line 1', '{"a":1', '{"a":1}'],
  ['a.json', '{"a": 1}', '{"a":1}', 'line 1', '{"a": 1}', '{"a":1}'],
  ['a.md', 'one\ntwo', 'one\nthree', 'line 2', 'two', 'three'],
  ['a.png', 'abc', 'abd', 'byte 3', '3 bytes', '3 bytes'],
])('of %s: %j against %j is found at its place', (name, published, records, at, is, should) => {
  expect(between(name, published, records)).toEqual({ at, published: is, records: should });
});
