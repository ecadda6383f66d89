import { describe, expect, test } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import {
  type ComparedRun,
  compareRuns,
  hasRegression,
} from '../../../../src/core/analyze/runs/compare-runs.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { Design } from '../../../../src/core/model/run/design.ts';
import {
  type EffectChange,
  type RunComparison,
  runComparisonSchema,
} from '../../../../src/core/model/run/run-comparison.ts';
import { reportContext } from '../../../../src/report/context.ts';
import { renderMarkdown } from '../../../../src/report/renderers/markdown.ts';
import { trustBadges } from '../../../../src/report/sections/introduction/badges.ts';
import since from '../../../../src/report/sections/since.ts';
import { runComparisonTable } from '../../../../src/report/tables/run-comparison-table.ts';
import { lineWorkload, measurement } from '../../../support/records.ts';
import { gaussian } from '../simulated-run.ts';
import { designOf, factorialRun } from './factorial-run.ts';

const workloads = [lineWorkload('syscall/calls')];
const two = designOf({ directfs: [true, false], overlay2: ['root:self', 'none'] });
type Levels = Readonly<Record<string, string>>;

/** A run of a design in which the arms cost what `costOf` says, beside runc at 100, with a noise of 1 % and a drift of the host. */
function factorial(
  runId: string,
  design: Design,
  costOf: (levels: Levels) => number,
  { blocks = 12, noise = 0.01, skip = '' }: { blocks?: number; noise?: number; skip?: string } = {},
): ComparedRun {
  const random = seededRandom(runId);
  const run = { ...factorialRun(design), runId };
  const value = (cost: number, drift: number) => cost * drift * Math.exp(noise * gaussian(random));
  const measurements = Array.from({ length: blocks }, (_, at) => {
    const drift = 1 + 0.3 * Math.sin(at);
    return [
      measurement('runc', at + 1, value(100, drift)),
      ...design.arms.flatMap(({ runtime, levels }) => {
        const named = design.factors.map(({ name }, place) => [name, levels[place] ?? '']);
        return runtime === skip
          ? []
          : [measurement(runtime, at + 1, value(costOf(Object.fromEntries(named)), drift))];
      }),
    ];
  }).flat();
  return { run, measurements, analysis: analyze({ run, measurements, workloads }) };
}

/** directfs=false costs so much, and twice as much where there is no overlay either. */
const costs =
  (directfs: number, both = 1) =>
  (levels: Levels) =>
    200 *
    (levels.directfs === 'false' ? directfs : 1) *
    (levels.directfs === 'false' && levels.overlay2 === 'none' ? both : 1);
const named = ({ factor, level, beside }: EffectChange) =>
  beside === undefined ? `${factor}=${level}` : `${factor}=${level} × ${beside.factor}=${beside.level}`;
const verdicts = ({ effects }: RunComparison) =>
  Object.fromEntries((effects ?? []).map((one) => [named(one), one.verdict]));
const table = (found: RunComparison, lang: 'en' | 'fr' = 'en') =>
  runComparisonTable(found, lang).replaceAll(/\s+/g, ' ');

