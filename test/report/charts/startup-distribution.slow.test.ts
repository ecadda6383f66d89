import { expect, test } from 'vitest';
import { sampleLimit, startupSamples, thin } from '../../../src/report/charts/data/startup-samples.ts';
import { charts } from '../../../src/report/charts/index.ts';
import { reportContext } from '../../../src/report/context.ts';
import { syntheticRun } from '../support.ts';
import { data, drawn, standard, suite, values } from './drawn.ts';

test('distribution: one dot a measured container, no warm-up, in milliseconds', () => {
  const dots = data(standard, 'startup-distribution').filter((value) => value.value !== undefined);
  const expected = standard.measurements.filter(
    (m) => m.category === 'startup' && m.metric === 'startup.to_output' && m.phase === 'measure',
  );
  expect(dots).toHaveLength(expected.length);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  expect(sum(dots.map((dot) => Number(dot.value)))).toBeCloseTo(
    sum(expected.map((m) => Number(m.value) / 1e6)),
    -1,
  );
});

test('a large run is thinned, says so, and keeps its extremes', () => {
  const large = syntheticRun({ blocks: 400 });
  const context = reportContext({ ...large, lang: 'en' });
  const headlines = context.rows.filter((row) => row.category === 'startup' && row.headline && row.n > 0);
  const samples = startupSamples(large.measurements, headlines);
  const kept = thin(samples, sampleLimit);
  expect(samples.length).toBeGreaterThan(2 * sampleLimit);
  expect(kept.length).toBeLessThanOrEqual(sampleLimit);
  for (const runtime of ['runc', 'runsc-ptrace']) {
    const range = (all: typeof samples) => {
      const own = all.filter((sample) => sample.runtime === runtime).map(({ value }) => value);
      return [Math.min(...own), Math.max(...own)];
    };
    expect(range(kept)).toEqual(range(samples));
  }
  const chart = drawn('startup-distribution', large);
  expect(chart.caption).toMatch(/1,1\d\d of 3,\d{3} values drawn/);
  for (const chart of charts({ ...large, lang: 'en' }))
    if ('spec' in chart) expect(JSON.stringify(chart.spec).length).toBeLessThan(150_000);
});

test('workloads that are curves stay out of the charts of single starts, which say what they leave out', () => {
  const distribution = drawn('startup-distribution');
  const subjects = new Set(values(distribution.spec).map((value) => String(value.subject)));
  expect(subjects.size).toBe(6);
  expect([...subjects].some((subject) => subject.includes('burst'))).toBe(false);
  for (const id of ['startup-distribution', 'startup-phases'])
    expect(drawn(id).caption, id).toContain('6 of 7 tests');
});

test('where not all subjects fit, claimed differences come first, then the largest', () => {
  const factors: Readonly<Record<string, readonly [ratio: number, claimed: boolean]>> = {
    'startup/true': [9, false],
    'startup/python': [3, true],
    'startup/node': [1.2, true],
  };
  const rows = suite.analysis.rows.map((row) => {
    if (row.ratio === null || !row.headline || row.category !== 'startup') return row;
    const [ratio, claimed] = factors[row.workload] ?? [1.1, false];
    return { ...row, ratio, verdict: claimed ? ('slower' as const) : ('inconclusive' as const) };
  });
  const input = { ...suite, analysis: { ...suite.analysis, rows } };
  const leading = ['startup/python', 'startup/node', 'startup/true'];
  for (const id of ['startup-distribution', 'startup-phases']) {
    const nameOf = (subject: unknown) => String(subject).replace(/^(?!startup\/)/, 'startup/');
    const subjects = new Set(data(input, id).map(({ subject }) => nameOf(subject)));
    for (const subject of leading) expect(subjects, id).toContain(subject);
    const { values } = (drawn(id, input).spec as { data: { values: { subject: string; place: number }[] } })
      .data;
    const first = new Map(values.map(({ subject, place }) => [place, nameOf(subject)]));
    expect(
      [0, 1, 2].map((place) => first.get(place)),
      id,
    ).toEqual(leading);
  }
});
