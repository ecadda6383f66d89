import { expect, test } from 'vitest';
import { estimate } from '../compared.ts';
import { fullSuite } from '../full-suite.ts';
import { syntheticRun } from '../support.ts';
import { data, drawn, suite, values } from './drawn.ts';

test('overview: a mean per category and runtime, a dot per subject; isolation is no cost', () => {
  const all = values(drawn('overview').spec);
  const means = all.filter((value) => value.mean !== undefined);
  // Two tests, of the CPU, have no common ratio.
  expect(means).toHaveLength(7 * 3);
  const startup = means.find(
    (value) => value.runtime === 'runsc' && String(value.category).startsWith('Startup'),
  );
  expect(startup?.category).toBe('Startup\n12 tests');
  const dots = all.filter((value) => value.ratio !== undefined && value.category === startup?.category);
  expect(dots.filter((value) => value.runtime === 'runsc')).toHaveLength(12);
  expect(all.some((value) => String(value.category).includes('Isolation'))).toBe(false);
});

test('overview: the large dot is the estimate with its interval; without one there is none', () => {
  const run = syntheticRun({ more: fullSuite });
  const categories = [
    estimate('startup', 1.96, 'slower', { subjects: 11 }),
    estimate('io', 1.4, 'inconclusive'),
  ];
  const all = values(drawn('overview', { ...run, analysis: { ...run.analysis, categories } }).spec);
  const of = (category: string) =>
    all.find(
      (value) =>
        value.mean !== undefined && value.runtime === 'runsc' && String(value.category).startsWith(category),
    );
  expect(of('Startup')).toMatchObject({ mean: 1.96, low: 1.764, high: 2.156, unsure: false });
  expect(of('Startup')?.label).toBe('1.96× [1.76, 2.16] (11 of 12)');
  expect(of('Input')).toMatchObject({ mean: 1.4, low: 1.26, unsure: true });
  expect(of('Network')).toBeUndefined();
});

test('overview: a mean says what it lacks, and doubt is drawn hollow', () => {
  const labels = values(drawn('overview').spec).flatMap((value) =>
    value.label === undefined ? [] : [value.label],
  );
  expect(labels.filter((label) => String(label).includes('(20 of 25)'))).toHaveLength(1);
  const few = drawn('overview', syntheticRun({ more: fullSuite, blocks: 3 }));
  const all = values(few.spec);
  expect(all.every((value) => value.unsure === true)).toBe(true);
  expect(
    all.filter((value) => value.label !== undefined).every(({ label }) => String(label).includes('?')),
  ).toBe(true);
  expect(few.caption).toContain('hollow: inconclusive');
});

test('overview: a runtime without a value in a category is named there', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.category === 'network' && row.runtime === 'runsc'
      ? { ...row, n: 0, median: null, ratio: null, ratioCiLow: null, ratioCiHigh: null, pairs: 0 }
      : row,
  );
  const gap = { ...suite, analysis: { ...suite.analysis, rows } };
  const labels = data(gap, 'overview').flatMap(({ label }) => (label === undefined ? [] : [String(label)]));
  expect(labels.filter((label) => label.includes('not measured'))).toEqual(['runsc: not measured']);
  expect(
    data(suite, 'overview')
      .map(({ label }) => String(label))
      .join(),
  ).not.toContain('not measured');
});
