import type { SettledReason } from '../../analyze/claims/settled.ts';
import type { ResolvedConfig } from '../../model/run/run.ts';

/** Known state of a subject (a workload with its parameters, over all runtimes) before the next block. */
export interface SubjectState {
  readonly subject: string;
  /** Number of measured blocks with this subject. */
  readonly blocks: number;
  /**
   * Widest ratio CI over the runtimes still measured, as a multiple of the target. null: no CI yet. Only the order of
   * subjects depends on it.
   */
  readonly width: number | null;
  /** Why no runtime of it needs more blocks: all are precise, or some are clear. null: at least one needs more. */
  readonly settled: SettledReason | null;
  /**
   * Relative number of blocks: one over the square root of its cost (Kalibera & Jones, ISMM 2013, for equal noise).
   * null: not known yet.
   */
  readonly share: number | null;
  /** Wall time of another block of this subject, ms; null before the first. */
  readonly costMs: number | null;
  /** Blocks after which its workload yields nothing new, or the run's own limit if that is lower. */
  readonly maxBlocks: number;
  /** True if any of its cells may still give a value; false when all trials under every runtime failed so far. */
  readonly alive: boolean;
}

export type Decision =
  | { readonly kind: 'block'; readonly subjects: readonly string[] }
  | {
      readonly kind: 'stop';
      readonly reason: 'precision' | 'decided' | 'max-blocks' | 'max-time' | 'nothing-to-measure';
    };

/**
 * Choose the subjects of the next measured block. A subject continues until it has `minBlocks` and each of its
 * comparisons is precise or clear, or `maxBlocks`. No p value decides: stopping on significance makes false claims
 * (docs/method.md). The run ends as `precision` where all are precise, as `decided` where some are clear instead.
 *
 * When the time left does not suffice to bring every subject to `minBlocks`, it goes first to those that can get there,
 * cheapest first: verdicts on some are worth more than too few blocks of all. Otherwise a block holds the subjects that
 * lag behind their shares of blocks. When none of those fits into the time left, it goes to the subjects with the
 * fewest blocks and then to the widest intervals.
 */
export function decide(
  states: readonly SubjectState[],
  config: Pick<ResolvedConfig, 'minBlocks' | 'maxBlocks' | 'maxTimeMs'>,
  elapsedMs: number,
): Decision {
  const alive = states.filter((state) => state.alive);
  if (alive.length === 0) return { kind: 'stop', reason: 'nothing-to-measure' };
  const wanting = alive.filter(
    ({ blocks, settled, maxBlocks }) =>
      blocks < Math.min(config.maxBlocks, maxBlocks) && (blocks < config.minBlocks || settled === null),
  );
  if (wanting.length === 0) return { kind: 'stop', reason: endOf(alive, config) };
  const timeLeft = config.maxTimeMs - elapsedMs;
  const lagging = chosenOf(lagBehind(wanting), config.minBlocks, timeLeft);
  const chosen = lagging.size > 0 ? lagging : chosenOf(wanting, config.minBlocks, timeLeft);
  if (chosen.size === 0) return { kind: 'stop', reason: 'max-time' };
  return {
    kind: 'block',
    subjects: states.map(({ subject }) => subject).filter((subject) => chosen.has(subject)),
  };
}

/**
 * The subjects that lag behind: those with fewer blocks, relative to their share, than the subject that lags most will
 * have after its next block. A subject without a share is among them.
 */
function lagBehind(wanting: readonly SubjectState[]): readonly SubjectState[] {
  const place = ({ share }: SubjectState, blocks: number) => (share === null ? null : blocks / share);
  const next = wanting.reduce(
    (least, state) => Math.min(least, place(state, state.blocks + 1) ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
  return wanting.filter((state) => (place(state, state.blocks) ?? 0) < next);
}

/** The subjects whose next block fits into the time left. */
function chosenOf(wanting: readonly SubjectState[], minBlocks: number, timeLeft: number): Set<string> {
  const { chosen, reservedMs } = finishable(wanting, minBlocks, timeLeft);
  let spare = timeLeft - reservedMs;
  for (const state of byNeed(wanting.filter(({ subject }) => !chosen.has(subject)))) {
    const cost = state.costMs ?? 0;
    if (spare <= 0 || cost > spare) continue;
    spare -= cost;
    chosen.add(state.subject);
  }
  return chosen;
}

/** Why a run ends when no subject needs another block. A subject whose workload yields nothing new is not counted. */
function endOf(
  alive: readonly SubjectState[],
  config: Pick<ResolvedConfig, 'maxBlocks'>,
): 'precision' | 'decided' | 'max-blocks' {
  const counted = alive.filter(({ settled, maxBlocks }) => settled !== null || maxBlocks >= config.maxBlocks);
  if (counted.length === 0 || counted.some(({ settled }) => settled === null)) return 'max-blocks';
  return counted.every(({ settled }) => settled === 'precise') ? 'precision' : 'decided';
}

/** Subjects below `minBlocks` that reach it in the time left, cheapest first, and the time that takes. */
function finishable(
  wanting: readonly SubjectState[],
  minBlocks: number,
  timeLeft: number,
): { chosen: Set<string>; reservedMs: number } {
  const chosen = new Set<string>();
  let reservedMs = 0;
  const missing = wanting
    .map(({ subject, blocks, costMs, maxBlocks }) => ({
      subject,
      needMs: (Math.min(minBlocks, maxBlocks) - blocks) * (costMs ?? 0),
      lacks: blocks < Math.min(minBlocks, maxBlocks),
    }))
    .filter(({ lacks }) => lacks)
    .toSorted((a, b) => a.needMs - b.needMs);
  for (const { subject, needMs } of missing) {
    if (timeLeft <= 0 || reservedMs + needMs > timeLeft) continue;
    reservedMs += needMs;
    chosen.add(subject);
  }
  return { chosen, reservedMs };
}

/** Sort by fewest blocks, then by widest interval; a subject without an interval counts as widest. */
function byNeed(states: readonly SubjectState[]): readonly SubjectState[] {
  const width = (state: SubjectState) => state.width ?? Number.MAX_VALUE;
  return states.toSorted((a, b) => a.blocks - b.blocks || width(b) - width(a));
}
