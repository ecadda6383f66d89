import { type Conclusion, isClaim, isFalse, isRight, type Judged } from './conclusion.ts';
import { inDuet, shared } from './duet.ts';
import { sampleExtended } from './extended.ts';
import { falseClaims } from './false-claims.ts';
import { asMeasured, type Host, hosts } from './host.ts';
import { beyond, type Page, type Part, percent, shareOf, worst } from './page.ts';
import { quick, standard } from './reference-shape.ts';
import { sampleRuns } from './run-sample.ts';
import type { Shape } from './shape.ts';
import { crunCosts, crunStarts, equal, type Truth } from './truth.ts';

const alpha = 0.05;
/** A run of `standard` takes as long to simulate as so many of `quick`. */
const standardCosts = 6;

interface Kind {
  readonly shape: Shape;
  readonly truth: Truth;
  readonly host: Host;
  /** Somebody extends the run after a look at it. */
  readonly extended?: true;
  /** Times as many runs. */
  readonly times?: number;
}

/** Hosts on which `standard` is simulated as well. */
const ofStandard = new Set(['as measured', 'noise 20 %', 'runtime 8× as noisy', 'drift 2 % a trial']);

const kinds: readonly Kind[] = [
  ...hosts.flatMap((host) => [equal, crunCosts(1)].map((truth) => ({ shape: quick, truth, host }))),
  { shape: inDuet(quick), truth: equal, host: shared },
  { shape: quick, truth: equal, host: asMeasured, extended: true },
  ...hosts
    .filter(({ name }) => ofStandard.has(name))
    .flatMap((host) => [equal, crunCosts(1)].map((truth) => ({ shape: standard, truth, host }))),
  { shape: standard, truth: crunStarts(0.8), host: asMeasured, times: 4 },
];

/** Comparisons of all kinds of runs, by the kind of host. */
type ByHost = Map<string, Judged[]>;

function falseClaimsTable(page: Page, runs: number): ByHost {
  page.text('Whole runs. False claims, and the intervals of all comparisons:');
  page.table([
    ...['run', 'host', 'truth', 'runs', 'blocks', 'any false claim', 'average over families with a claim'],
    ...['of all claims', 'of a category', 'covered'],
  ]);
  const byHost: ByHost = new Map();
  for (const { shape, truth, host, extended = false, times = 1 } of kinds) {
    const n = times * (shape === standard ? Math.ceil(runs / standardCosts) : runs);
    const sample = extended ? null : sampleRuns(shape, truth, host, n);
    const conclusions = sample?.conclusions ?? sampleExtended(shape, truth, host, n);
    const all = conclusions.flatMap(({ comparisons }) => comparisons);
    if (!extended) byHost.set(host.name, [...(byHost.get(host.name) ?? []), ...all]);
    const { any, selected, ofClaims, category } = falseClaims(conclusions);
    const intervals = all.filter(({ covered }) => covered !== null);
    const cells = [
      ...[extended ? `${shape.name}, extended` : shape.name, host.name, truth.name, `${n}`],
      sample?.blocks.toFixed(1) ?? '',
      ...[any, selected, ofClaims, category, shareOf(intervals, ({ covered }) => covered === true)].map(
        percent,
      ),
    ];
    // Looks together claim falsely at most at 4/3·α.
    const most = extended ? (4 / 3) * alpha : alpha;
    page.row(cells, worst([selected, category].map((share) => beyond(share, n, { most }))));
  }
  return byHost;
}

function coverageTable(page: Page, byHost: ByHost): void {
  const ends = ['clear', 'precise', 'time'] as const;
  page.text('How often an interval covers the truth, by what ended its comparison (share of comparisons):');
  page.table(['host', ...ends.map((why) => `ended: ${why}`)]);
  for (const [host, all] of byHost) {
    const cells = ends.map((end) => {
      const ended = all.filter(({ why, covered }) => why === end && covered !== null);
      if (ended.length < 100) return '–';
      return `${percent(shareOf(ended, ({ covered }) => covered === true))} (${percent(ended.length / all.length)})`;
    });
    page.row([host, ...cells]);
  }
}

function powerTable(page: Page, runs: number): void {
  page.text('What is said of crun where it truly costs more in every subject, on the host as measured:');
  page.table([
    ...['run', 'difference', 'runs', 'comparisons claimed', 'equivalent', 'right', 'wrong direction or none'],
    'categories claimed',
  ]);
  for (const shape of [quick, standard])
    for (const effect of [0.02, 0.05, 0.1, 0.3]) {
      const n = shape === standard ? Math.ceil(runs / standardCosts) : runs;
      const { conclusions } = sampleRuns(shape, crunCosts(1 + effect), asMeasured, n);
      const own = conclusions.flatMap(({ comparisons }) =>
        comparisons.filter(({ runtime }) => runtime === 'crun'),
      );
      const shares = [
        shareOf(own, ({ verdict }) => isClaim(verdict)),
        shareOf(own, ({ verdict }) => verdict === 'equivalent'),
        shareOf(own, isRight),
        shareOf(own, isFalse),
        shareOf(categoriesOf(conclusions), ({ verdict }) => verdict === 'slower' || verdict === 'more'),
      ];
      page.row([shape.name, `+${(100 * effect).toFixed(0)} %`, `${n}`, ...shares.map(percent)]);
    }
}

function categoriesOf(conclusions: readonly Conclusion[]) {
  return conclusions.flatMap(({ categories }) => categories.filter(({ runtime }) => runtime === 'crun'));
}

/** Whole runs by the product's own rules, from the first block to the last verdict. */
export const wholeRuns: Part = {
  name: 'runs',
  runs: 600,
  write: (page, runs) => {
    coverageTable(page, falseClaimsTable(page, runs));
    powerTable(page, runs);
  },
};
