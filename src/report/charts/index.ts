import { type ReportContext, type ReportInput, reportContext } from '../context.ts';
import type { Chart } from './chart.ts';
import { costChart } from './cost.ts';
import { ioThroughputChart } from './io-throughput.ts';
import { memoryFootprintChart } from './memory-footprint.ts';
import { overheadChart } from './overhead.ts';
import { runSequenceChart } from './run-sequence.ts';
import { startupDistributionChart } from './startup-distribution.ts';
import { startupPhasesChart } from './startup-phases.ts';
import { syscallCostChart } from './syscall-cost.ts';

export type { Chart, Spec } from './chart.ts';

const makers: readonly ((context: ReportContext) => Chart)[] = [
  overheadChart,
  startupDistributionChart,
  startupPhasesChart,
  costChart,
  memoryFootprintChart,
  syscallCostChart,
  ioThroughputChart,
  runSequenceChart,
];

/** Every chart of a run in the order of the report; one without data carries the reason instead of a spec. */
export function charts(input: Omit<ReportInput, 'trials'>): readonly Chart[] {
  const context = reportContext({ ...input, trials: [] });
  return makers.map((make) => make(context));
}
