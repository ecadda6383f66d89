import { expect, test } from 'vitest';
import { absent, figureDelta, present, valuesOf } from '../../src/collect/figure.ts';

test('the difference of a counter', () => {
  expect(figureDelta(present(5, 'cpu.stat'), present(12, 'cpu.stat'))).toEqual({
    value: 7,
    source: 'cpu.stat',
  });
});

test('absent on either side is absent, with its reason', () => {
  expect(figureDelta(absent('why'), present(1, 'x'))).toEqual({ absent: 'why' });
  expect(figureDelta(present(1, 'x'), absent('gone'))).toEqual({ absent: 'gone' });
});

test('a counter that went backwards is another counter', () => {
  expect(figureDelta(present(5, 'cpu.stat'), present(4, 'cpu.stat'))).toMatchObject({ absent: /backwards/ });
});

test('values leave out what is absent', () => {
  expect(valuesOf({ a: present(0, 'x'), b: absent('y') })).toEqual({ a: 0 });
});
