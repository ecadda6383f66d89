import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import type { SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import { seededRandom } from '../../../src/core/model/prng.ts';
import { lineWorkload, measurement, runRecord } from '../../support/records.ts';
import { gaussian } from './simulated-run.ts';

/** A run of 20 blocks, in which runsc was measured in the first `blocks` only. */
function rowOf(
  blocks: number,
  {
    effect = 0.5,
    more = {},
  }: { readonly effect?: number; readonly more?: Parameters<typeof runRecord>[0] } = {},
): SummaryRow {
  const random = seededRandom(`ended ${blocks} ${effect}`);
  const value = (log: number) => 100 * Math.exp(log + 0.05 * gaussian(random));
  const measurements = Array.from({ length: 20 }, (_, i) => i + 1).flatMap((block) => [
    measurement('runc', block, value(0)),
    measurement('crun', block, value(0)),
    ...(block <= blocks ? [measurement('runsc', block, value(effect))] : []),
  ]);
  const workloads = [lineWorkload('syscall/calls')];
  const { rows } = analyze({ run: runRecord(more), measurements, workloads });
  const found = rows.find(({ runtime }) => runtime === 'runsc');
  if (found === undefined) throw new Error('no row');
  return found;
}

/** How many times as far as the other one the end towards 1 lies from the ratio, on the scale of logarithms. */
const lean = ({ ratio, ratioCiLow, ratioCiHigh }: SummaryRow) =>
  Math.log((ratio ?? 0) / (ratioCiLow ?? 1)) / Math.log((ratioCiHigh ?? 0) / (ratio ?? 1));

describe('a comparison that ended as clear', () => {
  test('while the run went on says so, and its intervals lean towards no difference', () => {
    const early = rowOf(9);
    expect(early).toMatchObject({ ended: 'clear', pairs: 9, verdict: 'slower' });
    expect(lean(early)).toBeGreaterThan(1.3);
    const { estimate, low, high } = early.difference ?? { estimate: 0, low: null, high: null };
    expect((estimate - (low ?? 0)) / ((high ?? 0) - estimate)).toBeGreaterThan(1.3);
  });

  test('with the run does not: its last block was not chosen', () => {
    expect(rowOf(20)).not.toHaveProperty('ended');
    expect(lean(rowOf(20))).toBeLessThan(1.4);
  });

  test.each([
    ['is not far from no difference: it ended as precise, or failed', rowOf(9, { effect: 0.03 })],
    ['is of a run with a target for every interval', rowOf(9, { more: { config: { precision: 0.05 } } })],
    [
      'is of a run that was extended',
      rowOf(9, {
        more: {
          extensions: [
            { fromBlock: 15, startedAt: '', cells: ['crun|default|docker|syscall/calls|'], maxTimeMs: 1 },
          ],
        },
      }),
    ],
  ])('does not where it %s', (_, row) => {
    expect(row).not.toHaveProperty('ended');
  });

  test('claims all the same: a run ends only what no factor turns around', () => {
    for (const blocks of [6, 7, 8, 10, 12]) expect(rowOf(blocks, { effect: 0.3 }).verdict).toBe('slower');
  });
});
