import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { renderChart } from '../../src/render/chart.ts';
import { sampleLimit, startupSamples, thin } from '../../src/report/charts/data/startup-samples.ts';
import { runtimeColors } from '../../src/report/charts/grammar/palette.ts';
import { type Chart, charts, makers } from '../../src/report/charts/index.ts';
import { reportContext } from '../../src/report/context.ts';
import { fullSuite } from './full-suite.ts';
import { type Synthetic, syntheticRun } from './support.ts';

const schemaFile = createRequire(import.meta.url).resolve('vega-lite/vega-lite-schema.json');
// The schema uses formats and unions that Ajv's strict mode objects to; they say nothing about our charts.
const ajv = new Ajv({ strict: false, validateFormats: false });
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

const standard = syntheticRun();

const scenarios: readonly (readonly [string, Synthetic, 'en' | 'fr'])[] = [
  ['four runtimes', standard, 'en'],
  ['in French', standard, 'fr'],
  ['the whole suite', syntheticRun({ more: fullSuite }), 'fr'],
  ['the whole suite, a single block', syntheticRun({ more: fullSuite, blocks: 1 }), 'en'],
  ['one runtime', syntheticRun({ runtimes: ['runc'] }), 'en'],
  ['a single block', syntheticRun({ blocks: 1 }), 'en'],
  [
    'long and hostile names',
    syntheticRun({
      runtimes: ['runc', `runsc-${'long-'.repeat(20)}a`, '<b>"x"&\u001b[31m', 'a.b[0]'],
      rename: (workload) => `${workload}-${'quite-long-'.repeat(9)}name`,
    }),
    'fr',
  ],
];

function drawn(chart: Chart): Extract<Chart, { spec: unknown }> {
  if ('absent' in chart) throw new Error(`${chart.id}: ${chart.absent}`);
  return chart;
}

function find(input: Synthetic, id: string): Chart {
  const chart = charts({ ...input, lang: 'en' }).find((candidate) => candidate.id === id);
  if (chart === undefined) throw new Error(`no chart ${id}`);
  return chart;
}

/** The inlined data of a chart's view. */
function data(input: Synthetic, id: string): readonly Record<string, unknown>[] {
  return (drawn(find(input, id)).spec.data as { values: Record<string, unknown>[] }).values;
}

test.each(scenarios)(
  '%s: every chart is valid Vega-Lite and draws without a warning',
  async (_, input, lang) => {
    for (const chart of charts({ ...input, lang })) {
      if ('absent' in chart) continue;
      expect(validate(chart.spec), `${chart.id}: ${JSON.stringify(validate.errors?.slice(0, 3))}`).toBe(true);
      const { svg, png, warnings } = await renderChart(chart.spec);
      expect(warnings, chart.id).toEqual([]);
      expect(svg, chart.id).toContain(
        chart.title.slice(0, 20).replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
      );
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(png.byteLength).toBeGreaterThan(5000);
    }
  },
);

test('every chart is drawn where its data is there, and its title says where and how it was measured', () => {
  const all = charts({ ...standard, lang: 'en' });
  // This run has every workload but these two.
  for (const chart of all)
    if ('absent' in chart)
      expect(chart.absent, chart.id).toMatch(/^the workload startup\/(burst|density) has no values$/);
  for (const chart of all) {
    if ('absent' in chart) continue;
    const { subtitle } = drawn(chart).spec.title as { subtitle: string[] };
    expect(subtitle[0]).toBe(
      '8 × AMD EPYC 7543 · Linux 6.12.43+deb13-amd64 · Docker 28.4.0 · 2026-03-01 14:05 UTC',
    );
    expect(subtitle[1]).toMatch(/^n = /);
  }
});

test('a chart without data is left out with its reason', () => {
  const only = (keep: (workload: string) => boolean): Synthetic => ({
    ...standard,
    analysis: { ...standard.analysis, rows: standard.analysis.rows.filter((row) => keep(row.workload)) },
  });
  const [nothing, files] = [only(() => false), only((workload) => workload.startsWith('io/'))].map((input) =>
    charts({ ...input, lang: 'en' }),
  );
  // What no workload was planned for has no chart of its overhead, and no reason either.
  const other = makers.map(({ id }) => id).filter((id) => id !== 'overhead');
  expect(nothing?.flatMap((chart) => ('absent' in chart ? [chart.id] : []))).toEqual(other);
  expect(nothing).toContainEqual({
    id: 'io-throughput',
    section: 'io',
    title: 'Throughput of file input and output, by target and operation',
    absent: 'no I/O throughput was recorded for a target and operation',
  });
  for (const chart of files ?? [])
    expect('spec' in chart, chart.id).toBe(chart.section === 'overview' || chart.section === 'io');
});

