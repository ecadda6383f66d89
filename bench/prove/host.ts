import type { Random } from '../../src/core/model/prng.ts';
import { isBaselineArm } from '../../src/core/model/trial/cell.ts';
import { gaussian, outlier } from '../../test/core/analyze/simulated-run.ts';
import { type Arm, baseline } from './shape.ts';

/** What a host does to the logarithms of the values of a whole run. */
export interface Host {
  readonly name: string;
  /** Of a run: what disturbs its trials one after the other, each of which is told its block. Two at once share it. */
  readonly disturb: (random: Random) => (block: number) => number;
  /** Of an arm: its own scatter. */
  readonly scatter: (random: Random, arm: Arm) => number;
}

/** Student's t with three degrees of freedom, scaled to variance 1. */
function heavy(random: Random): number {
  return gaussian(random) / Math.hypot(gaussian(random), gaussian(random), gaussian(random));
}

const still: Host['disturb'] = () => () => 0;
const slower = Math.log(1.3);

/** A walk of 2 % a trial. */
const drift: Host['disturb'] = (random) => {
  let at = 0;
  return () => (at += 0.02 * gaussian(random));
};

/** Fast and slow periods that last twenty trials in the mean. */
const periods: Host['disturb'] = (random) => {
  let slow = random() < 0.5;
  return () => {
    if (random() < 0.05) slow = !slow;
    return slow ? slower : 0;
  };
};

/** One block in ten is bad: each of its trials takes up to twice as long. */
const badBlocks: Host['disturb'] = (random) => {
  let [at, bad] = [-1, false];
  return (block) => {
    if (block !== at) [at, bad] = [block, random() < 0.1];
    return bad ? Math.log1p(random()) : 0;
  };
};

const own =
  (draw: (random: Random) => number): Host['scatter'] =>
  (random, { noise }) =>
    noise * draw(random);

/** The spread of a pair is that of the shape; the runtime has eight times the baseline's. */
const uneven: Host['scatter'] = (random, { runtime, noise }) =>
  Math.SQRT2 *
  noise *
  gaussian(random) *
  (isBaselineArm(runtime, baseline) || runtime === baseline ? 1 / Math.sqrt(65) : 8 / Math.sqrt(65));

/** As the recorded values of the category lie about the medians of their cells. */
const recorded: Host['scatter'] = (random, { noise, residuals }) =>
  noise * (residuals[Math.floor(random() * residuals.length)] ?? 0);

export const asMeasured: Host = { name: 'as measured', disturb: still, scatter: recorded };

export const normalNoise: Host = { name: 'normal noise', disturb: still, scatter: own(gaussian) };

/** Each disturbs what `inputs` has for noise. */
export const hosts: readonly Host[] = [
  asMeasured,
  normalNoise,
  { name: 'noise 10 %', disturb: still, scatter: (random) => 0.1 * gaussian(random) },
  { name: 'noise 20 %', disturb: still, scatter: (random) => 0.2 * gaussian(random) },
  { name: 'runtime 8× as noisy', disturb: still, scatter: uneven },
  { name: 'heavy tails (t, 3 df)', disturb: still, scatter: own(heavy) },
  {
    name: 'outliers, one in 20 up to 5×',
    disturb: still,
    scatter: (random, { noise }) => noise * gaussian(random) + outlier(random),
  },
  { name: 'drift 2 % a trial', disturb: drift, scatter: own(gaussian) },
  { name: 'one block in ten is bad', disturb: badBlocks, scatter: own(gaussian) },
  {
    name: 'two modes per trial, +30 %',
    disturb: still,
    scatter: (random) => 0.02 * gaussian(random) + (random() < 0.4 ? slower : 0),
  },
  { name: 'two modes of the host', disturb: periods, scatter: own(gaussian) },
];
