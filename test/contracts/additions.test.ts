import { expect, test } from 'vitest';
import { broken, brokenCsv } from './additions.ts';

test('a key, an element, a column and a row may be added', () => {
  expect(broken({ a: [1, { b: 2 }] }, { a: [0, 1, { b: 2, c: 3 }], d: 4 })).toEqual([]);
  expect(brokenCsv('a,b\n1,2\n3,4\n', 'a,c,b\n1,x,2\n5,x,6\n3,x,4\n')).toEqual([]);
});

test('none may be changed, taken away or moved', () => {
  expect(broken({ a: 1 }, { a: 2 })).toEqual(['$.a: 1 is 2']);
  expect(broken({ a: 1 }, {})).toEqual(['$.a: is missing']);
  expect(broken([1, 2], [2, 1, 3])).toEqual(['$[1]: is missing']);
  expect(broken({ a: [] }, { a: {} })).toEqual(['$.a']);
  expect(brokenCsv('a,b\n1,2\n', 'a\n1\n')).toEqual(['$[0].b: is missing']);
  expect(brokenCsv('a\n1.50\n', 'a\n1.5\n')).toEqual(['$[0].a: "1.50" is "1.5"']);
});
