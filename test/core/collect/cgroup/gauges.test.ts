import { expect, test } from 'vitest';
import { withGauges } from '../../../../src/core/collect/cgroup/limits.ts';
import type { CgroupTotals, Reading } from '../../../../src/core/model/trial/trial.ts';

const totals: CgroupTotals = {
  source: 'v1',
  path: 'ocibench/r/t',
  figures: {
    'cpu.usage': { value: 5, source: 'cpuacct.usage' },
    'memory.peak': { value: 900, source: 'memory.max_usage_in_bytes' },
    'memory.current': { value: 4096, source: 'memory.usage_in_bytes' },
    'memory.anon': { value: 0, source: 'memory.stat total_rss' },
    'memory.shmem': { absent: 'no such file' },
    'pids.current': { value: 0, source: 'pids.current' },
  },
};
const reading = (figures: Record<string, number>): Reading => ({ trialId: 't', atNs: 1, costNs: 1, figures });

test('what is left after the container is gone is not taken for what it used', () => {
  const { figures } = withGauges(totals, []);
  for (const gauge of ['memory.current', 'memory.anon', 'pids.current'])
    expect(figures[gauge]).toEqual({
      absent: 'it was not read while the container ran',
      messages: { absent: { id: 'absent.notReadWhileRunning' } },
    });
  expect(figures['cpu.usage']).toEqual(totals.figures['cpu.usage']);
  expect(figures['memory.peak']).toEqual(totals.figures['memory.peak']);
  expect(figures['memory.shmem']).toEqual({ absent: 'no such file' });
});

test('the highest charge counts though its parts lagged behind, and no other reading replaces them', () => {
  const { figures } = withGauges(totals, [
    reading({ 'memory.current': 10, 'memory.anon': 9, 'pids.current': 7 }),
    reading({ 'memory.current': 30, 'pids.current': 2 }),
  ]);
  expect(figures['memory.current']).toMatchObject({ value: 30 });
  expect(figures['pids.current']).toMatchObject({ value: 2 });
  expect(figures['memory.anon']).toEqual({
    absent: 'memory.stat lagged behind memory.current in the reading with the highest charge',
    messages: { absent: { id: 'absent.lagged' } },
  });
});

test('gauges are those of the highest reading, all of one instant', () => {
  const { figures } = withGauges(totals, [
    reading({ 'memory.current': 10, 'memory.anon': 9, 'pids.current': 7 }),
    reading({ 'memory.current': 30, 'memory.anon': 5, 'pids.current': 2 }),
    reading({ 'memory.current': 20, 'memory.anon': 8, 'pids.current': 9 }),
  ]);
  expect(figures['memory.current']).toMatchObject({ value: 30 });
  expect(figures['memory.anon']).toMatchObject({
    value: 5,
    source: 'memory.stat total_rss, while the container ran',
  });
  expect(figures['pids.current']).toMatchObject({ value: 2 });
});
