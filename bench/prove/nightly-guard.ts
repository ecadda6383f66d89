import { confirmationOf } from '../../src/history/confirmation.ts';
import { unwatched, type Watch, watch } from '../../src/history/detector.ts';
import { rules } from '../../src/history/rules.ts';
import type { Measure } from '../../src/history/series.ts';
import { findingOf, worthRerun } from '../../src/history/suspicion.ts';
import { seededRandom } from '../../src/model/prng.ts';
import { type Cell, dashboard } from './nightly-dashboard.ts';
import { blocks, hostNights, measure } from './nightly-host.ts';

/** Reruns that there is time for in a night: 15 minutes. */
export const mostReruns = 8;

/** What became of a year after year in which nothing changed. */
export interface FalseAlarms {
  readonly nights: number;
  /** By night and series. */
  readonly alarms: readonly { readonly night: number; readonly cell: Cell; readonly disturbed: boolean }[];
  readonly suspects: number;
  readonly reruns: number;
  readonly segments: number;
}

/** Nothing ever changes on the dashboard; what alarms is accepted at once. */
export function quietNights(nights: number, seed: string): FalseAlarms {
  const random = seededRandom(`nightly quiet ${seed}`);
  let states: Watch[] = dashboard.map(() => unwatched);
  const alarms: { night: number; cell: Cell; disturbed: boolean }[] = [];
  let [night, suspects, reruns, segments, key] = [0, 0, 0, 0, ''];
  for (const host of hostNights(random)) {
    if (night++ >= nights) break;
    if (host.key !== key) {
      states = dashboard.map(() => unwatched);
      key = host.key;
      segments++;
    }
    if (host.missing) continue;
    const tonight = dashboard.flatMap((cell, s) => {
      const shift = host.shift[s] ?? Number.NaN;
      const before = states[s] ?? unwatched;
      if (Number.isNaN(shift)) return [];
      const first = measure(shift, cell.deviation, host, host.blocks, random);
      const after = watch(before, { ...first, night: '', key }, rules[cell.against]);
      states[s] = after;
      return [{ s, cell, shift, before, first, finding: findingOf(after) }];
    });
    suspects += tonight.filter(({ finding }) => finding.kind === 'suspect').length;
    for (const { s, cell, shift, before, first } of worthRerun(tonight, mostReruns)) {
      reruns++;
      const confirmation: Measure = measure(shift, cell.deviation, host, blocks.rerun, random);
      const after = watch(before, { ...first, night: '', key, confirmation }, rules[cell.against]);
      const alarm = confirmationOf(after)?.kind === 'alarm';
      states[s] = alarm ? unwatched : after;
      if (alarm) alarms.push({ night, cell, disturbed: host.disturbed });
    }
  }
  return { nights, alarms, suspects, reruns, segments };
}
