import type { ParsedValue } from '../model/metric.ts';
import type { Figure, TrialRecord } from '../model/trial.ts';
import { chargedElsewhere, countedNothing } from './charged-elsewhere.ts';
import { harnessValue } from './harness-value.ts';

function figureValue(figure: Figure | undefined): number | null {
  return figure !== undefined && 'value' in figure ? figure.value : null;
}

/**
 * What a trial's cgroup and the engine's counted. A figure that is absent stays absent: its reason is in the
 * trial record. Figures of a cgroup that counted nothing at all are left out, since they are not the container's, and so are
 * all of a runtime that is `uncounted` ({@link uncountedRuntimes}).
 *
 * `total.cpu` is the sum of the two: the kernel charges CPU time to the one cgroup that a task is in, and neither
 * holds the other, so nothing is in it twice. It needs both parts, and is left out where a process was seen whose
 * time is in neither ({@link chargedElsewhere}). CPU times of single processes are in neither sum: a process that
 * ended between snapshots would be missing, and all of them are in one of the two.
 */
export function resourceFigures(
  trial: Pick<TrialRecord, 'cgroup' | 'engineCpu' | 'processes'>,
  uncounted: boolean,
): ParsedValue[] {
  const figures = trial.cgroup?.figures ?? {};
  const own =
    uncounted || countedNothing(trial.cgroup)
      ? []
      : Object.keys(figures)
          .sort()
          .map((id) => harnessValue(id, figureValue(figures[id])));
  const usage = figureValue(figures['cpu.usage']);
  const engine = figureValue(trial.engineCpu);
  const whole = usage !== null && engine !== null && chargedElsewhere(trial).length === 0;
  const values = [
    ...own,
    harnessValue('engine.cpu', engine),
    harnessValue('total.cpu', whole ? usage + engine : null),
  ];
  return values.filter((value) => value !== null);
}
