import { hostile, type Scenario, scenarios } from '../../test/core/analyze/simulated-run.ts';
import { type Outcome, precision, type Stopping, simulate } from './one-comparison.ts';
import { beyond, type Excess, type Page, type Part, percent, worst } from './page.ts';

/** The blocks of `quick` and `lab` are those of `standard`. */
const stoppings: readonly Stopping[] = [
  ...[7, 8, 10, 20].map((blocks) => ({ blocks })),
  ...(['standard', 'full'] as const).map((preset) => ({ preset })),
];

/** 95 % ± 1.5 %. With 8 blocks no interval lies between 93.8 and 96.1 %, and the wider one is used. */
function excessOf(stopping: Stopping, { falsePositives, covered }: Outcome, runs: number): Excess {
  const most = 'blocks' in stopping && stopping.blocks === 8 ? 0.976 : 0.965;
  return worst([beyond(falsePositives, runs, { most: 0.06 }), beyond(covered, runs, { least: 0.935, most })]);
}

function table(page: Page, hosts: readonly Scenario[], runs: number, mustHold: boolean): void {
  page.table([
    'host',
    'blocks',
    'p < 0.05',
    'claimed',
    'covered',
    '+2 %',
    '+5 %',
    '+10 %',
    '+10 % of 120',
    '+50 % of 120',
  ]);
  for (const scenario of hosts)
    for (const stopping of stoppings) {
      const outcome = simulate(scenario, stopping, runs);
      const { blocks, falsePositives, falseClaims, covered, found, foundAmongMany } = outcome;
      const cells = [
        scenario.name,
        'blocks' in stopping ? `${stopping.blocks}` : `${stopping.preset}: ${blocks.toFixed(1)}`,
        ...[falsePositives, falseClaims, covered].map(percent),
        ...[0.02, 0.05, 0.1].map((effect) => percent(found.get(effect) ?? 0)),
        ...[0.1, 0.5].map((effect) => percent(foundAmongMany.get(effect) ?? 0)),
      ];
      page.row(cells, mustHold ? excessOf(stopping, outcome, runs) : 'none');
    }
}

/** One comparison on many kinds of hosts. */
export const levels: Part = {
  name: 'levels',
  runs: 10_000,
  write: (page, runs) => {
    page.text(
      `${runs} runs a row; target half-width ${percent(precision)} where a preset’s \`decide\` ends the run (mean blocks).`,
    );
    table(page, scenarios, runs, true);
    const fewer = Math.ceil(runs / 5);
    page.text(`Hosts that break an assumption, ${fewer} runs a row:`);
    table(page, hostile, fewer, false);
  },
};
