import { expect, test } from 'vitest';
import type { SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import { charts } from '../../../src/report/charts/index.ts';
import { type Synthetic, syntheticRun } from '../support.ts';
import { data, drawn, standard, suite, values } from './drawn.ts';

/** What a row without values has. */
const nothing = { n: 0, median: null, ratio: null, ratioCiLow: null, ratioCiHigh: null, pairs: 0 } as const;

/** The standard run, some of whose rows are otherwise. */
function judged(change: (row: SummaryRow) => Partial<SummaryRow>): Synthetic {
  const rows = standard.analysis.rows.map((row) => ({ ...row, ...change(row) }));
  return { ...standard, analysis: { ...standard.analysis, rows } };
}

test('cost: above 1 is costlier, for rates too, and the ends of an inverted interval change places', () => {
  const values = data(standard, 'cost-io');
  const row = standard.analysis.rows.find(
    (r) => r.headline && r.runtime === 'runsc' && r.params === 'op=read;size=4k;target=tmpfs',
  );
  const dot = values.find((v) => v.runtime === 'runsc' && String(v.subject).includes('tmpfs'));
  if (row?.ratio == null || row.ratioCiLow === null || row.ratioCiHigh === null) throw new Error('no ratio');
  expect(row.ratio).toBeLessThan(1);
  expect(dot?.ratio).toBeCloseTo(1 / row.ratio, 2);
  expect(dot?.low).toBeCloseTo(1 / row.ratioCiHigh, 2);
  expect(dot?.high).toBeCloseTo(1 / row.ratioCiLow, 2);
  const startup = data(standard, 'cost-startup').find(
    (v) => v.runtime === 'runsc' && /^startup\/true\nrunc: \d+ ms$/.test(String(v.subject)),
  );
  expect(startup?.ratio).toBeGreaterThan(2);
  expect(values.some((v) => v.runtime === 'runc')).toBe(false);
  expect(values.some((v) => v.runtime === 'kata')).toBe(false);
  expect(JSON.stringify(drawn('cost-io', standard).spec)).toContain('rates inverted');
});

test('cost: hollow is inconclusive, a ratio without interval has no line, and the caption says so', () => {
  const few = syntheticRun({ blocks: 3 });
  const dots = data(few, 'cost-io').filter((value) => value.ratio !== undefined);
  expect(dots.every((value) => value.low === null && value.unsure === true)).toBe(true);
  expect(drawn('cost-io', few).caption).toContain('no line: too few pairs');
  expect(drawn('cost-io', standard).caption).not.toContain('hollow');
  const open = judged((row) => ({ verdict: row.runtime === 'crun' ? 'inconclusive' : 'slower' }));
  for (const value of data(open, 'cost-startup')) expect(value.unsure).toBe(value.runtime === 'crun');
  expect(drawn('cost-startup', open).caption).toMatch(/hollow: inconclusive$/);
});

test('cost: the costliest subject is first, over several pictures too', () => {
  const subjects = (values: ReturnType<typeof data>) =>
    [...Map.groupBy(values, (value) => value.subject).values()].map((group) =>
      Math.max(...group.map((value) => Number(value.ratio ?? 0))),
    );
  const costs = ['cost-io', 'cost-io-2'].flatMap((id) => subjects(data(suite, id)));
  expect(costs).toEqual(costs.toSorted((a, b) => b - a));
});

test('cost: all categories of a run have one axis', () => {
  const domains = charts({ ...suite, lang: 'en' }).flatMap((chart) =>
    chart.id.startsWith('cost-') && 'spec' in chart
      ? [/"domain":(\[[\d.]+,[\d.]+\])/.exec(JSON.stringify(chart.spec))?.[1]]
      : [],
  );
  expect(domains.length).toBeGreaterThan(5);
  expect(new Set(domains).size).toBe(1);
});

/** Lines of a chart without a ratio. */
const gapsOf = (input: Synthetic, id: string) => data(input, id).filter((value) => value.ratio === undefined);

test('cost: what was not measured has a dash in the column of ratios, and one note with the reason', () => {
  const gaps = gapsOf(standard, 'cost-io');
  expect(gaps.length).toBeGreaterThan(0);
  expect(new Set(gaps.map(({ label, runtime }) => `${label} ${runtime}`))).toEqual(
    new Set(['– runsc-ptrace']),
  );
  expect(drawn('cost-io', standard).caption).toMatch(
    /–: not measured \(runsc-ptrace: libaio is not implemented with this platform\)$/,
  );
  const unexplained = judged((row) =>
    row.category === 'memory' && row.runtime === 'runsc' ? { ...nothing, note: '' } : {},
  );
  expect(new Set(gapsOf(unexplained, 'cost-memory').map(({ label }) => label))).toEqual(new Set(['–']));
  expect(drawn('cost-memory', unexplained).caption).toMatch(/; –: not measured$/);
  expect(JSON.stringify(drawn('cost-memory', unexplained).spec)).toContain('"domain":["crun","runsc"');
});

test('cost: a long reason is cut, and of several reasons the note names none', () => {
  const long = 'registered with --network=none, which leaves a container its loopback device alone';
  const noted = (note: (row: SummaryRow) => string) =>
    judged((row) =>
      row.category === 'memory' && row.runtime.startsWith('runsc') ? { ...nothing, note: note(row) } : {},
    );
  expect(
    drawn(
      'cost-memory',
      noted(() => long),
    ).caption,
  ).toContain('–: not measured (runsc, runsc-ptrace: registered with --network=none, which leaves …)');
  expect(
    drawn(
      'cost-memory',
      noted(({ runtime }) => `${runtime} is odd`),
    ).caption,
  ).toMatch(/; –: not measured$/);
});

test('cost: one chart a category; a long one goes on in a second chart on the same scale', () => {
  const ids = charts({ ...suite, lang: 'en' })
    .map(({ id }) => id)
    .filter((id) => id.startsWith('cost-'));
  expect(ids).toEqual([
    'cost-startup',
    'cost-syscall',
    'cost-syscall-2',
    'cost-io',
    'cost-io-2',
    'cost-memory',
    'cost-cpu',
    'cost-network',
    'cost-app',
  ]);
  const pages = ['cost-io', 'cost-io-2'].map((id) => drawn(id));
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

test('cost: close rows leave out parameters that never vary, and say so', () => {
  const page = drawn('cost-io');
  const subjects = values(page.spec).map((value) => String(value.subject));
  expect(subjects.join('\n')).toMatch(/^fio bs=1M, op=seqread, target=bind\nrunc: [\d.]+ [GM]iB\/s$/m);
  expect(subjects.join()).not.toContain('cache=warm');
  expect(page.caption).toContain('left out');
  expect(drawn('cost-memory').caption).not.toContain('left out');
});

test('cost: what the name of a subject does not say is explained', () => {
  const renamed = (row: SummaryRow) => (row.category === 'memory' ? { workload: 'memory/smallest' } : {});
  expect(drawn('cost-memory', judged(renamed)).caption).toContain('the peak as the runtime itself starts');
  expect(drawn('cost-memory', standard).caption).not.toContain('memory/smallest');
});

test('cost: on a phone labels are short lines, and a gap is a dash', () => {
  const { narrow } = drawn('cost-io', standard);
  const all = values(narrow);
  for (const { subject } of all)
    for (const line of String(subject).split('\n')) expect(line.length).toBeLessThanOrEqual(17);
  const labels = all.flatMap(({ ratio, label }) => (ratio === undefined ? [label] : []));
  expect(new Set(labels)).toEqual(new Set(['–']));
  expect(all).toHaveLength(data(standard, 'cost-io').length);
});

test('cost: close rows print their ratios too, each on its own line', () => {
  const { spec } = drawn('cost-io');
  const texts = (spec.layer as { mark: { type: string }; transform?: unknown }[]).filter(
    ({ mark }) => mark.type === 'text',
  );
  expect(texts).toHaveLength(1);
  const all = values(spec);
  expect(all.every(({ label }) => label === '–' || /^[\d.]+×$/.test(String(label)))).toBe(true);
  expect(new Set(all.map(({ subject, runtime }) => `${subject} ${runtime}`)).size).toBe(all.length);
  expect((spec.height as { step: number }).step).toBeGreaterThanOrEqual(10);
});