describe('effects of two runs of one design', () => {
  const before = factorial('before', two, costs(1.5));

  test('that are as they were are equivalent', () => {
    const found = compareRuns(before, factorial('after', two, costs(1.5)));
    expect(verdicts(found)).toEqual({
      'directfs=false': 'equivalent',
      'overlay2=none': 'equivalent',
      'directfs=false × overlay2=none': 'equivalent',
    });
    expect(found.effectsLeftOut).toEqual([]);
    expect(runComparisonSchema.parse(found)).toEqual(found);
    expect(table(found)).toContain(
      '3 effects of options in both runs: 0 changed, 3 no difference, 0 inconclusive.',
    );
  });

  test('the one that changed is found, with both ratios and the interval of their ratio, and only there', () => {
    const found = compareRuns(before, factorial('after', two, costs(1.8)));
    expect(verdicts(found)).toEqual({
      'directfs=false': 'slower',
      'overlay2=none': 'equivalent',
      'directfs=false × overlay2=none': 'equivalent',
    });
    const [change] = found.effects ?? [];
    expect(change).toMatchObject({ design: 'gv', reference: 'true', nBefore: 12, nAfter: 12 });
    expect(change?.before).toBeCloseTo(1.5, 1);
    expect(change?.after).toBeCloseTo(1.8, 1);
    expect(change?.ratio).toBeCloseTo(1.2, 1);
    expect(change?.low).toBeGreaterThan(1.15);
    expect(change?.high).toBeLessThan(1.25);
    expect(table(found)).toMatch(
      /option test before after after ÷ before verdict gv: directfs=false .* 1\.50× 1\.8\d× 1\.20× \[1/,
    );
    expect(table(found, 'fr')).toContain('1 changé');
  });

  test('a change that two options make together is one of their interaction', () => {
    const found = compareRuns(before, factorial('after', two, costs(1.5, 2)));
    expect(verdicts(found)['directfs=false × overlay2=none']).toBe('slower');
    expect(table(found)).toMatch(/gv: directfs=false with .* overlay2=none \(interaction\)/);
  });

  test('a host that got slower, and a runtime that got slower with every option, change no effect', () => {
    const after = factorial('after', two, (levels) => 1.7 * costs(1.5)(levels));
    const found = compareRuns(before, after);
    expect(new Set(Object.values(verdicts(found)))).toEqual(new Set(['equivalent']));
    expect(hasRegression(found)).toBe(true);
  });

  test('an effect that grew because the reference got faster is told, and no regression', () => {
    const found = compareRuns(
      before,
      factorial('after', two, ({ directfs }) => (directfs === 'true' ? 100 : 300)),
    );
    expect(verdicts(found)['directfs=false']).toBe('slower');
    expect(hasRegression(found)).toBe(false);
    const only = { ...found, changes: [] };
    const { run, analysis, measurements } = before;
    const context = reportContext({ run, analysis, measurements, trials: [], lang: 'en', changes: only });
    expect(renderMarkdown(since.blocks(context), 'en', '')).toContain(
      '3 effects of options in both runs: 1 changed',
    );
    expect(JSON.stringify(trustBadges(context))).toContain('1 change since the previous run');
  });

  test('too few blocks claim nothing', () => {
    const [was, is] = [1.5, 1.8].map((off) => factorial(`few ${off}`, two, costs(off), { blocks: 3 }));
    if (was === undefined || is === undefined) throw new Error('two runs');
    expect(new Set(Object.values(verdicts(compareRuns(was, is))))).toEqual(new Set(['inconclusive']));
  });

  test('a baseline that differs from itself widens the intervals, as those of other changes', () => {
    const after = factorial('after', two, costs(1.8));
    const check = { comparisons: 9, rms: 4, limit: 1.5, finds: 2, widening: 4 };
    const [plain, wide] = [after, { ...after, analysis: { ...after.analysis, aaCheck: check } }].map(
      (one) => compareRuns(before, one).effects?.[0],
    );
    const half = (one: EffectChange | undefined) => Math.log((one?.high ?? 0) / (one?.ratio ?? 0));
    expect(half(wide)).toBeCloseTo(4 * half(plain), 10);
  });

  test('the order in which options are written, and their names for a run, do not matter', () => {
    const turned = designOf({ overlay2: ['root:self', 'none'], directfs: [true, false] });
    const found = compareRuns(before, factorial('after', turned, costs(1.8)));
    expect(verdicts(found)).toMatchObject({ 'directfs=false': 'slower', 'overlay2=none': 'equivalent' });
    expect(found.effects).toHaveLength(3);
    expect(found.effectsLeftOut).toEqual([]);
  });
});

test('of two identical runs no change of an effect is claimed oftener than one in twenty', () => {
  const claims = Array.from({ length: 100 }, (_, i) => {
    const one = factorial(`one ${i}`, two, costs(1.5), { blocks: 8 });
    const other = factorial(`other ${i}`, two, costs(1.5), { blocks: 8 });
    return (compareRuns(one, other).effects ?? []).some(
      ({ verdict }) => verdict !== 'equivalent' && verdict !== 'inconclusive',
    );
  });
  expect(claims.filter(Boolean).length).toBeLessThanOrEqual(5);
});

test('the interval of a change holds the truth in nineteen of twenty', () => {
  const held = Array.from({ length: 200 }, (_, i) => {
    const one = factorial(`one ${i}`, two, costs(1.5), { blocks: 8, noise: 0.1 });
    const other = factorial(`other ${i}`, two, costs(1.8), { blocks: 8, noise: 0.1 });
    const [change] = compareRuns(one, other).effects ?? [];
    return (change?.low ?? 0) <= 1.2 && (change?.high ?? 0) >= 1.2;
  });
  const share = held.filter(Boolean).length / held.length;
  expect(share).toBeGreaterThan(0.91);
  expect(share).toBeLessThan(0.99);
});

describe('what is not the same effect is not compared', () => {
  const before = factorial('before', two, costs(1.5));
  const against = (design: Design, options = {}) =>
    compareRuns(before, factorial('after', design, costs(1.5), options));

  test('one over other options', () => {
    const found = against(designOf({ directfs: [true, false] }));
    expect(found.effects).toEqual([]);
    expect(found.effectsLeftOut).toContainEqual({
      design: 'gv',
      effect: { factor: 'directfs', level: 'false', reference: 'true' },
      workloads: ['syscall/calls'],
      why: 'factors',
      was: 'overlay2 (none, root:self)',
      is: null,
    });
    expect(table(found)).toContain(
      'directfs=false instead of true (gv) is not compared: the earlier run averages it over overlay2 (none, root:self), the later one over no other option.',
    );
    expect(table(found)).toContain(
      'overlay2=none instead of root:self (gv) is not compared: the earlier run has overlay2 (root:self, none), the later one none of this option.',
    );
    expect(table(found, 'fr')).toContain('aucune autre option');
  });

  test('one over other values of another option, but those of that option which both have', () => {
    const found = against(
      designOf({ directfs: [true, false], overlay2: ['root:self', 'none', 'all:memory'] }),
    );
    expect(Object.keys(verdicts(found))).toEqual(['overlay2=none', 'directfs=false × overlay2=none']);
    expect(found.effectsLeftOut?.map(({ effect, why }) => [effect?.factor, effect?.level, why])).toEqual([
      ['directfs', 'false', 'factors'],
      ['overlay2', 'all:memory', 'effect'],
      ['directfs', 'false', 'effect'],
    ]);
  });

  test('one beside another reference', () => {
    const found = against(designOf({ directfs: [false, true], overlay2: ['root:self', 'none'] }));
    expect(Object.keys(verdicts(found))).toEqual(['overlay2=none']);
    expect(found.effectsLeftOut).toContainEqual(
      expect.objectContaining({ why: 'effect', was: 'directfs (true, false)', is: 'directfs (false, true)' }),
    );
  });

  test('one by other combinations, or that one of the runs cannot tell', () => {
    const found = against(two, { skip: 'gv+overlay2-none' });
    expect(found.effects).toEqual([]);
    expect(found.effectsLeftOut?.map(({ why, was, is }) => [why, was, is])).toEqual(
      expect.arrayContaining([['untold', 'told', null]]),
    );
    expect(table(found)).toContain('the later run has no value for it.');
    const three = designOf({ a: ['0', '1'], b: ['0', '1'], c: ['0', '1'] });
    const whole = factorial('whole', three, () => 100);
    const part = factorial('part', three, () => 100, { skip: three.arms.at(-1)?.runtime ?? '' });
    const arms = compareRuns(whole, part).effectsLeftOut?.filter(({ why }) => why === 'arms');
    expect(arms).toContainEqual(
      expect.objectContaining({ was: three.arms.at(-1)?.runtime, is: null, workloads: ['syscall/calls'] }),
    );
    expect(table(compareRuns(whole, part))).toContain(
      `other combinations show it. Only the earlier run has values of ${three.arms.at(-1)?.runtime}.`,
    );
  });

  test('a design that only one of them has, or of another runtime', () => {
    const other = { ...two, base: 'runsc-old' };
    expect(against(other).effectsLeftOut).toEqual([
      { design: 'gv', workloads: [], why: 'base', was: 'runsc', is: 'runsc-old' },
    ]);
    expect(table(against(other))).toContain(
      'The options of gv are not compared: their base was runsc and is now runsc-old.',
    );
    const { designs: _, ...config } = before.run.config;
    const plain = { ...before, run: { ...before.run, runId: 'plain', config } };
    const without = { ...plain, analysis: analyze({ ...plain, workloads }) };
    const found = compareRuns(before, without);
    expect(found.effects).toEqual([]);
    expect(found.effectsLeftOut).toEqual([
      { design: 'gv', workloads: [], why: 'design', was: 'runsc', is: null },
    ]);
    expect(table(found)).toContain('only the earlier run varies them.');
    expect(compareRuns(without, { ...without, run: { ...without.run, runId: 'b' } })).not.toHaveProperty(
      'effects',
    );
  });

  test('names of a record cannot write to the terminal', () => {
    const hostile = designOf({ 'x\u001b[31m': ['a\u202eb', 'c'], overlay2: ['root:self', 'none'] });
    for (const lang of ['en', 'fr'] as const)
      for (const after of [
        against(hostile),
        compareRuns(
          factorial('one', hostile, ({ overlay2 }) => (overlay2 === 'none' ? 150 : 100)),
          factorial('two', hostile, () => 100),
        ),
      ])
        for (const line of runComparisonTable(after, lang).split('\n')) {
          expect(line).not.toMatch(/[\u001b\u202e]/);
          expect(line.length, line).toBeLessThanOrEqual(100);
        }
  });
});
