import { resourceFigures } from '../../../core/analyze/resource-figures.ts';
import { centreOf } from './block-lines.ts';
import { type MeasuredRun, trialFigure, trialsOf } from './measured-run.ts';
import type { OverheadEstimate } from './overhead-record.ts';
import { partWorkloads } from './parts.ts';

/**
 * CPU time of a container that prints a line, from create to remove, in its cgroup and in the engine's, ns. Null where no
 * trial knows both.
 */
export function startCpu(
  measured: MeasuredRun,
  runtime: string,
  confidence: number,
): OverheadEstimate | null {
  const uncounted = measured.uncounted.has(runtime);
  // With parameters it has a network, or a cold page cache.
  const plain = trialsOf(measured, runtime, partWorkloads.echo).filter(({ cell }) => cell.params === '');
  const values = plain.flatMap((trial) =>
    resourceFigures(trial, uncounted).flatMap(({ metric, value }) => (metric === 'total.cpu' ? [value] : [])),
  );
  return centreOf(values, confidence);
}

/** CPUs that one sandbox uses at rest, its part of the engine included; null where no trial knows both. */
export function idleCpus(
  measured: MeasuredRun,
  runtime: string,
  confidence: number,
): OverheadEstimate | null {
  const values = trialsOf(measured, runtime, partWorkloads.atRest).flatMap((trial) => {
    const own = trialFigure(trial, 'sandboxes.idle_cpu');
    const engine = trialFigure(trial, 'sandboxes.idle_engine_cpu');
    const time = trialFigure(trial, 'sandboxes.idle_time');
    const count = trialFigure(trial, 'sandboxes.count');
    return own === null || engine === null || !time || !count ? [] : [(own + engine) / time / count];
  });
  return centreOf(values, confidence);
}
