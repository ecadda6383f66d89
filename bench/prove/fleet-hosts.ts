import { readFileSync } from 'node:fs';
import { hodgesLehmann } from '../../src/core/analyze/stats/hodges-lehmann.ts';
import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import { type LogMean, logMeanOf } from '../../src/features/fleet/merge/stats/log-mean.ts';
import { gaussian } from '../../test/core/analyze/simulated-run.ts';
import { recordedResiduals } from './reference-shape.ts';

/** Blocks of a host's run. */
const blocks = 8;
/** Simulated errors of a category, from which those of hosts are drawn. */
const errorsOfCategory = 4000;

/** Recorded scatters of pairs (inputs/cells.csv), with their categories. */
const cells = readFileSync(`${import.meta.dirname}/inputs/cells.csv`, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([, , category = '', , , , deviation = '']) => ({ category, deviation: Number(deviation) }))
  .filter(({ deviation, category }) => deviation > 0 && recordedResiduals(category).length > 0);

/** Errors of hosts of a category, for a scatter of 1: Hodges–Lehmann of the differences of recorded residuals. */
const errorsOf = new Map(
  [...new Set(cells.map(({ category }) => category))].map((category) => {
    const random = seededRandom(`fleet errors ${category}`);
    const residuals = recordedResiduals(category);
    const draw = () => residuals[Math.floor(random() * residuals.length)] ?? 0;
    const own = Array.from({ length: errorsOfCategory }, (): LogMean => {
      const pairs = Array.from({ length: blocks }, () => (draw() - draw()) / Math.SQRT2);
      const { estimate, low, high } = hodgesLehmann(pairs, 0.95);
      const factor = (log: number | null) => (log === null ? null : Math.exp(log));
      return logMeanOf(Math.exp(estimate), factor(low), factor(high), blocks);
    });
    return [category, own];
  }),
);

/** How the true logarithms of good hosts lie about their centre, with variance 1. */
const spreads = {
  normal: gaussian,
  /** Student's t with three degrees of freedom. */
  t: (random: Random) => gaussian(random) / Math.hypot(gaussian(random), gaussian(random), gaussian(random)),
} as const;

/** What is wrong with bad hosts: what is added to the logarithm of their cost. */
interface Badness {
  readonly name: string;
  readonly added: (random: Random) => number;
  /** They differ from each other by 1 % only. */
  readonly alike?: true;
}

const kinds: readonly Badness[] = [
  { name: '×1.5', added: () => Math.log(1.5) },
  { name: '×2', added: () => Math.log(2) },
  { name: '×8', added: () => Math.log(8) },
  { name: '×2 or ÷2', added: (random) => (random() < 0.5 ? -1 : 1) * Math.log(2) },
  { name: 'up to ×8', added: (random) => random() * Math.log(8) },
  { name: '×2, all alike', added: () => Math.log(2), alike: true },
];

/** How many hosts are bad, and how. */
export interface BadHosts extends Badness {
  readonly count: number;
  readonly share: string;
}

export const noneBad: BadHosts = { name: 'none', added: () => 0, count: 0, share: '–' };

/** The bad hosts that n hosts may have: one, and 5, 10 and 20 % of them, where these are other numbers. */
export function badHosts(n: number): readonly BadHosts[] {
  const seen = new Set<number>();
  return (
    [[1, 'one'], ...[5, 10, 20].map((part) => [Math.round((part / 100) * n), `${part} %`] as const)] as const
  ).flatMap(([count, share]) => {
    if (count < 1 || seen.has(count)) return [];
    seen.add(count);
    const own = count === 1 ? kinds.filter(({ name }) => name === '×1.5' || name === '×8') : kinds;
    return own.map((kind) => ({ ...kind, count, share }));
  });
}

/** A fleet to simulate. */
export interface RecordedFleet {
  readonly hosts: number;
  readonly spread: keyof typeof spreads;
  /** Standard deviation of the good hosts' true logarithms. */
  readonly tau: number;
  /** Centre of the good hosts. */
  readonly centre: number;
  readonly bad: BadHosts;
}

/** What the runs of the hosts say of one question: their errors are those of a recorded comparison. */
export function simulateVotes(of: RecordedFleet, random: Random): LogMean[] {
  const { category = '', deviation = 0 } = cells[Math.floor(random() * cells.length)] ?? {};
  const errors = errorsOf.get(category) ?? [];
  return Array.from({ length: of.hosts }, (_, host) => {
    const { mean = 0, variance = 0, df = 1 } = errors[Math.floor(random() * errors.length)] ?? {};
    const isBad = host < of.bad.count;
    const own = isBad && of.bad.alike ? 0.01 * gaussian(random) : of.tau * spreads[of.spread](random);
    return {
      mean: of.centre + own + deviation * mean + (isBad ? of.bad.added(random) : 0),
      variance: variance === null ? null : variance * deviation ** 2,
      df,
    };
  });
}
