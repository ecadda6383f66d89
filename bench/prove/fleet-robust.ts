import { decideVerdict } from '../../src/core/analyze/claims/verdict.ts';
import { middleP } from '../../src/core/analyze/stats/middle-mean.ts';
import { seededRandom } from '../../src/core/model/prng.ts';
import { leastForWeights, meanOf } from '../../src/features/fleet/merge/stats/biweight.ts';
import {
  centreInterval,
  type HostCentre,
  predictionInterval,
  robustCentre,
} from '../../src/features/fleet/merge/stats/host-estimate.ts';
import type { LogMean } from '../../src/features/fleet/merge/stats/log-mean.ts';
import { type BadHosts, badHosts, noneBad, type RecordedFleet, simulateVotes } from './fleet-hosts.ts';
import { chosen, plainMean, type Rival, rivals } from './fleet-rivals.ts';
import { beyond, type Page, percent } from './page.ts';

const sizes = [3, 4, 5, 6, 8, 12, 30, 65, 250, 1000] as const;
const candidates: readonly Rival[] = [chosen, plainMean, ...rivals];
const thresholds = { alpha: 0.05, practical: 0.05, confidence: 0.95 };
const near = Math.log1p(thresholds.practical);

/** What a rival did in simulated fleets. */
interface Performance {
  /** Share of intervals that hold the centre of the good hosts; NaN where it makes none. */
  readonly covered: number;
  /** Median half-width, as a logarithm. */
  readonly half: number;
  /** Mean distance from the centre, as a logarithm. */
  readonly bias: number;
}

function performances(fleet: RecordedFleet, fleets: number): ReadonlyMap<Rival, Performance> {
  const random = seededRandom(`fleet robust ${JSON.stringify(fleet)}`);
  const found = new Map(candidates.map((rival) => [rival, { covered: 0, bias: 0, halves: [] as number[] }]));
  for (let i = 0; i < fleets; i++) {
    const votes = simulateVotes(fleet, random);
    for (const [rival, own] of found) {
      const interval = rival.of(votes);
      if (interval === null) continue;
      if (interval.low <= fleet.centre && interval.high >= fleet.centre) own.covered++;
      own.bias += (interval.estimate - fleet.centre) / fleets;
      own.halves.push((interval.high - interval.low) / 2);
    }
  }
  return new Map(
    [...found].map(([rival, { covered, bias, halves }]) => {
      const sorted = halves.toSorted((a, b) => a - b);
      const half = sorted[sorted.length >> 1] ?? Number.NaN;
      return [rival, { covered: halves.length === 0 ? Number.NaN : covered / halves.length, half, bias }];
    }),
  );
}

const shown = (share: number) => (Number.isNaN(share) ? '–' : percent(share));
const times = (factor: number) => (Number.isNaN(factor) ? '–' : `${factor.toFixed(2)}×`);

function withoutBad(page: Page, fleets: number): void {
  page.text(
    `Centres of hosts none of which is bad, ${fleets} fleets a row: how often the 95 % interval holds the true centre, and how wide it is, as a factor of the mean’s. Errors of hosts are those of a recorded comparison of 8 blocks (inputs/cells.csv, residuals.csv). “t”: Student’s, 3 degrees of freedom.`,
  );
  page.table([
    'hosts',
    'hosts are',
    'tau',
    ...candidates.map(({ name }) => name),
    ...[chosen, ...rivals].map(({ name }) => `${name}: width`),
  ]);
  for (const hosts of sizes)
    for (const spread of ['normal', 't'] as const)
      for (const tau of [0.02, 0.1]) {
        const found = performances({ hosts, spread, tau, centre: 0, bad: noneBad }, fleets);
        const half = found.get(plainMean)?.half ?? Number.NaN;
        page.row(
          [
            `${hosts}`,
            spread,
            percent(tau),
            ...candidates.map((rival) => shown(found.get(rival)?.covered ?? Number.NaN)),
            ...[chosen, ...rivals].map((rival) => times((found.get(rival)?.half ?? Number.NaN) / half)),
          ],
          beyond(found.get(chosen)?.covered ?? 0, fleets, { least: 0.93 }),
        );
      }
}

function withBad(page: Page, fleets: number): void {
  page.text(
    `The same with bad hosts among normal ones, ${fleets} fleets a row: how often the interval holds the centre of the good ones, and by how much the biweight and the mean are off.`,
  );
  page.table([
    'hosts',
    'bad',
    'bad ones cost',
    'tau',
    ...candidates.map(({ name }) => name),
    'biweight off by',
    'mean off by',
    'biweight: width',
  ]);
  for (const hosts of sizes.filter((n) => n >= leastForWeights))
    for (const bad of badHosts(hosts))
      for (const tau of bad.share === '5 %' || bad.share === '10 %' ? [0.1] : [0.02, 0.1]) {
        const fleet: RecordedFleet = { hosts, spread: 'normal', tau, centre: 0, bad };
        const found = performances(fleet, fleets);
        const clean = performances({ ...fleet, bad: noneBad }, Math.ceil(fleets / 4)).get(plainMean)?.half;
        const off = (rival: Rival) => percent(Math.expm1(found.get(rival)?.bias ?? Number.NaN));
        page.row([
          `${hosts}`,
          bad.share,
          bad.name,
          percent(tau),
          ...candidates.map((rival) => shown(found.get(rival)?.covered ?? Number.NaN)),
          off(chosen),
          off(plainMean),
          times((found.get(chosen)?.half ?? Number.NaN) / (clean ?? Number.NaN)),
        ]);
      }
}

