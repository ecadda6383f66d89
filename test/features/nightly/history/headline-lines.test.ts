import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import type { Measurement } from '../../../../src/core/model/workload/metric.ts';
import { headlineLines } from '../../../../src/features/nightly/history/headline-lines.ts';
import type { NightInput } from '../../../../src/features/nightly/history/night-input.ts';
import { headlineLineSchema } from '../../../../src/features/nightly/history/record.ts';
import { comparisonKey } from '../../../../src/features/nightly/history/series.ts';
import {
  cell,
  lineWorkload,
  measurement,
  runRecord,
  runSubject,
  runtimeFacts,
  trialRecord,
} from '../../../support/records.ts';

/** ±`noise` in turn, around what each runtime takes. */
const centre = { 'runc-pin': 100, runc: 110, 'crun-pin': 50, crun: 50 };
function measured(blocks: readonly number[], changes: Partial<Record<string, number>> = {}): Measurement[] {
  return blocks.flatMap((block) =>
    Object.entries({ ...centre, ...changes }).map(([runtime, value]) =>
      measurement(
        runtime,
        block,
        (value ?? 0) * Math.exp(0.1 * (block % 2 === 0 ? 1 : -1) * (runtime === 'runc-pin' ? 0 : 1)),
      ),
    ),
  );
}

const run = (changes: Partial<RunRecord> = {}): RunRecord =>
  runRecord({
    startedAt: '2026-11-26T02:00:00.000Z',
    config: { baseline: 'runc-pin' },
    runtimes: Object.keys(centre).map((name) => ({
      ...runtimeFacts(name),
      version: `${name} 1`,
      sha256: `sha of ${name}`,
    })),
    ...changes,
  });

const input = (changes: Partial<NightInput> = {}): NightInput => ({
  run: run(),
  measurements: measured([1, 2, 3, 4]),
  trials: [],
  workloads: [lineWorkload('syscall/calls')],
  pins: new Map([
    ['runc', 'runc-pin'],
    ['crun', 'crun-pin'],
  ]),
  widening: 1,
  host: 'h1',
  stage: 'night',
  fromBlock: 1,
  learning: false,
  digest: (text) => `digest of ${text.length}`,
  ...changes,
});
const lines = (changes: Partial<NightInput> = {}) => headlineLines(input(changes));
const series = (changes: Partial<NightInput> = {}) => lines(changes).map((line) => line.series);

describe('the lines of a night', () => {
  test('are the watched runtimes against their pins, the pins against the baseline, and the baseline alone', () => {
    expect(lines().map(({ runtime, against, reference }) => [runtime, against, reference])).toEqual([
      ['runc', 'pin', 'runc-pin'],
      ['crun', 'pin', 'crun-pin'],
      ['crun-pin', 'baseline', 'runc-pin'],
      ['runc-pin', 'none', null],
    ]);
    for (const line of lines()) expect(headlineLineSchema.safeParse(line).error).toBeUndefined();
  });

  test('are paired within blocks', () => {
    const [runc, crun, pin, alone] = lines();
    expect(runc?.estimate).toBeCloseTo(1.1, 12);
    // crun and its pin vary together.
    expect(crun).toMatchObject({ estimate: 1, low: 1, high: 1, logError: 0 });
    expect(pin?.estimate).toBeCloseTo(0.5, 12);
    expect(pin?.logError).toBeCloseTo(0.1 * Math.sqrt(4 / 3 / 4), 12);
    expect(alone?.estimate).toBeCloseTo(100, 10);
    expect(alone).toMatchObject({ pairs: 4, df: 3, median: 100 });
  });

  test('have errors as wide as the A/A check makes them', () => {
    expect(lines({ widening: 2 })[2]?.logError).toBeCloseTo(2 * (lines()[2]?.logError ?? 0), 12);
  });

  test('of a confirmation are of its own blocks', () => {
    const measurements = [...measured([1, 2, 3, 4]), ...measured([6, 7, 8], { runc: 200 })];
    const [runc] = lines({ measurements, stage: 'confirmation', fromBlock: 5 });
    expect(runc).toMatchObject({ stage: 'confirmation', pairs: 3 });
    expect(runc?.estimate).toBeGreaterThan(1.8);
  });

  test('are left out where there is no positive value, or too few blocks', () => {
    expect(series({ measurements: measured([1, 2]) })).toEqual([]);
    expect(series({ measurements: measured([1, 2, 3], { crun: 0 }) })).toHaveLength(3);
    expect(
      series({ measurements: measured([1, 2, 3]).filter(({ cell: { runtime } }) => runtime !== 'runc-pin') }),
    ).toEqual(['crun ÷ crun-pin syscall/calls call.cost']);
  });

  test('count failures and disturbed trials of their own blocks', () => {
    const flagged = { ...trialRecord().noise, flags: ['steal'] } as never;
    const trials = [1, 2, 3, 4].map((block) =>
      trialRecord({ block, cell: cell('runc'), ...(block === 2 ? { noise: flagged } : {}) }),
    );
    const failed = trialRecord({
      block: 5,
      cell: cell('runc'),
      outcome: { status: 'timed-out', step: 'run', limitMs: 1 },
    });
    expect(lines({ trials: [...trials, failed] })[0]).toMatchObject({ failures: 1, disturbed: 0.2 });
    expect(lines({ trials: [...trials, failed], fromBlock: 2 })[0]).toMatchObject({
      failures: 1,
      disturbed: 0.25,
    });
  });
});

