import { expect, test } from 'vitest';
import { renderChart } from '../../src/render/chart.ts';
import { textWidth } from '../../src/render/text-width.ts';
import { type Chart, charts } from '../../src/report/charts/index.ts';
import { fullSuite } from './full-suite.ts';
import { syntheticRun } from './support.ts';

const suite = syntheticRun({ more: fullSuite });
type Value = Record<string, unknown>;

function drawn(id: string, lang: 'en' | 'fr' = 'en', input = suite): Extract<Chart, { spec: unknown }> {
  const chart = charts({ ...input, lang }).find((candidate) => candidate.id === id);
  if (chart === undefined || 'absent' in chart) throw new Error(`${id} is not drawn`);
  return chart;
}

function values(spec: unknown): readonly Value[] {
  return (spec as { data: { values: Value[] } }).data.values;
}

/** The panels of a chart made of several views side by side. */
function panels(id: string): readonly Value[] {
  return drawn(id).spec.hconcat as Value[];
}

function layers(panel: Value): readonly Value[] {
  return panel.layer as Value[];
}

test('overview: a mean per category and runtime, a dot per subject; isolation is no cost', () => {
  const all = values(drawn('overview').spec);
  const means = all.filter((value) => value.mean !== undefined);
  expect(means).toHaveLength(7 * 3);
  const startup = means.find(
    (value) => value.runtime === 'runsc' && String(value.category).startsWith('Startup'),
  );
  expect(startup?.category).toBe('Startup\n12 subjects');
  const dots = all.filter((value) => value.ratio !== undefined && value.category === startup?.category);
  expect(dots.filter((value) => value.runtime === 'runsc')).toHaveLength(12);
  const ratios = dots.filter((value) => value.runtime === 'runsc').map((value) => Number(value.ratio));
  expect(startup?.low).toBe(Math.min(...ratios));
  expect(startup?.high).toBe(Math.max(...ratios));
  expect(all.some((value) => String(value.category).includes('Isolation'))).toBe(false);
});

test('overview: what is missing from a mean is told beside it, and doubt is drawn hollow', () => {
  const labels = values(drawn('overview').spec).flatMap((value) =>
    value.label === undefined ? [] : [value.label],
  );
  expect(labels.filter((label) => String(label).includes('(20 of 25)'))).toHaveLength(1);
  const few = drawn('overview', 'en', syntheticRun({ more: fullSuite, blocks: 3 }));
  const all = values(few.spec);
  expect(all.every((value) => value.unsure === true)).toBe(true);
  expect(
    all.filter((value) => value.label !== undefined).every(({ label }) => String(label).includes('?')),
  ).toBe(true);
  expect(few.caption).toContain('hollow: inconclusive');
});

test('overhead: one chart a category; a long one goes on in a second chart on the same scale', () => {
  const ids = charts({ ...suite, lang: 'en' })
    .map(({ id }) => id)
    .filter((id) => id.startsWith('overhead'));
  expect(ids).toEqual([
    'overhead-startup',
    'overhead-syscall',
    'overhead-io',
    'overhead-io-2',
    'overhead-memory',
    'overhead-cpu',
    'overhead-network',
    'overhead-app',
  ]);
  const pages = ['overhead-io', 'overhead-io-2'].map((id) => drawn(id));
  const subjects = pages.map(({ spec }) => new Set(values(spec).map((value) => value.subject)));
  expect(subjects.map((set) => set.size)).toEqual([13, 12]);
  expect([...(subjects[0] ?? [])].filter((subject) => subjects[1]?.has(subject))).toEqual([]);
  const scales = pages.map(({ spec }) => /"domain":\[[\d.]+,[\d.]+\]/.exec(JSON.stringify(spec))?.[0]);
  expect(scales[0]).toBeDefined();
  expect(scales[0]).toBe(scales[1]);
  expect(pages.map(({ title }) => title)).toEqual([
    'Input and output: cost relative to runc (1 of 2)',
    'Input and output: cost relative to runc (2 of 2)',
  ]);
});

test('overhead: close rows leave out parameters that never vary, and say so', () => {
  const page = drawn('overhead-io');
  const subjects = values(page.spec).map((value) => String(value.subject));
  expect(subjects).toContain('fio bs=1M, op=seqread, target=bind');
  expect(subjects.join()).not.toContain('cache=warm');
  expect(page.caption).toContain('left out');
  expect(drawn('overhead-memory').caption).not.toContain('left out');
});

