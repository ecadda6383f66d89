import { type Shift, settledAfter, shiftOf } from '../../src/core/analyze/claims/settled.ts';
import { pairedRatio } from '../../src/core/analyze/rows/ratio.ts';
import { presetDefaults } from '../../src/core/config/presets.ts';
import { decide } from '../../src/core/measure/schedule/sampling.ts';
import type { Preset } from '../../src/core/model/run/run.ts';
import {
  type Arms,
  type Scenario,
  scenarioRandom,
  simulateArms,
} from '../../test/core/analyze/simulated-run.ts';
import { confidence, practical } from './policy.ts';

/** How a simulated run ends: after this many blocks, or when `decide` ends it within the blocks of a preset. */
export type Stopping = { readonly blocks: number } | { readonly preset: Preset };

/** Result of many simulated runs of one host; shares from 0 to 1. */
export interface Outcome {
  /** Mean number of blocks. */
  readonly blocks: number;
  /** Without a difference: p below 0.05. */
  readonly falsePositives: number;
  /** Without a difference: interval excludes 1, estimate beyond 5 %, p below 0.05. */
  readonly falseClaims: number;
  readonly covered: number;
  /** True difference → p below 0.05, of the first 2000 runs. */
  readonly found: ReadonlyMap<number, number>;
  /** The same with p below 0.05/120: as the first of a family of 120. */
  readonly foundAmongMany: ReadonlyMap<number, number>;
}

const effects = [0.02, 0.05, 0.1, 0.5] as const;

/** Target half-width when `decide` ends a run. */
export const precision = 0.03;

const family = 120;

/** Maximum number of runs for the share of differences that are found. */
const powerRuns = 2_000;

export function simulate(scenario: Scenario, stopping: Stopping, runs: number): Outcome {
  const random = scenarioRandom(scenario, JSON.stringify(stopping));
  const most = 'blocks' in stopping ? stopping.blocks : presetDefaults[stopping.preset].maxBlocks;
  const sums = { blocks: 0, falsePositives: 0, falseClaims: 0, covered: 0 };
  const found = new Map<number, number>(effects.map((effect) => [effect, 0]));
  const foundAmongMany = new Map(found);
  const count = (counts: Map<number, number>, effect: number) =>
    counts.set(effect, (counts.get(effect) ?? 0) + 1 / Math.min(runs, powerRuns));
  for (let i = 0; i < runs; i++) {
    const all = simulateArms(scenario, random, most, 1);
    const blocks = 'blocks' in stopping ? most : adaptiveBlocks(all, stopping.preset);
    const arms = firstBlocks(all, blocks);
    const { ratio, low, high, p } = pairedRatio(arms.runtime, arms.baseline, 0.95);
    if (ratio === null || low === null || high === null || p === null)
      throw new Error(`${scenario.name}: no interval after ${blocks} blocks`);
    const [covers, significant] = [low <= 1 && 1 <= high, p < 0.05];
    sums.blocks += blocks / runs;
    if (covers) sums.covered += 1 / runs;
    if (significant) sums.falsePositives += 1 / runs;
    if (significant && !covers && (ratio > 1.05 || ratio < 1 / 1.05)) sums.falseClaims += 1 / runs;
    if (i >= powerRuns) continue;
    // The width of an interval of logarithms does not depend on the ratio, so the run would have ended at the same
    // block.
    for (const effect of effects) {
      const shifted = new Map([...arms.runtime].map(([block, value]) => [block, value * (1 + effect)]));
      const power = pairedRatio(shifted, arms.baseline, 0.95).p ?? 1;
      if (power < 0.05) count(found, effect);
      if (power * family < 0.05) count(foundAmongMany, effect);
    }
  }
  return { ...sums, found, foundAmongMany };
}

function firstBlocks({ runtime, baseline }: Arms, blocks: number): Arms {
  const first = (values: Map<number, number>) => new Map([...values].slice(0, blocks));
  return { runtime: first(runtime), baseline: first(baseline) };
}

/**
 * Number of blocks after which a run of this one comparison ends, by the same `decide` with the same input as in a run.
 */
function adaptiveBlocks(all: Arms, preset: Preset): number {
  const limits = { ...presetDefaults[preset], maxTimeMs: Number.MAX_VALUE };
  const pairs = [...all.runtime].map(([block, value]) => [value, all.baseline.get(block) ?? 0] as const);
  const logs = pairs.map(([runtime, baseline]) => Math.log(runtime / baseline));
  const shifts = new Map<number, Shift | null>();
  const shiftAfter = (n: number) => {
    const shift = shifts.get(n) ?? shiftOf(pairs.slice(0, Math.max(0, n)), confidence);
    shifts.set(n, shift);
    return shift;
  };
  for (let blocks = limits.minBlocks; ; blocks++) {
    const state = {
      subject: 'simulated',
      blocks,
      width: null,
      share: null,
      costMs: 1,
      alive: true,
      settled: settledAfter(logs.slice(0, blocks), shiftAfter, { confidence, target: precision, practical }),
      maxBlocks: limits.maxBlocks,
    };
    if (decide([state], limits, 0).kind === 'stop') return blocks;
  }
}
