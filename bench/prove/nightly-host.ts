import { middleMean } from '../../src/core/analyze/stats/middle-mean.ts';
import type { Random } from '../../src/core/model/prng.ts';
import type { Measure } from '../../src/features/nightly/history/series.ts';
import { gaussian } from '../../test/core/analyze/simulated-run.ts';
import { type Cell, subjectSeries } from './nightly-series.ts';

/** Blocks of a night's first run, and of a rerun of one suspect. */
export const blocks = { first: 12, rerun: 60 };

/** What a night does to every series, before any block is measured. */
export interface HostNight {
  readonly key: string;
  /** The whole night is missing. */
  readonly missing: boolean;
  readonly disturbed: boolean;
  readonly blocks: number;
  /** By series: log by which the night moves it; NaN where the cell failed. */
  readonly shift: Float64Array;
}

/** Student's t with `df` degrees of freedom, of unit variance. */
function heavy(random: Random, df: number): number {
  let squares = 0;
  for (let i = 0; i < df; i++) squares += gaussian(random) ** 2;
  return gaussian(random) / Math.sqrt(squares / (df - 2));
}

/** First-order autoregression of a memory of about a month, of unit variance. */
const rho = 0.97;
const wander = (x: number, random: Random) => rho * x + Math.sqrt(1 - rho * rho) * gaussian(random);

/**
 * A host, night after night. Nights are missing (7 %), cut short (2 %), disturbed (4 % begin to be, 30 % of those go on), on
 * weekends (faster). The host drifts, and is swapped about twice a year: another key. Shares are of nights.
 */
export function* hostNights(random: Random, cells: readonly Cell[] = subjectSeries): Generator<HostNight> {
  let [host, disturbed, common] = [0, false, gaussian(random)];
  const own = cells.map(() => gaussian(random));
  for (let day = 0; ; day++) {
    if (random() < 1 / 200) host++;
    disturbed = random() < (disturbed ? 0.3 : 0.04);
    common = wander(common, random);
    const weekend = day % 7 >= 5;
    const slower = disturbed ? -0.12 * Math.log(1 - random()) : 0;
    const missing = random() < 0.07;
    const short = random() < 0.02;
    const shift = new Float64Array(cells.length);
    cells.forEach((cell, s) => {
      own[s] = wander(own[s] ?? 0, random);
      const drift = own[s] ?? 0;
      const lost = random() < 0.01;
      shift[s] = lost ? Number.NaN : shiftOf(cell, { random, drift, common, weekend, disturbed, slower });
    });
    yield { key: `host ${host}`, missing, disturbed, blocks: short ? 6 : blocks.first, shift };
  }
}

interface Conditions {
  readonly random: Random;
  readonly drift: number;
  readonly common: number;
  readonly weekend: boolean;
  readonly disturbed: boolean;
  readonly slower: number;
}

/**
 * A disturbed night moves absolute values most, a ratio of two runtimes a little, and the ratio of a runtime to its pin hardly:
 * both arms are the same program. No such ratio drifts.
 */
function shiftOf(
  { against, runtime, sensitivity, deviation }: Cell,
  { random, drift, common, weekend, disturbed, slower }: Conditions,
): number {
  if (against === 'pin') return deviation * (disturbed ? 0.15 : 0.05) * heavy(random, 5);
  if (against === 'null')
    return (
      sensitivity * (slower + 0.015 * common - (weekend ? 0.02 : 0) + 0.01 * drift + 0.01 * heavy(random, 3))
    );
  const much = sensitivity * (runtime === 'runsc' ? 1 : 0.5);
  return (
    much *
    (0.005 * drift +
      0.01 * heavy(random, 3) -
      (weekend ? 0.003 : 0) +
      (disturbed ? 0.04 * gaussian(random) : 0))
  );
}

/** One block: outliers of four deviations, one in 20, keep the variance at 1. */
function block(random: Random): number {
  return 0.756 * gaussian(random) * (random() < 0.05 ? 4 : 1);
}

/** The logarithms of `n` blocks that lie around `centre`. In disturbed nights blocks scatter more. */
export function blocksAround(
  centre: number,
  deviation: number,
  { disturbed }: Pick<HostNight, 'disturbed'>,
  n: number,
  random: Random,
): readonly number[] {
  const spread = deviation * (disturbed ? 2 : 1);
  return Array.from({ length: n }, () => centre + spread * block(random));
}

/** What a night says of one subject, or of a category by the blocks of its subjects. */
export function measureOf(blocksOf: readonly (readonly number[])[]): Measure {
  const [first = []] = blocksOf;
  if (blocksOf.length > 1) {
    const series = blocksOf.map((values) => new Map(values.entries()));
    const { estimate, standardError, df } = middleMean(series);
    return { log: estimate, se: standardError, df };
  }
  const n = first.length;
  const mean = first.reduce((sum, one) => sum + one, 0) / n;
  const squares = first.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { log: mean, se: Math.sqrt(squares / n / (n - 1)), df: n - 1 };
}
