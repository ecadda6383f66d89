import { seededRandom } from '../../src/core/model/prng.ts';
import { type Conclusion, conclude } from './conclusion.ts';
import type { Host } from './host.ts';
import { measure } from './measure.ts';
import { type Policy, today } from './policy.ts';
import type { Shape } from './shape.ts';
import type { Truth } from './truth.ts';
import { emptyRun } from './whole-run.ts';

/** Whole runs alike but for chance. */
export interface RunSample {
  readonly conclusions: readonly Conclusion[];
  /** Mean number of blocks. */
  readonly blocks: number;
}

/** Simulate and conclude so many runs. Their seed is their name, so that they depend on no others. */
export function sampleRuns(
  shape: Shape,
  truth: Truth,
  host: Host,
  runs: number,
  policy: Policy = today,
): RunSample {
  const random = seededRandom(`prove runs ${shape.name} ${truth.name} ${host.name}`);
  const own = truth.of(shape);
  let blocks = 0;
  const conclusions = Array.from({ length: runs }, () => {
    const end = measure(emptyRun(own), { policy, budgetMs: shape.budgetMs, only: null }, host, random);
    blocks += end.blocks / runs;
    return conclude(end);
  });
  return { conclusions, blocks };
}
