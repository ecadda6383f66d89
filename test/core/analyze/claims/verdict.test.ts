import { describe, expect, test } from 'vitest';
import {
  decideByDifference,
  decideVerdict,
  type VerdictEstimate,
} from '../../../../src/core/analyze/claims/verdict.ts';
import type { BlockDifference } from '../../../../src/core/analyze/rows/ratio.ts';
import type { Verdict } from '../../../../src/core/model/analysis/analysis.ts';
import { verdictWords } from '../../../../src/core/model/analysis/cost-ratio.ts';
import type { Better, Unit } from '../../../../src/core/model/workload/metric.ts';

const thresholds = { practical: 0.05, alpha: 0.05 };
const words = { below: 'faster', above: 'slower' } as const;

const judged = (
  estimate: number,
  bounds: readonly [low: number | null, high: number | null],
  narrow: readonly [low: number | null, high: number | null] = bounds,
  of: (value: number) => number = Math.log,
): VerdictEstimate => {
  const [low, high, low90, high90] = [...bounds, ...narrow].map((bound) =>
    bound === null ? null : of(bound),
  );
  return {
    estimate: of(estimate),
    low: low ?? null,
    high: high ?? null,
    low90: low90 ?? null,
    high90: high90 ?? null,
  };
};

describe('the verdict', () => {
  test.each<[what: string, ratio: number, low: number, high: number, p: number | null, verdict: Verdict]>([
    ['clearly above', 1.5, 1.4, 1.6, 0.01, 'slower'],
    ['clearly below', 0.5, 0.4, 0.6, 0.01, 'faster'],
    ['above, but p adjusted too large', 1.5, 1.4, 1.6, 0.05, 'inconclusive'],
    ['above, without p', 1.5, 1.4, 1.6, null, 'inconclusive'],
    ['interval holds 1', 1.5, 0.9, 2.5, 0.01, 'inconclusive'],
    ['interval touches 1', 1.5, 1, 2.5, 0.01, 'inconclusive'],
    ['interval touches 1 from below', 0.5, 0.3, 1, 0.01, 'inconclusive'],
    ['excludes 1, but too small to matter', 1.04, 1.01, 1.08, 0.001, 'inconclusive'],
    ['just the practical threshold', 1.05, 1.01, 1.08, 0.001, 'inconclusive'],
    ['just beyond the practical threshold', 1.051, 1.01, 1.08, 0.001, 'slower'],
    ['just beyond the inverse threshold', 1 / 1.051, 1 / 1.08, 0.99, 0.001, 'faster'],
    [
      'a fall of 4.9 % is within the band, whose lower edge is 1/1.05',
      0.953,
      0.92,
      0.99,
      0.001,
      'inconclusive',
    ],
    ['wholly inside the band', 1, 0.97, 1.03, 0.9, 'equivalent'],
    ['wholly inside the band, though significant', 1.02, 1.01, 1.03, 0.001, 'equivalent'],
    ['on the edges of the band', 1, 1 / 1.05, 1.05, 0.9, 'equivalent'],
    ['partly outside the band', 1, 0.97, 1.06, 0.9, 'inconclusive'],
    ['all equal', 1, 1, 1, 1, 'equivalent'],
  ])('%s', (_, ratio, low, high, p, verdict) => {
    expect(decideVerdict(judged(ratio, [low, high]), p, thresholds, words)).toBe(verdict);
  });

  test('without an interval, or without a ratio, is open', () => {
    expect(decideVerdict(judged(3, [null, null]), null, thresholds, words)).toBe('inconclusive');
    expect(decideVerdict(null, null, thresholds, words)).toBe('inconclusive');
  });

  test('is equivalent by the 90 % interval, and a claim by the 95 % interval', () => {
    expect(decideVerdict(judged(1, [0.94, 1.06], [0.96, 1.04]), 0.9, thresholds, words)).toBe('equivalent');
    expect(decideVerdict(judged(1, [0.94, 1.06], [0.96, 1.06]), 0.9, thresholds, words)).toBe('inconclusive');
    expect(decideVerdict(judged(1.2, [0.99, 1.4], [1.02, 1.3]), 0.01, thresholds, words)).toBe(
      'inconclusive',
    );
  });
});

describe('the verdict on a difference', () => {
  const number = (value: number) => value;
  const test12 = { t: { n: 12, mean: 1, se: 1, p: 0.01 }, rankP: 0.01, agree: true, p: 0.01 };
  const difference = (baseline: number, ...given: Parameters<typeof judged>): BlockDifference => ({
    centre: { ...judged(given[0], given[1], given[2], number), test: test12 },
    baseline,
  });

  test.each<[what: string, given: BlockDifference, p: number, verdict: Verdict]>([
    ['more where the baseline has nothing', difference(0, 105, [100, 111]), 0.01, 'slower'],
    ['less than nothing', difference(0, -105, [-111, -100]), 0.01, 'faster'],
    ['the interval holds 0', difference(0, 5, [-1, 9]), 0.01, 'inconclusive'],
    ['p is too large', difference(0, 105, [100, 111]), 0.05, 'inconclusive'],
    ['most differences are 0, but not all', difference(0, 0, [0, 0]), 1, 'inconclusive'],
    ['within 5 % of a baseline of 100', difference(100, 4, [3, 4.9]), 0.01, 'equivalent'],
    ['within 5 % of a baseline of −100', difference(-100, 4, [3, 4.9]), 0.01, 'equivalent'],
    ['beyond 5 % of a baseline of 100', difference(100, 6, [3, 9]), 0.01, 'slower'],
    ['not beyond 5 % of a baseline of 100', difference(100, 5, [3, 9]), 0.01, 'inconclusive'],
  ])('%s', (_, given, p, verdict) => {
    expect(decideByDifference(given, p, thresholds, words)).toBe(verdict);
  });

  test('that never was is equivalent, whatever the baseline', () => {
    const never = {
      centre: {
        ...judged(0, [0, 0], [0, 0], number),
        test: { t: { n: 12, mean: 0, se: 0, p: 1 }, rankP: 1, agree: true, p: 1 },
      },
      baseline: 0,
    };
    expect(decideByDifference(never, 1, thresholds, words)).toBe('equivalent');
  });
});

describe('the words for a ratio below and above 1', () => {
  test.each<[metric: string, unit: Unit, better: Better, below: Verdict, above: Verdict]>([
    ['startup.to_output', 'ns', 'lower', 'faster', 'slower'],
    ['call.cost', 'ns/op', 'lower', 'faster', 'slower'],
    ['requests', 'ops/s', 'higher', 'slower', 'faster'],
    ['throughput', 'bytes/s', 'higher', 'slower', 'faster'],
    ['throughput', 'bytes/s', 'neither', 'slower', 'faster'],
    ['cpu.events', 'ops/s', 'higher', 'slower', 'faster'],
    ['uptime', 'ns', 'higher', 'slower', 'faster'],
    ['cpu.usage', 'ns', 'lower', 'less', 'more'],
    ['engine.cpu', 'ns', 'lower', 'less', 'more'],
    ['total.cpu', 'ns', 'lower', 'less', 'more'],
    ['pressure.cpu.some', 'ns', 'lower', 'less', 'more'],
    ['memory.peak', 'bytes', 'lower', 'less', 'more'],
    ['pids.peak', 'count', 'neither', 'less', 'more'],
    ['idle.share', 'ratio', 'lower', 'less', 'more'],
    ['reachable', 'count', 'higher', 'less', 'more'],
  ])('of %s in %s, %s is better', (metric, unit, better, below, above) => {
    expect(verdictWords(metric, unit, better)).toEqual({ below, above });
  });
});
