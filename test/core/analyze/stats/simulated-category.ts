import { studentQuantile } from '../../../../src/core/analyze/stats/distributions.ts';
import {
  type BlockSeries,
  type MiddleMean,
  middleMean,
  withoutOutliers,
} from '../../../../src/core/analyze/stats/middle-mean.ts';
import { middleOf } from '../../../../src/core/model/analysis/middle.ts';
import type { Random } from '../../../../src/core/model/prng.ts';
import { gaussian, outlier } from '../simulated-run.ts';

/** A category of a simulated run under one runtime. */
export interface CategoryShape {
  readonly name: string;
  /** Of each subject: standard deviation of its log ratios. */
  readonly deviations: readonly number[];
  /** Of each subject: its blocks, from the first on; a cell that is settled ends early. */
  readonly blocks: readonly number[];
  /** Part of the variance of its quietest subject that all subjects of a block share; 0 where absent. */
  readonly shared?: number;
}

/**
 * Standard normal, Student's t with 3 degrees of freedom scaled to the same variance, or normal where either trial of a pair may be
 * an outlier (at a deviation of 0.15).
 */
export const draws = {
  normal: gaussian,
  'heavy tails': (random: Random) =>
    gaussian(random) / Math.sqrt(gaussian(random) ** 2 + gaussian(random) ** 2 + gaussian(random) ** 2),
  outliers: (random: Random) => gaussian(random) + (outlier(random) - outlier(random)) / 0.15,
} as const;

const times = (n: number, value: number): number[] => new Array<number>(n).fill(value);

/** Half-widths of crun's headlines in a recorded run of `standard`, 8 blocks each; a deviation is about 1/0.85 of it. */
const reference = {
  startup: [0.102, 0.109, 0.128, 0.13, 0.135, 0.14, 0.178, 0.185, 0.189, 0.198, 0.229, 0.237],
  app: [0.036, 0.115, 0.125, 0.133, 0.235, 0.24, 0.246],
  io: [0.08, 0.091, 0.096, 0.149, 0.483],
  network: [0.111, 0.126, 0.217],
  syscall: [0.017, 0.08, 0.143, 0.167, 0.218, 0.724],
  cpu: [0.0116, 0.0297],
  memory: [0.0038, 0.0048, 0.0065, 0.0085, 0.1184, 0.1282, 0.2079],
};

/** The first subjects, which vary least, end first; the others go on. */
const endings = (n: number) =>
  Array.from({ length: n }, (_, i) => Math.round(6 + (24 * i) / Math.max(1, n - 1)));

const shape = (
  name: string,
  deviations: readonly number[],
  blocks = times(deviations.length, 8),
): CategoryShape => ({ name, deviations, blocks });
const eightTimes = [...times(5, 0.1), ...times(5, 0.8)];
/** Category → the deviations of its subjects. */
export const measured: readonly (readonly [category: string, deviations: readonly number[]])[] =
  Object.entries(reference).map(([name, halfWidths]) => [name, halfWidths.map((half) => half / 0.85)]);

export const shapes: readonly CategoryShape[] = [
  shape('5 alike', times(5, 0.15)),
  shape('12 alike', times(12, 0.15)),
  { ...shape('12 alike, whose blocks share half', times(12, 0.15)), shared: 0.5 },
  shape('5 quiet, 5 with 8× the spread', eightTimes),
  ...measured.map(([name, deviations]) => shape(name, deviations)),
  shape('12 alike, 6 to 30 blocks', times(12, 0.15), endings(12)),
  shape('8× the spread, 6 to 30 blocks', eightTimes, endings(10)),
  ...measured.map(([name, deviations]) =>
    shape(`${name}, 6 to 30 blocks`, deviations, endings(deviations.length)),
  ),
];

/** One simulated category: the middle of its tests, and what that estimates. */
export interface SimulatedCategory {
  readonly middle: MiddleMean;
  /** Middle of the subjects' true log costs. */
  readonly truth: number;
  readonly low: number;
  readonly high: number;
}

/** `effect`: mean of the subjects' true log costs; `spread`: their standard deviation. */
export function simulateCategory(
  { deviations, blocks, shared: part = 0 }: CategoryShape,
  {
    effect,
    spread,
    draw,
  }: { readonly effect: number; readonly spread: number; readonly draw: keyof typeof draws },
  random: Random,
): SimulatedCategory {
  const shared = Math.sqrt(part) * Math.min(...deviations);
  const common = Array.from({ length: Math.max(...blocks) }, () => shared * gaussian(random));
  const truths = deviations.map(() => effect + spread * gaussian(random));
  const series = deviations.map((deviation, s): BlockSeries => {
    const own = Math.sqrt(deviation ** 2 - shared ** 2);
    return new Map(
      common
        .slice(0, blocks[s])
        .map((together, b) => [b + 1, (truths[s] ?? 0) + together + own * draws[draw](random)]),
    );
  });
  const middle = middleMean(withoutOutliers(series));
  const half = -studentQuantile(0.025, middle.df) * middle.standardError;
  return {
    middle,
    truth: middleOf(truths),
    low: middle.estimate - half,
    high: middle.estimate + half,
  };
}
