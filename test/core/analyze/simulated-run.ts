import { shuffle } from '../../../src/core/measure/schedule/block.ts';
import { type Random, seededRandom } from '../../../src/core/model/prng.ts';

/** What a host does to the logarithms of values. Everything is drawn anew for each run. */
export interface Scenario {
  readonly name: string;
  /** Logarithms of the disturbance of `slots` trials one after the other. */
  readonly host: (random: Random, slots: number) => Float64Array;
  /** Of the runtime's and the baseline's value in one block beside it. */
  readonly arms: (random: Random) => readonly [runtime: number, baseline: number];
}

/** Trials of a block: the two that are compared and two others, in random order. */
const slotsPerBlock = 4;

/** Standard normal, Box–Muller. */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Student's t with two degrees of freedom: no variance at all. */
function heavy(random: Random): number {
  const u = random();
  return (2 * u - 1) / Math.sqrt(2 * u * (1 - u));
}

/** First-order autoregression between neighbouring slots, of unit variance. */
function autoregression(random: Random, slots: number, rho: number): Float64Array {
  const values = new Float64Array(slots);
  let x = gaussian(random);
  for (let i = 0; i < slots; i++) {
    values[i] = x;
    x = rho * x + Math.sqrt(1 - rho * rho) * gaussian(random);
  }
  return values;
}

/** A walk of `step` a slot. */
function walk(random: Random, slots: number, step: number): Float64Array {
  let x = 0;
  return new Float64Array(slots).map(() => (x += step * gaussian(random)));
}

/** Fast and slow periods of the host that last ten slots in the mean; slow is 30 % slower. */
function periods(random: Random, slots: number): Float64Array {
  let slow = random() < 0.5;
  return new Float64Array(slots).map(() => {
    if (random() < 0.1) slow = !slow;
    return slow ? Math.log(1.3) : 0;
  });
}

/** One slot of each block is hit by something that comes once a block. */
function onceABlock(random: Random, slots: number): Float64Array {
  const values = new Float64Array(slots);
  for (let block = 0; block < slots; block += slotsPerBlock)
    values[block + Math.floor(random() * slotsPerBlock)] = Math.log(1.3);
  return values;
}

const still = (_: Random, slots: number) => new Float64Array(slots);
const both =
  (draw: (random: Random) => number): Scenario['arms'] =>
  (random) => [draw(random), draw(random)];
const noise = (random: Random) => 0.05 * gaussian(random);
export const outlier = (random: Random) => (random() < 0.05 ? Math.log(1 + 4 * random()) : 0);

/** Hosts for which the method must hold. */
export const scenarios: readonly Scenario[] = [
  { name: 'noise 5 %', host: still, arms: both(noise) },
  { name: 'drift 2 %/slot', host: (random, slots) => walk(random, slots, 0.02), arms: both(noise) },
  { name: 'heavy tails (t, 2 df)', host: still, arms: both((random) => 0.03 * heavy(random)) },
  {
    name: 'outliers, one in 20 up to 5×',
    host: still,
    arms: both((random) => noise(random) + outlier(random)),
  },
  {
    name: 'autocorrelation 0.9',
    host: (random, slots) => autoregression(random, slots, 0.9).map((x) => 0.05 * x),
    arms: both((random) => 0.02 * gaussian(random)),
  },
  {
    name: 'two modes per trial, +30 %',
    host: still,
    arms: both((random) => 0.02 * gaussian(random) + (random() < 0.4 ? Math.log(1.3) : 0)),
  },
  { name: 'two modes of the host', host: periods, arms: both((random) => 0.02 * gaussian(random)) },
  { name: 'one slot of each block hit, +30 %', host: onceABlock, arms: both(noise) },
  {
    name: 'drift, outliers and modes',
    host: (random, slots) => {
      const modes = periods(random, slots);
      return walk(random, slots, 0.02).map((x, i) => x + (modes[i] ?? 0));
    },
    arms: both((random) => noise(random) + outlier(random)),
  },
];

/** Hosts for which the rank-sum test alone does not hold: what the method says there is told, not hoped for. */
export const hostile: readonly Scenario[] = [
  {
    name: 'within-block correlation −0.5',
    host: still,
    arms: (random) => {
      const [a, b] = [gaussian(random), gaussian(random)];
      return [0.05 * a, 0.05 * (-0.5 * a + Math.sqrt(0.75) * b)];
    },
  },
  {
    name: 'within-block correlation −0.9',
    host: still,
    arms: (random) => {
      const [a, b] = [gaussian(random), gaussian(random)];
      return [0.05 * a, 0.05 * (-0.9 * a + Math.sqrt(0.19) * b)];
    },
  },
  {
    name: 'one of the two is hit, +30 %',
    host: still,
    arms: (random) => {
      const hit = random() < 0.5;
      return [noise(random) + (hit ? Math.log(1.3) : 0), noise(random) + (hit ? 0 : Math.log(1.3))];
    },
  },
  {
    name: 'runtime 3× as noisy',
    host: still,
    arms: (random) => [0.15 * gaussian(random), 0.05 * gaussian(random)],
  },
];

/** Values by block. */
export interface Arms {
  readonly runtime: Map<number, number>;
  readonly baseline: Map<number, number>;
}

/** The first `blocks` blocks of a simulated run of two arms whose true ratio is `ratio`. */
export function simulateArms(scenario: Scenario, random: Random, blocks: number, ratio: number): Arms {
  const host = scenario.host(random, blocks * slotsPerBlock);
  const runtime = new Map<number, number>();
  const baseline = new Map<number, number>();
  for (let block = 0; block < blocks; block++) {
    const [a = 0, b = 0] = shuffle([0, 1, 2, 3], random).map(
      (slot) => host[block * slotsPerBlock + slot] ?? 0,
    );
    const [own, reference] = scenario.arms(random);
    runtime.set(block + 1, 30e6 * ratio * Math.exp(a + own));
    baseline.set(block + 1, 30e6 * Math.exp(b + reference));
  }
  return { runtime, baseline };
}

/** The generator of one scenario: independent of which others are simulated. */
export function scenarioRandom(scenario: Scenario, what: string): Random {
  return seededRandom(`prove ${scenario.name} ${what}`);
}
