import { expect, test } from 'vitest';
import type { CategoryEstimate, SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import {
  categorySummaries,
  isUnsure,
  markedCategoryRatio,
  subjectCount,
} from '../../../src/report/findings/category-summary.ts';
import { headlineCosts, standingOf } from '../../../src/report/findings/headline-cost.ts';
import { estimate } from '../compared.ts';
import { fullSuite } from '../full-suite.ts';
import { syntheticRun } from '../support.ts';

const suite = syntheticRun({ more: fullSuite });
const { rows, baseline } = suite.analysis;

function summaryOf(from: readonly SummaryRow[], category: string, runtime: string) {
  const found = categorySummaries(from, baseline).find(
    (summary) => summary.category === category && summary.runtime === runtime,
  );
  if (found === undefined) throw new Error(`no summary of ${category} and ${runtime}`);
  return found;
}

test('ratios are turned so that above 1 costs more; two tests have no common ratio', () => {
  const two = rows
    .filter((row) => row.headline && row.workload === 'io/fio' && row.runtime === 'runsc')
    .slice(0, 2)
    .map(
      (row, i): SummaryRow => ({ ...row, ratio: i === 0 ? 0.5 : 0.125, ratioCiLow: null, ratioCiHigh: null }),
    );
  const summary = summaryOf(two, 'io', 'runsc');
  expect(summary.costs.map(({ cost }) => cost.ratio)).toEqual([8, 2]);
  expect(summary.estimates).toEqual([]);
  expect(markedCategoryRatio(summary, 'en')).toBe('8.00×, 2.00×');
});

test('a slower and a faster runtime by the same factor do not look alike', () => {
  const time = rows.find((row) => row.headline && row.workload === 'startup/true' && row.runtime === 'crun');
  if (time === undefined) throw new Error('no row');
  const pair: SummaryRow[] = [
    { ...time, ratio: 4 },
    { ...time, workload: 'startup/other', ratio: 0.25 },
  ];
  expect(summaryOf(pair, 'startup', 'crun').costs.map(({ cost }) => cost.ratio)).toEqual([4, 0.25]);
});

test('every headline is counted once, by what its verdict means for its metric', () => {
  for (const summary of categorySummaries(rows, baseline)) {
    const own = rows.filter(
      (row) => row.headline && row.category === summary.category && row.runtime === summary.runtime,
    );
    const counted = Object.values(summary.counts).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(own.length);
  }
  expect(standingOf({ verdict: 'more', better: 'lower' })).toBe('worse');
  expect(standingOf({ verdict: 'more', better: 'higher' })).toBe('better');
  expect(standingOf({ verdict: 'less', better: 'lower' })).toBe('better');
  expect(standingOf({ verdict: 'less', better: 'higher' })).toBe('worse');
  expect(standingOf({ verdict: 'less', better: 'neither' })).toBe('differs');
  expect(standingOf({ verdict: 'baseline', better: 'lower' })).toBeNull();
});

test('what was not measured is in the number of subjects and in its own count, not in the costs', () => {
  const summary = summaryOf(rows, 'io', 'runsc-ptrace');
  expect(summary.counts.unavailable).toBeGreaterThan(0);
  expect(summary.costs.length + summary.counts.unavailable).toBe(summary.subjects);
});

test('isolation and metrics without a direction are no costs', () => {
  expect(summaryOf(rows, 'isolation', 'runsc').costs).toEqual([]);
  expect(summaryOf(rows, 'isolation', 'runsc').counts.better).toBe(1);
  const neutral = rows.map((row): SummaryRow => ({ ...row, better: 'neither' }));
  expect(headlineCosts(neutral, baseline)).toEqual([]);
  expect(headlineCosts(rows, baseline).some(({ row }) => row.runtime === baseline)).toBe(false);
});

test('what a category costs has the interval of its estimate, and is unsure and nothing without one', () => {
  const few = syntheticRun({ more: fullSuite, blocks: 3 });
  expect(categorySummaries(few.analysis.rows, baseline).every(isUnsure)).toBe(true);
  const of = (...estimates: readonly CategoryEstimate[]) => {
    const found = categorySummaries(rows, baseline, estimates).find(
      ({ category, runtime }) => category === 'startup' && runtime === 'runsc',
    );
    return found === undefined ? null : [isUnsure(found), markedCategoryRatio(found, 'en')];
  };
  expect(of()).toEqual([true, '']);
  const startup = estimate('startup', 1.96, 'slower');
  expect(of(startup)).toEqual([false, '1.96× [1.76, 2.16]']);
  expect(of({ ...startup, verdict: 'inconclusive' })).toEqual([true, '1.96× [1.76, 2.16] ?']);
  // Of several places the one through the engine, by name; without it there is no main one.
  expect(of(startup, { ...startup, layer: 'oci' })).toEqual([false, '1.96× [1.76, 2.16], docker']);
  expect(of({ ...startup, layer: 'containerd' }, { ...startup, layer: 'oci' })).toEqual([true, '']);
  expect(subjectCount(rows)).toBe(11 + fullSuite.length);
});

test('the estimate of one subject is the ratio of its row, whatever the others came to', () => {
  const row = rows.find((one) => one.headline && one.workload === 'startup/true' && one.runtime === 'runsc');
  const member = { workload: 'startup/true', params: '', cost: 9, low: 8, high: 10 };
  const alone = estimate('startup', 9, 'faster', { subjects: 1, smallest: member, largest: member });
  const found = categorySummaries(rows, baseline, [alone]).find(
    ({ category, runtime }) => category === 'startup' && runtime === 'runsc',
  );
  expect(found?.estimates).toMatchObject([{ only: row, middle: null, standing: 'worse', subjects: 1 }]);
  expect(found?.estimates[0]?.cost.ratio).toBe(row?.ratio);
});
