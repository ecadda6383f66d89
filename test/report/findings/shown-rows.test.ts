import { expect, test } from 'vitest';
import type { SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import { shownBeside, shownRows } from '../../../src/report/findings/shown-rows.ts';
import { fullSuite } from '../full-suite.ts';
import { syntheticRun } from '../support.ts';
import { expectOneValue } from './one-value.ts';

const { rows } = syntheticRun({ more: fullSuite }).analysis;
const [first] = rows.filter(({ headline, runtime }) => headline && runtime === 'crun');
if (first === undefined) throw new Error('no row');
const paired: SummaryRow = { ...first, median: 55, ratio: 0.36, ratioCiLow: 0.3, ratioCiHigh: 0.5 };

test('value, difference and ratio of every row say the same', () => {
  expect(expectOneValue(rows, shownRows(rows))).toBeGreaterThan(200);
});

test('the value beside the baseline is positive and fits the ratio, whatever the paired difference', () => {
  const difference = { estimate: -234, low: -300, high: -100 };
  const shown = shownBeside({ ...paired, difference }, 90);
  expect(shown).toMatchObject({ median: 0.36 * 90, ciLow: 0.3 * 90, ciHigh: 0.5 * 90 });
  expect(shown.difference).toEqual({ estimate: 0.36 * 90 - 90, low: 0.3 * 90 - 90, high: 0.5 * 90 - 90 });
});

test('of few pairs it has no interval', () => {
  const few = { ...paired, ratioCiLow: null, ratioCiHigh: null };
  const difference = { estimate: -57, low: null, high: null };
  expect(shownBeside({ ...few, difference }, 90)).toMatchObject({
    median: 0.36 * 90,
    ciLow: null,
    ciHigh: null,
    difference: { estimate: 0.36 * 90 - 90, low: null, high: null },
  });
});

test('without a ratio it is the baseline’s and the paired difference', () => {
  const none = { ...paired, ratio: null, ratioCiLow: null, ratioCiHigh: null };
  const difference = { estimate: -100, low: -120, high: null };
  const shown = shownBeside({ ...none, difference }, 90);
  expect(shown).toMatchObject({ median: -10, ciLow: -30, ciHigh: null, difference });
});

test('what has nothing beside it, or is a fact of isolation, is shown as it is', () => {
  const { difference: _, ...without } = paired;
  const none: SummaryRow = { ...without, ratio: null, ratioCiLow: null, ratioCiHigh: null };
  const isolation: SummaryRow = { ...paired, category: 'isolation' };
  expect(shownBeside(none, 90)).toBe(none);
  expect(shownBeside(isolation, 90)).toBe(isolation);
  expect(shownBeside(paired, null)).toBe(paired);
});
