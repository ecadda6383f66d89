import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import type { Drawing } from '../../../../src/report/charts/grammar/chart.ts';
import { defineChart } from '../../../../src/report/charts/grammar/define.ts';
import { chartFile, makers } from '../../../../src/report/charts/index.ts';
import { type ReportContext, reportContext } from '../../../../src/report/context.ts';
import { syntheticRun } from '../../support.ts';

const context = (lang: 'en' | 'fr'): ReportContext => reportContext({ ...syntheticRun(), lang });

/** A chart of that many pictures; null: it was not scheduled. */
const chartOf = (pictures: number | null) =>
  defineChart({
    id: 'dummy',
    section: 'io',
    order: 1,
    title: ({ analysis }) => external(`against ${analysis.baseline}`),
    absent: external('no data'),
    data: () => (pictures === null ? null : Array.from({ length: pictures }, (_, i) => i)),
    draw: (at): Drawing => ({
      caption: [external('first'), at > 0 && external('second')],
      runtimes: ['runc'],
      counts: [8, 9 + at],
      view: { mark: 'bar', data: { values: [{ at }] } },
    }),
  });

test('every chart is found by its file, whose name is its id', () => {
  const src = join(import.meta.dirname, '../../../../src');
  const paths = globSync(['report/charts/*.ts', 'features/*/charts/*.ts'], { cwd: src });
  const files = paths.map((path) => basename(path)).filter((name) => name !== 'index.ts');
  expect([...new Set(makers.map(({ id }) => `${id}.ts`))].sort()).toEqual(files.sort());
  const order = makers.map((maker) => maker.order);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('a chart without data says why, and one that was not scheduled says nothing', () => {
  expect(chartOf(null).make(context('en'))).toEqual([]);
  expect(chartOf(0).make(context('en'))).toEqual([
    { id: 'dummy', section: 'io', title: 'against runc', absent: 'no data' },
  ]);
});

test('a chart of one picture has the title as it is, a caption of the clauses that hold, and the finding', () => {
  const [chart, ...more] = chartOf(1).make(context('en'));
  expect(more).toEqual([]);
  expect(chart).toMatchObject({ id: 'dummy', title: 'against runc', caption: 'n = 8 to 9 · first' });
  expect(chart !== undefined && 'spec' in chart ? chart.spec : {}).toMatchObject({
    description: expect.stringMatching(/^against runc\. Input and output: crun .*\. first$/),
    mark: 'bar',
    data: { values: [{ at: 0 }] },
  });
});

test('pictures that go on are numbered in the language of the report', () => {
  const pages = chartOf(2).make(context('fr'));
  expect(pages.map(({ id, title }) => [id, title])).toEqual([
    ['dummy', 'against runc (1 sur 2)'],
    ['dummy-2', 'against runc (2 sur 2)'],
  ]);
  expect(pages[1]).toMatchObject({ caption: 'n = 8 à 10 · first\u00a0; second' });
});

test('a picture for a phone has the same data, no title, and the runtimes that can be left out', () => {
  const [chart] = chartOf(1).make(context('en'));
  if (chart === undefined || 'absent' in chart) throw new Error('it is drawn');
  const { spec, narrow } = chart;
  expect(spec.params).toEqual([{ name: 'shown', value: ['runc'] }]);
  expect(narrow).toEqual({ params: spec.params, mark: 'bar', data: spec.data, config: spec.config });
});

test('files of charts are known by their names, and no others', () => {
  for (const { id } of makers) expect(chartFile.test(`${id}.vl.json`), id).toBe(true);
  for (const name of ['overview.png', 'cost-io-2.svg']) expect(chartFile.test(name), name).toBe(true);
  for (const name of ['notes.svg', 'overview.html', 'my-overview.png', 'cost.png.bak', 'Overview.png'])
    expect(chartFile.test(name), name).toBe(false);
});
