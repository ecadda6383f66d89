import { expect, test } from 'vitest';
import { type Chart, charts } from '../../../src/report/charts/index.ts';
import { formatValue } from '../../../src/report/document/format.ts';
import { drawn, standard, suite } from './drawn.ts';

type Drawn = Extract<Chart, { spec: unknown }>;
const saidIn = (chart: Drawn) => JSON.stringify((chart.spec as { title: unknown }).title);

test.each([
  ['startup-distribution', 'startup.to_output'],
  ['startup-phases', 'startup.total'],
])('%s says what its first subject costs, in the picture and in the report', (id, metric) => {
  const chart = drawn(id, standard);
  const rows = standard.analysis.rows.filter(
    (row) => row.metric === metric && row.workload === 'startup/python',
  );
  expect(rows.length).toBeGreaterThan(2);
  const [base, ...others] = rows;
  expect(chart.caption).toMatch(/^startup\/python, /);
  expect(chart.caption).toContain(`: ${formatValue(base?.median ?? 0, 'ns', 'en')} under runc; cost: crun `);
  for (const { runtime } of others) expect(chart.caption).toContain(`${runtime} `);
  expect(chart.caption).toMatch(/runsc 2\.[67]\d× \[[\d., ]+\], runsc-ptrace/);
  expect(saidIn(chart)).toContain('startup/python, ');
});

test('what is not claimed is named, what is has its ratio', () => {
  const rows = standard.analysis.rows.map((row) =>
    row.metric === 'startup.total' && row.runtime !== 'runsc'
      ? { ...row, verdict: row.runtime === 'crun' ? ('equivalent' as const) : ('inconclusive' as const) }
      : row,
  );
  const { caption } = drawn('startup-phases', { ...standard, analysis: { ...standard.analysis, rows } });
  expect(caption).toMatch(/crun [\d.]+× \[[\d., ]+\] \(no difference\), runsc [\d.]+× \[[\d., ]+\], /);
  expect(caption).toMatch(/runsc-ptrace [\d.]+× \[[\d., ]+\] \(inconclusive\)\./);
});

test('charts over a number say the values at the greatest', () => {
  expect(drawn('density').caption).toMatch(/^startup\/density sandboxes=16, /);
  expect(drawn('startup-concurrency').caption).toMatch(/^startup\/burst count=16, starts per second: /);
});

test('charts of ratios have the sentence of their category in the picture only: the report says it above them', () => {
  const chart = drawn('cost-cpu');
  expect(saidIn(chart)).toContain('CPU: crun shows no difference');
  expect(chart.caption).not.toContain('shows no difference');
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
