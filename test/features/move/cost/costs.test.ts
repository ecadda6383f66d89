import { describe, expect, test } from 'vitest';
import { costsOf } from '../../../../src/features/move/costs.ts';
import type { MeasuredStack } from '../../../../src/features/move/record.ts';
import { madeMoveCost, dearer as slower } from '../made.ts';

const cost = (all: readonly MeasuredStack[]) => madeMoveCost(all, { runsc: ['cache', 'web'] });

const find = (all: readonly MeasuredStack[], service: string | null, metric: string) => {
  const [target] = costsOf(cost(all), 'runc');
  const row = target?.rows.find((each) => each.service === service && each.metric === metric);
  if (target === undefined || row === undefined) throw new Error(`no ${metric}`);
  return { target, row };
};

describe('what a target costs', () => {
  test('CPUs for the requests of the baseline, by service and in all, and who takes what is added', () => {
    const { target, row } = find(slower, null, 'cpus');
    // 200 requests a second of 3 and of 7 ms, and 0.02 CPUs at rest.
    expect(row.baseline).toBeCloseTo(0.62, 2);
    expect(row.difference.value).toBeCloseTo(0.8, 2);
    expect(row.difference.low ?? 0).toBeGreaterThan(0.75);
    expect(row).toMatchObject({ verdict: 'more' });
    expect(find(slower, null, 'request').row.ratio?.value).toBeCloseTo(7 / 3, 1);
    expect(find(slower, 'cache', 'cpus').row.ratio?.value).toBeCloseTo(0.81 / 0.21, 1);
    expect(target.shares.get('cache')).toBeCloseTo(0.75, 2);
  });

  test('what a stack does anyway is no part of a request, however few a runtime answers', () => {
    // A tenth of the requests, of the same CPU time each.
    const fewer = slower.map((each) => {
      if (each.runtime === 'runc' || each.load === null) return each;
      return {
        ...each,
        load: { ...each.load, rate: each.load.rate / 3, requests: 100 },
        services: each.services.map((one) => ({
          ...one,
          loadedNs: (one.restNs ?? 0) + (one.service === 'cache' ? 1 : 2) * 1e6 * 100,
        })),
      };
    });
    expect(find(fewer, null, 'request').row.verdict).toBe('equivalent');
    expect(find(fewer, null, 'cpus').row).toMatchObject({ verdict: 'equivalent' });
    expect(find(fewer, null, 'rate').row).toMatchObject({ verdict: 'slower' });
  });

  test('a service that gets less time under the load than at rest is not cheaper for that', () => {
    const starved = slower.map((each) => ({
      ...each,
      services: each.services.map((one) =>
        one.service === 'cache' ? { ...one, loadedNs: 0.5 * (one.restNs ?? 0) } : one,
      ),
    }));
    expect(find(starved, 'cache', 'cpus').row).toMatchObject({ verdict: 'equivalent' });
    expect(find(starved, null, 'cpus').target.shares.get('web')).toBeCloseTo(1, 2);
  });

  // As Tomcat under runsc was seen: nearly a CPU for seconds after its start, and next to none later.
  const starting = (from: number) =>
    slower.map((each) => ({
      ...each,
      services: each.services.map((one) =>
        one.service === 'cache' && each.runtime === 'runsc' && each.block >= from
          ? { ...one, restNs: 0.86e9 * each.restSeconds }
          : one,
      ),
    }));

  test('what a service uses while it still starts is taken for no rest, and makes no request cheaper', () => {
    const { target, row } = find(starting(7), 'cache', 'cpus');
    expect(row).toMatchObject({ verdict: 'more' });
    expect(row.ratio?.value).toBeCloseTo(0.81 / 0.21, 1);
    expect(find(starting(7), 'cache', 'rest').row).toMatchObject({ verdict: 'equivalent' });
    expect([...target.starting]).toEqual([['cache', 2]]);
  });

  test('one that always still starts has no figure, and so has the stack', () => {
    const [target] = costsOf(cost(starting(1)), 'runc');
    const having = target?.rows.filter(({ metric }) => metric === 'cpus').map(({ service }) => service);
    expect(having).toEqual(['web']);
  });

  test('a service is asked if it works more than at rest, however small its part of the stack is', () => {
    const scaled = (factor: number) =>
      slower.map((each) => ({
        ...each,
        services: each.services.map((one) =>
          one.service === 'cache'
            ? { ...one, loadedNs: (one.restNs ?? 0) * (1 + factor + 0.01 * Math.sin(7 * each.block)) }
            : one,
        ),
      }));
    // A twentieth of its own rest: two thousandths of the work of the stack.
    expect(find(scaled(0.05), null, 'cpus').target.unasked).toEqual([]);
    expect(find(scaled(0), null, 'cpus').target.unasked).toEqual(['cache']);
  });

  test('without a number of requests nothing is said of a request, and CPU is that at rest', () => {
    const unknown = slower.map((each) => ({
      ...each,
      load: each.load === null ? null : { ...each.load, requests: null },
    }));
    const [target] = costsOf(cost(unknown), 'runc');
    expect(target).toMatchObject({ rate: null, cpuMetric: 'rest' });
    const metrics = new Set(target?.rows.map(({ metric }) => metric));
    expect([...metrics]).toEqual(['rest', 'memory', 'loaded', 'rate', 'p99']);
  });

  test('memory is compared before the load, and a rate that falls is slower', () => {
    const mib = (metric: string) => find(slower, null, metric).row.difference.value / 2 ** 20;
    expect([mib('memory'), mib('loaded')].map(Math.round)).toEqual([45, 90]);
    expect(find(slower, null, 'memory').row.verdict).toBe('more');
    expect(find(slower, null, 'rate').row).toMatchObject({ verdict: 'slower' });
    expect(find(slower, null, 'p99').row).toMatchObject({ verdict: 'slower' });
  });

  test('five blocks decide nothing, and bound the ratio; two do not', () => {
    const row = (blocks: number) => find(slower.slice(0, 2 * blocks), null, 'cpus').row;
    expect(row(2)).toMatchObject({ verdict: 'inconclusive', ratio: { low: null }, bound: null });
    for (const blocks of [3, 5]) {
      const { verdict, ratio, bound } = row(blocks);
      expect(verdict).toBe('inconclusive');
      expect(bound).toBe(ratio?.low);
      expect(bound ?? 0).toBeGreaterThan(2);
      expect(bound ?? 9).toBeLessThan(ratio?.value ?? 0);
    }
    expect(row(6)).toMatchObject({ verdict: 'more', bound: null });
  });

  test('a measurement that failed has no pair, and where many fail nothing is decided', () => {
    const failing = (runtime: string) =>
      slower.map((each) =>
        each.runtime === runtime && each.block === 3 ? { ...each, failure: 'did not run: web' } : each,
      );
    for (const runtime of ['runsc', 'runc']) {
      const { target, row } = find(failing(runtime), null, 'cpus');
      expect(target).toMatchObject({ pairs: 7, survivorsOf: { runtime, failed: 1, all: 8 } });
      expect(target.failed).toHaveLength(1);
      expect(row.verdict).toBe('inconclusive');
    }
  });

  test('a service that the runtime makes cheaper to nothing has a difference, and no ratio', () => {
    const idle = slower.map((each) => ({
      ...each,
      services: each.services.map((one) =>
        one.service === 'cache' && each.runtime === 'runc' ? { ...one, restNs: 0, loadedNs: 0 } : one,
      ),
    }));
    expect(find(idle, 'cache', 'cpus').row).toMatchObject({ ratio: null, verdict: 'more' });
  });
});
