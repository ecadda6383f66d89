import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCpuList, parseCpuList } from '../../../../src/core/model/machine/cpu-list.ts';

test.each([
  ['0-3,8', [0, 1, 2, 3, 8]],
  ['0\n', [0]],
  ['8,0-1', [0, 1, 8]],
  ['2-2,2', [2]],
  ['', []],
])('the list %j', (text, cpus) => {
  expect(parseCpuList(text)).toEqual(cpus);
});

test.each(['3-1', '0-', '-1', 'a', '0,,1', '0-99999', '0 1', '0x1', '1e3'])('%j is none', (text) => {
  expect(parseCpuList(text)).toBeNull();
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: 200 }), { maxLength: 60 }), (cpus) => {
      expect(parseCpuList(formatCpuList(cpus))).toEqual(cpus.toSorted((a, b) => a - b));
    }),
  );
});
