import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import quota from '../../workloads/cpu/quota.ts';
import { captured, output, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

const tool = 'cpu-quota';
const params = { cpus: 0.5 };
const stdout = 'quota: 4 cpus visible\nquota: done\n';

const present = (value: number) => ({ value, source: 'cpu.max' });
const seen = {
  window: {
    source: 'stamps' as const,
    containerNs: 1e9,
    hostNs: 1e9,
    uncertaintyNs: 0,
    cpuNs: 0.49e9,
    engineCpuNs: 0,
  },
  figures: {
    'limits.cpus': present(0.5),
    'throttle.periods': present(12),
    'throttle.throttled_periods': present(9),
  },
} satisfies Partial<Evidence>;

const parse = (more: Partial<Evidence>, text = stdout) =>
  valuesOf(quota.parse(output(text, { ...seen, ...more }), params));

describe('a CPU quota', () => {
  test('what was used of it, what the kernel has, how often it held the container back, what nproc sees', () => {
    expect(parse({})).toEqual({
      'quota.used': 0.98,
      'quota.cpus': 0.5,
      'quota.throttled': 0.75,
      'quota.visible_cpus': 4,
    });
    expect(Object.keys(parse({}))).toEqual(quota.metrics.map(({ id }) => id));
  });

  test.each(runtimes)('under %s, as captured', (runtime) => {
    const recorded = JSON.parse(captured(tool, `${runtime}.json`)) as Pick<Evidence, 'window' | 'figures'>;
    const values = parse(recorded, captured(tool, `${runtime}.txt`));
    expect(values['quota.cpus']).toBe(0.5);
    expect(values['quota.used']).toBeGreaterThan(0.3);
    expect(values['quota.used']).toBeLessThan(1.3);
    expect(values['quota.throttled']).toBeLessThanOrEqual(1);
    expect(values['quota.visible_cpus']).toBeGreaterThanOrEqual(1);
  });

  test('a quota that did not arrive is seen by what was used, and has no figures of the kernel', () => {
    const absent = { absent: 'cpu.max: the container has no such limit' };
    const values = parse({
      window: { ...seen.window, cpuNs: 0.99e9 },
      figures: { ...seen.figures, 'limits.cpus': absent, 'throttle.periods': absent },
    });
    expect(values).toEqual({ 'quota.used': 1.98, 'quota.visible_cpus': 4 });
  });

  test('a kernel that counts no period says nothing of throttling', () => {
    const figures = {
      ...seen.figures,
      'throttle.periods': present(0),
      'throttle.throttled_periods': present(0),
    };
    expect(parse({ figures })).not.toHaveProperty(['quota.throttled']);
  });

  test('another quota than requested is reported as it is', () => {
    expect(parse({ figures: { ...seen.figures, 'limits.cpus': present(2) } })['quota.cpus']).toBe(2);
  });

  test.each<[string, Partial<Evidence>]>([
    ['without stamps', { window: null }],
    ['whose CPU time is not known', { window: { ...seen.window, cpuNs: null } }],
    ['that was over at once', { window: { ...seen.window, hostNs: 0.1e9 } }],
    ['that used no CPU', { window: { ...seen.window, cpuNs: 0 } }],
    ['that used more than there can be', { window: { ...seen.window, cpuNs: 100e9 } }],
    ['whose limits were not read', { figures: {} }],
    [
      'with more throttled periods than periods',
      { figures: { ...seen.figures, 'throttle.throttled_periods': present(13) } },
    ],
  ])('a trial %s is no data point', (_, more) => {
    expect(() => parse(more)).toThrow(ParseError);
  });

  test('a container that does not say how many CPUs it sees is no data point', () => {
    expect(() => parse({}, 'quota: 0 cpus visible\n')).toThrow(ParseError);
    expect(() => parse({}, 'quota: done\n')).toThrow(ParseError);
  });

  test('hostile output is refused', () => {
    // Only what is printed is the container's to choose.
    const measured = { ...quota, parse: (given: Evidence) => quota.parse({ ...given, ...seen }, params) };
    survivesHostileOutput(measured, stdout, params);
  });

  test('the container is still there when its limits are read', () => {
    expect(quota.steps?.(params).map((step) => step.do)).toEqual(['await-output', 'limits', 'kill']);
    expect(quota.container(params).command[2]).toMatch(/exec sleep \d+$/);
    expect(quota.container({ cpus: '0.5' }).cpus).toBe(0.5);
    expect(() => quota.container({ cpus: 2 })).toThrow(RangeError);
  });
});
