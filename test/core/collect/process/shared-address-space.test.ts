import { expect, test } from 'vitest';
import { countSharedOnce } from '../../../../src/core/collect/process/scan.ts';
import type { ProcessRole, ProcessUsage } from '../../../../src/core/model/trial/trial.ts';

const kb = 1024;
const usage = (
  pid: number,
  ppid: number,
  pssKb: number | null,
  role: ProcessRole = 'stub',
  shmemKb: number | null = 0,
): ProcessUsage => ({
  pid,
  ppid,
  comm: 'exe',
  role,
  inCgroup: true,
  cpuNs: 0,
  pssBytes: pssKb === null ? null : pssKb * kb,
  pssShmemBytes: shmemKb === null ? null : shmemKb * kb,
  pssAnonBytes: null,
});
const pss = (processes: readonly ProcessUsage[]) =>
  countSharedOnce(processes).map(({ pssBytes }) => (pssBytes === null ? null : pssBytes / kb));

// Process trees and PSS as read of two forks and threads of Python under each platform; kcmp(2) told which share memory.
test('threads under systrap: the leader, a child of the sentry, stands for those that share its memory', () => {
  const tree = [
    usage(214, 192, 31757, 'sentry'),
    usage(268, 214, 15),
    usage(293, 214, 4823),
    usage(294, 293, 4823),
    usage(365, 293, 4827),
    usage(350, 214, 3604),
    usage(351, 350, 3604),
    usage(352, 214, 3609),
    usage(353, 352, 3609),
  ];
  expect(pss(tree)).toEqual([31757, 15, 4823, 0, 0, 3604, 0, 3609, 0]);
});

test('processes under ptrace: all are children of one stub that maps nothing, and none shares', () => {
  const tree = [
    usage(8, 1, 40949, 'sentry'),
    usage(57, 8, 0),
    usage(140, 57, 4786),
    usage(173, 57, 3573),
    usage(178, 57, 3573),
  ];
  expect(pss(tree)).toEqual([40949, 0, 4786, 3573, 3573]);
});

test('only stubs of stubs are taken to share', () => {
  expect(pss([usage(2, 1, 900, 'workload'), usage(3, 2, 900, 'workload')])).toEqual([900, 900]);
  expect(pss([usage(2, 1, 900, 'sentry'), usage(3, 2, 900)])).toEqual([900, 900]);
});

test('shared memory goes with it, and what is not known stays so', () => {
  const [, child] = countSharedOnce([usage(2, 1, 31192, 'stub', 22500), usage(3, 2, 31192, 'stub', 22500)]);
  expect(child).toMatchObject({ pssBytes: 0, pssShmemBytes: 0 });
  const [, blind] = countSharedOnce([usage(2, 1, 10, 'stub', null), usage(3, 2, 10, 'stub', null)]);
  expect(blind).toMatchObject({ pssBytes: 0, pssShmemBytes: null });
  expect(pss([usage(2, 1, 10), usage(3, 2, null)])).toEqual([10, null]);
});