describe('the key of a series', () => {
  const { host, engine, runtimes } = run();
  const other = (name: string) =>
    runtimes.map((one) => (one.entry.name === name ? { ...one, sha256: 'other' } : one));
  const digest = (text: string) => text;
  const keysOf = (changes: Partial<RunRecord>) => lines({ run: run(changes), digest }).map(comparisonKey);
  /** Which of runc ÷ pin, crun ÷ pin, crun-pin ÷ runc-pin and runc-pin keep their key. */
  const kept = (changes: Partial<RunRecord>) => {
    const before = keysOf({});
    return keysOf(changes).map((key, at) => key === before[at]);
  };

  test.each<[string, Partial<RunRecord>]>([
    ['kernel', { host: { ...host, kernel: '7' } }],
    ['mitigations', { host: { ...host, mitigations: { meltdown: 'Vulnerable' } } }],
    ['microcode', { host: { ...host, microcode: '0x2' } }],
    ['governor', { host: { ...host, governor: 'powersave' } }],
    ['version of Docker', { engine: { ...engine, version: '99' } }],
    ['kind of engine', { engine: { ...engine, kind: engine.kind === 'docker' ? 'embedded' : 'docker' } }],
    ['watched runtime', { runtimes: other('runc') }],
  ])('is the same with another %s', (_, changes) => {
    expect(kept(changes)).toEqual([true, true, true, true]);
  });

  test('is another one with another processor, but of a ratio of two programs in the same blocks', () => {
    expect(kept({ host: { ...host, cpuModel: 'other' } })).toEqual([true, true, false, false]);
  });

  test('is another one with another pin, where that is part of it', () => {
    expect(kept({ runtimes: other('crun-pin') })).toEqual([true, false, false, true]);
    expect(kept({ runtimes: other('runc-pin') })).toEqual([false, true, false, false]);
  });

  test('is another one with another command of the workload', () => {
    const changed = {
      ...lineWorkload('syscall/calls'),
      container: () => ({ command: ['false'], timeoutMs: 1 }),
    };
    const keys = (more: object) => lines({ digest, ...more }).map(comparisonKey);
    expect(keys({ workloads: [changed] })[0]).not.toBe(keys({})[0]);
  });
});

