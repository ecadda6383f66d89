import { pairedRatio } from '../../src/analyze/ratio.ts';
import { holm } from '../../src/analyze/stats/holm.ts';
import { type Scenario, scenarioRandom, simulateArms } from '../../test/analyze/simulated-run.ts';
import { family } from './trial-run.ts';

/**
 * Share of runs that make any claim although nothing differs. As in a verdict: 120 comparisons, Holm's adjustment,
 * interval and practical threshold.
 */
export function anyFalseClaim(scenario: Scenario, blocks: number, runs: number): number {
  const random = scenarioRandom(scenario, `families ${blocks}`);
  let wrong = 0;
  for (let i = 0; i < runs; i++) {
    const ratios = Array.from({ length: family }, () => {
      const { runtime, baseline } = simulateArms(scenario, random, blocks, 1);
      return pairedRatio(runtime, baseline, 0.95);
    });
    const adjusted = holm(ratios.map(({ p }) => p ?? 1));
    const claimed = ratios.some(({ ratio, low, high }, index) => {
      const excludes = low !== null && high !== null && (low > 1 || high < 1);
      return excludes && Math.abs(Math.log(ratio ?? 1)) > Math.log(1.05) && (adjusted[index] ?? 1) < 0.05;
    });
    if (claimed) wrong++;
  }
  return wrong / runs;
}
