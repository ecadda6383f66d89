import { type ReportContext, type ReportInput, reportContext } from '../context.ts';
import { categoryOrder } from '../labels.ts';
import type { Chart, ChartSection, DrawnOrNot } from './chart.ts';
import { costChart } from './cost.ts';
import { densityChart } from './density.ts';
import { ioThroughputCharts } from './io-throughput.ts';
import { memoryFootprintChart } from './memory-footprint.ts';
import { overheadCharts } from './overhead.ts';
import { overviewChart } from './overview.ts';
import { runSequenceChart } from './run-sequence.ts';
import { startupConcurrencyChart } from './startup-concurrency.ts';
import { startupDistributionChart } from './startup-distribution.ts';
import { startupPhasesChart } from './startup-phases.ts';
import { syscallCostChart } from './syscall-cost.ts';
import { syscallHeatmapChart } from './syscall-heatmap.ts';

export type { Chart, Spec } from './chart.ts';

type Maker = (context: ReportContext) => readonly Chart[];

const makers: readonly Maker[] = [
  one('overview', overviewChart),
  ...categoryOrder.map((category) => several(category, (context) => overheadCharts(context, category))),
  one('startup', startupDistributionChart),
  one('startup', startupPhasesChart),
  one('startup', startupConcurrencyChart),
  one('startup', costChart),
  one('startup', densityChart),
  one('memory', memoryFootprintChart),
  one('syscall', syscallHeatmapChart),
  one('syscall', syscallCostChart),
  several('io', ioThroughputCharts),
  one('noise', runSequenceChart),
];

function one(section: ChartSection, make: (context: ReportContext) => DrawnOrNot): Maker {
  return (context) => [{ ...make(context), section }];
}

function several(section: ChartSection, make: (context: ReportContext) => readonly DrawnOrNot[]): Maker {
  return (context) => make(context).map((chart) => ({ ...chart, section }));
}

/** Every chart of a run in the order of the report; one without data carries the reason instead of a spec. */
export function charts(input: Omit<ReportInput, 'trials'>): readonly Chart[] {
  const context = reportContext({ ...input, trials: [] });
  return makers.flatMap((make) => make(context));
}

/** Names of the files that hold charts, of this version and of earlier ones. */
export const chartFile =
  /^(?:overview|overhead|startup-(?:distribution|phases|concurrency)|cost|density|memory-footprint|syscall-(?:heatmap|cost)|io-throughput|run-sequence)(?:-[a-z0-9]+)*\.(?:svg|png|vl\.json)$/;
