import { describe, expect, test } from 'vitest';
import type { HostMarks } from '../../../../src/core/model/machine/host.ts';
import { type IdentifiedHost, machineRelation } from '../../../../src/core/model/machine/same-machine.ts';

const machine = (marks: HostMarks = {}, more: Partial<IdentifiedHost> = {}): IdentifiedHost => ({
  id: 'one',
  arch: 'x86_64',
  cpuModel: 'AMD EPYC',
  memoryBytes: 8e9,
  marks,
  ...more,
});
const related = (a: IdentifiedHost, b: IdentifiedHost) => {
  expect(machineRelation(b, a)).toBe(machineRelation(a, b));
  return machineRelation(a, b);
};

describe('an ordinary year of one machine', () => {
  const before = machine({ product: 'p', ports: ['a'], key: '0 k', boot: '1' });

  test.each<[string, IdentifiedHost]>([
    ['a restart', machine({ product: 'p', ports: ['a'], key: '0 k', boot: '2' })],
    ['a user beside root', machine({ ports: ['a'], key: '1000 u', boot: '1' })],
    ['another user, in the same boot', machine({ ports: ['a'], key: '1001 u', boot: '1' })],
    ['another user, after a restart', machine({ ports: ['a'], key: '1001 u', boot: '2' })],
    ['another network card', machine({ product: 'p', ports: ['b'], key: '0 k', boot: '2' })],
    ['another processor and more memory', machine({ product: 'p' }, { cpuModel: 'Xeon', memoryBytes: 64e9 })],
    ['its state removed', machine({ product: 'p', ports: ['a'], key: '0 new', boot: '2' })],
    ['a kernel that keeps more memory', machine({ ports: ['a'], key: '0 k' }, { memoryBytes: 7.9e9 })],
    ['a port more', machine({ ports: ['a', 'dock'], key: '0 k' })],
    ['records of an older version', machine()],
  ])('%s', (_, after) => {
    expect(related(before, after)).not.toBe('different');
  });

  test('firmware, and the boot, prove that it is one', () => {
    expect(related(before, machine({ product: 'p' }))).toBe('same');
    expect(related(machine({ boot: '1' }), machine({ boot: '1' }))).toBe('same');
    const [user, other] = ['1000', '1001'].map((uid) => machine({ key: `${uid} k-${uid}`, boot: '1' }));
    expect(related(user ?? before, other ?? machine())).toBe('same');
  });
});

describe('copies of a machine', () => {
  test.each<[string, IdentifiedHost, IdentifiedHost]>([
    ['firmware', machine({ product: 'p', ports: ['a'] }), machine({ product: 'q', ports: ['a'] })],
    ['ports', machine({ ports: ['a'] }), machine({ ports: ['b'] })],
    [
      'the first run, where hypervisors give all one address',
      machine({ ports: ['a'], key: '1000 k' }),
      machine({ ports: ['a'], key: '1000 l' }),
    ],
    [
      'the first run, though they were restored from one running machine',
      machine({ key: '1000 k', boot: '1' }),
      machine({ key: '1000 l', boot: '1' }),
    ],
    ['the processor', machine(), machine({}, { cpuModel: 'Xeon' })],
    ['the memory', machine(), machine({}, { memoryBytes: 4e9 })],
  ])('are told apart by %s', (_, a, b) => {
    expect(related(a, b)).toBe('different');
  });

  test('are likely one where nothing differs: one address and one key prove nothing', () => {
    const copy = machine({ ports: ['a'], key: '1000 k' });
    expect(related(copy, copy)).toBe('likely');
    expect(related(machine(), machine())).toBe('likely');
  });
});

test('machines of two ids, or of none, are different', () => {
  expect(related(machine(), machine({}, { id: 'two' }))).toBe('different');
  const { id: _, ...without } = machine();
  expect(related(without, without)).toBe('different');
});
