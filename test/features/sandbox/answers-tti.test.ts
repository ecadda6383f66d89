import { expect, test } from 'vitest';
import type { SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import sandbox from '../../../src/features/sandbox/answers/sandbox.ts';
import { analysisContext } from '../../../src/report/context.ts';
import { standard } from '../../report/charts/drawn.ts';
import { compared } from '../../report/compared.ts';

const burst = 'count=20;mode=burst';
const alone = 'count=3;mode=sequential';

/** The row of the median time of runsc, at this ratio to runc. */
function medianOf(
  params: string,
  verdict: SummaryRow['verdict'],
  more: Partial<SummaryRow> = {},
): SummaryRow {
  const rows = compared(standard, 'sandbox/tti', 0.63, verdict, { metric: 'tti.p50', params, ...more });
  const row = rows.find(({ runtime }) => runtime === 'runsc');
  if (row === undefined) throw new Error('no row');
  return row;
}

const said = (rows: readonly SummaryRow[]) =>
  sandbox('runsc', { ...analysisContext({ ...standard, lang: 'en' }), rows }).map(({ text }) => text);

test('a ratio that is inconclusive is called so', () => {
  for (const params of [burst, alone]) {
    const [open = ''] = said([medianOf(params, 'inconclusive')]);
    expect(open).toMatch(/0\.63× .*relative to runc \(inconclusive\)/);
    const [claimed = ''] = said([medianOf(params, 'faster')]);
    expect(claimed).toContain('relative to runc');
    expect(claimed).not.toContain('inconclusive');
  }
});

test('trials that failed are told, also where none succeeded', () => {
  const failed = (more: Partial<SummaryRow>) => said([medianOf(burst, 'inconclusive', more)]);
  expect(failed({ n: 4, failures: 2 })).toContain('In a burst of 20 sandboxes, 2 of 6 trials failed.');
  expect(failed({ n: 0, failures: 1, median: null })).toEqual([
    'In a burst of 20 sandboxes, 1 of 1 trial failed.',
  ]);
  expect(failed({ n: 6, failures: 0 }).join()).not.toContain('failed');
  // The share of answers, also of the trials that failed; where one has none, the worst is not known.
  const median = medianOf(burst, 'inconclusive', { n: 4, failures: 2 });
  const share = { ...median, metric: 'tti.success', unit: 'ratio' as const, headline: false, min: 0.95 };
  const told = (n: number) => said([median, { ...share, n, failures: 0 }]);
  expect(told(6)).toContain(
    'In a burst of 20 sandboxes, 2 of 6 trials failed: in the worst, 19 of 20 answered.',
  );
  expect(told(5)).toContain('In a burst of 20 sandboxes, 2 of 6 trials failed.');
});

test('sandboxes that did not answer one after the other are told by the worst trial', () => {
  const rows = (min: number) => {
    const median = medianOf(alone, 'faster');
    const success = {
      ...median,
      metric: 'tti.success',
      unit: 'ratio' as const,
      headline: false,
      median: 1,
      min,
    };
    return said([median, success]);
  };
  expect(rows(2 / 3)).toContain('One after the other, only 2 of 3 sandboxes answered in the worst trial.');
  expect(rows(1).join()).not.toContain('worst');
});
