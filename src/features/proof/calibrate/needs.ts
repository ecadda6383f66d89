import { blocksForInterval } from '../../../core/analyze/blocks-needed.ts';
import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import { confidence } from './allowance.ts';
import type { CalibrationCheck } from './calibration.ts';
import { withNote } from './check-note.ts';
import type { Standing } from './judge.ts';

/** Fewest pairs after which a check can settle. */
export const pairsForInterval = blocksForInterval(1 - confidence);

const text = notices('calibration', {
  needs: 'not settled: about {pairs} more pairs would settle it, {time} (--max-time)',
  atLimit: 'the error lies near the limit: more of the same would not show on which side',
});

/** The check; where it is inconclusive, with what would settle it. `pairMs`: wall time of one more pair. */
export function withNeeds({ check, settled, pairsToSettle }: Standing, pairMs: number): CalibrationCheck {
  if (check.verdict !== 'inconclusive') return check;
  if (settled === 'precise') return withNote(check, text.atLimit);
  // Without an interval the scatter is not known: at least as many as an interval takes.
  const needed = pairsToSettle ?? pairsForInterval;
  if (settled !== null || needed <= check.n) return check;
  const morePairs = needed - check.n;
  const needs = { morePairs, moreMs: morePairs * pairMs };
  const time = quantity(Math.ceil(needs.moreMs / 1000), 's');
  return { ...withNote(check, text.needs({ pairs: morePairs, time })), needs };
}