test('heat map: at most 40 rows, operations before single calls, the costliest first', () => {
  const chart = drawn('syscall-heatmap');
  const cells = panels('syscall-heatmap').flatMap(values);
  const calls = [...new Set(cells.map((cell) => String(cell.call)))];
  expect(calls).toHaveLength(40);
  expect(calls.filter((call) => !call.endsWith('()'))).toHaveLength(20);
  expect(calls).toContain('file open');
  expect(calls).toContain('mincore()');
  expect(calls).not.toContain('trivial()');
  expect(chart.caption).toContain('40 of ');
  const worst = calls.map((call) =>
    Math.max(
      ...cells.flatMap((cell) =>
        cell.call === call && cell.ratio !== undefined ? [Number(cell.ratio)] : [],
      ),
    ),
  );
  expect(worst).toEqual(worst.toSorted((a, b) => b - a));
});

test('heat map: the baseline’s column holds times and no colour; ratios are those of the table', () => {
  const cells = panels('syscall-heatmap').flatMap(values);
  const cell = (runtime: string) => cells.find((one) => one.call === 'file open' && one.runtime === runtime);
  expect(cell('runc')?.ratio).toBeUndefined();
  expect(cell('runc')?.label).toMatch(/µs$/);
  const row = suite.analysis.rows.find(
    (one) => one.workload === 'syscall/file' && one.params === 'op=open' && one.runtime === 'runsc',
  );
  expect(cell('runsc')?.ratio).toBeCloseTo(row?.ratio ?? 0, 2);
});

test('heat map: 1× is the middle of the colours, and inconclusive cells are marked', () => {
  const spec = JSON.stringify(drawn('syscall-heatmap').spec);
  const domain = (JSON.parse(/"domain":(\[[^\]]+\]),"range"/.exec(spec)?.[1] ?? '[]') as number[]).map(
    Math.log,
  );
  expect(domain).toHaveLength(7);
  expect(domain[3]).toBe(0);
  expect((domain[0] ?? 0) + (domain[6] ?? 1)).toBeCloseTo(0, 4);
  const doubtful = suite.analysis.rows.filter(
    (row) => row.metric === 'op.time' && row.verdict === 'inconclusive',
  ).length;
  const marked = panels('syscall-heatmap')
    .flatMap(values)
    .filter((cell) => !String(cell.call).endsWith('()') && String(cell.label).includes('?')).length;
  expect(marked).toBe(doubtful);
});

test('heat map: a wild ratio that is inconclusive does not displace a conclusive one', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.metric === 'syscall.inotify_init1'
      ? { ...row, ratio: row.ratio === null ? null : 900, verdict: 'inconclusive' as const }
      : row,
  );
  const input = { ...suite, analysis: { ...suite.analysis, rows } };
  const cells = (drawn('syscall-heatmap', 'en', input).spec.hconcat as Value[]).flatMap(values);
  expect(cells.some((cell) => cell.call === 'inotify_init1()')).toBe(false);
});

test('I/O grid: known targets and operations in their order, on one scale', () => {
  const { spec } = drawn('io-throughput');
  const facet = spec.facet as { column: { sort: string[] } };
  expect(facet.column.sort).toEqual(['rootfs', 'bind', 'volume', 'tmpfs']);
  const ops = [...new Set(values(spec).map((value) => String(value.op).split('\n')[0]))];
  expect(ops).toEqual(expect.arrayContaining(['randread', 'randwrite', 'seqread', 'seqwrite']));
  const cells = new Set(values(spec).map((value) => `${value.op}|${value.target}`));
  expect(cells.size).toBe(16 + 6);
});

test('I/O grid: what one picture has no room for is in the next, on the same scale, and nothing is lost', () => {
  const more = fullSuite.flatMap((model) =>
    model.workload === 'io/fio'
      ? ['psync', 'libaio', 'io_uring'].map((engine) => ({
          ...model,
          params: model.params.replace('psync', engine),
        }))
      : [],
  );
  const input = syntheticRun({ more });
  const pages = ['io-throughput', 'io-throughput-2'].map((id) => drawn(id, 'en', input).spec);
  const cells = pages.flatMap((spec) => [
    ...new Set(values(spec).map((value) => `${value.op}|${value.target}`)),
  ]);
  expect(new Set(cells).size).toBe(cells.length);
  expect(cells).toHaveLength(3 * 16 + 6);
  const domains = pages.map((spec) => /"domain":\[[\d.]+,[\d.]+\]/.exec(JSON.stringify(spec))?.[0]);
  expect(domains[0]).toBeDefined();
  expect(domains[0]).toBe(domains[1]);
});

