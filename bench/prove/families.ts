import { adjustFamilies, type ComparisonFamily, headlineFamily } from '../../src/core/analyze/families.ts';
import { pairedRatio } from '../../src/core/analyze/ratio.ts';
import { decideVerdict } from '../../src/core/analyze/verdict.ts';
import {
  hostile,
  type Scenario,
  scenarioRandom,
  scenarios,
  simulateArms,
} from '../../test/core/analyze/simulated-run.ts';
import { beyond, type Part, percent, worst } from './page.ts';
import { confidence, practical } from './policy.ts';

const thresholds = { practical, alpha: 1 - confidence };
const words = { below: 'faster', above: 'slower' } as const;

/** The families of 120 headlines: three runtimes, five categories of 12, 12, 8, 5 and 3 subjects. */
const places: readonly ComparisonFamily[] = ['crun', 'runsc', 'runsc-ptrace'].flatMap((runtime) =>
  (
    [
      ['startup', 12],
      ['app', 12],
      ['syscall', 8],
      ['io', 5],
      ['network', 3],
    ] as const
  ).flatMap(([category, subjects]) =>
    Array.from({ length: subjects }, () => headlineFamily({ runtime, category, layer: 'docker' }, 1)),
  ),
);

/** Share of runs that make any claim although nothing differs: 120 comparisons, corrected and decided as in a run. */
function anyFalseClaim(scenario: Scenario, blocks: number, runs: number): number {
  const random = scenarioRandom(scenario, `families ${blocks}`);
  let wrong = 0;
  for (let i = 0; i < runs; i++) {
    const ratios = places.map((family) => {
      const { runtime, baseline } = simulateArms(scenario, random, blocks, 1);
      return { family, ...pairedRatio(runtime, baseline, confidence) };
    });
    const adjusted = adjustFamilies(ratios.map(({ family, p }) => (p === null ? null : { family, p })));
    const verdicts = ratios.map(({ logs }, at) =>
      decideVerdict(logs, adjusted[at]?.p ?? null, thresholds, words),
    );
    if (verdicts.some((verdict) => verdict === words.below || verdict === words.above)) wrong++;
  }
  return wrong / runs;
}

/** Any claim in runs of many comparisons though nothing differs. */
export const families: Part = {
  name: 'families',
  runs: 1000,
  write: (page, runs) => {
    page.text(
      `Any claim among ${places.length} comparisons in 15 families though nothing differs, corrected by Benjamini and Bogomolov’s method, ${runs} runs (hosts after "drift, outliers and modes" break an assumption):`,
    );
    const counts = [8, 10, 20];
    page.table(['host', ...counts.map((blocks) => `${blocks} blocks`)]);
    for (const scenario of [...scenarios, ...hostile]) {
      const shares = counts.map((blocks) => anyFalseClaim(scenario, blocks, runs));
      const excess = scenarios.includes(scenario)
        ? worst(shares.map((share) => beyond(share, runs, { most: 0.05 })))
        : 'none';
      page.row([scenario.name, ...shares.map(percent)], excess);
    }
  },
};