/** The plain mean. */
function centreOfAll(votes: readonly LogMean[]): HostCentre {
  return { ...meanOf(votes.map(({ mean }) => mean)), df: votes.length - 1 };
}

/** None, one of ×8, and a fifth of the hosts. */
function someBad(hosts: number, kind: string): readonly BadHosts[] {
  const chosenOnes = badHosts(hosts).filter(({ share, name }) =>
    share === 'one' ? name === '×8' : share === '20 %' && name === kind,
  );
  // Of three hosts, nobody can tell which is the bad one.
  return [noneBad, ...(hosts < leastForWeights ? [] : chosenOnes)];
}

/** Is a difference claimed, by the rules of a verdict without correction? */
function claims(centre: HostCentre): boolean {
  const [wide, narrow] = [
    centreInterval(centre, thresholds.alpha),
    centreInterval(centre, 2 * thresholds.alpha),
  ];
  if (wide === null || narrow === null) return false;
  const logs = { estimate: centre.estimate, ...wide, low90: narrow.low, high90: narrow.high };
  const verdict = decideVerdict(logs, middleP(centre), thresholds, { below: 'less', above: 'more' });
  return verdict === 'more' || verdict === 'less';
}

function verdicts(page: Page, fleets: number): void {
  page.text(
    `Differences claimed before any correction, ${fleets} fleets a row: where the good hosts do not differ from the baseline (false), and where they cost 10 % more (found).`,
  );
  page.table([
    'hosts',
    'bad',
    'bad ones cost',
    'tau',
    'biweight: false',
    'mean: false',
    'biweight: found',
    'mean: found',
  ]);
  for (const hosts of sizes)
    for (const bad of someBad(hosts, 'up to ×8'))
      for (const tau of [0.02, 0.1]) {
        const shares = [0, Math.log(1.1)].map((centre) => {
          const fleet: RecordedFleet = { hosts, spread: 'normal', tau, centre, bad };
          const random = seededRandom(`fleet verdicts ${JSON.stringify(fleet)}`);
          let [robust, mean] = [0, 0];
          for (let i = 0; i < fleets; i++) {
            const votes = simulateVotes(fleet, random);
            if (claims(robustCentre(votes, near))) robust++;
            if (claims(centreOfAll(votes))) mean++;
          }
          return { robust: robust / fleets, mean: mean / fleets };
        });
        const [none, some] = shares;
        page.row(
          [
            `${hosts}`,
            bad.share,
            bad.name,
            percent(tau),
            shown(none?.robust ?? 0),
            shown(none?.mean ?? 0),
            shown(some?.robust ?? 0),
            shown(some?.mean ?? 0),
          ],
          bad.count === 0 ? beyond(none?.robust ?? 1, fleets, { most: 0.06 }) : 'none',
        );
      }
}

function predictions(page: Page, fleets: number): void {
  page.text(
    `One more good host, ${fleets} fleets a row: how often the 95 % prediction holds what its run says. “All as mean”: mean ± t s √(1 + 1/n) over all hosts.`,
  );
  page.table([
    'hosts',
    'hosts are',
    'bad',
    'bad ones cost',
    'tau',
    'held',
    'width',
    'all as mean',
    'its width',
  ]);
  for (const hosts of sizes)
    for (const spread of ['normal', 't'] as const)
      for (const bad of someBad(hosts, '×8'))
        for (const tau of [0.02, 0.1]) {
          const fleet: RecordedFleet = { hosts: hosts + 1, spread, tau, centre: 0, bad };
          const random = seededRandom(`fleet prediction ${JSON.stringify(fleet)}`);
          const held = [0, 0];
          const halves: [number[], number[]] = [[], []];
          for (let i = 0; i < fleets; i++) {
            const votes = simulateVotes(fleet, random);
            // Bad hosts stand first.
            const next = votes.pop()?.mean ?? Number.NaN;
            const robust = predictionInterval(robustCentre(votes, near), 0.05);
            const plain = plainPrediction(votes);
            for (const [at, interval] of [robust, plain].entries()) {
              if (interval === null) continue;
              if (interval.low <= next && next <= interval.high) held[at] = (held[at] ?? 0) + 1;
              halves[at]?.push((interval.high - interval.low) / 2);
            }
          }
          const [own, all] = halves.map(
            (each) => each.toSorted((a, b) => a - b)[each.length >> 1] ?? Number.NaN,
          );
          const share = (held[0] ?? 0) / fleets;
          page.row(
            [
              `${hosts}`,
              spread,
              bad.share,
              bad.name,
              percent(tau),
              percent(share),
              `±${percent(Math.expm1(own ?? 0))}`,
              percent((held[1] ?? 0) / fleets),
              `±${percent(Math.expm1(all ?? 0))}`,
            ],
            spread === 'normal' ? beyond(share, fleets, { least: 0.92 }) : 'none',
          );
        }
}

function plainPrediction(votes: readonly LogMean[]) {
  const mean = centreOfAll(votes);
  const sound = votes.length;
  return predictionInterval({ ...mean, spread: sound * mean.standardError ** 2, sound }, 0.05);
}

/** Robust centres of hosts, of which some are bad. */
export function robustCentres(page: Page, runs: number): void {
  withoutBad(page, Math.ceil(runs / 2));
  withBad(page, Math.ceil(runs / 8));
  verdicts(page, Math.ceil(runs / 2));
  predictions(page, Math.ceil(runs / 4));
}
