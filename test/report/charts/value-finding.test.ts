import { expect, test } from 'vitest';
import { type Chart, charts } from '../../../src/report/charts/index.ts';
import { formatValue } from '../../../src/report/format.ts';
import { drawn, standard, suite } from './drawn.ts';

type Drawn = Extract<Chart, { spec: unknown }>;
const saidIn = (chart: Drawn) => JSON.stringify((chart.spec as { title: unknown }).title);

test.each([
  ['startup-distribution', 'startup.to_output'],
  ['startup-phases', 'startup.total'],
  ['startup-cpu', 'total.cpu'],
])('%s says the values of its first subject, in the picture and in the report', (id, metric) => {
  const chart = drawn(id, standard);
  const rows = standard.analysis.rows.filter(
    (row) => row.metric === metric && row.workload === 'startup/python',
  );
  expect(rows.length).toBeGreaterThan(2);
  expect(chart.caption).toMatch(/^startup\/python: /);
  for (const { runtime, median } of rows)
    expect(chart.caption).toContain(`${formatValue(median ?? 0, 'ns', 'en')} under ${runtime}`);
  expect(chart.caption).toMatch(/under runsc \(2\.[67]\d× \[[\d., ]+\], costs more\)/);
  expect(saidIn(chart)).toContain('startup/python: ');
});

test('charts over a number say the values at the greatest', () => {
  expect(drawn('density').caption).toMatch(/^startup\/density sandboxes=16: /);
  expect(drawn('startup-concurrency').caption).toMatch(/^startup\/burst count=16: starts per second /);
});

test('charts of ratios have the sentence of their category in the picture only: the report says it above them', () => {
  const chart = drawn('cost-cpu');
  expect(saidIn(chart)).toContain('CPU: crun costs as much');
  expect(chart.caption).not.toContain('costs as much');
});

test('without a baseline to compare with, a picture says what its category comes to, or nothing', () => {
  const rows = suite.analysis.rows.map((row) => ({
    ...row,
    ratio: null,
    ratioCiLow: null,
    ratioCiHigh: null,
  }));
  const alone = { ...suite, analysis: { ...suite.analysis, rows, categories: [] } };
  const found = charts({ ...alone, lang: 'en' }).find(({ id }) => id === 'density');
  expect(found !== undefined && 'caption' in found && found.caption).toMatch(/^n = /);
});