test('startup concurrency: latency with its slowest, rate and CPU over doublings', () => {
  const [latency, rate, cpu] = panels('startup-concurrency');
  if (latency === undefined || rate === undefined || cpu === undefined)
    throw new Error('three panels expected');
  const points = (panel: Value, i: number) => values(layers(panel)[i]);
  expect(new Set(points(latency, 1).map((point) => point.x))).toEqual(new Set([1, 2, 4, 8, 16]));
  expect(points(latency, 1)).toHaveLength(5 * 4);
  const at = (panel: Value, layer: number) =>
    Number(points(panel, layer).find((point) => point.x === 16 && point.runtime === 'runsc')?.y);
  expect(at(latency, 0)).toBeGreaterThan(at(latency, 1));
  const row = suite.analysis.rows.find(
    (one) => one.metric === 'burst.latency' && one.params === 'count=16' && one.runtime === 'runsc',
  );
  expect(at(latency, 1)).toBeCloseTo((row?.median ?? 0) / 1e6, -1);
  expect(layers(rate)).toHaveLength(3);
  expect(at(rate, 0)).toBeLessThan(20);
  expect(at(cpu, 0)).toBeGreaterThan(100);
});

test('density: three views of memory on one scale, and idle CPU in percent', () => {
  const all = panels('density');
  expect(all.map((panel) => (panel.title as { text: string }).text)).toEqual([
    'Memory: by MemAvailable',
    'Memory: charged',
    'Memory: footprint',
    'CPU of an idle one',
  ]);
  const domains = all.map((panel) => /"y":\{.*?"domain":(\[[^\]]+\])/.exec(JSON.stringify(panel))?.[1]);
  expect(new Set(domains.slice(0, 3)).size).toBe(1);
  const idle = values(layers(all[3] ?? {})[0]).filter((point) => point.runtime === 'runc');
  for (const point of idle) expect(Number(point.y)).toBeCloseTo(0.04, 2);
});

test('density: what is negative by MemAvailable is drawn as it is, on a linear scale', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.metric === 'density.available' && row.runtime === 'crun'
      ? { ...row, median: -1e6, ciLow: -2e6, ciHigh: 1e5 }
      : row,
  );
  const negative = { ...suite, analysis: { ...suite.analysis, rows } };
  const [first] = drawn('density', 'en', negative).spec.hconcat as Value[];
  const crun = values(layers(first ?? {})[0]).filter((point) => point.runtime === 'crun');
  expect(crun.length).toBeGreaterThan(0);
  expect(crun.every((point) => Number(point.y) < 0)).toBe(true);
  expect(JSON.stringify(first)).not.toContain('log scale');
});

test('workloads that are curves stay out of the charts of single starts, which say what they leave out', () => {
  const distribution = drawn('startup-distribution');
  const subjects = new Set(values(distribution.spec).map((value) => String(value.subject)));
  expect(subjects.size).toBe(6);
  expect([...subjects].some((subject) => subject.includes('burst'))).toBe(false);
  for (const id of ['startup-distribution', 'startup-phases', 'cost'])
    expect(drawn(id).caption, id).toContain('6 of 7 subjects');
});

/** Title lines, subtitle lines: no text of a picture may end outside of it. */
test.each(['en', 'fr'] as const)('no title is cut off, and every picture fits a slide: %s', async (lang) => {
  for (const chart of charts({ ...suite, lang })) {
    if ('absent' in chart) continue;
    const { svg } = await renderChart(chart.spec);
    const [, width = 0, height = 0] = (/width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []).map(Number);
    const { text, subtitle } = chart.spec.title as { text: string[]; subtitle: string[] };
    for (const line of text) expect(textWidth(line, 17, true) + 32, chart.id).toBeLessThanOrEqual(width);
    for (const line of subtitle) expect(textWidth(line, 11, false) + 32, chart.id).toBeLessThanOrEqual(width);
    expect(width / height, chart.id).toBeGreaterThan(1.3);
    expect(height, chart.id).toBeLessThan(800);
  }
});
