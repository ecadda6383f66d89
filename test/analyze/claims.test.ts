import { expect, test } from 'vitest';
import { type Draft, headlineFamily, settleClaims } from '../../src/analyze/claims.ts';
import { pairedRatio } from '../../src/analyze/ratio.ts';
import { type Random, seededRandom } from '../../src/model/prng.ts';
import { runRecord } from '../support/records.ts';

const { config } = runRecord({});
const workloads = ['startup/a', 'syscall/b', 'io/c', 'memory/d', 'memory/e'];
const others = ['crun', 'runsc', 'runsc-ptrace'];

/** Standard normal by Box–Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Headline drafts of a run of `blocks` blocks whose runtimes are all alike, but for `effect` on one of them. */
function drafts(random: Random, blocks: number, effect = 1): Draft[] {
  return workloads.flatMap((workload) => {
    const arm = (factor: number) =>
      new Map(
        Array.from({ length: blocks }, (_, block) => [block, factor * Math.exp(0.15 * normal(random))]),
      );
    const baseline = arm(1);
    return others.map((runtime) => {
      const values = arm(runtime === 'runsc' && workload === 'startup/a' ? effect : 1);
      const ratio = pairedRatio(values, baseline, 0.95);
      return {
        row: row(runtime, workload, ratio.pairs),
        notes: [],
        ratio,
        baselineKnown: true,
        family: headlineFamily,
      };
    });
  });
}

function row(runtime: string, workload: string, pairs: number): Draft['row'] {
  return {
    runtime,
    profile: 'default',
    layer: 'docker',
    workload,
    params: '',
    category: 'startup',
    metric: 'startup.to_output',
    unit: 'ns',
    better: 'lower',
    headline: true,
    n: pairs,
    failures: 0,
    median: 1,
    ciLow: null,
    ciHigh: null,
    p95: null,
    min: 1,
    max: 1,
    mad: 0,
    baseline: 'runc',
    pairs,
    ratio: null,
    ratioCiLow: null,
    ratioCiHigh: null,
    p: null,
  };
}

const claims = (rows: ReturnType<typeof settleClaims>) =>
  rows.filter(({ verdict }) => verdict === 'faster' || verdict === 'slower');

test('of runs in which nothing differs, at most one in twenty makes any claim at all', () => {
  const random = seededRandom('nothing differs');
  const runs = 1_500;
  let wrong = 0;
  for (let i = 0; i < runs; i++) if (claims(settleClaims(drafts(random, 12), config)).length > 0) wrong++;
  // 5 % plus three standard errors of that many runs.
  expect(wrong / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  // The same runs judged one by one would claim something far more often, so the correction is at work.
  const alone = seededRandom('nothing differs');
  let naive = 0;
  for (let i = 0; i < runs; i++) {
    const each = drafts(alone, 12).map((draft, index) => ({ ...draft, family: String(index) }));
    if (claims(settleClaims(each, config)).length > 0) naive++;
  }
  expect(naive / runs).toBeGreaterThan(0.15);
});

test('a real difference is found and nothing else is claimed beside it', () => {
  const random = seededRandom('one differs');
  let found = 0;
  for (let i = 0; i < 200; i++) {
    const rows = claims(settleClaims(drafts(random, 12, 1.7), config));
    if (
      rows.some(
        ({ runtime, workload, verdict }) =>
          runtime === 'runsc' && workload === 'startup/a' && verdict === 'slower',
      )
    )
      found++;
  }
  expect(found / 200).toBeGreaterThan(0.9);
});

test('with fewer blocks than the family needs no claim holds, and the row says how many are needed', () => {
  const rows = settleClaims(drafts(seededRandom('few'), 6, 5), config);
  expect(claims(rows)).toEqual([]);
  expect(claims(settleClaims(drafts(seededRandom('few'), 7, 5), config))).toHaveLength(1);
  const differing = rows.find(({ runtime, workload }) => runtime === 'runsc' && workload === 'startup/a');
  expect(differing?.note).toBe('7 paired blocks needed to claim a difference among 15 comparisons');
});

test('families do not disturb each other', () => {
  const one = drafts(seededRandom('families'), 12, 1.7);
  const more = drafts(seededRandom('others'), 12).map((draft) => ({ ...draft, family: 'cpu.usage' }));
  const alone = settleClaims(one, config);
  expect(settleClaims([...one, ...more], config).slice(0, one.length)).toEqual(alone);
});
