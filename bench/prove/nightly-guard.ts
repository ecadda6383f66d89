import { type Confirmation, confirmationOf } from '../../src/history/confirmation.ts';
import { unwatched, type Watch, watch } from '../../src/history/detector.ts';
import { rules } from '../../src/history/rules.ts';
import { findingOf, worthRerun } from '../../src/history/suspicion.ts';
import { type Random, seededRandom } from '../../src/model/prng.ts';
import { type Cell, dashboard } from './nightly-dashboard.ts';
import { blocks, type HostNight, hostNights, measure } from './nightly-host.ts';

/** Reruns that there is time for in a night: 15 minutes. */
const mostReruns = 8;

interface Alarm extends Confirmation {
  readonly cell: Cell;
}

/** What the guard did in one night. */
interface GuardedNight {
  readonly host: HostNight;
  readonly suspects: number;
  readonly reruns: number;
  readonly alarms: readonly Alarm[];
}

/**
 * So many nights of the dashboard under the guard. `change`: by how much a series has moved in this night (0, 1, …), as a
 * logarithm. What alarms is accepted at once, and learnt anew.
 */
export function* guardedNights(
  random: Random,
  nights: number,
  change: (cell: Cell, night: number) => number = () => 0,
): Generator<GuardedNight> {
  let states: Watch[] = [];
  let [night, key] = [0, ''];
  for (const host of hostNights(random)) {
    if (host.key !== key) states = dashboard.map(() => unwatched);
    key = host.key;
    const tonight = dashboard.flatMap((cell, s) => {
      const centre = (host.shift[s] ?? 0) + change(cell, night);
      const before = states[s] ?? unwatched;
      if (host.missing || Number.isNaN(centre)) return [];
      const first = { ...measure(centre, cell.deviation, host, host.blocks, random), night: '', key };
      const after = watch(before, first, rules[cell.against]);
      states[s] = after;
      return [{ s, cell, centre, before, first, finding: findingOf(after) }];
    });
    const again = worthRerun(tonight, mostReruns);
    const alarms = again.flatMap(({ s, cell, centre, before, first }): Alarm[] => {
      const confirmation = measure(centre, cell.deviation, host, blocks.rerun, random);
      const after = watch(before, { ...first, confirmation }, rules[cell.against]);
      const said = confirmationOf(after);
      states[s] = said?.kind === 'alarm' ? unwatched : after;
      return said?.kind === 'alarm' ? [{ ...said, cell }] : [];
    });
    const suspects = tonight.filter(({ finding }) => finding.kind === 'suspect').length;
    yield { host, suspects, reruns: again.length, alarms };
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
