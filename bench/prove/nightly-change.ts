import { confirmationOf } from '../../src/history/confirmation.ts';
import { unwatched, watch } from '../../src/history/detector.ts';
import { rules } from '../../src/history/rules.ts';
import { findingOf } from '../../src/history/suspicion.ts';
import { seededRandom } from '../../src/model/prng.ts';
import type { Cell } from './nightly-dashboard.ts';
import { dashboard } from './nightly-dashboard.ts';
import { blocks, hostNights, measure } from './nightly-host.ts';

/** A change of a series, by nights since it began (0 in its first night): a logarithm. */
export type Change = (night: number) => number;

export const step =
  (ratio: number): Change =>
  () =>
    Math.log(ratio);

/** Creeps to `ratio` in `nights` nights, and stays there. */
export const creep =
  (ratio: number, nights: number): Change =>
  (night) =>
    Math.log(ratio) * Math.min(1, (night + 1) / nights);

/**
 * Measured nights of the series until the alarm, the change's first night included; Infinity if there is none in
 * `limit` nights. `history` nights lie before.
 */
export function delays(
  cell: Cell,
  change: Change,
  { runs, history = 100, limit = 120 }: { readonly runs: number; readonly history?: number; readonly limit?: number },
): number[] {
  const s = dashboard.indexOf(cell);
  const random = seededRandom(`nightly change ${cell.id} ${change(0)} ${change(200)} ${history}`);
  return Array.from({ length: runs }, () => {
    let state = unwatched;
    let night = -history;
    for (const host of hostNights(random)) {
      const shift = host.shift[s] ?? Number.NaN;
      if (host.missing || Number.isNaN(shift)) continue;
      if (night === limit) break;
      const centre = shift + (night < 0 ? 0 : change(night));
      night++;
      const first = { ...measure(centre, cell.deviation, host, host.blocks, random), night: '', key: '' };
      let after = watch(state, first, rules[cell.against]);
      if (findingOf(after).kind === 'suspect') {
        const confirmation = measure(centre, cell.deviation, host, blocks.rerun, random);
        after = watch(state, { ...first, confirmation }, rules[cell.against]);
        if (confirmationOf(after)?.kind === 'alarm' && night > 0) return night;
      }
      state = after;
    }
    return Number.POSITIVE_INFINITY;
  });
}