describe('the lines of several profiles', () => {
  const profiles = [
    { name: 'default' },
    { name: 'strict', user: '65534', capDrop: ['ALL'] },
  ] satisfies RunRecord['config']['profiles'];
  const under = (given: RunRecord['config']['profiles'] = profiles, ids = ['syscall/calls']) =>
    run({
      config: { ...run().config, profiles: given },
      subjects: (given ?? []).flatMap(({ name: profile }) => ids.map((id) => runSubject(id, { profile }))),
    });
  const inProfile = (all: readonly Measurement[], profile: string) =>
    all.map((one) => ({
      ...one,
      trialId: `${one.trialId} ${profile}`,
      cell: { ...one.cell, profile },
    }));
  const measurements = [
    ...measured([1, 2, 3, 4]),
    ...inProfile(measured([1, 2, 3, 4], { runc: 220, 'runc-pin': 200 }), 'strict'),
  ];

  test('are of each by itself, with its name unless it is the default', () => {
    const found = lines({ run: under(), measurements });
    expect(found.map((line) => [line.series, line.profile])).toEqual([
      ['runc ÷ runc-pin syscall/calls call.cost', 'default'],
      ['crun ÷ crun-pin syscall/calls call.cost', 'default'],
      ['crun-pin ÷ runc-pin syscall/calls call.cost', 'default'],
      ['runc-pin syscall/calls call.cost', 'default'],
      ['runc ÷ runc-pin syscall/calls under strict call.cost', 'strict'],
      ['crun ÷ crun-pin syscall/calls under strict call.cost', 'strict'],
      ['crun-pin ÷ runc-pin syscall/calls under strict call.cost', 'strict'],
      ['runc-pin syscall/calls under strict call.cost', 'strict'],
    ]);
    expect(found[4]?.estimate).toBeCloseTo(1.1, 12);
    expect(found[7]?.estimate).toBeCloseTo(200, 10);
    for (const line of found) expect(headlineLineSchema.safeParse(line).error).toBeUndefined();
  });

  test('leave those of the default exactly as they are without others', () => {
    const digest = (text: string) => text;
    expect(lines({ run: under(), measurements, digest }).slice(0, 4)).toEqual(lines({ digest }));
  });

  test('have another key with other options behind the name, and the same with these in another order', () => {
    const digest = (text: string) => text;
    const keysOf = (strict: object) =>
      lines({
        run: under([{ name: 'default' }, { name: 'strict', ...strict }]),
        measurements,
        digest,
      }).map(comparisonKey);
    const before = keysOf({ user: '65534', capDrop: ['ALL'] });
    expect(keysOf({ capDrop: ['ALL'], user: '65534' })).toEqual(before);
    const after = keysOf({ user: '1000', capDrop: ['ALL'] });
    expect(after.map((key, at) => key === before[at])).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('have categories of their own', () => {
    const ids = ['syscall/calls', 'syscall/others'];
    const all = ids.flatMap((workload) =>
      measurements.map((one) => ({
        ...one,
        trialId: `${one.trialId} ${workload}`,
        cell: { ...one.cell, workload },
      })),
    );
    const given = { run: under(profiles, ids), workloads: ids.map((id) => lineWorkload(id)) };
    const categories = (from: readonly Measurement[]) =>
      lines({ ...given, measurements: from })
        .filter(({ workload }) => workload === 'syscall')
        .map((line) => line.series);
    expect(categories(all)).toEqual([
      'runc ÷ runc-pin syscall cost',
      'crun ÷ crun-pin syscall cost',
      'crun-pin ÷ runc-pin syscall cost',
      'runc ÷ runc-pin syscall under strict cost',
      'crun ÷ crun-pin syscall under strict cost',
      'crun-pin ÷ runc-pin syscall under strict cost',
    ]);
    const lost = all.filter(
      ({ cell: { profile, workload } }) => profile !== 'strict' || workload !== 'syscall/others',
    );
    expect(categories(lost)).toHaveLength(3);
  });
});

describe('the lines of a category', () => {
  const ids = ['syscall/calls', 'syscall/others'];
  const workloads = [
    lineWorkload('syscall/calls'),
    lineWorkload('syscall/others', [{ id: 'rate', unit: 'ops/s', better: 'higher', description: '' }]),
  ];
  const both = (blocks: readonly number[], changes: Partial<Record<string, number>> = {}) =>
    measured(blocks, changes).flatMap((one) => [
      one,
      {
        ...one,
        trialId: `${one.trialId} others`,
        cell: { ...one.cell, workload: 'syscall/others' },
        metric: 'rate',
        unit: 'ops/s',
        better: 'higher',
        value: 1e6 / (one.value ?? 1),
      } as Measurement,
    ]);
  const whole = (changes: Partial<NightInput> = {}) =>
    lines({
      run: run({ subjects: ids.map((id) => runSubject(id)) }),
      workloads,
      measurements: both([1, 2, 3, 4]),
      ...changes,
    }).filter(({ workload }) => workload === 'syscall');

  test('are the pooled ratios of its subjects, rates inverted; values have none', () => {
    const found = whole();
    expect(found.map(({ series, against }) => [series, against])).toEqual([
      ['runc ÷ runc-pin syscall cost', 'pin'],
      ['crun ÷ crun-pin syscall cost', 'pin'],
      ['crun-pin ÷ runc-pin syscall cost', 'baseline'],
    ]);
    expect(found[0]?.estimate).toBeCloseTo(1.1, 12);
    expect(found[0]).toMatchObject({ unit: 'ratio', better: 'lower', pairs: 4, category: 'syscall' });
    expect(found[2]?.estimate).toBeCloseTo(0.5, 12);
    for (const line of found) expect(headlineLineSchema.safeParse(line).error).toBeUndefined();
  });

  test('have the error of the A/A check, and that of subjects which scatter independently is smaller', () => {
    expect(whole({ widening: 2 })[2]?.logError).toBeCloseTo(2 * (whole()[2]?.logError ?? 0), 12);
    const measurements = both([1, 2, 3, 4, 5, 6, 7, 8]).map((one) =>
      one.cell.workload === 'syscall/others' && one.cell.runtime === 'runc'
        ? { ...one, value: 1e4 * Math.exp(0.1 * (one.block % 4 < 2 ? 1 : -1)) }
        : one,
    );
    const all = lines({
      run: run({ subjects: ids.map((id) => runSubject(id)) }),
      workloads,
      measurements,
    }).filter(({ runtime }) => runtime === 'runc');
    const [calls, others, category] = all.map(({ logError }) => logError);
    expect(category).toBeLessThan(Math.min(calls ?? 0, others ?? 0));
  });

  test('are not there of a single subject, nor where one of the scheduled has no figure', () => {
    expect(lines().filter(({ workload }) => workload === 'syscall')).toEqual([]);
    const lost = both([1, 2, 3, 4]).filter(
      ({ cell: { workload, runtime } }) => workload !== 'syscall/others' || runtime !== 'crun',
    );
    expect(whole({ measurements: lost }).map(({ runtime }) => runtime)).toEqual(['runc', 'crun-pin']);
  });

  test('are there where it was known that a runtime cannot do one of them', () => {
    const third = runSubject('syscall/third', { unsupported: { runc: 'no' } });
    const found = whole({
      run: run({ subjects: [...ids.map((id) => runSubject(id)), third] }),
      workloads: [...workloads, lineWorkload('syscall/third')],
    });
    expect(found.map(({ runtime }) => runtime)).toEqual(['runc']);
  });

  test('have a key of all of its subjects', () => {
    const digest = (text: string) => text;
    const changed = {
      ...lineWorkload('syscall/calls'),
      container: () => ({ command: ['false'], timeoutMs: 1 }),
    };
    const [before, after] = [
      whole({ digest }),
      whole({ digest, workloads: [changed, ...workloads.slice(1)] }),
    ];
    expect(after.map(comparisonKey)[0]).not.toBe(before.map(comparisonKey)[0]);
    expect(after[0]?.provenance.workload).not.toBe(before[0]?.provenance.workload);
    const subjects = ids.toReversed().map((id) => runSubject(id));
    expect(whole({ digest, run: run({ subjects }) }).map(comparisonKey)).toEqual(before.map(comparisonKey));
  });
});
