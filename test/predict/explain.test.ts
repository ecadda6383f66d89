import { expect, test } from 'vitest';
import { loadWorkloads } from '../../src/config/workloads.ts';
import { applicationsOf } from '../../src/predict/applications.ts';
import { explanationsOf } from '../../src/predict/explain.ts';
import { measuredCells } from '../../src/predict/measured.ts';
import { knownRun } from './known-run.ts';

const { run, trials, profiles } = knownRun();
const cells = measuredCells(run, trials, await loadWorkloads());
const works = profiles.flatMap(({ work, ...profile }) =>
  work === undefined ? [] : [{ profile: { ...profile, work }, source: 'run' as const }],
);
const pair = { runtime: 'runsc', native: 'runc', confidence: 0.9 };

test('each application of a run has its causes, and a rest that makes the sum whole', () => {
  const found = explanationsOf(cells, applicationsOf(cells, works, 'runc'), pair);
  expect(found.map(({ subject }) => subject)).toContain('app/sqlite op=commit;storage=bind');
  expect(found).toHaveLength(works.length);
  for (const { measured, nativeNs, causes, subjectNs } of found) {
    expect(measured).toBe(true);
    expect(causes.at(-1)?.cause).toBe('rest');
    expect(causes.reduce((sum, { ns }) => sum + ns, nativeNs) / subjectNs).toBeCloseTo(1, 9);
  }
});

test('too few applications explain nothing', () => {
  expect(explanationsOf(cells, applicationsOf(cells, works.slice(0, 3), 'runc'), pair)).toEqual([]);
});
