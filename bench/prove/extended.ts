import { settledBy } from '../../src/core/analyze/claims/settled.ts';
import { seededRandom } from '../../src/core/model/prng.ts';
import { aaControl, cellKey } from '../../src/core/model/trial/cell.ts';
import { type Conclusion, conclude } from './conclusion.ts';
import type { Host } from './host.ts';
import { measure } from './measure.ts';
import { confidence, practical, today } from './policy.ts';
import { baseline, type Shape } from './shape.ts';
import type { Truth } from './truth.ts';
import { emptyRun, type WholeRun } from './whole-run.ts';

/** Half an hour, as of `--until` after a run of `standard`. */
const extensionMs = 25 * 60_000;

/** An extension goes on until its intervals are as narrow as the practical threshold, or clear. */
const untilAnswered = {
  ...today,
  settle: (pairs: Parameters<typeof today.settle>[0]) =>
    settledBy(pairs, { confidence, target: practical, practical }),
};

/**
 * Runs that somebody extends after a look, in the way that tempts most: with the comparison without a verdict whose estimate is
 * farthest from 1.
 */
export function sampleExtended(shape: Shape, truth: Truth, host: Host, runs: number): readonly Conclusion[] {
  const random = seededRandom(`prove extended ${shape.name} ${truth.name} ${host.name}`);
  const own = truth.of(shape);
  return Array.from({ length: runs }, () => {
    const run = measure(emptyRun(own), { policy: today, budgetMs: shape.budgetMs, only: null }, host, random);
    const chosen = tempting(run);
    if (chosen === null) return conclude(run);
    const subject = run.cells.find(({ cell }) => cellKey(cell) === chosen)?.subject;
    const only = run.cells
      .filter(
        (each) =>
          each.subject === subject &&
          (cellKey(each.cell) === chosen || [baseline, aaControl(baseline)].includes(each.cell.runtime)),
      )
      .map(({ cell }) => cellKey(cell));
    const fromBlock = run.blocks + 1;
    const part = { policy: untilAnswered, budgetMs: extensionMs, only: new Set(only) };
    return conclude(measure(run, part, host, random), [
      { fromBlock, startedAt: '', cells: [chosen], maxTimeMs: extensionMs },
    ]);
  });
}

/** Key of the undecided comparison that looks most like a difference. */
function tempting(run: WholeRun): string | null {
  const open = conclude(run).comparisons.filter(({ verdict }) => verdict === 'inconclusive');
  const farthest = open.toSorted((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate))[0];
  return farthest?.key ?? null;
}
