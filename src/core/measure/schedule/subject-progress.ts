import type { Settled, Shift } from '../../analyze/settled.ts';
import { baselineAt, type Cell, defaultLayer, executedRuntime } from '../../model/cell.ts';
import { isOfFirstProfile } from '../../model/container-profile.ts';
import type { ResolvedConfig } from '../../model/run.ts';
import type { SubjectState } from './sampling.ts';

/** What the pairs of a compared cell say so far. */
export interface Standing {
  /** Width of its ratio's interval, as in {@link SubjectState}. null: pairs but no interval yet. */
  readonly width: number | null;
  /** Its shift against the baseline; null while it has no interval. */
  readonly shift: Shift | null;
  /** Why it needs no more blocks once its subject has the minimum; null while it does. */
  readonly settled: Settled | null;
}

/** Known state of one cell before the next block. */
export interface CellProgress {
  readonly cell: Cell;
  /** undefined: no pair with the baseline. */
  readonly standing: Standing | undefined;
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
 * Decide which cells of a subject still need blocks. A settled cell is measured no longer once its subject has the minimum
 * number of blocks, and neither is the A/A control: more of it decides less than more blocks of the others
 * (`bench/prove/allocation.ts`). The baseline stays while any other cell needs it, so that every value has a pair in the
 * same block. A runtime stays under every engine while it is not settled under one, and so do all arms of a design while one
 * of them is not: what is compared is in the same blocks. Under the first profile it stays while it is not settled under one of
 * the others, which each end alone: they are compared with the first.
 */
export function openSubject(
  progress: SubjectProgress,
  config: Pick<ResolvedConfig, 'baseline' | 'minBlocks' | 'profiles' | 'designs'>,
): OpenSubject {
  const { minBlocks, designs = [] } = config;
  const { subject, blocks, maxBlocks, alive, cells } = progress;
  const baseline = baselineAt(cells[0]?.cell.layer ?? defaultLayer, config.baseline);
  const isFurther = ({ cell }: CellProgress) => !isOfFirstProfile(cell, { config });
  const compared = (known: CellProgress) =>
    isFurther(known) || executedRuntime(known.cell.runtime, baseline) !== baseline;
  const isOpen = (known: CellProgress) =>
    compared(known) && !known.givenUp && (known.standing?.settled ?? null) === null;
  const unsettled = new Set(cells.filter(isOpen).map(({ cell }) => cell.runtime));
  const together = designs
    .map(({ arms }) => arms.map(({ runtime }) => runtime))
    .filter((arms) => arms.some((arm) => unsettled.has(arm)));
  const kept = new Set([...unsettled, ...together.flat()]);
  const wanted = (known: CellProgress) =>
    blocks < minBlocks ||
    (isFurther(known) ? isOpen(known) : known.cell.runtime === baseline || kept.has(known.cell.runtime));
  const open = cells.filter((known) => !known.givenUp && wanted(known));
  const costs = open.map(({ costMs }) => costMs).filter((cost) => cost !== null);
  const costMs = costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0);
  return {
    ...{ subject, blocks, maxBlocks, alive, open, costMs },
    width: widest(open.filter(compared)),
    share: blocks < minBlocks ? null : shareOf(costMs),
    settled: settledTogether(cells.filter(compared)),
  };
}

/** The widest interval of these cells; null where one has none yet. */
function widest(compared: readonly CellProgress[]): number | null {
  const widths = compared.flatMap(({ standing }) => (standing === undefined ? [] : [standing.width]));
  if (compared.length > 0 && widths.length === 0) return null;
  return widths.includes(null) ? null : widths.reduce<number>((max, width) => Math.max(max, width ?? 0), 0);
}

/**
 * One over the square root of cost; null where that is not known. It takes no account of noise: as many blocks as values seem
 * to scatter means fewer where they scatter little by chance, and a test of those claims too much.
 */
function shareOf(costMs: number | null): number | null {
  return costMs === null || costMs <= 0 ? null : 1 / Math.sqrt(costMs);
}

/** Why none of these cells needs more blocks. What was given up needs none; what has no pair does not make others wait. */
function settledTogether(compared: readonly CellProgress[]): Settled | null {
  const left = compared.filter(({ givenUp }) => !givenUp);
  const known = left.flatMap(({ standing }) => (standing === undefined ? [] : [standing.settled]));
  if (compared.length === 0 || known.includes(null) || (left.length > 0 && known.length === 0)) return null;
  return known.includes('clear') ? 'clear' : 'precise';
}
