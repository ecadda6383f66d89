import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { headlinePrecision, wantedBy } from '../../../src/core/analyze/claims/precision.ts';
import { isPartner, referenceArms } from '../../../src/core/analyze/rows/subjects.ts';
import { type ComparedRun, compareRuns } from '../../../src/core/analyze/runs/compare-runs.ts';
import type { Warning } from '../../../src/core/analyze/warnings/noise-warnings.ts';
import { withDuetProposal } from '../../../src/core/analyze/warnings/warnings.ts';
import { seededRandom } from '../../../src/core/model/prng.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import { lineWorkload, measurement, runRecord } from '../../support/records.ts';
import { gaussian } from './simulated-run.ts';

const workloads = [lineWorkload('syscall/calls')];
const sequential = runRecord();
const run = { ...sequential, config: { ...sequential.config, duet: true as const } };

test('a runtime is paired with what ran at once with it, and the A/A control with the baseline', () => {
  const arms = (of: typeof sequential) => ['crun', 'runc#2'].map((runtime) => referenceArms(runtime, of));
  expect(arms(run)).toEqual([['runc#crun'], ['runc']]);
  expect(arms(sequential)).toEqual([['runc', 'runc#2'], ['runc']]);
  const partners = ['runc', 'runc#2', 'runc#crun', 'crun'].filter((label) => isPartner(label, run.config));
  expect(partners).toEqual(['runc#2', 'runc#crun']);
  expect(isPartner('runc#2', sequential.config)).toBe(false);
});

/**
 * Ten blocks of duets on a host that is slowed down from one duet to the next, by its own factor each: crun takes half as long as
 * its partner, and the baseline as long as itself.
 */
function duets(name: string, factor = 0.5): Measurement[] {
  const random = seededRandom(name);
  return Array.from({ length: 10 }, (_, at) => {
    const slow = () => 100 * Math.exp(gaussian(random));
    const [ofCrun, ofRunsc, own] = [slow(), slow(), slow()];
    const values = {
      crun: factor * ofCrun,
      'runc#crun': ofCrun,
      runsc: 3 * ofRunsc,
      'runc#runsc': ofRunsc,
      runc: own,
      'runc#2': own,
    };
    return Object.entries(values).map(([runtime, value]) => measurement(runtime, at + 1, value));
  }).flat();
}

describe('a run in duets', () => {
  const measurements = duets('duets');
  const analysis = analyze({ run, measurements, workloads });

  test('has the ratio of either arm to its partner, whatever the host did from one duet to the next', () => {
    const ratios = analysis.rows.map(({ runtime, ratio, pairs }) => [runtime, ratio, pairs]);
    expect(ratios).toContainEqual(['crun', expect.closeTo(0.5, 12), 10]);
    expect(ratios).toContainEqual(['runsc', expect.closeTo(3, 12), 10]);
    const paired = analyze({ run: sequential, measurements, workloads }).rows.find(
      ({ runtime }) => runtime === 'crun',
    );
    expect(Math.abs((paired?.ratio ?? 0.5) - 0.5)).toBeGreaterThan(0.01);
  });

  test('has rows of runtimes alone, the baseline’s from its own duet', () => {
    const rows = analysis.rows.filter(({ n }) => n > 0);
    expect(rows.map(({ runtime }) => runtime)).toEqual(['runc', 'crun', 'runsc']);
    expect(rows[0]).toMatchObject({ n: 10, verdict: 'baseline' });
    const unsteady = analysis.unsteady.map((one) => one.runtime);
    expect(unsteady.filter((label) => label.includes('#'))).toEqual([]);
  });

  test('says that its values are those of two trials at once', () => {
    const codes = (of: typeof sequential) =>
      analyze({ run: of, measurements, workloads }).warnings.map(({ code }) => code);
    expect(codes(run)).toContain('duet');
    expect(codes(sequential)).not.toContain('duet');
  });

  test('is sampled by the precision of these ratios', () => {
    const found = headlinePrecision({ run, measurements, workloads, wanted: wantedBy(run.config) });
    expect(found.map(({ cell, pairs }) => [cell.runtime, pairs])).toEqual([
      ['crun', 10],
      ['runsc', 10],
    ]);
    for (const { halfWidth } of found) expect(halfWidth).toBeLessThan(1e-9);
  });

  test('has no ratio where the partner has no value', () => {
    const without = measurements.filter(({ cell }) => cell.runtime !== 'runc#crun');
    const { rows } = analyze({ run, measurements: without, workloads });
    expect(rows.find(({ runtime }) => runtime === 'crun')).toMatchObject({ n: 10, pairs: 0, ratio: null });
  });
});

describe('two runs in duets', () => {
  const night = (name: string, factor: number): ComparedRun => {
    const measurements = duets(name, factor);
    return { run, measurements, analysis: analyze({ run, measurements, workloads }) };
  };

  test('are compared by these ratios', () => {
    const { changes, accepted } = compareRuns(night('one', 0.5), night('two', 0.6));
    expect(accepted).toEqual([]);
    const crun = changes.find(({ runtime }) => runtime === 'crun');
    expect(crun).toMatchObject({ basis: 'relative', ratio: expect.closeTo(1.2, 9) });
    expect(changes.map(({ runtime }) => runtime)).toEqual(['runc', 'crun', 'runsc']);
  });

  test('differ in how they were measured from one that was not', () => {
    const one = night('one', 0.5);
    const { accepted } = compareRuns({ ...one, run: sequential }, one);
    expect(accepted).toEqual([{ key: 'config.duet', was: 'off', is: 'on' }]);
  });
});

describe('duets are proposed where the baseline differs from itself', () => {
  const differs: Warning = { code: 'aa-differs', message: 'it differs' };
  const codes = (of: typeof sequential, warnings: readonly Warning[] = [differs]) =>
    withDuetProposal(of, warnings).map(({ code }) => code);
  const host = { ...sequential.host, cpus: 2, controllers: ['cpu', 'cpuset'] };
  const able = { ...sequential, host, engine: { ...sequential.engine, local: true } };

  test('after the warning, and not without it', () => {
    expect(codes(able)).toEqual(['aa-differs', 'duet-helps']);
    expect(codes(able, [{ code: 'aa-unknown', message: '' }])).toEqual(['aa-unknown']);
  });

  test.each([
    ['in a run in duets', { ...able, config: run.config }],
    ['on one CPU', { ...able, host: { ...host, cpus: 1 } }],
    ['without the controller cpuset', { ...able, host: { ...host, controllers: ['cpu'] } }],
    ['with an engine elsewhere', { ...able, engine: { ...able.engine, local: false } }],
  ])('not %s', (_, of) => {
    expect(codes(of)).toEqual(['aa-differs']);
  });
});
