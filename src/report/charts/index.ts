import { basename } from 'node:path/posix';
import { contributions, defaultExports } from '../../core/modules/default-exports.ts';
import { type ReportInput, reportContext } from '../context.ts';
import type { Chart } from './grammar/chart.ts';
import type { ChartMaker } from './grammar/define.ts';

export type { Chart, ChartSection, Spec } from './grammar/chart.ts';

/** All charts that files beside this one and in the `charts/` of features define, in report order. */
export const makers: readonly ChartMaker[] = (
  [
    ...(await defaultExports(import.meta.dirname, basename(import.meta.filename))),
    ...(await contributions('charts')),
  ] as (ChartMaker | ChartMaker[])[]
)
  .flat()
  .toSorted((a, b) => a.order - b.order);

/** All charts of a run in report order; a chart without data has a reason instead of a spec. */
export function charts(input: ReportInput): readonly Chart[] {
  const context = reportContext(input);
  return makers.flatMap(({ make }) => make(context));
}

const names = makers.map(({ id }) => id);

/** Matches names of chart files. */
export const chartFile = new RegExp(`^(?:${names.join('|')})(?:-[a-z0-9]+)*\\.(?:svg|png|vl\\.json)$`);
