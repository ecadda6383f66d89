import { describe, expect, test } from 'vitest';
import { decideVerdict, verdictWords } from '../../src/analyze/verdict.ts';
import type { Verdict } from '../../src/model/analysis.ts';
import type { Better, Unit } from '../../src/model/metric.ts';

const thresholds = { practical: 0.05, alpha: 0.05 };
const words = { below: 'faster', above: 'slower' } as const;

describe('the verdict', () => {
  test.each<
    [
      what: string,
      ratio: number | null,
      low: number | null,
      high: number | null,
      p: number | null,
      verdict: Verdict,
    ]
  >([
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
    ['no interval', 3, null, null, null, 'inconclusive'],
    ['no ratio', null, null, null, null, 'inconclusive'],
  ])('%s', (_, ratio, low, high, p, verdict) => {
    expect(decideVerdict({ ratio, low, high }, p, thresholds, words)).toBe(verdict);
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
