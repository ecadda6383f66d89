import type { Judged } from './conclusion.ts';
import { inDuet, shared } from './duet.ts';
import { sampleExtended } from './extended.ts';
import { falseClaims } from './false-claims.ts';
import { asMeasured, type Host, hosts, normalNoise } from './host.ts';
import { beyond, type Excess, type Page, type Part, percent, shareOf, worst } from './page.ts';
import { quick, standard } from './reference-shape.ts';
import { sampleRuns } from './run-sample.ts';
import type { Shape } from './shape.ts';
import { crunCosts, crunStarts, equal, type Truth } from './truth.ts';

const alpha = 0.05;

interface Kind {
  readonly shape: Shape;
  readonly truth: Truth;
  readonly host: Host;
  /** Somebody extends the run after a look at it. */
  readonly extended?: true;
}

/** Hosts on which `standard` is simulated as well. */
const ofStandard = new Set([
  'as measured',
  'runtime 8× as noisy',
  'outliers, one in 20 up to 5×',
  'drift 2 % a trial',
]);
const forStandard = hosts.filter(({ name }) => ofStandard.has(name));

const kinds: readonly Kind[] = [
  ...hosts.flatMap((host) => [equal, crunCosts(1)].map((truth) => ({ shape: quick, truth, host }))),
  { shape: inDuet(quick), truth: equal, host: shared },
  { shape: quick, truth: equal, host: asMeasured, extended: true },
  ...forStandard.flatMap((host) =>
    [equal, crunStarts(0.8)].map((truth) => ({ shape: standard, truth, host })),
  ),
];

function falseClaimsTable(page: Page, runs: number): void {
  page.text(
    `Whole runs, ${runs} a row. Share of runs that claim anything false of crun, and the intervals of all comparisons:`,
  );
  page.table([
    'run',
    'host',
    'truth',
    'blocks',
    'a workload',
    'a category',
    'either',
    'either, of any runtime',
    'covered',
  ]);
  for (const { shape, truth, host, extended = false } of kinds) {
    const sample = extended ? null : sampleRuns(shape, truth, host, runs);
    const conclusions = sample?.conclusions ?? sampleExtended(shape, truth, host, runs);
    const intervals = conclusions.flatMap(({ comparisons }) =>
      comparisons.filter(({ covered }) => covered !== null),
    );
    const crun = falseClaims(conclusions, 'crun');
    const covered = shareOf(intervals, (each) => each.covered === true);
    const cells = [
      extended ? `${shape.name}, extended` : shape.name,
      host.name,
      truth.name,
      sample?.blocks.toFixed(1) ?? '',
      ...[crun.rows, crun.categories, crun.either, falseClaims(conclusions).either, covered].map(percent),
    ];
    // Looks together claim falsely at most at 4/3·α.
    const most = extended ? (4 / 3) * alpha : alpha;
    page.row(cells, worst([beyond(crun.either, runs, { most }), beyond(covered, runs, { least: 0.93 })]));
  }
}

const bands = [
  ['6 pairs', (pairs) => pairs <= 6],
  ['7 to 10', (pairs) => pairs > 6 && pairs <= 10],
  ['11 to 20', (pairs) => pairs > 10 && pairs <= 20],
  ['more', (pairs) => pairs > 20],
] as const satisfies readonly (readonly [string, (pairs: number) => boolean])[];

/** Coverage of the comparisons that ended as `clear`, in each band of pairs. */
function coverageTable(page: Page, runs: number): void {
  page.text(
    `How often an interval covers the truth, of comparisons that ended as \`clear\` (${runs} runs a row), and of all others, each with its number. Limit: 93 % of those that ended at 6 pairs, and of all that ended as \`clear\`, of both runtimes. A band of more pairs holds those that earlier looks left open, so that it alone describes.`,
  );
  page.table(['run', 'host', 'truth', 'runtime', ...bands.map(([name]) => name), 'all clear', 'all others']);
  const samples = [
    ...[crunStarts(0.8), crunStarts(0.85), crunCosts(1.1)].map((truth) => ({ shape: quick, truth })),
    ...[crunStarts(0.8), crunCosts(1.1)].map((truth) => ({ shape: standard, truth })),
  ].flatMap((each) => [asMeasured, normalNoise].map((host) => ({ ...each, host })));
  for (const { shape, truth, host } of samples) {
    const all = sampleRuns(shape, truth, host, runs).conclusions.flatMap(({ comparisons }) => comparisons);
    const judged = all.filter(({ covered }) => covered !== null);
    const excess = worst([sixPairs, anyPairs].map((isIn) => coverageExcess(judged, isIn)));
    for (const isCrun of [true, false]) {
      const own = judged.filter(({ runtime }) => (runtime === 'crun') === isCrun);
      const found = [
        ...bands.map(([, isIn]) => clearOnes(own, isIn)),
        clearOnes(own, anyPairs),
        own.filter(({ why }) => why !== 'clear'),
      ];
      const cells = [
        shape.name,
        host.name,
        truth.name,
        isCrun ? 'crun' : 'gVisor',
        ...found.map(coverageCell),
      ];
      page.row(cells, excess);
    }
  }
}

const isCovered = ({ covered }: Judged) => covered === true;
const anyPairs = () => true;
const [[, sixPairs]] = bands;

function clearOnes(judged: readonly Judged[], isIn: (pairs: number) => boolean): readonly Judged[] {
  return judged.filter(({ why, pairs }) => why === 'clear' && isIn(pairs));
}

function coverageExcess(judged: readonly Judged[], isIn: (pairs: number) => boolean): Excess {
  const clear = clearOnes(judged, isIn);
  return clear.length === 0 ? 'none' : beyond(shareOf(clear, isCovered), clear.length, { least: 0.93 });
}

function coverageCell(judged: readonly Judged[]): string {
  return judged.length === 0 ? '–' : `${percent(shareOf(judged, isCovered))} (${judged.length})`;
}

/** How often "no difference" is said of what differs by more than the band. It is not corrected for the number of comparisons. */
function equivalenceTable(page: Page, runs: number): void {
  page.text(
    `How often "no difference" is said of crun where it truly costs more in every test, by more than ±5 % (${runs} runs a row):`,
  );
  page.table(['run', 'host', 'truth', 'of a test', 'runs with such a test', 'runs with such a category']);
  for (const shape of [quick, standard])
    for (const truth of [crunCosts(1.06), crunCosts(1.1)]) {
      const { conclusions } = sampleRuns(shape, truth, asMeasured, runs);
      const isSame = ({ runtime, verdict }: { readonly runtime: string; readonly verdict: string }) =>
        runtime === 'crun' && verdict === 'equivalent';
      const rows = conclusions.flatMap(({ comparisons }) =>
        comparisons.filter(({ runtime }) => runtime === 'crun'),
      );
      const shares = [
        shareOf(rows, isSame),
        shareOf(conclusions, ({ comparisons }) => comparisons.some(isSame)),
        shareOf(conclusions, ({ categories }) => categories.some(isSame)),
      ];
      page.row([shape.name, asMeasured.name, truth.name, ...shares.map(percent)]);
    }
}

/** What whole runs claim falsely, and what their intervals cover, by the product's own rules. */
export const wholeRuns: Part = {
  name: 'runs',
  runs: 1000,
  write: (page, runs) => {
    falseClaimsTable(page, runs);
    coverageTable(page, runs);
    equivalenceTable(page, runs);
  },
};
