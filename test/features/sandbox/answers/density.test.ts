import { expect, test } from 'vitest';
import { translate } from '../../../../src/core/messages/translate.ts';
import type { FactRow, SummaryRow } from '../../../../src/core/model/analysis/analysis.ts';
import density from '../../../../src/features/sandbox/answers/density.ts';
import { causeWords } from '../../../../src/features/sandbox/density/causes.ts';
import { limitWords } from '../../../../src/features/sandbox/density/workload.ts';
import { analysisContext } from '../../../../src/report/context.ts';
import { standard } from '../../../report/charts/drawn.ts';

const mebibyte = 2 ** 20;
const [any] = standard.analysis.rows;

function row(runtime: string, metric: string, median: number, changes: Partial<SummaryRow> = {}): SummaryRow {
  if (any === undefined) throw new Error('the synthetic run has no rows');
  const own = {
    runtime,
    metric,
    median,
    workload: 'density/idle',
    params: 'upTo=16',
    layer: 'docker' as const,
    ciLow: null,
    ciHigh: null,
  };
  return { ...any, ...own, ...changes };
}

const rows = [
  row('runc', 'density.next_memory', 5.5 * mebibyte),
  row('runc', 'density.fit', 16),
  row('runsc', 'density.next_memory', 18 * mebibyte),
  row('runsc', 'density.next_cpu', 0.018),
  row('runsc', 'density.fit', 12),
  row('runsc', 'density.missed', 16),
  row('runsc', 'density.fit_estimate', 52),
  // Of another layer: more sandboxes, less memory.
  row('runsc', 'density.next_memory', mebibyte, { layer: 'oci' }),
  row('runsc', 'density.fit', 99, { layer: 'oci' }),
];

function said(runtime: string, facts: Readonly<Record<string, (typeof causeWords)['cpu']>>, changed = rows) {
  const context = analysisContext({ ...standard, lang: 'en' });
  const known = Object.entries(facts).map(([id, value]) => {
    const { profile, layer, workload, params } = row(runtime, 'density.fit', 0);
    const place = { runtime, profile, layer, workload, params };
    return { ...place, id, value: translate(value, 'en'), trials: 2, messages: { value } };
  });
  return density(runtime, { ...context, rows: changed, facts: known as unknown as readonly FactRow[] })
    .map((one) => translate(one, 'en'))
    .join('\n');
}

test('the sentence names the baseline, the numbers around the knee, and what limits the estimate', () => {
  const text = said('runsc', { 'density.knee': causeWords.cpu, 'density.limit': limitWords.cpu });
  expect(text).toContain('18.0 MiB of memory (runc: 5.50 MiB) and 1.8');
  expect(text).toContain('between 12 and 16 fit here, then tasks waited for a CPU');
  expect(text).toContain('(an estimate of what the host would hold: 52, by the host’s CPUs)');
});

test('where all fit, no knee is claimed, and noise of the CPU is not said', () => {
  const own = [...rows, row('runc', 'density.next_cpu', -0.0001)];
  const text = said('runc', { 'density.knee': causeWords.end }, own);
  expect(text).toContain('5.50 MiB of memory; all 16 of the test fit.');
  expect(text).not.toContain('runc:');
});

test('what one more takes is of the test with the most blocks, with their interval, and how many fit of the largest', () => {
  const many = rows.map((each) => ({ ...each, params: 'upTo=256', n: 2 }));
  const ci = (value: number) => ({ params: 'upTo=8', n: 6, ciLow: value * 0.9, ciHigh: value * 1.1 });
  const few = [
    row('runc', 'density.next_memory', 6 * mebibyte, ci(6 * mebibyte)),
    row('runc', 'density.fit', 8, ci(8)),
    row('runsc', 'density.next_memory', 20 * mebibyte, ci(20 * mebibyte)),
    row('runsc', 'density.next_cpu', 0.02, ci(0.02)),
    row('runsc', 'density.fit', 8, ci(8)),
  ];
  const context = analysisContext({ ...standard, lang: 'en' });
  const { profile, layer, workload } = row('runsc', 'density.fit', 0);
  const facts = (['upTo=8', 'upTo=256'] as const).map((params, at) => {
    const value = at === 0 ? causeWords.end : causeWords.cpu;
    const place = { runtime: 'runsc', profile, layer, workload, params };
    return { ...place, id: 'density.knee', value: translate(value, 'en'), trials: 2, messages: { value } };
  });
  const [text] = density('runsc', {
    ...context,
    rows: [...few, ...many],
    facts: facts as unknown as readonly FactRow[],
  }).map((one) => translate(one, 'en'));
  expect(text).toContain('20.0 MiB [18.0, 22.0] of memory (runc: 6.00 MiB) and 2.0% [1.8%, 2.2%] of a CPU');
  expect(text).toContain('between 12 and 16 fit here, then tasks waited for a CPU');
});

test('that all fit is not said where a larger test failed', () => {
  const larger = { params: 'upTo=256', n: 0, failures: 2 };
  const failed = { ...row('runc', 'density.next_memory', 0, larger), median: null } as unknown as SummaryRow;
  const text = said('runc', { 'density.knee': causeWords.end }, [...rows, failed]);
  expect(text).toContain('5.50 MiB of memory; 16 fit here, and a larger test failed.');
});

test('what a larger test tells although it failed is how many fit, and a smaller one says what each takes', () => {
  const larger = [
    { ...row('runsc', 'density.next_memory', 0, { params: 'upTo=256', n: 0, failures: 2 }), median: null },
    row('runsc', 'density.fit', 20, { params: 'upTo=256', n: 99 }),
  ] as unknown as SummaryRow[];
  const context = analysisContext({ ...standard, lang: 'en' });
  const { profile, layer, workload } = row('runsc', 'density.fit', 0);
  const value = causeWords.memory;
  const fact = {
    runtime: 'runsc',
    profile,
    layer,
    workload,
    params: 'upTo=256',
    id: 'density.knee',
    trials: 2,
  };
  const facts = [{ ...fact, value: translate(value, 'en'), messages: { value } }];
  const [text] = density('runsc', {
    ...context,
    rows: [...rows, ...larger],
    facts: facts as unknown as readonly FactRow[],
  }).map((one) => translate(one, 'en'));
  expect(text).toContain('18.0 MiB of memory (runc: 5.50 MiB)');
  expect(text).toContain('; 20 fit here, then the memory kept in reserve was reached');
});
