import { describe, expect, test } from 'vitest';
import { type Chart, charts } from '../../../src/report/charts/index.ts';
import { renderPng } from '../../../src/report/render/png.ts';
import { renderSvg } from '../../../src/report/render/svg.ts';
import { differsFromGolden } from '../../browser/picture.ts';
import { suite } from './drawn.ts';

type Drawn = Extract<Chart, { spec: unknown }>;
const isDrawn = (chart: Chart): chart is Drawn => 'spec' in chart;

/** The same pixels on every machine: the charts are drawn with the shipped fonts. */
describe.each(['en', 'fr'] as const)('in %s', (lang) => {
  const all = charts({ ...suite, lang }).filter(isDrawn);
  // Both languages have the same marks: in the second, one chart of each kind of words is enough.
  const some = lang === 'en' ? all : all.filter(({ id }) => ['overview', 'cost-io', 'density'].includes(id));
  test.each(some.map((chart) => [chart.id, chart] as const))('%s looks as it did', async (id, chart) => {
    const { svg } = await renderSvg(chart.spec);
    expect(await differsFromGolden(`${id}.${lang}`, renderPng(svg, 1), 'charts')).toBe(null);
  });
});
