import { pairedCentre } from '../../src/core/analyze/stats/paired-centre.ts';
import { combineLevels } from '../../src/core/config/matrix.ts';
import { shuffle } from '../../src/core/measure/schedule/block.ts';
import type { Random } from '../../src/core/model/prng.ts';
import { contrastOf, type MeasuredArm } from '../../src/features/options/effects/contrast.ts';
import { type EstimatedEffect, isSeparable, separate } from '../../src/features/options/effects/separate.ts';
import { type Scenario, scenarioRandom } from '../../test/core/analyze/simulated-run.ts';
import { practical } from './policy.ts';

/** A design whose runs are simulated. */
export interface FactorialCase {
  readonly name: string;
  /** Number of levels of each factor. */
  readonly levels: readonly number[];
  readonly blocks: number;
  /** Arms with this level do not start; absent: all do. */
  readonly refused?: { readonly factor: number; readonly level: number };
}

/** What the factors truly add: the first nothing, the second 5 %, the third 20 %, and all others nothing. */
const additions = [0, 0.05, 0.2] as const;

/** What becomes of many simulated runs; shares from 0 to 1. */
export interface FactorialOutcome {
  /** Addition → intervals of such main effects that hold it. */
  readonly covered: ReadonlyMap<number, number>;
  /** Intervals of interactions, which there are none, that hold 1; NaN where the design tells none. */
  readonly interactionsCovered: number;
  /** p below 0.05 of main effects without addition. */
  readonly falsePositives: number;
  /** Likewise of interactions; NaN where the design tells none. */
  readonly falseInteractions: number;
  /** Main effects of 20 % that are claimed: interval excludes 1, estimate beyond 5 %, p below 0.05. */
  readonly claimed: number;
}

/** An effect, and what it truly is. */
interface Known {
  readonly effect: EstimatedEffect;
  readonly addition: number;
  readonly isMain: boolean;
}

/** Log of what an arm truly costs. Only the second level of a factor adds something. */
function truthOf(arm: readonly number[]): number {
  return arm.reduce((sum, level, factor) => sum + (level === 1 ? Math.log1p(additionOf(factor)) : 0), 0);
}

const additionOf = (factor: number) => additions[factor] ?? 0;

function knownEffects(arms: readonly (readonly number[])[]): readonly Known[] {
  return separate(arms)
    .filter(isSeparable)
    .map((effect) => {
      const [factor = 0, ...others] = effect.factors;
      const isMain = others.length === 0;
      return { effect, isMain, addition: isMain && effect.levels[0] === 1 ? additionOf(factor) : 0 };
    });
}

/** The values of one run: in each block every arm once, in random order, on a host that disturbs one slot after the other. */
function simulated(
  arms: readonly (readonly number[])[],
  blocks: number,
  scenario: Scenario,
  random: Random,
): readonly MeasuredArm[] {
  const host = scenario.host(random, arms.length * blocks);
  const values = arms.map(() => new Map<number, number>());
  for (let block = 0; block < blocks; block++)
    for (const [slot, at] of shuffle(
      arms.map((_, at) => at),
      random,
    ).entries()) {
      const disturbance = host[block * arms.length + slot] ?? 0;
      const [own] = scenario.arms(random);
      values[at]?.set(block, Math.exp(truthOf(arms[at] ?? []) + disturbance + own));
    }
  return arms.map((levels, at): MeasuredArm => {
    const cell = {
      runtime: `arm ${at}`,
      profile: 'default',
      layer: 'docker',
      workload: 'w',
      params: '',
    } as const;
    const sample = {
      metric: 'm',
      unit: 'ns',
      better: 'lower',
      ofFailed: 0,
      byBlock: values[at] ?? new Map(),
    } as const;
    const none = { trialIds: new Set<string>(), ok: new Set<string>(), failed: new Map<string, string>() };
    return {
      runtime: cell.runtime,
      levels,
      sample,
      cell: { cell, category: 'io', ...none, samples: new Map() },
    };
  });
}

/** Simulates so many runs of a design on a host. */
export function factorialRuns(
  { name, levels, blocks, refused }: FactorialCase,
  scenario: Scenario,
  runs: number,
): FactorialOutcome {
  const chosen = combineLevels(levels);
  const arms = refused === undefined ? chosen : chosen.filter((arm) => arm[refused.factor] !== refused.level);
  const known = knownEffects(arms);
  const random = scenarioRandom(scenario, name);
  const counted = known.map(() => ({ covered: 0, significant: 0, claimed: 0 }));
  for (let run = 0; run < runs; run++) {
    const values = simulated(arms, blocks, scenario, random);
    for (const [at, { effect, addition }] of known.entries()) {
      const centre = pairedCentre([...contrastOf(effect, values).byBlock.values()], 0.95);
      const { estimate = 0, low = null, high = null, test = null } = centre ?? {};
      const tally = counted[at];
      if (low === null || high === null || test === null || tally === undefined)
        throw new Error(`${name}: no interval after ${blocks} blocks`);
      const truth = Math.log1p(addition);
      if (low <= truth && truth <= high) tally.covered += 1 / runs;
      if (test.p < 0.05) tally.significant += 1 / runs;
      if (test.p < 0.05 && low > 0 && estimate > Math.log1p(practical)) tally.claimed += 1 / runs;
    }
  }
  const mean = (wanted: (one: Known) => boolean, of: 'covered' | 'significant' | 'claimed') => {
    const own = counted.filter((_, at) => known[at] !== undefined && wanted(known[at]));
    return own.length === 0 ? Number.NaN : own.reduce((sum, each) => sum + each[of], 0) / own.length;
  };
  const main = (addition: number) => (one: Known) => one.isMain && one.addition === addition;
  return {
    covered: new Map(additions.map((addition) => [addition, mean(main(addition), 'covered')])),
    interactionsCovered: mean(({ isMain }) => !isMain, 'covered'),
    falsePositives: mean(main(0), 'significant'),
    falseInteractions: mean(({ isMain }) => !isMain, 'significant'),
    claimed: mean(main(0.2), 'claimed'),
  };
}
