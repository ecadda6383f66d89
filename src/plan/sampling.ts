import type { ResolvedConfig } from '../model/run.ts';

/** What is known of a subject (a workload with its parameters, over all runtimes) before the next block. */
export interface SubjectState {
  readonly subject: string;
  /** Measured blocks that hold it. */
  readonly blocks: number;
  /** Widest ratio CI over its runtimes as a multiple of the target: ≤ 1 is precise enough. null: no CI yet. */
  readonly width: number | null;
  /** Median wall time of this subject in a block, ms; null before the first. */
  readonly costMs: number | null;
  /** Has any cell of it a chance of a value? False when every runtime's trial of it has failed so far. */
  readonly alive: boolean;
}

export type Decision =
  | { readonly kind: 'block'; readonly subjects: readonly string[] }
  | {
      readonly kind: 'stop';
      readonly reason: 'precision' | 'max-blocks' | 'max-time' | 'nothing-to-measure';
    };

/**
 * Which subjects the next measured block holds. A subject goes on until it has `minBlocks` and its CI is
 * narrow enough, or `maxBlocks`. When the time left does not hold them all, those with the fewest blocks and
 * then the widest intervals are served first. Only precision is looked at, never significance: stopping on
 * significance makes false positives (reference: rigorous-benchmarking practice, docs/method.md).
 */
export function decide(
  states: readonly SubjectState[],
  config: Pick<ResolvedConfig, 'minBlocks' | 'maxBlocks' | 'maxTimeMs'>,
  elapsedMs: number,
): Decision {
  const alive = states.filter((state) => state.alive);
  if (alive.length === 0) return { kind: 'stop', reason: 'nothing-to-measure' };
  const belowMax = alive.filter((state) => state.blocks < config.maxBlocks);
  const wanting = belowMax.filter(
    (state) => state.blocks < config.minBlocks || state.width === null || state.width > 1,
  );
  if (wanting.length === 0) {
    const precise = alive.every((state) => state.width !== null && state.width <= 1);
    return { kind: 'stop', reason: precise ? 'precision' : 'max-blocks' };
  }
  const width = (state: SubjectState) => state.width ?? Number.POSITIVE_INFINITY;
  const byNeed = wanting.toSorted(
    (a, b) => a.blocks - b.blocks || (width(a) === width(b) ? 0 : width(b) - width(a)),
  );
  let left = config.maxTimeMs - elapsedMs;
  const subjects = new Set<string>();
  for (const state of byNeed) {
    const cost = state.costMs ?? 0;
    if (left <= 0 || cost > left) continue;
    left -= cost;
    subjects.add(state.subject);
  }
  if (subjects.size === 0) return { kind: 'stop', reason: 'max-time' };
  return { kind: 'block', subjects: states.filter((s) => subjects.has(s.subject)).map((s) => s.subject) };
}
