import { expect, test } from 'vitest';
import { shownRows } from '../../../src/report/findings/shown-rows.ts';
import { layers, panels, suite, type Value, values } from './drawn.ts';

test('startup concurrency: latency with its slowest, and rate, over doublings', () => {
  const [latency, rate, ...more] = panels('startup-concurrency');
  if (latency === undefined || rate === undefined) throw new Error('two panels expected');
  expect(more).toEqual([]);
  expect((latency.title as { text: string }).text).toBe('First output (dashed: the slowest)');
  const points = (panel: Value, i: number) => values(layers(panel)[i]);
  expect(new Set(points(latency, 1).map((point) => point.x))).toEqual(new Set([1, 2, 4, 8, 16]));
  expect(points(latency, 1)).toHaveLength(5 * 4);
  const at = (panel: Value, layer: number) =>
    Number(points(panel, layer).find((point) => point.x === 16 && point.runtime === 'runsc')?.y);
  expect(at(latency, 0)).toBeGreaterThan(at(latency, 1));
  const row = shownRows(suite.analysis.rows).find(
    (one) => one.metric === 'burst.latency' && one.params === 'count=16' && one.runtime === 'runsc',
  );
  expect(at(latency, 1)).toBeCloseTo((row?.median ?? 0) / 1e6, -1);
  expect(layers(rate)).toHaveLength(3);
  expect(at(rate, 0)).toBeLessThan(20);
  // Rates of runtimes are factors apart, as their latencies are.
  expect(JSON.stringify(rate)).toContain('starts/s (log scale)');
});

test('startup concurrency: runtimes stand side by side at a count, each curve in the order of counts', () => {
  for (const panel of panels('startup-concurrency')) {
    const points = layers(panel).flatMap(values);
    const places = new Map(points.map((point) => [`${point.x} ${point.runtime}`, Number(point.at)]));
    expect(new Set(places.values()).size).toBe(places.size);
    for (const { x, at } of points) expect(Math.abs(Math.log2(Number(at) / Number(x)))).toBeLessThan(0.2);
  }
});
