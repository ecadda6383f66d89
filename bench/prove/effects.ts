import { scenarios } from '../../test/core/analyze/simulated-run.ts';
import { type FactorialCase, type FactorialOutcome, factorialRuns } from './factorial-runs.ts';
import { beyond, type Excess, type Part, percent, worst } from './page.ts';

/** Designs that people have: options with two values, a factor with three levels, a level that is refused. */
export const factorialCases: readonly FactorialCase[] = [
  { name: '2×2×2', levels: [2, 2, 2], blocks: 7 },
  { name: '2×2×2', levels: [2, 2, 2], blocks: 12 },
  { name: '3×2×2', levels: [3, 2, 2], blocks: 12 },
  { name: '2×2×2×2, a level refused', levels: [2, 2, 2, 2], blocks: 12, refused: { factor: 3, level: 1 } },
];

/** 95 % ± 1.5 %, as for one comparison: with 7 and 12 blocks the signed-rank interval covers 95.3 and 95.8 %. */
export function effectExcess(
  { covered, interactionsCovered, falsePositives, falseInteractions }: FactorialOutcome,
  runs: number,
): Excess {
  const shares = [...covered.values(), interactionsCovered].filter(Number.isFinite);
  const wrong = [falsePositives, falseInteractions].filter(Number.isFinite);
  return worst([
    ...shares.map((share) => beyond(share, runs, { least: 0.935, most: 0.965 })),
    ...wrong.map((share) => beyond(share, runs, { most: 0.06 })),
  ]);
}

const shown = (share: number) => (Number.isFinite(share) ? percent(share) : '–');

/** Effects of options that are told by a design. */
export const effects: Part = {
  name: 'effects',
  runs: 4000,
  write: (page, runs) => {
    page.text(
      `Main effects that truly are 0, 5 and 20 %, and interactions that are none, by the design and the host, ${runs} runs a row:`,
    );
    page.table([
      'design',
      'blocks',
      'host',
      'covered: 0 %',
      '5 %',
      '20 %',
      'interactions',
      'p < 0.05 of 0 %',
      'of interactions',
      '20 % claimed',
    ]);
    for (const design of factorialCases)
      for (const scenario of scenarios) {
        const outcome = factorialRuns(design, scenario, runs);
        const { covered, interactionsCovered, falsePositives, falseInteractions, claimed } = outcome;
        const shares = [...covered.values(), interactionsCovered, falsePositives, falseInteractions, claimed];
        page.row(
          [design.name, `${design.blocks}`, scenario.name, ...shares.map(shown)],
          effectExcess(outcome, runs),
        );
      }
  },
};
