import { median } from 'simple-statistics';
import { blocksForRatio } from '../../src/core/analyze/claims/needs.ts';
import { hodgesLehmann } from '../../src/core/analyze/stats/hodges-lehmann.ts';
import { pairedTest } from '../../src/core/analyze/stats/paired-centre.ts';
import { signedRankTest } from '../../src/core/analyze/stats/signed-rank.ts';
import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import { gaussian, outlier } from '../../test/core/analyze/simulated-run.ts';
import { beyond, type Page, type Part, percent, worst } from './page.ts';
import { confidence, practical } from './policy.ts';
import { recordedResiduals } from './reference-shape.ts';

/** Log ratios of pairs of which nothing differs. */
interface PairNoise {
  readonly name: string;
  readonly draw: (random: Random) => number;
}

const recorded = (category: string): PairNoise => {
  const all = recordedResiduals(category);
  const one = (random: Random) => all[Math.floor(random() * all.length)] ?? 0;
  return {
    name: `recorded, ${category}`,
    draw: (random) => (0.1 * (one(random) - one(random))) / Math.SQRT2,
  };
};

const noises: readonly PairNoise[] = [
  { name: 'normal', draw: (random) => 0.1 * gaussian(random) },
  ...['startup', 'app', 'io', 'syscall'].map(recorded),
  {
    name: 'outliers, one trial in 20 up to 5×',
    draw: (random) => 0.1 * gaussian(random) + outlier(random) - outlier(random),
  },
  {
    name: 'skewed, both arms',
    draw: (random) => (0.1 * (Math.log1p(-random()) - Math.log1p(-random()))) / Math.SQRT2,
  },
];

const tests = {
  t: (pairs: readonly number[]) => pairedTest(pairs)?.t.p ?? 1,
  'signed rank': (pairs: readonly number[]) => signedRankTest(pairs).p,
  combined: (pairs: readonly number[]) => pairedTest(pairs)?.p ?? 1,
};

function testsTable(page: Page, runs: number): void {
  page.text(
    `The tests of one comparison, ${runs} runs a row: p < 0.05 where nothing differs, and where the runtime costs 10 % more.`,
  );
  const names = Object.keys(tests);
  page.table([
    'noise',
    'pairs',
    ...names.map((name) => `${name}: nothing`),
    ...names.map((name) => `${name}: +10 %`),
  ]);
  for (const { name, draw } of noises)
    for (const n of [12, 20]) {
      const random = seededRandom(`prove pairs ${name} ${n}`);
      const counts = Object.values(tests).map(() => ({ nothing: 0, found: 0 }));
      for (let run = 0; run < runs; run++) {
        const pairs = Array.from({ length: n }, () => draw(random));
        const shifted = pairs.map((log) => log + Math.log(1.1));
        Object.values(tests).forEach((test, at) => {
          const own = counts[at];
          if (own === undefined) return;
          if (test(pairs) < 0.05) own.nothing++;
          if (test(shifted) < 0.05) own.found++;
        });
      }
      const shares = counts.map(({ nothing }) => nothing / runs);
      const found = counts.map(({ found }) => found / runs);
      const [, , combined = 0] = shares;
      page.row(
        [name, `${n}`, ...[...shares, ...found].map(percent)],
        beyond(combined, runs, { most: 0.055 }),
      );
    }
}

/** The number of pairs at which half of all intervals are as narrow as ±`half`. */
function needed(draw: PairNoise['draw'], half: number, random: Random): number {
  const isEnough = (n: number) => {
    const widths = Array.from({ length: 301 }, () => {
      const { low, high } = hodgesLehmann(
        Array.from({ length: n }, () => draw(random)),
        confidence,
      );
      return ((high ?? Number.POSITIVE_INFINITY) - (low ?? 0)) / 2;
    });
    return median(widths) <= half;
  };
  let n = 6;
  while (!isEnough(n)) n = Math.ceil(n * 1.04);
  return n;
}

/** The limits of said ÷ needed, in the median. */
const limits = { least: 0.8, most: 1.3 };

function needsTable(page: Page, runs: number): void {
  page.text(
    `What an inconclusive comparison is said to need, ÷ what it needs (half of all intervals as narrow as ±${percent(practical)}), ${runs} runs a row:`,
  );
  page.table(['noise', 'needed pairs', 'pairs so far', 'said ÷ needed: median', '10 %', '90 %']);
  const half = Math.log1p(practical);
  for (const { name, draw } of noises) {
    // Twice the noise, so that much is still to be measured.
    const wide = (random: Random) => 2 * draw(random);
    const all = needed(wide, half, seededRandom(`prove needed ${name}`));
    for (const n of [6, 8, 12, 20]) {
      const random = seededRandom(`prove needs ${name} ${n}`);
      const said = Array.from({ length: runs }, () => {
        const logs = Array.from({ length: n }, () => wide(random));
        return blocksForRatio(logs, half, confidence) / all;
      }).toSorted((a, b) => a - b);
      const at = (share: number) => said[Math.floor(share * runs)] ?? Number.NaN;
      const middle = at(0.5);
      const excess = middle >= limits.least && middle <= limits.most ? 'none' : 'broken';
      page.row(
        [name, `${all}`, `${n}`, ...[middle, at(0.1), at(0.9)].map((one) => one.toFixed(2))],
        worst([excess]),
      );
    }
  }
}

/** The test of one comparison, and what it is said to need. */
export const pairs: Part = {
  name: 'pairs',
  runs: 10_000,
  write: (page, runs) => {
    testsTable(page, runs);
    needsTable(page, Math.ceil(runs / 10));
  },
};
