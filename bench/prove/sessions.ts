import { decideVerdict } from '../../src/core/analyze/claims/verdict.ts';
import { runChange } from '../../src/core/analyze/runs/run-change.ts';
import {
  type SessionVariance,
  usedVariance,
  usualSession,
} from '../../src/core/analyze/runs/session-variance.ts';
import { studentQuantile } from '../../src/core/analyze/stats/distributions.ts';
import { holm } from '../../src/core/analyze/stats/holm.ts';
import { pairedCentre } from '../../src/core/analyze/stats/paired-centre.ts';
import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import { usualSpread } from '../../src/core/model/run/session-spread.ts';
import type { EstimatedMean } from '../../src/features/fleet/merge/stats/heterogeneity.ts';
import { logMeanOf } from '../../src/features/fleet/merge/stats/log-mean.ts';
import { sessionMeans } from '../../src/features/fleet/merge/stats/session-means.ts';
import { gaussian } from '../../test/core/analyze/simulated-run.ts';
import { beyond, type Page, type Part, percent, shareOf, worst } from './page.ts';
import { confidence, practical } from './policy.ts';
import { standard } from './reference-shape.ts';

const thresholds = { practical, alpha: 1 - confidence };
const words = { below: 'faster', above: 'slower' } as const;
const taus = [0, 0.02, 0.05, 0.1] as const;

/** Standard deviation of the log ratio of a block, crun ÷ runc, for each subject of inputs/cells.csv. */
const noises = standard.subjects.flatMap(({ arms }) => {
  const [own, reference] = ['crun', 'runc'].map((name) => arms.find(({ runtime }) => runtime === name));
  return own === undefined || reference === undefined ? [] : [Math.hypot(own.noise, reference.noise)];
});

/** How sessions differ. */
interface World {
  readonly name: string;
  /** Share of the variance between sessions that moves all subjects alike. */
  readonly alike: number;
  /** Subject → its spread, as a factor of the spread of the others. */
  readonly factor: (subject: number) => number;
}

const worlds: readonly World[] = [
  { name: 'each subject by itself', alike: 0, factor: () => 1 },
  { name: 'half of it moves all subjects alike', alike: 0.5, factor: () => 1 },
  { name: 'all subjects alike', alike: 1, factor: () => 1 },
  {
    name: 'one subject in five, three times as much',
    alike: 0,
    factor: (subject) => (subject % 5 === 0 ? 3 : 1),
  },
];

/** Blocks of one session of a subject whose true logarithm is 0. */
type Draw = (subject: number, shared: number) => number[];

function drawOf({ alike, factor }: World, tau: number, blocks: number, random: Random): Draw {
  return (subject, shared) => {
    const own = Math.sqrt(alike) * shared + Math.sqrt(1 - alike) * gaussian(random);
    const centre = tau * factor(subject) * own;
    const noise = noises[subject % noises.length] ?? 0;
    return Array.from({ length: blocks }, () => centre + noise * gaussian(random));
  };
}

/** What a run says of these blocks, as `combine` reads it. */
function meanOf(blocks: readonly number[]): EstimatedMean {
  const { estimate, low, high } = pairedCentre(blocks, confidence) ?? { estimate: 0, low: null, high: null };
  const ends = [low, high].map((end) => (end === null ? null : Math.exp(end)));
  const { mean, variance, df } = logMeanOf(
    Math.exp(estimate),
    ends[0] ?? null,
    ends[1] ?? null,
    blocks.length,
  );
  return { mean, variance: variance ?? Number.NaN, df };
}

/** So many sessions of all subjects. */
function sessionsOf(draw: Draw, subjects: number, sessions: number, random: Random): EstimatedMean[][] {
  const shared = Array.from({ length: sessions }, () => gaussian(random));
  return Array.from({ length: subjects }, (_, subject) => shared.map((each) => meanOf(draw(subject, each))));
}

const blocksOfRun = { quick: 8, standard: 20 } as const;

function coverage(page: Page, runs: number): void {
  page.text(
    `The interval of \`combine\` at 95 %: so many sessions with a spread of tau between them, and how often it holds the truth. Noise of a block as crun ÷ runc in inputs/cells.csv, ${runs} combinations a row, ten subjects each; “least”: the subject that is covered least. Limit: 93 %, for the row; 88 % below five sessions that move all subjects alike.`,
  );
  page.table([
    'sessions',
    'blocks',
    'sessions differ',
    'tau',
    'covered',
    'least',
    'half-width',
    'narrowest alone',
  ]);
  const subjects = 10;
  for (const world of worlds)
    for (const blocks of world === worlds[0] ? Object.values(blocksOfRun) : [blocksOfRun.standard])
      for (const sessions of [2, 3, 5, 10])
        for (const tau of taus) {
          if (tau === 0 && world !== worlds[0]) continue;
          const random = seededRandom(`sessions ${world.name} ${blocks} ${sessions} ${tau}`);
          const draw = drawOf(world, tau, blocks, random);
          const held = new Array<number>(subjects).fill(0);
          let [width, alone] = [0, 0];
          for (let run = 0; run < runs; run++) {
            const all = sessionsOf(draw, subjects, sessions, random);
            for (const [subject, { estimate, standardError, df }] of sessionMeans(all).entries()) {
              const half = -studentQuantile(thresholds.alpha / 2, df) * standardError;
              if (Math.abs(estimate) <= half) held[subject] = (held[subject] ?? 0) + 1;
              width += half / runs / subjects;
              const own = all[subject] ?? [];
              const halves = own.map(
                (each) => -studentQuantile(thresholds.alpha / 2, each.df) * Math.sqrt(each.variance),
              );
              alone += Math.min(...halves) / runs / subjects;
            }
          }
          const covered = held.reduce((sum, count) => sum + count, 0) / subjects / runs;
          page.row(
            [
              `${sessions}`,
              `${blocks}`,
              world.name,
              percent(tau),
              percent(covered),
              percent(Math.min(...held) / runs),
              ...[width, alone].map((half) => `±${percent(Math.expm1(half))}`),
            ],
            beyond(covered, runs * subjects, { least: world.alike === 1 && sessions < 5 ? 0.88 : 0.93 }),
          );
        }
}

