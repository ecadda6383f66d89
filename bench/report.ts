import { analyze } from '../src/core/analyze/analyze.ts';
import { charts as makeCharts } from '../src/report/charts/index.ts';
import { type PagePictures, pictureSpecs } from '../src/report/page-parts.ts';
import { renderChart } from '../src/report/render/chart.ts';
import { renderSvg } from '../src/report/render/svg.ts';
import { renderTexts } from '../src/report/report.ts';
import { syntheticRun } from '../test/report/support.ts';
import type { Figure } from './figure.ts';

const target = 100_000;

/** Measures time and the process's peak memory of analysis, charts and reports of about 100,000 measurements. */
export async function reportBenchmark(): Promise<Figure[]> {
  const small = syntheticRun({ blocks: 10 });
  const synthetic = syntheticRun({ blocks: Math.ceil((10 * target) / small.measurements.length) });
  const { run, measurements, trials } = synthetic;
  const begin = performance.now();
  const analysis = analyze({ run, measurements, workloads: [], trials: trials.map(({ trial }) => trial) });
  const analyzed = performance.now();
  const input = { run, analysis, measurements, trials, lang: 'en' as const };
  const charts = makeCharts(input);
  const svgs: Record<string, PagePictures> = {};
  for (const chart of charts) {
    if ('absent' in chart) continue;
    await renderChart(chart.spec);
    const { wide, narrow } = pictureSpecs(chart);
    svgs[chart.id] = { wide: (await renderSvg(wide)).svg, narrow: (await renderSvg(narrow)).svg };
  }
  const drawn = performance.now();
  const texts = renderTexts({ ...input, charts, svgs, chartsHref: 'charts' });
  const end = performance.now();
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(2)} s`;
  const bytes = texts.reduce((sum, text) => sum + text.content.length, 0);
  return [
    { what: `measurements (${run.subjects.length} subjects)`, value: String(measurements.length), aim: '' },
    { what: '  analysis', value: seconds(begin, analyzed), aim: '' },
    { what: `  ${Object.keys(svgs).length} charts as SVG and PNG`, value: seconds(analyzed, drawn), aim: '' },
    {
      what: `  CSV, Markdown, HTML (${(bytes / 2 ** 20).toFixed(1)} MiB)`,
      value: seconds(drawn, end),
      aim: '',
    },
    { what: '  together', value: seconds(begin, end), aim: '< 5 s' },
    {
      what: '  peak memory of the process (input included)',
      value: `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
      aim: '< 500 MB',
    },
  ];
}
