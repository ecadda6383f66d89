import { describe, expect, it } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import { analysisSchema, type EffectRow } from '../../../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import type { Measurement } from '../../../../src/core/model/workload/metric.ts';
import { kataMissing, lineWorkload, measurement } from '../../../support/records.ts';
import { designOf, factorialRun, measured } from '../effects/factorial-run.ts';

const workloads = [lineWorkload('syscall/calls')];
const effectsOf = (run: RunRecord, measurements: readonly Measurement[]) =>
  analyze({ run, measurements, workloads }).effects ?? [];
const termOf = ({ factor, level, beside }: EffectRow) =>
  [`${factor}=${level}`, ...(beside === undefined ? [] : [`${beside.factor}=${beside.level}`])].join(' × ');
const shown = (rows: readonly EffectRow[]) =>
  rows.map((row) => [termOf(row), row.ratio === null ? null : Number(row.ratio.toFixed(2)), row.verdict]);

const design = designOf({ directfs: [true, false], overlay2: ['root:self', 'none'] });
const run = factorialRun(design);

describe('the effects of options', () => {
  it('are found each in its own row, and interactions beside them', () => {
    // Without directfs half as much again; with overlay2=none nothing; both together 1.1 times what that makes.
    const costs = measured(design, ({ directfs, overlay2 }) => {
      const off = directfs === 'false';
      return 200 * (off ? 1.5 : 1) * (off && overlay2 === 'none' ? 1.1 : 1);
    });
    const rows = effectsOf(run, costs);
    expect(shown(rows)).toEqual([
      // √1.1 of each is in the mean over the other option.
      ['directfs=false', Number((1.5 * Math.sqrt(1.1)).toFixed(2)), 'slower'],
      ['overlay2=none', Number(Math.sqrt(1.1).toFixed(2)), 'inconclusive'],
      ['directfs=false × overlay2=none', 1.1, 'slower'],
    ]);
    expect(rows.map(({ family }) => family)).toEqual([
      'headline/effect/docker/gv/directfs/syscall',
      'headline/effect/docker/gv/overlay2/syscall',
      'headline/effect/docker/gv/directfs×overlay2/syscall',
    ]);
    expect(rows[0]).toMatchObject({ reference: 'true', pairs: 12, metric: 'call.cost', aliases: [] });
    expect(rows[2]?.beside).toEqual({ factor: 'overlay2', level: 'none', reference: 'root:self' });
    expect(analysisSchema.parse(analyze({ run, measurements: costs, workloads })).effects).toEqual(rows);
  });

  it('are equivalent where an option does nothing', () => {
    const rows = effectsOf(
      run,
      measured(design, ({ directfs }) => (directfs === 'false' ? 300 : 200)),
    );
    expect(shown(rows)).toEqual([
      ['directfs=false', 1.5, 'slower'],
      ['overlay2=none', 1, 'equivalent'],
      ['directfs=false × overlay2=none', 1, 'equivalent'],
    ]);
  });

  it('are the differences of logarithms within blocks, by hand', () => {
    // Two arms: the ratio within each block is 2 but in one, where it is 8: the median of the Walsh averages is log 2.
    const two = designOf({ a: ['x', 'y'] });
    const ratios = [2, 2, 2, 2, 2, 2, 8];
    const costs = ratios.flatMap((ratio, at) => [
      measurement('gv', at + 1, 10 * (at + 1)),
      measurement('gv+a-y', at + 1, 10 * (at + 1) * ratio),
    ]);
    const [row] = effectsOf(factorialRun(two), costs);
    expect(row?.ratio).toBeCloseTo(2, 12);
    expect(row?.pairs).toBe(7);
    // Of seven pairs the 95 % interval is between the 3rd Walsh averages from either end: 2 and √(2·8).
    expect(row?.ratioCiLow).toBeCloseTo(2, 12);
    expect(row?.ratioCiHigh).toBeCloseTo(4, 12);
  });

  it('use the blocks that hold all arms only', () => {
    const costs = measured(design, () => 200).filter(
      ({ block, cell: { runtime } }) => block > 3 || runtime !== 'gv+overlay2-none',
    );
    expect(effectsOf(run, costs).map(({ pairs }) => pairs)).toEqual([9, 9, 9]);
  });

  it('of a level that does not start say what it said, and the others are told', () => {
    const three = designOf({ platform: ['systrap', 'kvm'], directfs: [true, false], overlay2: ['a', 'b'] });
    const refused = factorialRun(three);
    const without = {
      ...refused,
      runtimes: refused.runtimes.map((facts) =>
        facts.entry.name.includes('kvm') ? { ...facts, preflight: kataMissing } : facts,
      ),
    };
    const costs = measured(three, ({ directfs }) => (directfs === 'false' ? 300 : 200)).filter(
      ({ cell: { runtime } }) => !runtime.includes('kvm'),
    );
    const rows = effectsOf(without, costs);
    expect(shown(rows)).toEqual([
      ['platform=kvm', null, 'unavailable'],
      ['directfs=false', 1.5, 'slower'],
      ['overlay2=b', 1, 'equivalent'],
      ['platform=kvm × directfs=false', null, 'unavailable'],
      ['platform=kvm × overlay2=b', null, 'unavailable'],
      ['directfs=false × overlay2=b', 1, 'equivalent'],
    ]);
    const reason = kataMissing.status === 'unavailable' ? kataMissing.reason : '';
    expect(rows[0]?.note).toBe(
      `no arm with platform=kvm has values: gv+platform-kvm: ${reason}; fix: ${
        kataMissing.status === 'unavailable' ? kataMissing.fix : ''
      }`,
    );
    expect(rows[0]?.note).toBe(rows[3]?.note);
  });

  it('that one arm hides are named beside what is still told', () => {
    const costs = measured(design, () => 200).map((each) =>
      each.cell.runtime === 'gv+directfs-false+overlay2-none' && each.block % 2 === 0
        ? measurement(each.cell.runtime, each.block, null)
        : each,
    );
    const rows = effectsOf(run, costs);
    expect(shown(rows)).toEqual([
      ['directfs=false', 1, 'equivalent'],
      ['overlay2=none', 1, 'equivalent'],
      ['directfs=false × overlay2=none', null, 'unavailable'],
    ]);
    expect(rows.map(({ aliases }) => aliases)).toEqual([['directfs×overlay2'], ['directfs×overlay2'], []]);
    expect(rows[2]?.note).toContain('with 1 of its 4 arms missing');
    expect(rows[2]?.note).toContain('more than 10% of its trials failed');
  });

  it('have no ratio where a value has no logarithm', () => {
    const costs = measured(design, () => 200).map((each) =>
      each.cell.runtime === 'gv' && each.block === 2 ? { ...each, value: 0 } : each,
    );
    expect(effectsOf(run, costs).map(({ verdict, note }) => [verdict, note])).toEqual([
      ...[0, 1, 2].map(() => ['inconclusive', 'zero values: no ratio']),
    ]);
  });

  it('are marked where the guests of an arm were emulated', () => {
    const vm = { comm: 'qemu-system-x86', inCgroup: true, emulation: 'QEMU TCG' };
    const emulated = {
      ...run,
      runtimes: run.runtimes.map((facts) =>
        facts.entry.name === 'gv+overlay2-none' ? { ...facts, vm } : facts,
      ),
    };
    const costs = measured(design, () => 200);
    for (const { note } of effectsOf(emulated, costs)) expect(note).toBe('emulated guest (QEMU TCG)');
    for (const { note } of effectsOf(run, costs)) expect(note).toBe('');
  });

  it('are absent where nothing was asked for', () => {
    expect(analyze({ run: factorialRun(), measurements: [], workloads }).effects).toEqual([]);
    const { designs: _, ...config } = run.config;
    expect(analyze({ run: { ...run, config }, measurements: [], workloads }).effects).toBeUndefined();
  });
});