/** Number of sessions of a combined.json; 0: `compare` knows none, and takes the usual spread. */
const knownSessions = [0, 3, 5, 10] as const;

/** About as many headlines as a standard run has in one runtime. */
const comparedSubjects = 22;

interface Comparisons {
  /** Known sessions → share of comparisons with a claim of a subject that did not change. */
  readonly wrong: readonly number[];
  /** Known sessions → share of comparisons that claim the step. */
  readonly found: readonly number[];
}

/** Two sessions of the same software, of which one subject costs a step more in the later one. */
function compared(world: World, tau: number, step: number, runs: number): Comparisons {
  const random = seededRandom(`sessions compare ${world.name} ${tau} ${step}`);
  const draw = drawOf(world, tau, blocksOfRun.standard, random);
  const subjects = comparedSubjects;
  const claims = Array.from({ length: runs }, (_, run) => {
    const changed = step === 0 ? null : run % subjects;
    const shared = [gaussian(random), gaussian(random)] as const;
    const pairs = Array.from({ length: subjects }, (_each, subject) => {
      const after = draw(subject, shared[1]).map((log) => (subject === changed ? log + step : log));
      return { was: draw(subject, shared[0]), is: after };
    });
    const all = sessionsOf(draw, subjects, Math.max(...knownSessions), random);
    return knownSessions.map((sessions) => {
      const variances = sessions === 0 ? null : variancesOf(all.map((own) => own.slice(0, sessions)));
      const found = pairs.map(({ was, is }, subject) =>
        runChange(was, is, { confidence, widening: 1 }, variances?.[subject] ?? usualSession),
      );
      const adjusted = holm(found.map(({ p }) => p ?? 1));
      const claimed = found.map(
        ({ logs }, subject) =>
          !['equivalent', 'inconclusive'].includes(
            decideVerdict(logs, adjusted[subject] ?? 1, thresholds, words),
          ),
      );
      return {
        wrong: claimed.some((isClaimed, subject) => isClaimed && subject !== changed),
        found: changed !== null && claimed[changed] === true,
      };
    });
  });
  const share = (of: 'wrong' | 'found') =>
    knownSessions.map((_, at) => shareOf(claims, (each) => each[at]?.[of] === true));
  return { wrong: share('wrong'), found: share('found') };
}

function variancesOf(subjects: readonly (readonly EstimatedMean[])[]): readonly SessionVariance[] {
  return sessionMeans(subjects).map(({ own, shared }, subject) =>
    usedVariance(subjects[subject]?.length ?? 0, own, shared),
  );
}

const knownHead = knownSessions.map((sessions) =>
  sessions === 0 ? 'usual spread' : `of ${sessions} sessions`,
);

function falseClaims(page: Page, runs: number): void {
  page.text(
    `\`compare\` of two standard runs (${blocksOfRun.standard} blocks) of the same software, ${comparedSubjects} subjects: share of ${runs} comparisons with any false claim, by what is known of the variance between sessions: the usual ±${percent(usualSpread - 1)}, or what so many sessions tell. Limit: 5 %, for the usual spread where sessions differ by no more; 10 % where three sessions know it, or all subjects move alike.`,
  );
  page.table(['sessions differ', 'tau', ...knownHead]);
  for (const world of worlds)
    for (const tau of taus) {
      if (tau === 0 && world !== worlds[0]) continue;
      const { wrong } = compared(world, tau, 0, runs);
      page.row(
        [world.name, percent(tau), ...wrong.map(percent)],
        worst(
          wrong.map((share, at) => {
            const widest = tau * Math.max(world.factor(0), world.factor(1));
            const isUnusual = at === 0 && widest > usualSpread - 1;
            const most = at === 1 || world.alike === 1 ? 0.1 : 0.05;
            return isUnusual ? 'none' : beyond(share, runs, { most });
          }),
        ),
      );
    }
}

function power(page: Page, runs: number): void {
  page.text(
    `The same where one subject costs a step more in the later run: share of ${runs} comparisons that claim it, each subject in turn. A claim needs an estimate beyond 5 %.`,
  );
  page.table(['step', 'tau', ...knownHead]);
  for (const step of [0.05, 0.1, 0.2, 0.5])
    for (const tau of taus.slice(0, 3)) {
      const [world] = worlds;
      if (world === undefined) continue;
      const { found } = compared(world, tau, Math.log1p(step), runs);
      page.row([`+${percent(step)}`, percent(tau), ...found.map(percent)]);
    }
}

/** Means over sessions, and what `compare` does with their variance. */
export const sessions: Part = {
  name: 'sessions',
  runs: 1000,
  write: (page, runs) => {
    coverage(page, runs);
    falseClaims(page, runs);
    power(page, runs);
  },
};
