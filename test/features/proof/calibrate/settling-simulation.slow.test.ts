import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import {
  type Allowance,
  intervalOf,
  settledBy,
  verdictOf,
} from '../../../../src/features/proof/calibrate/allowance.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';

/** Errors in units of the tolerance. */
const equal: Allowance = { relation: 'equal', limit: 1, precise: 0.5 };

const shapes = {
  normal: gaussian,
  /** One pair in ten scatters six times as much: something else ran on the host. */
  disturbed: (random: () => number) => (random() < 0.1 ? 6 : 1) * gaussian(random),
  laplace: (random: () => number) => Math.log(1 - random()) - Math.log(1 - random()),
};

/** The verdicts of simulated calibrations that end after `most` pairs at the latest, as fractions, and their mean number of pairs. */
function simulated(shape: keyof typeof shapes, bias: number, scatter: number, times: number, most = 60) {
  const random = seededRandom(`${shape} ${bias} ${scatter}`);
  const count = { pass: 0, fail: 0, inconclusive: 0, absent: 0 };
  let pairs = 0;
  for (let i = 0; i < times; i++) {
    const seen: number[] = [];
    do seen.push(bias + scatter * shapes[shape](random));
    while (seen.length < most && settledBy(seen, equal) === null);
    pairs += seen.length;
    const interval = intervalOf(seen);
    if (interval !== null) count[verdictOf(interval, equal)]++;
  }
  return { passed: count.pass / times, failed: count.fail / times, pairs: pairs / times };
}

describe.each(Object.keys(shapes) as (keyof typeof shapes)[])('instruments whose errors are %s', (shape) => {
  const scatters = [0.1, 0.3, 0.6, 1, 1.5];

  test.each(scatters)(
    'with an error of the whole tolerance pass in at most 5 percent (scatter %f)',
    (scatter) => {
      expect(simulated(shape, scatter < 1 ? -1 : 1, scatter, 1000).passed).toBeLessThanOrEqual(0.05);
    },
  );

  test.each([6, 8, 12, 20])(
    'with an error of the whole tolerance pass no more often where time ends them after %d pairs',
    (most) => {
      expect(simulated(shape, 1, 0.6, 1000, most).passed).toBeLessThanOrEqual(0.05);
      expect(simulated(shape, 1, 1, 1000, most).passed).toBeLessThanOrEqual(0.05);
    },
  );

  test.each([1.5, 2])('with an error of %f tolerances almost never pass, and mostly fail', (bias) => {
    const { passed, failed } = simulated(shape, bias, 0.6, 500);
    expect(passed).toBeLessThanOrEqual(0.002);
    expect(failed).toBeGreaterThanOrEqual(bias > 1.5 ? 0.95 : 0.5);
  });

  test.each([0.1, 0.3, 0.6])('without an error pass in at least 95 percent (scatter %f)', (scatter) => {
    const { passed, failed } = simulated(shape, 0, scatter, 1000);
    expect(passed).toBeGreaterThanOrEqual(0.95);
    expect(failed).toBe(0);
  });
});

test('a normal instrument passes in 95 % at a scatter as large as the tolerance', () => {
  expect(simulated('normal', 0, 1, 1000).passed).toBeGreaterThanOrEqual(0.95);
});

test('an error near nothing costs far fewer pairs than one at the limit', () => {
  const { pairs } = simulated('normal', 0, 1, 500);
  expect(pairs).toBeLessThan(0.85 * simulated('normal', 1, 1, 500).pairs);
});
