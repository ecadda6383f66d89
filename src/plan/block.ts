import type { Cell } from '../model/cell.ts';
import type { PlannedBlock } from '../model/plan.ts';
import { seededRandom } from '../model/prng.ts';
import { shuffle } from './shuffle.ts';

const idWidth = 3;

function pad(number: number): string {
  return String(number).padStart(idWidth, '0');
}

/**
 * A complete block: every given cell exactly once, in an order drawn from the seed and the block's number. Nothing else
 * affects the order, so the same seed gives the same plan on every machine.
 */
export function planBlock(options: {
  readonly seed: number;
  readonly block: number;
  readonly phase: PlannedBlock['phase'];
  readonly cells: readonly Cell[];
}): PlannedBlock {
  const { seed, block, phase } = options;
  const cells = shuffle(options.cells, seededRandom(`${seed}:block:${block}`));
  return {
    block,
    phase,
    trials: cells.map((cell, position) => ({ trialId: `b${pad(block)}p${pad(position)}`, position, cell })),
  };
}
