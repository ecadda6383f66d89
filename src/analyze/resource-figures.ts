import type { ParsedValue } from '../model/metric.ts';
import type { Figure, TrialRecord } from '../model/trial.ts';
import { harnessValue } from './harness-value.ts';

function figureValue(figure: Figure | undefined): number | null {
  return figure !== undefined && 'value' in figure ? figure.value : null;
}

/**
 * What a trial's cgroup and the engine's counted. A figure that is absent stays absent: its reason is in the
 * trial record. `total.cpu` needs both of its parts.
 */
export function resourceFigures(trial: Pick<TrialRecord, 'cgroup' | 'engineCpu'>): ParsedValue[] {
  const figures = trial.cgroup?.figures ?? {};
  const own = Object.keys(figures)
    .sort()
    .map((id) => harnessValue(id, figureValue(figures[id])));
  const engine = harnessValue('engine.cpu', figureValue(trial.engineCpu));
  const usage = own.find((value) => value?.metric === 'cpu.usage');
  const total = engine !== null && usage ? harnessValue('total.cpu', usage.value + engine.value) : null;
  return [...own, engine, total].filter((value) => value !== null);
}
