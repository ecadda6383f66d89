import { executedRuntime } from '../model/aa-arm.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { TimeLeft } from '../model/time-left.ts';
import { decide } from './sampling.ts';
import { openSubject, type SubjectProgress } from './subject-progress.ts';

type Budget = Pick<ResolvedConfig, 'baseline' | 'minBlocks' | 'maxBlocks' | 'maxTimeMs'>;

/** Does what is left turn out wider, or dearer, than it seems so far (1), or the opposite (-1)? */
type Turn = 1 | -1;

/** How the rest of a run may go. */
interface Course {
  readonly widths: Turn;
  readonly costs: Turn;
}

const courses: readonly Course[] = ([-1, 1] as const).flatMap((widths) =>
  ([-1, 1] as const).map((costs) => ({ widths, costs })),
);

/**
 * How far the width of an interval from n pairs may be off: by a factor whose logarithm is this over √n. The relative error
 * of a standard deviation from n values is about 1/√(2n). More is allowed for downwards, because a run takes the first block
 * after which an interval happens to be narrow enough (both as found by simulation, `test/plan/eta.test.ts`).
 */
const widthDoubt: Readonly<Record<Turn, number>> = { [-1]: -1.6, 1: 0.6 };

/** By how much, as a fraction, the trials left may cost more or less than the medians so far. */
const costDoubt = 0.06;

/**
 * How long a run still measures, before its next block begins. Where precision ends it nobody can know; so the rest of the
 * run is played with the very rule that decides on blocks, with intervals narrower and wider than they seem, and trials
 * cheaper and dearer (dearer ones can end a run earlier, where its last block no longer fits the time limit). Widths shrink
 * by the square root of the number of blocks; an interval that there is not yet is precise enough after the least number of
 * blocks, or never.
 */
export function timeLeft(subjects: readonly SubjectProgress[], config: Budget, elapsedMs: number): TimeLeft {
  const budget = Math.max(0, config.maxTimeMs - elapsedMs);
  const ends = courses.map((course) => Math.min(budget, played(subjects, config, elapsedMs, course)));
  const unknown = subjects.some(
    (subject) => subject.alive && openSubject(subject, config).open.some(({ costMs }) => costMs === null),
  );
  return { leastMs: Math.min(...ends), mostMs: unknown ? budget : Math.max(...ends) };
}

/** Wall time of the rest of the run in this course, ms. */
function played(
  subjects: readonly SubjectProgress[],
  config: Budget,
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

/** A subject as it is expected to be when it has this many blocks. */
function expected(seen: SubjectProgress, blocks: number, config: Budget, course: Course): SubjectProgress {
  if (blocks === seen.blocks) return seen;
  const cells = seen.cells.map((known) => {
    const { width } = known;
    const compared = executedRuntime(known.cell.runtime, config.baseline) !== config.baseline;
    const closed = seen.blocks >= config.minBlocks && (width ?? Number.POSITIVE_INFINITY) <= 1;
    if (!compared || closed) return known;
    if (width === null || width === undefined) return { ...known, width: course.widths === 1 ? null : 0 };
    const doubt = Math.exp(widthDoubt[course.widths] / Math.sqrt(seen.blocks));
    return { ...known, width: width * Math.sqrt(seen.blocks / blocks) * doubt };
  });
  return { ...seen, blocks, cells };
}
