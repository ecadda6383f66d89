import type { SettledReason, Shift } from '../../analyze/claims/settled.ts';
import { enginesOf, layersOf, type ResolvedConfig } from '../../model/run/run.ts';
import { isOfFirstProfile } from '../../model/runtime/container-profile.ts';
import { baselineAt, type Cell, defaultLayer, executedRuntime } from '../../model/trial/cell.ts';
import type { SubjectState } from './sampling.ts';

/** State of the comparison of a cell so far. */
export interface ComparisonProgress {
  /** Width of its ratio's interval, as in {@link SubjectState}. null: pairs but no interval yet. */
  readonly width: number | null;
  /** Its shift against the baseline; null while it has no interval. */
  readonly shift: Shift | null;
  /** Why it needs no more blocks once its subject has the minimum; null while it needs more. */
  readonly settled: SettledReason | null;
}

/** Known state of one cell before the next block. */
export interface CellProgress {
  readonly cell: Cell;
  /** undefined: no pair with the baseline. */
  readonly standing: ComparisonProgress | undefined;
  /** Median wall time of its trials, ms; null before the first. */
  readonly costMs: number | null;
  /** True if it is unsupported or failed repeatedly: more trials would show nothing. */
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
 * Decide which cells of a subject still need blocks. A settled cell is no longer measured once its subject has the
 * minimum number of blocks. The same holds for the A/A control: more blocks of it decide less than more blocks of the
 * others (`bench/prove/allocation.ts`). Cells that are compared stay in the same blocks:
 * - The baseline stays while any other cell needs it.
 * - A runtime stays in every engine while it is not settled in one; all arms of a design stay while one is not settled.
 * - A runtime stays under the first profile while it is not settled under another. Under the others, each ends by
 *   itself. Likewise the baseline in further engines, where no runtime but it is measured.
 *
 * A subject of which nothing is compared ends with the minimum.
 */
export function openSubject(
  progress: SubjectProgress,
  config: Pick<ResolvedConfig, 'baseline' | 'minBlocks' | 'layers' | 'profiles' | 'designs' | 'engines'>,
): OpenSubject {
  const { minBlocks, designs = [] } = config;
  const { subject, blocks, maxBlocks, alive, cells } = progress;
  const baseline = baselineAt(cells[0]?.cell.layer ?? defaultLayer, config.baseline);
  const inFurther = furtherEngines(cells, baseline, config);
  const isFurther = (known: CellProgress) =>
    !isOfFirstProfile(known.cell, { config }) || inFurther.has(known);
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
  // Layers are compared with each other, which ends none of them.
  const isCompared = layersOf(config).length > 1 || cells.some((known) => compared(known) && !known.givenUp);
  return {
    subject,
    blocks,
    alive,
    open,
    costMs,
    maxBlocks: isCompared ? maxBlocks : Math.min(maxBlocks, minBlocks),
    width: widest(open.filter(compared)),
    share: blocks < minBlocks ? null : shareOf(costMs),
    settled: settledTogether(cells.filter(compared)),
  };
}

/** Cells that are compared with the first engine alone: those of the baseline in the others, where there is no other runtime. */
function furtherEngines(
  cells: readonly CellProgress[],
  baseline: string,
  config: Pick<ResolvedConfig, 'engines'>,
): ReadonlySet<CellProgress> {
  const [first] = enginesOf(config);
  const isAlone = cells.every(({ cell }) => executedRuntime(cell.runtime, baseline) === baseline);
  if (first === undefined || !isAlone) return new Set();
  return new Set(cells.filter(({ cell }) => cell.runtime === baseline && (cell.engine ?? first) !== first));
}

/** The widest interval of these cells; null where one of them has no interval yet. */
function widest(compared: readonly CellProgress[]): number | null {
  const widths = compared.flatMap(({ standing }) => (standing === undefined ? [] : [standing.width]));
  if (compared.length > 0 && widths.length === 0) return null;
  return widths.includes(null) ? null : widths.reduce<number>((max, width) => Math.max(max, width ?? 0), 0);
}

/**
 * One over the square root of cost; null where the cost is not known. Noise is ignored on purpose: allocating blocks by
 * the observed scatter gives fewer blocks to subjects that scatter little by chance, and a test of those claims too
 * much.
 */
function shareOf(costMs: number | null): number | null {
  return costMs === null || costMs <= 0 ? null : 1 / Math.sqrt(costMs);
}

/** Why none of these cells needs more blocks. Cells that were given up need none; cells without a pair are not waited for. */
function settledTogether(compared: readonly CellProgress[]): SettledReason | null {
  const left = compared.filter(({ givenUp }) => !givenUp);
  const known = left.flatMap(({ standing }) => (standing === undefined ? [] : [standing.settled]));
  if (compared.length === 0 || known.includes(null) || (left.length > 0 && known.length === 0)) return null;
  return known.includes('clear') ? 'clear' : 'precise';
}
