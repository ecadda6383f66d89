import { expect, test } from 'vitest';
import { external } from '../../../src/core/messages/compose.ts';
import { absent, figureDelta, present, valuesOf } from '../../../src/core/metrics/figure.ts';

test('the difference of a counter', () => {
  expect(figureDelta(present(5, 'cpu.stat'), present(12, 'cpu.stat'))).toEqual({
    value: 7,
    source: 'cpu.stat',
  });
});

test('absent on either side is absent, with its reason', () => {
  expect(figureDelta(absent(external('why')), present(1, 'x'))).toEqual({ absent: 'why' });
  expect(figureDelta(present(1, 'x'), absent(external('gone')))).toEqual({ absent: 'gone' });
});

test('a counter that went backwards is another counter', () => {
  expect(figureDelta(present(5, 'cpu.stat'), present(4, 'cpu.stat'))).toMatchObject({ absent: /backwards/ });
});

test('of a sum over cgroups, one may have come into being in between, but none may have gone', () => {
  const one = present(5, 'cpu.stat of /a', ['/a']);
  const two = present(12, 'cpu.stat of /a + /b', ['/a', '/b']);
  expect(figureDelta(one, two)).toEqual({ value: 7, source: 'cpu.stat of /a + /b', cgroups: ['/a', '/b'] });
  expect(figureDelta(present(3, 'x', ['/a', '/b']), one)).toEqual({
    absent: '/b was removed in the meantime, and its counts with it',
    messages: { absent: { id: 'absent.removed', values: { cgroup: '/b' } } },
  });
});

test('values leave out what is absent', () => {
  expect(valuesOf({ a: present(0, 'x'), b: absent(external('y')) })).toEqual({ a: 0 });
});
