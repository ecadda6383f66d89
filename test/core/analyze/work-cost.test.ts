import { expect, test } from 'vitest';
import { workCost } from '../../../src/core/analyze/values/derive.ts';
import type { TrialRecord } from '../../../src/core/model/trial/trial.ts';
import { trialRecord } from '../../support/records.ts';

const units = (value: number) => [{ metric: 'work.units', unit: 'count', better: 'neither', value }] as const;
const costOf = (trial: Partial<TrialRecord>, value = 4) =>
  workCost(trialRecord(trial), units(value)).map(({ metric, unit, value: ns }) => [metric, unit, ns]);
const counted = (ns: number) => ({ value: ns, source: 'test' });
const whole = {
  cgroup: { source: 'v2', path: '/t', figures: { 'cpu.usage': counted(800) } },
  engineCpu: counted(200),
} as const;

test('CPU of container and engine in the stamped window, per unit; what came before and after is not in it', () => {
  const window = {
    source: 'stamps' as const,
    containerNs: 1,
    hostNs: 1,
    uncertaintyNs: 0,
    cpuNs: 300,
    engineCpuNs: 20,
  };
  expect(costOf({ ...whole, window })).toEqual([['work.cpu', 'ns/op', 80]]);
});

test('without stamps it is the whole trial', () => {
  expect(costOf(whole)).toEqual([['work.cpu', 'ns/op', 250]]);
});

test('nothing is said where a part is unknown or no work was counted', () => {
  expect(costOf({ ...whole, engineCpu: { absent: 'x' } })).toEqual([]);
  expect(
    costOf({
      ...whole,
      window: { source: 'stamps', containerNs: 1, hostNs: 1, uncertaintyNs: 0, cpuNs: null, engineCpuNs: 1 },
    }),
  ).toEqual([]);
  expect(costOf(whole, 0)).toEqual([]);
  expect(workCost(trialRecord(whole), [])).toEqual([]);
});

test('around a client that the harness ran, the engine counts only where a virtual machine works outside the cgroup', () => {
  const window = {
    source: 'steps' as const,
    containerNs: 1,
    hostNs: 1,
    uncertaintyNs: 0,
    cpuNs: 300,
    engineCpuNs: 20,
  };
  const process = {
    pid: 1,
    ppid: 1,
    comm: 'x',
    cpuNs: 0,
    pssBytes: 1,
    pssShmemBytes: null,
    pssAnonBytes: null,
  };
  const shim = { ...process, role: 'shim', inCgroup: false } as const;
  const vmm = { ...process, role: 'vmm', inCgroup: false } as const;
  expect(costOf({ ...whole, window, processes: [shim] })).toEqual([['work.cpu', 'ns/op', 75]]);
  expect(costOf({ ...whole, window, processes: [shim, vmm] })).toEqual([['work.cpu', 'ns/op', 80]]);
  expect(costOf({ ...whole, window, processes: [shim, { ...vmm, inCgroup: true }] })).toEqual([
    ['work.cpu', 'ns/op', 75],
  ]);
  expect(costOf({ ...whole, window, processes: [] })).toEqual([]);
});
