import { derive } from '../../../core/analyze/values/derive.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { type Cell, defaultLayer } from '../../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';

/** CPUs that a trial kept busy during its stamped work; no tool uses this metric name. */
export const busyCpus = 'window.busy_cpus';

/** Measured values of one cell: metric → block → value. */
export interface MeasuredCell extends Pick<Cell, 'runtime' | 'workload' | 'params'> {
  readonly values: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** CPU time of cgroup and engine in the window ÷ its length; null if the work was not stamped. */
function busyOf({ window }: Pick<TrialRecord, 'window'>): number | null {
  if (window === null || window.source !== 'stamps') return null;
  const { cpuNs, engineCpuNs, hostNs } = window;
  return cpuNs === null || engineCpuNs === null || !(hostNs > 0) ? null : (cpuNs + engineCpuNs) / hostNs;
}

/** Values of a run's successful, measured trials by cell: only Docker, and only trials that ran alone. */
export function measuredCells(
  run: RunRecord,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): readonly MeasuredCell[] {
  const plain = trials.filter(
    ({ cell, duet }) =>
      cell.layer === defaultLayer &&
      cell.profile === 'default' &&
      cell.engine === undefined &&
      duet === undefined,
  );
  const cells = new Map<string, MeasuredCell & { readonly values: Map<string, Map<number, number>> }>();
  const add = ({ runtime, workload, params }: Cell, block: number, metric: string, value: number) => {
    const key = JSON.stringify([runtime, workload, params]);
    const cell = cells.get(key) ?? { runtime, workload, params, values: new Map() };
    const blocks = cell.values.get(metric) ?? new Map<number, number>();
    cells.set(key, cell);
    cell.values.set(metric, blocks.set(block, value));
  };
  const counted = new Set<string>();
  for (const row of derive({ run, trials: plain, workloads })) {
    if (row.phase !== 'measure' || row.outcome !== 'ok' || row.metric === null || row.value === null)
      continue;
    counted.add(row.trialId);
    add(row.cell, row.block, row.metric, row.value);
  }
  for (const trial of plain) {
    const busy = counted.has(trial.trialId) ? busyOf(trial) : null;
    if (busy !== null) add(trial.cell, trial.block, busyCpus, busy);
  }
  return [...cells.values()];
}

/** Block → value for a metric of one cell; empty if there are none. */
export function valuesOf(
  cells: readonly MeasuredCell[],
  { runtime, workload, params }: Pick<MeasuredCell, 'runtime' | 'workload' | 'params'>,
  metric: string,
): ReadonlyMap<number, number> {
  const found = cells.find(
    (cell) => cell.runtime === runtime && cell.workload === workload && cell.params === params,
  );
  return found?.values.get(metric) ?? new Map();
}
