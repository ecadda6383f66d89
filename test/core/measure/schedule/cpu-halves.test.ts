import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuHalves } from '../../../../src/core/measure/schedule/duets.ts';
import { parseCpuList } from '../../../../src/core/model/machine/cpu-list.ts';

/** A machine whose cores have these CPUs. */
const machine = (...cores: readonly (readonly number[])[]) => ({
  cpus: cores.flat(),
  siblings: new Map(cores.flatMap((core) => core.map((cpu) => [cpu, core] as const))),
});

test.each([
  ['two CPUs', machine([0], [1]), ['0', '1']],
  ['every other core', machine([0], [1], [2], [3]), ['0,2', '1,3']],
  ['threads of a core stay together', machine([0, 4], [1, 5], [2, 6], [3, 7]), ['0,2,4,6', '1,3,5,7']],
  ['an odd core is left idle', machine([0], [1], [2]), ['0', '1']],
  ['hybrid: either side has cores of both kinds', machine([0, 1], [2, 3], [4], [5], [6]), ['0-1,4', '2-3,5']],
  ['one core: its threads are parted', machine([0, 1]), ['0', '1']],
  ['one core of three threads: equally many', machine([0, 1, 2]), ['0', '2']],
  ['two cores of other sizes: a thread of either', machine([0, 1], [2]), ['0', '2']],
  ['one core of four threads', machine([0, 1, 2, 3]), ['0-1', '2-3']],
])('%s', (_, cpus, halves) => {
  expect(cpuHalves(cpus)).toEqual(halves);
});

test('a thread whose sibling cannot be used is a core of one', () => {
  const { siblings } = machine([0, 2], [1, 3]);
  expect(cpuHalves({ cpus: [0, 1, 3], siblings })).toEqual(['0', '3']);
  expect(cpuHalves({ cpus: [2, 3], siblings })).toEqual(['2', '3']);
  expect(cpuHalves({ cpus: [5, 7], siblings: new Map() })).toEqual(['5', '7']);
});

test('one CPU, or none, cannot be parted', () => {
  expect(cpuHalves(machine([0]))).toBeNull();
  expect(cpuHalves({ cpus: [], siblings: new Map() })).toBeNull();
});

test('the halves are usable, disjoint and equal, and part no core while there are two', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.boolean()),
      (sizes, kept) => {
        let next = 0;
        const cores = sizes.map((size) => Array.from({ length: size }, () => next++));
        const { siblings, cpus } = machine(...cores);
        const usable = cpus.filter(() => kept.next().value === true);
        const halves = cpuHalves({ cpus: usable, siblings });
        if (halves === null) {
          expect(usable.length).toBeLessThan(2);
          return;
        }
        const [a, b] = halves.map((half) => parseCpuList(half) ?? []) as [number[], number[]];
        expect(a.length).toBe(b.length);
        expect(new Set([...a, ...b]).size).toBe(a.length + b.length);
        for (const cpu of [...a, ...b]) expect(usable).toContain(cpu);
        const coreOf = (cpu: number) => cores.findIndex((core) => core.includes(cpu));
        const parted = new Set(a.map(coreOf).filter((core) => b.map(coreOf).includes(core)));
        const usableCores = new Set(usable.map(coreOf));
        if (usableCores.size > 1) expect(parted).toEqual(new Set());
      },
    ),
  );
});
