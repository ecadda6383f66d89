import { type Random, seededRandom } from '../../model/prng.ts';
import type { ScheduledBlock } from '../../model/run/schedule.ts';
import type { Cell } from '../../model/trial/cell.ts';
import { type DuetSchedule, duetRecord, duetsOf, inOrderOfSides } from './duets.ts';

/** Fisher–Yates: a new array in random order. Every permutation is equally likely as far as `random` is uniform. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

const idWidth = 3;

function pad(number: number): string {
  return String(number).padStart(idWidth, '0');
}

/**
 * Groups of cells in random order, those of a workload with its parameters adjacent. `across`: one shuffle of all groups, which
 * is the order of runs that were recorded before 30 November 2026.
 */
export function inRandomOrder(
  groups: readonly (readonly Cell[])[],
  random: Random,
  across = false,
): readonly (readonly Cell[])[] {
  const work = ([cell]: readonly Cell[]) => `${cell?.workload} ${cell?.params}`;
  const together = across ? groups.map((group) => [group]) : [...Map.groupBy(groups, work).values()];
  return shuffle(together, random).flatMap((own) => shuffle(own, random));
}

/**
 * A complete block: every given cell exactly once, in an order drawn from the seed and the block's number. Nothing else
 * affects the order, so the same seed gives the same schedule on every machine. The cells of a workload with its parameters are
 * adjacent, in random order, because a host drifts: in a recorded run, the pairs of system calls whose trials were 100 s apart
 * scatter 1.7 times as much as those of the same second. With `duets`, the two cells of a duet are adjacent and run at the
 * same time.
 */
export function scheduleBlock(options: {
  readonly seed: number;
  readonly block: number;
  readonly phase: ScheduledBlock['phase'];
  readonly cells: readonly Cell[];
  readonly duets?: DuetSchedule | undefined;
  /** As in {@link inRandomOrder}. */
  readonly across?: boolean;
}): ScheduledBlock {
  const { seed, block, phase, duets } = options;
  const groups =
    duets === undefined
      ? options.cells.map((cell) => [cell])
      : duetsOf(options.cells, duets.baseline).map((duet) => inOrderOfSides(duet, seed, duets));
  const order = inRandomOrder(groups, seededRandom(`${seed}:block:${block}`), options.across);
  let position = 0;
  const trials = order.flatMap((group) => {
    const scheduled = group.map((cell) => {
      const at = position++;
      return { trialId: `b${pad(block)}p${pad(at)}`, position: at, cell };
    });
    if (duets === undefined) return scheduled;
    const ids = scheduled.map(({ trialId }) => trialId);
    return scheduled.map((trial, at) => {
      const duet = duetRecord(ids, at, duets.halves);
      return duet === undefined ? trial : { ...trial, duet };
    });
  });
  return { block, phase, trials };
}
