import { join } from 'node:path/posix';
import { sayAnywhere } from '../core/messages/command.ts';
import { contributions, defaultExports } from '../core/modules/default-exports.ts';
import { charts as allCharts, type Chart } from './charts/index.ts';
import { type ReportInput, reportContext } from './context.ts';
import type { Exporter, ExportSource } from './exports/exporter.ts';
import type { Section } from './sections/section.ts';

/** What registers itself in a folder beside this file, and in that of every feature, in its order. */
async function inOrder<T extends { readonly order: number }>(folder: string): Promise<readonly T[]> {
  const found = [
    ...(await defaultExports(join(import.meta.dirname, folder))),
    ...(await contributions(folder)),
  ] as T[];
  return found.toSorted((a, b) => a.order - b.order);
}

/** All files made from a run's analysis, in the order of writing. */
export const exporters = await inOrder<Exporter>('exports');

/** All sections: run and warnings, answers, every category with its charts and tables, then methods and data. */
export const sections = await inOrder<Section>('sections');

/** A text file of a run: `path` is relative to the run's folder under `results/` or `charts/`. */
export interface OutputText {
  readonly directory: 'results' | 'charts';
  readonly path: string;
  readonly content: string;
}

export interface RenderOptions extends ReportInput, Pick<ExportSource, 'svgs' | 'chartsHref'> {
  readonly script?: ExportSource['script'];
  /** The charts, if the caller already has them. */
  readonly charts?: readonly Chart[];
}

/** Files of `results/<runId>/` that show the report; the others hold numbers. */
export const reportFiles: readonly string[] = exporters.flatMap(({ file, shows }) =>
  shows === 'report' ? [file] : [],
);

function resultTexts(source: ExportSource, chosen: typeof exporters): readonly OutputText[] {
  return chosen.flatMap(({ file, content, shows }): readonly OutputText[] => {
    // Files of numbers are for programs: they must not depend on how ocibench was called.
    const made = shows === 'report' ? content(source) : sayAnywhere(() => content(source));
    return made === null ? [] : [{ directory: 'results', path: file, content: made }];
  });
}

/** The numbers of a run: the exports that are not a report. */
export function renderNumbers(input: ReportInput): readonly OutputText[] {
  const nothing = { charts: [], report: [], svgs: {}, script: null, chartsHref: '' };
  const source = { ...input, ...reportContext(input), ...nothing };
  return resultTexts(
    source,
    exporters.filter(({ shows }) => shows === undefined),
  );
}

/** All text files of a run: the exports, and one specification per chart. */
export function renderTexts(options: RenderOptions): readonly OutputText[] {
  const { charts = allCharts(options), script = null } = options;
  const context = reportContext(options);
  const report = sections.flatMap((section) => section.blocks(context, charts));
  const source = { ...options, ...context, charts, report, script };
  const specs = charts.flatMap((chart): readonly OutputText[] => {
    if ('absent' in chart) return [];
    const content = `${JSON.stringify(chart.spec, null, 1)}\n`;
    return [{ directory: 'charts', path: `${chart.id}.vl.json`, content }];
  });
  return [...resultTexts(source, exporters), ...specs];
}
