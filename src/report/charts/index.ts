import { type ReportContext, type ReportInput, reportContext } from '../context.ts';
import type { Chart } from './chart.ts';
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

type Maker = (context: ReportContext) => Chart;

const makers: readonly ((context: ReportContext) => readonly Chart[])[] = [
  one(overviewChart),
  overheadCharts,
  one(startupDistributionChart),
  one(startupPhasesChart),
  one(startupConcurrencyChart),
  one(costChart),
  one(densityChart),
  one(memoryFootprintChart),
  one(syscallHeatmapChart),
  one(syscallCostChart),
  ioThroughputCharts,
  one(runSequenceChart),
];

function one(make: Maker): (context: ReportContext) => readonly Chart[] {
  return (context) => [make(context)];
}

/** Every chart of a run in the order of the report; one without data carries the reason instead of a spec. */
export function charts(input: Omit<ReportInput, 'trials'>): readonly Chart[] {
  const context = reportContext({ ...input, trials: [] });
  return makers.flatMap((make) => make(context));
}
