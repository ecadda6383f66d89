import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import { outliersOf } from '../../src/features/fleet/merge/outliers.ts';
import { gaussian } from '../../test/core/analyze/simulated-run.ts';
import {
  type FleetShape,
  fleetLevels,
  kinds,
  simulateHost,
} from '../../test/features/fleet/merge/stats/simulated-fleet.ts';
import { robustCentres } from './fleet-robust.ts';
import { beyond, type Page, type Part, percent, worst } from './page.ts';

const blocks = 8;
const noise = 0.1;
const sizes = [2, 3, 5, 6, 10, 30] as const;
const resamples = 400;

/** Share of fleets whose percentile interval holds the truth: hosts drawn anew, and their noise as well if `within`. */
function bootstrapCovers(shape: FleetShape, fleets: number, within: boolean, random: Random): number {
  let covered = 0;
  for (let fleet = 0; fleet < fleets; fleet++) {
    const votes = Array.from({ length: shape.hosts }, (_, at) => simulateHost(shape, at, random));
    const means = Array.from({ length: resamples }, () => {
      let sum = 0;
      for (let i = 0; i < votes.length; i++) {
        const drawn = votes[Math.floor(random() * votes.length)];
        const error = within ? Math.sqrt(drawn?.variance ?? 0) * gaussian(random) : 0;
        sum += (drawn?.mean ?? 0) + error;
      }
      return sum / votes.length;
    }).toSorted((a, b) => a - b);
    const [low = 0, high = 0] = [
      means[Math.floor(0.025 * resamples)],
      means[Math.ceil(0.975 * resamples) - 1],
    ];
    if (low <= 0 && high >= 0) covered++;
  }
  return covered / fleets;
}

function intervals(page: Page, fleets: number): void {
  page.text(
    `The centre of hosts and one more host, at 95 %, ${fleets} fleets a row; hosts differ by a standard deviation of tau, a block scatters by 10 %, that of every other host as many times as much, ${blocks} blocks. “Covered”: the mean of all hosts there are, at which the biweight does not aim where hosts are of two kinds or skewed: it says what most of them cost. Rivals of the mean: percentile bootstraps of hosts alone, and of hosts and their blocks (${Math.ceil(fleets / 10)} fleets). Limits hold for the kind “normal”.`,
  );
  page.table([
    'hosts',
    'hosts are',
    'tau',
    'unequal noise',
    'covered',
    'half-width',
    'by the mean',
    'one more run',
    'its truth',
    'differ: p < 0.05',
    'bootstrap of hosts',
    'of hosts and blocks',
  ]);
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[])
    for (const hosts of sizes)
      for (const [tau, unequal] of [
        [0, 1],
        [0, 5],
        [0.1, 1],
        [0.1, 5],
      ] as const) {
        if (tau === 0 && kind !== 'normal') continue;
        const shape: FleetShape = { hosts, kind, tau, noise, unequal, blocks };
        const random = seededRandom(`fleet ${JSON.stringify(shape)}`);
        const found = fleetLevels(shape, fleets, random);
        const few = Math.ceil(fleets / 10);
        const rivals = [false, true].map((within) => bootstrapCovers(shape, few, within, random));
        const held = [
          beyond(found.covered, fleets, { least: 0.93 }),
          beyond(found.meanCovered, fleets, { least: 0.94 }),
          ...(Number.isNaN(found.predicted)
            ? []
            : [
                beyond(found.predicted, fleets, { least: unequal === 1 ? 0.94 : 0.9 }),
                beyond(found.predictedTruth, fleets, { least: 0.94 }),
              ]),
          ...(tau === 0 ? [beyond(found.differ, fleets, { most: 0.06 })] : []),
        ];
        const shares = [found.predicted, found.predictedTruth].map((share) =>
          Number.isNaN(share) ? '–' : percent(share),
        );
        page.row(
          [
            `${hosts}`,
            kind,
            percent(tau),
            `${unequal}`,
            percent(found.covered),
            `±${percent(Math.expm1(found.halfWidth))}`,
            percent(found.meanCovered),
            ...shares,
            percent(found.differ),
            ...rivals.map(percent),
          ],
          kind === 'normal' ? worst(held) : 'none',
        );
      }
}

function differences(page: Page, fleets: number): void {
  page.text(`“The hosts differ”, claimed at 5 % though none do, ${fleets} fleets a row:`);
  page.table(['hosts', 'blocks', 'unequal noise', 'claimed']);
  for (const hosts of [10, 100, 1000])
    for (const own of [6, 8, 15])
      for (const unequal of [1, 5]) {
        const shape: FleetShape = { hosts, kind: 'normal', tau: 0, noise, unequal, blocks: own };
        const { differ } = fleetLevels(shape, fleets, seededRandom(`fleet differ ${JSON.stringify(shape)}`));
        page.row(
          [`${hosts}`, `${own}`, `${unequal}`, percent(differ)],
          beyond(differ, fleets, { most: 0.07 }),
        );
      }
}

function outliers(page: Page, fleets: number): void {
  page.text(
    `Hosts called outliers, ${fleets} fleets a row: any in a fleet of one kind, a host that truly costs 60 % more than the others, and two that cost eight times as much.`,
  );
  page.table([
    'hosts',
    'tau',
    'unequal noise',
    'any false outlier',
    'the 60 % host is found',
    'both 8× hosts are',
  ]);
  const thresholds = { alpha: 0.05, practical: 0.05, confidence: 0.95 };
  for (const hosts of [5, 6, 10, 30, 100])
    for (const [tau, unequal] of [
      [0.02, 1],
      [0.1, 1],
      [0.1, 5],
    ] as const) {
      const shape: FleetShape = { hosts, kind: 'normal', tau, noise, unequal, blocks };
      const random = seededRandom(`fleet outliers ${JSON.stringify(shape)}`);
      let [wrong, found, both] = [0, 0, 0];
      for (let fleet = 0; fleet < fleets; fleet++) {
        const votes = Array.from({ length: hosts }, (_, host) => ({
          ...simulateHost(shape, host, random),
          host,
        }));
        if (outliersOf([{ votes }], [], thresholds).length > 0) wrong++;
        const far = votes.map((vote) =>
          vote.host === 0 ? { ...vote, mean: vote.mean + Math.log(1.6) } : vote,
        );
        if (outliersOf([{ votes: far }], [], thresholds).some(({ host }) => host === 0)) found++;
        const two = votes.map((vote) => (vote.host < 2 ? { ...vote, mean: vote.mean + Math.log(8) } : vote));
        if (outliersOf([{ votes: two }], [], thresholds).filter(({ host }) => host < 2).length === 2) both++;
      }
      page.row(
        [
          `${hosts}`,
          percent(tau),
          `${unequal}`,
          ...[wrong, found, both].map((count) => percent(count / fleets)),
        ],
        beyond(wrong / fleets, fleets, { most: 0.05 }),
      );
    }
}

/** Intervals, predictions, outliers, and centres beside bad hosts. */
export const fleet: Part = {
  name: 'fleet',
  runs: 4000,
  write: (page, runs) => {
    intervals(page, runs);
    differences(page, Math.ceil(runs / 8));
    outliers(page, Math.ceil(runs / 4));
    robustCentres(page, runs);
  },
};