test('overhead: above 1 is costlier, for rates too, and the ends of an inverted interval change places', () => {
  const values = data(standard, 'overhead-io');
  const row = standard.analysis.rows.find(
    (r) => r.headline && r.runtime === 'runsc' && r.params === 'op=read;size=4k;target=tmpfs',
  );
  const dot = values.find((v) => v.runtime === 'runsc' && String(v.subject).includes('tmpfs'));
  if (row?.ratio == null || row.ratioCiLow === null || row.ratioCiHigh === null) throw new Error('no ratio');
  expect(row.ratio).toBeLessThan(1);
  expect(dot?.ratio).toBeCloseTo(1 / row.ratio, 2);
  expect(dot?.low).toBeCloseTo(1 / row.ratioCiHigh, 2);
  expect(dot?.high).toBeCloseTo(1 / row.ratioCiLow, 2);
  const startup = data(standard, 'overhead-startup').find(
    (v) => v.runtime === 'runsc' && v.subject === 'startup/true',
  );
  expect(startup?.ratio).toBeGreaterThan(2);
  expect(values.some((v) => v.runtime === 'runc')).toBe(false);
  expect(values.some((v) => v.runtime === 'kata')).toBe(false);
  expect(JSON.stringify(drawn(find(standard, 'overhead-io')).spec)).toContain('rates inverted');
});

test('overhead: a ratio without interval is hollow and the caption says why', () => {
  const few = syntheticRun({ blocks: 3 });
  expect(data(few, 'overhead-io').every((value) => value.low === null)).toBe(true);
  expect(drawn(find(few, 'overhead-io')).caption).toContain('hollow');
  expect(drawn(find(standard, 'overhead-io')).caption).not.toContain('hollow');
});

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

test('phases: bars are the medians of their rows and start from zero', () => {
  const parts = data(standard, 'startup-phases').filter(
    (value) => value.subject === 'startup/true' && value.runtime === 'runsc' && value.part !== undefined,
  );
  const median = (metric: string) =>
    standard.analysis.rows.find(
      (row) => row.workload === 'startup/true' && row.runtime === 'runsc' && row.metric === metric,
    )?.median;
  expect(parts.map((part) => part.part)).toEqual([
    'create',
    'start to first output',
    'first output to exit',
    'remove',
  ]);
  expect(Number(parts[1]?.value) * 1e6).toBeCloseTo(Number(median('startup.first_output')), -6);
  expect(JSON.stringify(drawn(find(standard, 'startup-phases')).spec)).toContain('"domain":[0,');
});

test('memory: roles of a container, never the daemons, with the peak as tick', () => {
  const rows = standard.analysis.rows.flatMap((row) =>
    row.metric === 'pss.shim' ? [row, { ...row, metric: 'pss.dockerd', median: 1e9 }] : [row],
  );
  const values = data({ ...standard, analysis: { ...standard.analysis, rows } }, 'memory-footprint');
  const parts = new Set(values.flatMap((value) => (value.part === undefined ? [] : [value.part])));
  expect([...parts]).toEqual([
    'workload',
    'sentry (gVisor kernel)',
    'gofer (gVisor files)',
    'stub (gVisor)',
    'containerd shim',
  ]);
  expect(values.filter((value) => value.tick !== undefined)).toHaveLength(4);
});

test('system calls: well-known ones first, then the widest spread, sorted by the baseline’s cost', () => {
  const values = data(standard, 'syscall-cost');
  const names = [...new Set(values.map((value) => value.label))];
  expect(names).toHaveLength(20);
  for (const known of ['getpid', 'read', 'openat', 'execve', 'clock_gettime']) expect(names).toContain(known);
  expect(names).toContain('mincore');
  expect(names).not.toContain('inotify_init1');
  const baseline = values.filter((value) => value.runtime === 'runc').map((value) => Number(value.value));
  expect(baseline).toEqual(baseline.toSorted((a, b) => a - b));
});

test('system calls: one that only a few runtimes have is left out', () => {
  const rows = standard.analysis.rows.filter(
    (row) => row.metric !== 'syscall.getpid' || row.runtime === 'runc' || row.runtime === 'crun',
  );
  const names = data({ ...standard, analysis: { ...standard.analysis, rows } }, 'syscall-cost').map(
    (value) => value.label,
  );
  expect(names).not.toContain('getpid');
});

test('I/O: right is better, so rates are not inverted; every target and operation has its row', () => {
  const values = data(standard, 'io-throughput');
  const cells = new Set(values.map((value) => `${value.op} ${value.target}`));
  expect(cells.size).toBe(6);
  expect(cells).toContain('write\nfio-write rootfs');
  const of = (runtime: string) =>
    values.find((value) => value.runtime === runtime && value.target === 'tmpfs');
  expect(Number(of('runc')?.value)).toBeGreaterThan(Number(of('runsc')?.value));
});

test('sequence: the order is that of time', () => {
  const at = data(standard, 'run-sequence').map((value) => value.at);
  expect(at).toEqual(at.map((_, i) => i + 1));
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
  const chart = drawn(find(large, 'startup-distribution'));
  expect(chart.caption).toMatch(/1,1\d\d of 3,\d{3} values drawn/);
  for (const chart of charts({ ...large, lang: 'en' }))
    if ('spec' in chart) expect(JSON.stringify(chart.spec).length).toBeLessThan(150_000);
});

test('a runtime has one colour in all charts of a run, whatever else is in the chart', () => {
  const colors = runtimeColors(reportContext({ ...standard, lang: 'en' }));
  expect(colors.get('runc')).toBe('#0072b2');
  expect(colors.get('runsc')).toBe('#009e73');
  expect(colors.get('runsc-ptrace')).not.toBe(colors.get('runsc'));
  expect(new Set(colors.values()).size).toBe(colors.size);
  const without = runtimeColors(
    reportContext({ ...syntheticRun({ runtimes: ['crun', 'runsc-ptrace', 'runsc'] }), lang: 'en' }),
  );
  expect(without.get('runsc')).toBe(colors.get('runsc'));
});
