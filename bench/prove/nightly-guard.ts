import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import { rules } from '../../src/features/nightly/history/alarm-thresholds.ts';
import {
  type DetectorState,
  shifted,
  unwatched,
  watch,
} from '../../src/features/nightly/history/detector.ts';
import {
  type Confirmation,
  confirmationOf,
  rerunShows,
} from '../../src/features/nightly/history/raise-alarms.ts';
import type { Night } from '../../src/features/nightly/history/series.ts';
import { findingOf, worthRerun } from '../../src/features/nightly/history/suspicion.ts';
import { blocks, blocksAround, type HostNight, hostNights, measureOf } from './nightly-host.ts';
import { allSeries, type Cell, membersOf, subjectSeries } from './nightly-series.ts';

/** Cells that there is time to measure again in a night: 15 minutes. */
const mostCells = 8;

/** Series → its place among those whose blocks are measured. */
const places = new Map(subjectSeries.map((cell, place) => [cell, place]));

interface Alarm extends Confirmation {
  readonly cell: Cell;
}

/** What the guard did in one night. */
interface GuardedNight {
  readonly host: HostNight;
  /** First runs, of every series that was measured. */
  readonly firsts: readonly { readonly cell: Cell; readonly first: Night }[];
  readonly suspects: number;
  readonly reruns: number;
  readonly alarms: readonly Alarm[];
}

/**
 * So many nights of all series under the guard. `change`: by how much a series has moved in this night (0, 1, …), as a
 * logarithm. What alarms is the new level from that night on.
 */
export function* guardedNights(
  random: Random,
  nights: number,
  change: (cell: Cell, night: number) => number = () => 0,
): Generator<GuardedNight> {
  let states: DetectorState[] = allSeries.map(() => unwatched);
  /** Series → the nights of its reruns that confirmed nothing. */
  const unconfirmed: number[][] = allSeries.map(() => []);
  let [night, key] = [0, ''];
  for (const host of hostNights(random)) {
    // Another processor is another machine to the values of copies; a runtime to its own copy does not need it.
    if (host.key !== key)
      states = states.map((state, s) => (allSeries[s]?.against === 'pin' ? state : unwatched));
    key = host.key;
    const run = (n: number, wanted: ReadonlySet<Cell>) =>
      subjectSeries.map((cell, place) => {
        const centre = (host.shift[place] ?? 0) + change(cell, night);
        const isRun = wanted.has(cell) && !Number.isNaN(centre);
        return isRun ? blocksAround(centre, cell.deviation, host, n, random) : null;
      });
    /** null where a subject failed. */
    const measured = (cell: Cell, of: ReturnType<typeof run>) => {
      const own = membersOf(cell).map((member) => of[places.get(member) ?? -1] ?? null);
      const all = own.filter((one) => one !== null);
      return all.length < own.length ? null : measureOf(all);
    };
    const firsts = host.missing ? [] : run(host.blocks, new Set(subjectSeries));
    const tonight = allSeries.flatMap((cell, s) => {
      const before = states[s] ?? unwatched;
      const mean = measured(cell, firsts);
      if (mean === null) return [];
      const first = { ...mean, night: '', key };
      const after = watch(before, first, rules[cell.against]);
      states[s] = after;
      const cells = membersOf(cell).map(({ id }) => id);
      const reruns = unconfirmed[s]?.filter((then) => night - then < 7).length ?? 0;
      return [{ s, cell, cells, reruns, before, first, finding: findingOf(after) }];
    });
    const { again } = worthRerun(tonight, mostCells);
    const reruns = run(blocks.rerun, new Set(again.flatMap(({ cell }) => membersOf(cell))));
    const alarms = again.flatMap(({ s, cell, before, first }): Alarm[] => {
      const confirmation = measured(cell, reruns);
      if (confirmation === null) return [];
      const after = watch(before, { ...first, confirmation }, rules[cell.against]);
      const said = confirmationOf(after);
      const rerun = { ...first, confirmation };
      if (!rerunShows(after)) unconfirmed[s]?.push(night);
      states[s] = said?.kind === 'alarm' ? shifted(before, [rerun], rules[cell.against]) : after;
      return said?.kind === 'alarm' ? [{ ...said, cell }] : [];
    });
    const suspects = tonight.filter(({ finding }) => finding.kind === 'suspect').length;
    yield { host, firsts: tonight, suspects, reruns: again.length, alarms };
    if (++night === nights) return;
  }
}

/** What became of years in which nothing changed. */
interface Quiet {
  readonly nights: number;
  readonly alarms: readonly Alarm[];
  readonly suspects: number;
  readonly reruns: number;
  readonly hosts: number;
}

export function quietNights(nights: number, seed: string): Quiet {
  const alarms: Alarm[] = [];
  let [suspects, reruns] = [0, 0];
  const hosts = new Set<string>();
  for (const night of guardedNights(seededRandom(`nightly quiet ${seed}`), nights)) {
    alarms.push(...night.alarms);
    suspects += night.suspects;
    reruns += night.reruns;
    hosts.add(night.host.key);
  }
  return { nights, alarms, suspects, reruns, hosts: hosts.size };
}
