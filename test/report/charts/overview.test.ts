import { expect, test } from 'vitest';
import { fullSuite } from '../full-suite.ts';
import { syntheticRun } from '../support.ts';
import { drawn, values } from './drawn.ts';

test('overview: a mean per category and runtime, a dot per subject; isolation is no cost', () => {
  const all = values(drawn('overview').spec);
  const means = all.filter((value) => value.mean !== undefined);
  expect(means).toHaveLength(7 * 3);
  const startup = means.find(
    (value) => value.runtime === 'runsc' && String(value.category).startsWith('Startup'),
  );
  expect(startup?.category).toBe('Startup\n12 subjects');
  const dots = all.filter((value) => value.ratio !== undefined && value.category === startup?.category);
  expect(dots.filter((value) => value.runtime === 'runsc')).toHaveLength(12);
  const ratios = dots.filter((value) => value.runtime === 'runsc').map((value) => Number(value.ratio));
  expect(startup?.low).toBe(Math.min(...ratios));
  expect(startup?.high).toBe(Math.max(...ratios));
  expect(all.some((value) => String(value.category).includes('Isolation'))).toBe(false);
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
