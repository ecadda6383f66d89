import { describe, expect, test } from 'vitest';
import { engineCgroupPath, trialCgroupNames } from '../../../../src/core/collect/cgroup/names.ts';

describe('cgroup names', () => {
  test('cgroupfs: a path below the run', () => {
    expect(trialCgroupNames('cgroupfs', '20261124-ab12', 'b3-p1-a2')).toEqual({
      parent: '/ocibench/20261124-ab12/b3-p1-a2',
      path: 'ocibench/20261124-ab12/b3-p1-a2',
    });
    expect(engineCgroupPath('20261124-ab12')).toBe('ocibench/20261124-ab12/engine');
  });

  test('systemd: a dash is a level, so parts lose theirs', () => {
    expect(trialCgroupNames('systemd', '20261124-ab12', 'b3-p1-a2')).toEqual({
      parent: 'ocibench-20261124_ab12-b3_p1_a2.slice',
      path: 'ocibench.slice/ocibench-20261124_ab12.slice/ocibench-20261124_ab12-b3_p1_a2.slice',
    });
  });

  test.each([
    '',
    '.',
    '..',
    '../x',
    'a/b',
    '/etc',
    'a b',
    'a\nb',
    '-a',
    'memory.peak',
    'cgroup.procs',
    'engine',
    'other',
    'podman',
  ])('refuses %j', (trialId) => {
    expect(() => trialCgroupNames('cgroupfs', 'run', trialId)).toThrow(RangeError);
  });

  test.each(['', '..', 'a/../..', 'cgroup.kill'])('refuses run %j', (runId) => {
    expect(() => trialCgroupNames('systemd', runId, 'trial')).toThrow(RangeError);
    expect(() => engineCgroupPath(runId)).toThrow(RangeError);
  });
});
