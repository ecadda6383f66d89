import { expect, test } from 'vitest';
import { data, drawn, standard } from './drawn.ts';

test('phases: bars are the medians of their rows and start from zero', () => {
  const parts = data(standard, 'startup-phases').filter(
    (value) => value.subject === 'startup/true' && value.runtime === 'runsc' && value.part !== undefined,
  );
  const median = (metric: string) =>
    standard.analysis.rows.find(
      (row) => row.workload === 'startup/true' && row.runtime === 'runsc' && row.metric === metric,
    )?.median;
  expect(parts.map((part) => part.part)).toEqual([
    'create',
    'start to first output',
    'first output to exit',
    'remove',
  ]);
  expect(Number(parts[1]?.value) * 1e6).toBeCloseTo(Number(median('startup.first_output')), -6);
  expect(JSON.stringify(drawn('startup-phases', standard).spec)).toContain('"domain":[0,');
});
