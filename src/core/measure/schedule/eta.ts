import { clearBeyond, clearHalfWidth, isPrecise } from '../../analyze/claims/settled.ts';
import { minimumPairs } from '../../analyze/stats/paired-centre.ts';
import type { ResolvedConfig } from '../../model/run/run.ts';
import type { TimeLeft } from '../../model/run/sampling.ts';
import { cellKey, executedRuntime } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import { decide } from './sampling.ts';
import { type ComparisonProgress, openSubject, type SubjectProgress } from './subject-progress.ts';

/** Wall time of a trial by its marks, ms; a trial of a duet costs half of it. */
export function trialMs({ marks, duet }: Pick<TrialRecord, 'marks' | 'duet'>): number {
  return (marks.at(-1)?.atNs ?? 0) / 1e6 / (duet === undefined ? 1 : 2);
}

/** Median wall time of each cell's successful trials, ms, by its key. */
export function costsOf(trials: readonly TrialRecord[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(
    trials.filter(({ outcome }) => outcome.status === 'ok'),
    ({ cell }) => cellKey(cell),
  );
  return new Map(
    [...groups].map(([key, own]) => {
      const sorted = own.map(trialMs).toSorted((a, b) => a - b);
      return [key, sorted[Math.floor(sorted.length / 2)] ?? 0];
    }),
  );
}

/** The settings that limit a run. */
export type RunLimits = Pick<
  ResolvedConfig,
  'baseline' | 'minBlocks' | 'maxBlocks' | 'maxTimeMs' | 'precision' | 'thresholds' | 'designs' | 'engines'
>;

/**
 * Direction in which the rest of the run deviates from the estimate: wider intervals or more expensive trials (1), or
 * the opposite (-1).
 */
type Turn = 1 | -1;

/** A possible course of the rest of a run. */
interface Course {
  readonly widths: Turn;
  readonly costs: Turn;
}

const courses: readonly Course[] = ([-1, 1] as const).flatMap((widths) =>
  ([-1, 1] as const).map((costs) => ({ widths, costs })),
);

/**
 * Error of the width of an interval from n pairs: a factor with the logarithm of this value over √n. The relative error
 * of a standard deviation from n values is about 1/√(2n). The downward error is larger, because a run stops at the
 * first block with a narrow enough interval, though not before the block that its first half requires. Both values come
 * from simulation (`test/core/measure/schedule/eta.test.ts`).
 */
const widthDoubt: Readonly<Record<Turn, number>> = { [-1]: -1.6, 1: 0.75 };

/** Error of the cost of the remaining trials relative to the medians so far, as a fraction. */
const costDoubt = 0.06;

/**
 * Estimate how much longer a run measures, before its next block begins. The block at which precision ends it cannot be
 * known, so the rest of the run is simulated with the rule that decides on blocks: with narrower and wider intervals,
 * and cheaper and more expensive trials, than estimated. More expensive trials can end a run earlier, if its last block
 * no longer fits the time limit. Widths shrink by the square root of the number of blocks. A missing interval is
 * precise enough after the minimum number of blocks, or never.
 */
export function timeLeft(
  subjects: readonly SubjectProgress[],
  config: RunLimits,
  elapsedMs: number,
): TimeLeft {
  const budget = Math.max(0, config.maxTimeMs - elapsedMs);
  const ends = courses.map((course) => Math.min(budget, simulated(subjects, config, elapsedMs, course)));
  const unknown = subjects.some(
    (subject) => subject.alive && openSubject(subject, config).open.some(({ costMs }) => costMs === null),
  );
  return { minMs: Math.min(...ends), maxMs: unknown ? budget : Math.max(...ends) };
}

/** Simulate the rest of the run in this course and return its wall time, ms. */
function simulated(
  subjects: readonly SubjectProgress[],
  config: RunLimits,
  elapsedMs: number,
  course: Course,
): number {
  const blocks = new Map(subjects.map((seen) => [seen.subject, seen.blocks]));
  let spent = 0;
  for (;;) {
    const states = subjects.map((seen) =>
      openSubject(expected(seen, blocks.get(seen.subject) ?? 0, config, course), config),
    );
    const decision = decide(states, config, elapsedMs + spent);
    if (decision.kind === 'stop') return spent;
    const chosen = new Set(decision.subjects);
    const costs = states.map(({ subject, costMs }) => (chosen.has(subject) ? (costMs ?? 0) : 0));
    spent += costs.reduce((sum, cost) => sum + cost, 0) * (1 + course.costs * costDoubt);
    for (const subject of chosen) blocks.set(subject, (blocks.get(subject) ?? 0) + 1);
  }
}

/** Predict a subject's state after this many blocks. */
function expected(seen: SubjectProgress, blocks: number, config: RunLimits, course: Course): SubjectProgress {
  if (blocks === seen.blocks) return seen;
  const cells = seen.cells.map((known) => {
    const { standing } = known;
    const compared =
      standing !== undefined || executedRuntime(known.cell.runtime, config.baseline) !== config.baseline;
    const closed = seen.blocks >= config.minBlocks && (standing?.settled ?? null) !== null;
    if (!compared || closed) return known;
    return {
      ...known,
      standing: expectedStanding(standing, seen.blocks, blocks, course, clearBeyond(config)),
    };
  });
  return { ...seen, blocks, cells };
}

/**
 * Predict a comparison after `blocks` blocks from the `seen` blocks so far. The true ratio may lie as far from 1, or as
 * close to it, as its interval allows.
 */
function expectedStanding(
  standing: ComparisonProgress | undefined,
  seen: number,
  blocks: number,
  { widths }: Course,
  practical: number | null,
): ComparisonProgress | undefined {
  const { width = null, shift = null } = standing ?? {};
  if (width === null || shift === null)
    return widths === 1
      ? standing && { ...standing, settled: null }
      : { width: 0, shift, settled: 'precise' };
  // Fewer pairs than were seen are more uncertain.
  const doubt = (after: number) => Math.exp(widthDoubt[widths] / Math.sqrt(Math.min(seen, after)));
  const shrunk = (value: number, after: number) => value * Math.sqrt(seen / after) * doubt(after);
  const half = (shift.high - shift.low) / 2;
  const distance = Math.max(0, Math.abs(shift.estimate) - widths * half);
  const clear = practical !== null && shrunk(half, blocks) < clearHalfWidth(distance, practical);
  const precise = isPrecise(blocks, (after) => (after < minimumPairs ? null : shrunk(width, after)));
  const { estimate } = shift;
  const later = { estimate, low: estimate - shrunk(half, blocks), high: estimate + shrunk(half, blocks) };
  return {
    width: shrunk(width, blocks),
    shift: later,
    settled: clear ? 'clear' : precise ? 'precise' : null,
  };
}
