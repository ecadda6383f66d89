import { expect, test } from 'vitest';
import { differenceIn } from '../../../../src/features/proof/verify/file-difference.ts';

const between = (name: string, published: string, records: string) =>
  differenceIn(name, Buffer.from(published), Buffer.from(records));

test('equal files do not differ', () => {
  for (const name of ['a.csv', 'a.json', 'a.md', 'a.png']) expect(between(name, 'x', 'x')).toBeNull();
});

test.each([
  ['a.csv', 'a,b\n1,2\n', 'a,b\n1,3\n', 'line 2, character 3', '1,2', '1,3'],
  ['a.csv', 'a,b\n1,2', 'a,b\n1,2\n3,4', 'line 3, character 1', 'nothing', '3,4'],
  ['a.json', '{"a":1}', '{"a":1,"b":null}', 'line 1, character 7', '{"a":1}', '{"a":1,"b":null}'],
  ['a.json', '{"__proto__":1}', '{"a":1}', 'line 1, character 3', '{"__proto__":1}', '{"a":1}'],
  ['a.md', 'one\ntwo', 'one\nthree', 'line 2, character 2', 'two', 'three'],
  ['a.png', 'abc', 'abd', 'byte 3', '3 bytes', '3 bytes'],
  ['a.md', '\xff', '\ufffd', 'line 1, character 1', '\xff', '\ufffd'],
])('of %s: %j against %j is found at its place', (name, published, records, at, is, should) => {
  expect(between(name, published, records)).toEqual({ at, published: is, records: should });
});

test('of a long line the part around the difference is shown', () => {
  const line = (value: string) => `${'a'.repeat(500)}${value}${'b'.repeat(500)}`;
  const found = between('a.json', line('1'), line('2'));
  expect(found?.at).toBe('line 1, character 501');
  expect(found?.published).toBe(`…${'a'.repeat(40)}1${'b'.repeat(79)}…`);
  expect(found?.records).toBe(`…${'a'.repeat(40)}2${'b'.repeat(79)}…`);
});

test('bytes that are no text are told apart by their place', () => {
  expect(differenceIn('a.md', Buffer.from([255]), Buffer.from('\ufffd'))).toEqual({
    at: 'byte 1',
    published: '1 bytes',
    records: '3 bytes',
  });
});
