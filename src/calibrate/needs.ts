import { quantity } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import type { CalibrationCheck } from '../model/calibration.ts';
import { withNote } from './check-note.ts';
import type { Standing } from './judge.ts';

const text = notices('calibration', {
  needs: 'not settled: about {pairs} more pairs would settle it, {time} (--max-time)',
  atLimit: 'the error lies near the limit: more of the same would not show on which side',
});

/** The check; where it is inconclusive, with what would settle it. `pairMs`: wall time of one more pair. */
export function withNeeds({ check, settled, pairsToSettle }: Standing, pairMs: number): CalibrationCheck {
  if (check.verdict !== 'inconclusive') return check;
  if (settled === 'precise') return withNote(check, text.atLimit);
  if (settled !== null || pairsToSettle === null) return check;
  const morePairs = pairsToSettle - check.n;
  const needs = { morePairs, moreMs: morePairs * pairMs };
  const time = quantity(Math.ceil(needs.moreMs / 1000), 's');
  return { ...withNote(check, text.needs({ pairs: morePairs, time })), needs };
}
