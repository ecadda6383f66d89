import { executedRuntime } from '../model/aa-control.ts';
import type { Cell } from '../model/cell.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { SubjectState } from './sampling.ts';

/** Known state of one cell before the next block. */
export interface CellProgress {
  readonly cell: Cell;
  /**
   * Width of its ratio's interval, as in {@link SubjectState}. null: pairs but no interval yet; undefined: no baseline
   * to compare with.
   */
  readonly width: number | null | undefined;
  /** Median wall time of its trials, ms; null before the first. */
  readonly costMs: number | null;
  /** It is unsupported, or failed repeatedly: more trials would show nothing. */
  readonly givenUp: boolean;
}

/** Known state of a subject before the next block, cell by cell. */
export interface SubjectProgress extends Pick<SubjectState, 'subject' | 'blocks' | 'maxBlocks' | 'alive'> {
  readonly cells: readonly CellProgress[];
}

/** Input of `decide`, and the cells of another block of the subject. */
export interface OpenSubject extends SubjectState {
  readonly open: readonly CellProgress[];
}

/**
 * Decide which cells of a subject still need blocks. A cell with a precise ratio is measured no longer once its subject
 * has the minimum number of blocks. The baseline stays while any other cell needs it, so that every value has a pair in
 * the same block.
 */
export function openSubject(
  progress: SubjectProgress,
  { baseline, minBlocks }: Pick<ResolvedConfig, 'baseline' | 'minBlocks'>,
): OpenSubject {
  const { subject, blocks, maxBlocks, alive, cells } = progress;
  const precise = ({ width }: CellProgress) => (width ?? Number.POSITIVE_INFINITY) <= 1;
  const open = cells.filter(
    (known) => !known.givenUp && (known.cell.runtime === baseline || blocks < minBlocks || !precise(known)),
  );
  const costs = open.map(({ costMs }) => costMs).filter((cost) => cost !== null);
  const costMs = costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0);
  return { subject, blocks, maxBlocks, alive, open, costMs, width: widest(cells, open, baseline) };
}

/** The widest interval of the runtimes still compared; 0 where each is precise enough or was given up. */
function widest(
  cells: readonly CellProgress[],
  open: readonly CellProgress[],
  baseline: string,
): number | null {
  const compared = ({ cell }: CellProgress) => executedRuntime(cell.runtime, baseline) !== baseline;
  const left = open.filter(compared);
  if (left.length === 0 && cells.some(compared)) return 0;
  const found = left.map(({ width }) => width).filter((width) => width !== undefined);
  return found.length === 0 || found.includes(null)
    ? null
    : found.reduce<number>((max, width) => Math.max(max, width ?? 0), 0);
}
