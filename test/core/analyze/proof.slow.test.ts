import { describe, expect, test } from 'vitest';
import { isClaim, isRight } from '../../../bench/prove/conclusion.ts';
import { inDuet, shared } from '../../../bench/prove/duet.ts';
import { effectExcess, factorialCases } from '../../../bench/prove/effects.ts';
import { sampleExtended } from '../../../bench/prove/extended.ts';
import { factorialRuns } from '../../../bench/prove/factorial-runs.ts';
import { falseClaims } from '../../../bench/prove/false-claims.ts';
import { asMeasured, hosts, normalNoise } from '../../../bench/prove/host.ts';
import { type Outcome, simulate } from '../../../bench/prove/one-comparison.ts';
import { beyond, shareOf } from '../../../bench/prove/page.ts';
import { quick } from '../../../bench/prove/reference-shape.ts';
import { sampleRuns } from '../../../bench/prove/run-sample.ts';
import { crunCosts, equal } from '../../../bench/prove/truth.ts';
import { scenarios } from './simulated-run.ts';

/** As much of `npm run prove` as a test may cost. Seeds are fixed: what holds once holds always. */

test('runs that precision ends keep the level, and their intervals cover what they say', () => {
  const names = ['noise 5 %', 'drift 2 %/slot', 'autocorrelation 0.9'];
  const runs = 1000;
  const outcomes = scenarios
    .filter(({ name }) => names.includes(name))
    .map((scenario) => simulate(scenario, { preset: 'quick' }, runs));
  expect(outcomes).toHaveLength(names.length);
  const mean = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length;
  expect(mean(({ falsePositives }) => falsePositives)).toBeLessThan(0.06);
  expect(mean(({ covered }) => covered)).toBeGreaterThan(0.94);
});

test.each(['noise 5 %', 'drift 2 %/slot', 'two modes per trial, +30 %'])(
  'effects of options under %s are covered, and none is found where there is none',
  (name) => {
    const runs = 400;
    for (const scenario of scenarios.filter((each) => each.name === name))
      for (const design of factorialCases.filter(({ blocks }) => blocks === 12)) {
        const outcome = factorialRuns(design, scenario, runs);
        expect(effectExcess(outcome, runs), design.name).not.toBe('broken');
        expect(outcome.claimed, design.name).toBeGreaterThan(0.95);
      }
  },
);

describe('whole runs of quick', { timeout: 60_000 }, () => {
  const runs = 120;

  test.each(['as measured', 'noise 20 %', 'runtime 8× as noisy', 'drift 2 % a trial'])(
    'under %s: of a runtime that costs the same, no more than one run in twenty claims anything',
    (name) => {
      const host = hosts.find((each) => each.name === name) ?? asMeasured;
      for (const truth of [equal, crunCosts(1)]) {
        const { either } = falseClaims(sampleRuns(quick, truth, host, runs).conclusions, 'crun');
        expect(beyond(either, runs, { most: 0.05 })).not.toBe('broken');
      }
    },
  );

  // With as many blocks as values seem to scatter, they cover 93.9 %.
  test('intervals cover 95 %, also of comparisons that ended because they are clear', () => {
    const host = hosts.find(({ name }) => name === 'noise 20 %') ?? asMeasured;
    const { conclusions } = sampleRuns(quick, crunCosts(1), host, 4 * runs);
    const all = conclusions.flatMap(({ comparisons }) => comparisons);
    const own = all.filter(({ runtime }) => runtime === 'crun');
    expect(shareOf(own, ({ covered }) => covered === true)).toBeGreaterThan(0.944);
    const clear = all.filter(({ why }) => why === 'clear');
    expect(clear.length).toBeGreaterThan(runs);
    expect(shareOf(clear, ({ covered }) => covered === true)).toBeGreaterThan(0.94);
  });

  test('find what differs by 30 %', () => {
    // The recorded I/O scatters too much for it.
    const { conclusions } = sampleRuns(quick, crunCosts(1.3), normalNoise, runs);
    const crun = conclusions.flatMap(({ comparisons }) =>
      comparisons.filter(({ runtime }) => runtime === 'crun'),
    );
    expect(shareOf(crun, isRight)).toBeGreaterThan(0.95);
  });

  test('hardly claim anything where nothing differs, in duets and after an extension', () => {
    const duets = sampleRuns(inDuet(quick), equal, shared, runs / 4).conclusions;
    const extended = sampleExtended(quick, equal, asMeasured, runs / 6);
    for (const some of [duets, extended]) {
      const claims = some.filter(({ comparisons }) => comparisons.some(({ verdict }) => isClaim(verdict)));
      expect(beyond(claims.length / some.length, some.length, { most: (4 / 3) * 0.05 })).not.toBe('broken');
    }
  });
});
