import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import { type Culprit, classify, type ProvenanceChange } from '../../src/features/nightly/history/changes.ts';
import { guardedNights } from './nightly-guard.ts';
import { allSeries, type Cell, runtimes } from './nightly-series.ts';

/** What can happen: who moves, and which series by how much. */
interface Event {
  readonly kind: 'runtime' | 'engine' | 'host';
  readonly runtime: string;
  readonly shift: (cell: Cell) => number;
}

const quietFor = 60;
/** Nights after the event in which an alarm counts. */
const patience = 15;
/** Each program is updated about once a month, whatever else happens. */
const updates = 1 / 30;

function eventOf(kind: Event['kind'], random: Random): Event {
  const size = Math.log(1.08 + 0.3 * random()) * (random() < 0.3 ? -1 : 1);
  const runtime = runtimes[Math.floor(random() * runtimes.length)] ?? 'runc';
  const category = ['startup', 'app', 'io', 'syscall'][Math.floor(random() * 4)] ?? 'startup';
  const shifts = {
    // A new program, seen against its pin alone.
    runtime: (cell: Cell) =>
      cell.against === 'pin' && cell.runtime === runtime && cell.category === category ? size : 0,
    // All starts, of runsc not quite as much.
    engine: (cell: Cell) =>
      cell.category !== 'startup' || cell.against === 'pin'
        ? 0
        : cell.against === 'null'
          ? size
          : nearly(cell, size),
    // Another clock, a noisy neighbour.
    host: (cell: Cell) => (cell.against === 'null' ? size * cell.sensitivity : 0),
  };
  return { kind, runtime, shift: shifts[kind] };
}

const nearly = ({ runtime }: Cell, size: number) => (runtime === 'runsc' ? -size / 3 : 0);

/** What was updated in the night of the event or since: the culprit, and what happens to be updated at the same time. */
function changesOf({ kind, runtime }: Event, nights: number, random: Random): ProvenanceChange[] {
  const change = (part: ProvenanceChange['part'], name: string): ProvenanceChange => ({
    part,
    name,
    before: '1',
    after: '2',
    ...(part === 'runtime' && { runtime: name }),
  });
  const byChance = () => random() < 1 - (1 - updates) ** nights;
  return [
    ...runtimes
      .filter((name) => (kind === 'runtime' && name === runtime) || byChance())
      .map((name) => change('runtime', name)),
    ...(kind === 'engine' || byChance() ? [change('engine', 'dockerd')] : []),
  ];
}

/** Is it the one that did it, and nobody else? */
function isRight(culprits: readonly Culprit[], { kind, runtime }: Event): boolean {
  return culprits.every((one) => one.kind === kind && (kind !== 'runtime' || one.runtime === runtime));
}

/** Of events of this kind: the share that alarmed in time, and of these, the share whose first alarms name the right culprit. */
export function culprits(
  kind: Event['kind'],
  runs: number,
): { readonly found: number; readonly right: number } {
  const random = seededRandom(`nightly culprits ${kind}`);
  let [found, right] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const event = eventOf(kind, random);
    let night = -quietFor;
    const shift = (cell: Cell, day: number) => (day < quietFor ? 0 : event.shift(cell));
    for (const { alarms } of guardedNights(random, quietFor + patience, shift)) {
      night++;
      if (night <= 0 || alarms.length === 0) continue;
      const moved = alarms.map(({ cell, side }) => ({ ...cell, side }));
      found++;
      // When the change began is known to a night, so that the updates of two nights are candidates.
      if (isRight(classify(moved, allSeries, changesOf(event, Math.min(night, 2), random)), event)) right++;
      break;
    }
  }
  return { found: found / runs, right: right / found };
}
