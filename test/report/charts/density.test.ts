import { expect, test } from 'vitest';
import type { SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import { drawn, layers, panels, suite, type Value, values } from './drawn.ts';

test('density: three views of memory on one scale, and idle CPU in percent', () => {
  const all = panels('density');
  expect(all.map((panel) => (panel.title as { text: string }).text)).toEqual([
    'Memory: by MemAvailable',
    'Memory: charged',
    'Memory: resident',
    'CPU of an idle one',
  ]);
  const domains = all.map((panel) => /"y":\{.*?"domain":(\[[^\]]+\])/.exec(JSON.stringify(panel))?.[1]);
  expect(new Set(domains.slice(0, 3)).size).toBe(1);
  const idle = values(layers(all[3] ?? {})[0]).filter((point) => point.runtime === 'runc');
  for (const point of idle) expect(Number(point.y)).toBeCloseTo(0.04, 2);
});

/** A row whose value is this one: negative, so that it has no ratio and only a difference. */
function belowBaseline(row: SummaryRow, value: number): Partial<SummaryRow> {
  const baseline = suite.analysis.rows.find(
    ({ runtime, metric, params }) => runtime === 'runc' && metric === row.metric && params === row.params,
  );
  const estimate = value - (baseline?.median ?? Number.NaN);
  const difference = { estimate, low: estimate - 1e6, high: estimate + 1e5 };
  return { median: value, ratio: null, ratioCiLow: null, ratioCiHigh: null, difference };
}

test('density: a single size is drawn as bars with values, from zero even where one is negative', () => {
  const rows = suite.analysis.rows
    .filter((row) => row.workload !== 'startup/density' || row.params === 'sandboxes=8')
    .map((row) =>
      row.metric === 'density.available' && row.runtime === 'crun'
        ? { ...row, ...belowBaseline(row, -2e6) }
        : row,
    );
  const single = { ...suite, analysis: { ...suite.analysis, rows } };
  const chart = drawn('density', single);
  expect(chart.title).toBe('Cost of each of 8 idle sandboxes');
  const [available] = chart.spec.hconcat as Value[];
  const bars = values(available);
  expect(bars.map(({ runtime }) => runtime)).toEqual(['runc', 'crun', 'runsc', 'runsc-ptrace']);
  expect(Number(bars[1]?.y)).toBeCloseTo(-2e6 / 2 ** 20, 2);
  const domain = JSON.parse(
    /"domain":(\[-?[\d.]+,[\d.]+\])/.exec(JSON.stringify(available))?.[1] ?? '[0,0]',
  ) as [number, number];
  expect(domain[0]).toBeLessThan(-2);
  for (const bar of bars) expect(Number(bar.end)).toBeLessThan(domain[1]);
  expect(bars[0]?.label).toMatch(/^[\d.]+$/);
  expect(bars[2]?.label).toMatch(/^[\d.]+ \([\d.]+×( \?)?\)$/);
  expect(chart.caption).toContain('×: cost relative to runc');
  expect(drawn('density').title).toBe('Cost of each idle sandbox, by their number');
});

test('density: what is negative by MemAvailable is drawn as it is, on a linear scale', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.metric === 'density.available' && row.runtime === 'crun'
      ? { ...row, ...belowBaseline(row, -1e6) }
      : row,
  );
  const negative = { ...suite, analysis: { ...suite.analysis, rows } };
  const [first] = drawn('density', negative).spec.hconcat as Value[];
  const crun = values(layers(first ?? {})[0]).filter((point) => point.runtime === 'crun');
  expect(crun.length).toBeGreaterThan(0);
  expect(crun.every((point) => Number(point.y) < 0)).toBe(true);
  expect(JSON.stringify(first)).not.toContain('log scale');
});

test('density: no interval of a positive median goes below zero, and the scale stays logarithmic', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.metric === 'density.available' && row.runtime === 'crun'
      ? {
          ...row,
          ratio: null,
          ratioCiLow: null,
          ratioCiHigh: null,
          difference: { estimate: 1e6, low: -1e9, high: 2e6 },
        }
      : row,
  );
  const [first] = drawn('density', { ...suite, analysis: { ...suite.analysis, rows } }).spec
    .hconcat as Value[];
  const crun = values(layers(first ?? {})[1]).filter((point) => point.runtime === 'crun');
  expect(crun.length).toBeGreaterThan(0);
  for (const { low, y } of crun) {
    expect(Number(low)).toBeGreaterThan(0);
    expect(Number(low)).toBeLessThan(Number(y));
  }
  expect(JSON.stringify(first)).toContain('log scale');
});
