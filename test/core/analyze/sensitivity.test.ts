import { expect, test } from 'vitest';
import { flaggedTrials, sensitivityOf } from '../../../src/core/analyze/warnings/steadiness.ts';
import type { SummaryRow, Verdict } from '../../../src/core/model/analysis/analysis.ts';
import { cell, trialRecord } from '../../support/records.ts';

const noise = (flags: string[]) => ({
  stealNs: 0,
  busyNs: 0,
  wallNs: 1,
  loadAverage1: 0,
  cpuPressureNs: 0,
  ioPressureNs: 0,
  memoryPressureNs: 0,
  swapInPages: 0,
  frequencyKHz: null,
  flags,
});
const row = (runtime: string, verdict: Verdict, pairs = 8): SummaryRow => ({
  ...cell(runtime),
  category: 'syscall',
  metric: 'call.cost',
  unit: 'ns/op',
  better: 'lower',
  headline: true,
  n: pairs,
  failures: 0,
  median: 1,
  ciLow: 1,
  ciHigh: 1,
  p95: null,
  min: 1,
  max: 1,
  mad: 0,
  baseline: 'runc',
  pairs,
  ratio: 1,
  ratioCiLow: 1,
  ratioCiHigh: 1,
  p: 1,
  pAdjusted: 1,
  verdict,
  note: '',
});

test('a trial counts as flagged when it was measured and carries a flag', () => {
  const flagged = trialRecord({ trialId: 'a', noise: noise(['steal>1%']) });
  const quiet = trialRecord({ trialId: 'b', noise: noise([]) });
  const warmup = trialRecord({ trialId: 'c', block: 0, noise: noise(['steal>1%']) });
  const interrupted = { ...flagged, trialId: 'i', outcome: { status: 'interrupted' } } as const;
  expect([...flaggedTrials([flagged, quiet, warmup, interrupted])]).toEqual(['a']);
});

test('verdicts that change without the flagged trials are named, those that cannot be made are counted', () => {
  const rows = [
    row('runc', 'baseline'),
    row('crun', 'faster'),
    row('runsc', 'slower'),
    row('kata', 'slower'),
    row('few', 'inconclusive', 3),
  ];
  const without = [
    row('runc', 'baseline'),
    row('crun', 'inconclusive'),
    row('runsc', 'slower', 7),
    row('kata', 'inconclusive', 5),
  ];
  expect(sensitivityOf(new Set(['a', 'b']), rows, without)).toEqual({
    flagged: 2,
    verdicts: 3,
    tooFew: 1,
    changed: [{ ...cell('crun'), verdict: 'faster', without: 'inconclusive' }],
  });
});
