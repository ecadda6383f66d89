import { charts as allCharts, type Chart } from './charts/index.ts';
import { type ReportInput, reportContext } from './context.ts';
import type { ExportSource } from './exports/exporter.ts';
import { exporters } from './exports/index.ts';
import { sections } from './sections/index.ts';

/** A text file of a run: `path` is relative to the run's folder under `results/` or `charts/`. */
export interface OutputText {
  readonly directory: 'results' | 'charts';
  readonly path: string;
  readonly content: string;
}

export interface RenderOptions extends ReportInput, Pick<ExportSource, 'svgs' | 'chartsHref'> {
  readonly script?: ExportSource['script'];
  /** The same charts again where the caller has them already. */
  readonly charts?: readonly Chart[];
}

/** Everything of a run that is text: what `exports/` holds, and a specification a chart. */
export function renderTexts(options: RenderOptions): readonly OutputText[] {
  const { charts = allCharts(options), script = null } = options;
  const context = reportContext(options);
  const report = sections.flatMap((section) => section.blocks(context, charts));
  const source = { ...options, ...context, charts, report, script };
  const results = exporters.map(
    ({ file, content }): OutputText => ({ directory: 'results', path: file, content: content(source) }),
  );
  const specs = charts.flatMap((chart): readonly OutputText[] => {
    if ('absent' in chart) return [];
    const content = `${JSON.stringify(chart.spec, null, 1)}\n`;
    return [{ directory: 'charts', path: `${chart.id}.vl.json`, content }];
  });
  return [...results, ...specs];
}
