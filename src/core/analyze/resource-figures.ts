import type { ParsedValue } from '../model/metric.ts';
import type { Figure, TrialRecord } from '../model/trial.ts';
import { harnessValue } from './harness-value.ts';
import { isEmptyCgroup, unaccountedProcesses } from './unaccounted-processes.ts';

function figureValue(figure: Figure | undefined): number | null {
  return figure !== undefined && 'value' in figure ? figure.value : null;
}

/**
 * Figures of a trial's cgroup and of the engine's. An absent figure stays absent: its reason is in the trial record.
 * Figures of a cgroup that counted nothing are left out, since they are not the container's. So are all figures of a
 * runtime that is `uncounted` ({@link uncountedRuntimes}).
 *
 * `total.cpu` is the sum of the two. The kernel charges CPU time to the one cgroup of a task. Neither cgroup contains
 * the other, so nothing is counted twice. The sum needs both parts. It is left out where the time of an observed
 * process is in neither ({@link unaccountedProcesses}). CPU times of single processes are not used: a process that
 * ended between snapshots would be missing, and all of them are in one of the two parts.
 */
export function resourceFigures(
  trial: Pick<TrialRecord, 'cgroup' | 'engineCpu' | 'processes'>,
  uncounted: boolean,
): ParsedValue[] {
  const figures = trial.cgroup?.figures ?? {};
  const own =
    uncounted || isEmptyCgroup(trial.cgroup)
      ? []
      : Object.keys(figures)
          .sort()
          .map((id) => harnessValue(id, figureValue(figures[id])));
  const usage = figureValue(figures['cpu.usage']);
  const engine = figureValue(trial.engineCpu);
  const whole = usage !== null && engine !== null && unaccountedProcesses(trial).length === 0;
  const values = [
    ...own,
    harnessValue('engine.cpu', engine),
    harnessValue('total.cpu', whole ? usage + engine : null),
  ];
  return values.filter((value) => value !== null);
}
