import { expect, test } from 'vitest';
import type { CpuNow } from '../../../../src/core/measure/execute/observer.ts';
import { WorkWindowRecorder } from '../../../../src/core/measure/execute/work-window.ts';

/** Readings of CPU, one after the other, and a clock that a program moves. */
function scene(readings: readonly CpuNow[]) {
  const left = [...readings];
  let clock = 1_000n;
  const watch = new WorkWindowRecorder(() => left.shift() ?? { cgroupNs: null, engineNs: null });
  const program = (ns: bigint) =>
    watch.around(
      () => clock,
      async () => {
        clock += ns;
      },
    );
  return { watch, program };
}
const cpu = (cgroupNs: number | null, engineNs: number | null): CpuNow => ({ cgroupNs, engineNs });

test('a program that a step runs is a window by the host’s clock', async () => {
  const { watch, program } = scene([cpu(100, 10), cpu(400, 15)]);
  await program(700n);
  expect(watch.window()).toEqual({
    source: 'steps',
    containerNs: 700,
    hostNs: 700,
    uncertaintyNs: 0,
    cpuNs: 300,
    engineCpuNs: 5,
  });
});

test('several are added up; what happens between them is not in it', async () => {
  const { watch, program } = scene([cpu(100, 10), cpu(400, 15), cpu(9_000, 99), cpu(9_001, 100)]);
  await program(700n);
  await program(5n);
  expect(watch.window()).toEqual({
    source: 'steps',
    containerNs: 705,
    hostNs: 705,
    uncertaintyNs: 0,
    cpuNs: 301,
    engineCpuNs: 6,
  });
});

test('CPU that cannot be read once is not known for all of them, and no zero', async () => {
  const { watch, program } = scene([cpu(100, 10), cpu(null, 15), cpu(1, 1), cpu(2, 2)]);
  await program(1n);
  await program(1n);
  expect(watch.window()).toMatchObject({ cpuNs: null, engineCpuNs: 6 });
});

test('a program that fails is no work', async () => {
  const { watch } = scene([cpu(1, 1), cpu(2, 2)]);
  await expect(
    watch.around(process.hrtime.bigint, () => Promise.reject(new Error('exit code 1'))),
  ).rejects.toThrow('exit code 1');
  expect(watch.window()).toBeNull();
});

test('stamps go before steps', async () => {
  const { watch, program } = scene([cpu(0, 0), cpu(50, 5), cpu(100, 10), cpu(101, 11)]);
  await program(3n);
  watch.onStamp({ edge: 'begin', containerNs: 1000, hostNs: 2000 });
  watch.onStamp({ edge: 'end', containerNs: 1500, hostNs: 2500 });
  expect(watch.window()).toEqual({
    source: 'stamps',
    containerNs: 500,
    hostNs: 500,
    uncertaintyNs: 0,
    cpuNs: 1,
    engineCpuNs: 1,
  });
});
