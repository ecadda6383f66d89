import { charts as allCharts, type Chart } from './charts/index.ts';
import { reportContent } from './content.ts';
import { type ReportInput, reportContext } from './context.ts';
import { factsCsv, measurementsCsv, summaryCsv } from './csv.ts';
import { type PageScript, pageParts } from './page-parts.ts';
import { renderHtml } from './renderers/html.ts';
import { renderMarkdown } from './renderers/markdown.ts';
import { reportTitle } from './sections/introduction.ts';

/** A text file of a run: `path` is relative to the run's folder under `results/` or `charts/`. */
export interface OutputText {
  readonly directory: 'results' | 'charts';
  readonly path: string;
  readonly content: string;
}

export interface RenderOptions extends ReportInput {
  /** Chart id → its SVG without title, drawn by the caller; without one a figure of report.html has no picture. */
  readonly svgs: Readonly<Record<string, string>>;
  /** Of report.html; null for a page of text and pictures alone. */
  readonly script?: PageScript | null;
  /** The same charts again where the caller has them already. */
  readonly charts?: readonly Chart[];
  /** Folder of the charts as seen from report.md. */
  readonly chartsHref: string;
}

/** Everything of a run that is text: both CSV files, both reports, and a specification a chart. */
export function renderTexts(options: RenderOptions): readonly OutputText[] {
  const { analysis, measurements, lang, svgs, chartsHref, script = null } = options;
  const context = reportContext(options);
  const charts = options.charts ?? allCharts(options);
  const content = reportContent(context, charts);
  const result = (path: string, text: string): OutputText => ({ directory: 'results', path, content: text });
  return [
    result('measurements.csv', measurementsCsv(measurements)),
    result('summary.csv', summaryCsv(analysis.rows, options.run.host.emulation !== null)),
    result('facts.csv', factsCsv(analysis.facts)),
    result('report.md', renderMarkdown(content, lang, chartsHref)),
    result(
      'report.html',
      renderHtml(content, {
        lang,
        title: context.t(reportTitle(options.run)),
        svgs,
        page: pageParts(context, charts, script),
      }),
    ),
    ...charts.flatMap((chart): readonly OutputText[] =>
      'absent' in chart
        ? []
        : [
            {
              directory: 'charts',
              path: `${chart.id}.vl.json`,
              content: `${JSON.stringify(chart.spec, null, 1)}\n`,
            },
          ],
    ),
  ];
}
