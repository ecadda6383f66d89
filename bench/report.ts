import { analyze } from '../src/core/analyze/analyze.ts';
import { charts as makeCharts } from '../src/report/charts/index.ts';
import { type PagePictures, pictureSpecs } from '../src/report/document/page-parts.ts';
import { renderChart } from '../src/report/render/chart.ts';
import { pageScript } from '../src/report/render/page-script.ts';
import { renderSvg } from '../src/report/render/svg.ts';
import { renderTexts } from '../src/report/report.ts';
import { syntheticRecords } from '../test/report/support.ts';
import { type Figure, peakMiB } from './figure.ts';

const target = 100_000;

/**
 * Measures time and the process's peak memory of analysis, charts and reports of about 100,000 measurements, as the first
 * report of a process is made. Only the page's script is there before: a package has it as a file.
 */
export async function reportBenchmark(): Promise<Figure[]> {
  const small = syntheticRecords({ blocks: 10 });
  const synthetic = syntheticRecords({ blocks: Math.ceil((10 * target) / small.measurements.length) });
  const { run, measurements, trials, workloads } = synthetic;
  const script = await pageScript();
  const input = peakMiB();
  const times = [timeNow()];
  const analysis = analyze({ run, measurements, workloads, trials: trials.map(({ trial }) => trial) });
  times.push(timeNow());
  const source = { run, analysis, measurements, trials, lang: 'en' as const };
  const charts = makeCharts(source);
  const svgs: Record<string, PagePictures> = {};
  const pngs: Promise<Uint8Array>[] = [];
  for (const chart of charts) {
    if ('absent' in chart) continue;
    pngs.push((await renderChart(chart.spec)).png);
    const { wide, narrow } = pictureSpecs(chart);
    svgs[chart.id] = { wide: (await renderSvg(wide)).svg, narrow: (await renderSvg(narrow)).svg };
  }
  times.push(timeNow());
  const texts = renderTexts({ ...source, charts, svgs, script, chartsHref: 'charts' });
  await Promise.all(pngs);
  times.push(timeNow());
  const between = (from: number, to: number) => {
    const [begin, end] = [times.at(from), times.at(to)];
    if (begin === undefined || end === undefined) throw new RangeError('no such time');
    return `${(end.cpu - begin.cpu).toFixed(2)} s (${(end.wall - begin.wall).toFixed(2)} s)`;
  };
  const mib = (wanted: (path: string) => boolean) => {
    const chosen = texts.filter(({ path }) => wanted(path));
    return `${(chosen.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0) / 2 ** 20).toFixed(1)} MiB`;
  };
  const [page, values] = ['report.html', 'measurements.csv'];
  return [
    { what: `measurements (${run.subjects.length} subjects)`, value: String(measurements.length), aim: '' },
    { what: '  analysis: CPU (time)', value: between(0, 1), aim: '' },
    { what: `  ${Object.keys(svgs).length} charts as SVG and PNG`, value: between(1, 2), aim: '' },
    { what: '  CSV, JSON, Markdown, HTML, and the last PNG', value: between(2, 3), aim: '' },
    { what: '  together', value: between(0, 3), aim: '≤ 1 s' },
    { what: `  ${page}`, value: mib((path) => path === page), aim: '≤ 3 MB' },
    { what: `  ${values}, one line a measurement`, value: mib((path) => path === values), aim: '' },
    { what: '  all other texts', value: mib((path) => path !== page && path !== values), aim: '' },
    {
      what: '  peak memory of the process (the input alone)',
      value: `${peakMiB().toFixed(0)} MiB (${input.toFixed(0)} MiB)`,
      aim: '≤ 476 MiB',
    },
  ];
}

/** CPU time of this process, and time, s. */
function timeNow(): { readonly cpu: number; readonly wall: number } {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, wall: performance.now() / 1000 };
}
