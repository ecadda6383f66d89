import { type ReportInput, reportContext } from '../context.ts';
import cost from './cost.ts';
import density from './density.ts';
import type { Chart, ChartMaker } from './grammar/define.ts';
import ioThroughput from './io-throughput.ts';
import memoryFootprint from './memory-footprint.ts';
import overhead from './overhead.ts';
import overview from './overview.ts';
import runSequence from './run-sequence.ts';
import startupConcurrency from './startup-concurrency.ts';
import startupDistribution from './startup-distribution.ts';
import startupPhases from './startup-phases.ts';
import syscallCost from './syscall-cost.ts';
import syscallHeatmap from './syscall-heatmap.ts';

export type { Chart, ChartSection, Spec } from './grammar/define.ts';

/** In the order of the report. */
export const makers: readonly ChartMaker[] = [
  overview,
  ...overhead,
  startupDistribution,
  startupPhases,
  startupConcurrency,
  cost,
  density,
  memoryFootprint,
  syscallHeatmap,
  syscallCost,
  ioThroughput,
  runSequence,
].toSorted((a, b) => a.order - b.order);

/** Every chart of a run in the order of the report; one without data carries the reason instead of a spec. */
export function charts(input: Omit<ReportInput, 'trials'>): readonly Chart[] {
  const context = reportContext({ ...input, trials: [] });
  return makers.flatMap(({ make }) => make(context));
}

/** Names of the files that hold charts, of this version and of earlier ones. */
export const chartFile = new RegExp(
  `^(?:overhead|${makers.map(({ id }) => id).join('|')})(?:-[a-z0-9]+)*\\.(?:svg|png|vl\\.json)$`,
);
