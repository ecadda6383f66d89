import type { RunRecord } from '../../model/run/run.ts';
import { executedRuntime } from '../../model/trial/cell.ts';
import { footprint, ownProcesses, resident, sumPss, unmappedShmem } from '../../model/trial/footprint.ts';
import { figureValue, type LifeMark, type Mark, type TrialRecord } from '../../model/trial/trial.ts';
import {
  type Category,
  categorySchema,
  type Measurement,
  type ParsedValue,
} from '../../model/workload/metric.ts';
import type { Workload } from '../../model/workload/workload.ts';
import { findRole } from '../../runtimes/registry.ts';
import { type EffectiveTrial, effectiveTrials } from './effective-trial.ts';
import { harnessValue } from './samples.ts';
import { isEmptyCgroup, isOfCgroup, unaccountedProcesses, uncountedRuntimes } from './uncounted.ts';

const phases: readonly (readonly [metric: string, from: LifeMark, to: LifeMark])[] = [
  ['startup.to_output', 'create-begin', 'first-output'],
  ['startup.create', 'create-begin', 'create-end'],
  ['startup.start', 'start-begin', 'start-end'],
  ['startup.first_output', 'start-begin', 'first-output'],
  ['startup.run', 'first-output', 'exit'],
  ['startup.remove', 'remove-begin', 'remove-end'],
  ['startup.total', 'create-begin', 'remove-end'],
];

const lifeMarks: ReadonlySet<string> = new Set(
  phases.flatMap(([, from, to]) => [from, to]).concat('start-end'),
);

/**
 * Phases of a container's life from the marks of its trial, ns. Empty where the harness acted on the container (other
 * marks), since the phases then include the harness's actions. A phase is absent when one of its marks is, or when they
 * are in the wrong order: exit and output arrive by two connections and may overtake each other.
 */
export function startupPhases(marks: readonly Mark[]): ParsedValue[] {
  if (marks.some(({ name }) => !lifeMarks.has(name))) return [];
  const at = new Map<string, number>(marks.map((mark) => [mark.name, mark.atNs]));
  return phases.flatMap(([metric, from, to]) => {
    const begin = at.get(from);
    const end = at.get(to);
    if (begin === undefined || end === undefined) return [];
    return harnessValue(metric, end - begin) ?? [];
  });
}

/**
 * Figures of a trial's cgroup and of the engine's. An absent figure stays absent: its reason is in the trial record.
 * Figures of a cgroup that counted nothing are left out, since they are not the container's. So are all figures of a
 * runtime that is `uncounted` ({@link uncountedRuntimes}).
 *
 * `total.cpu` is the sum of the two, and absent where one of them is. The kernel charges CPU time to the one cgroup of
 * a task, and neither cgroup contains the other, so nothing is counted twice. The sum is left out where the time of an
 * observed process is in neither ({@link unaccountedProcesses}). CPU times of single processes are not used: a process
 * that ended between snapshots would be missing, and every process is in one of the two cgroups.
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

/** The memory of a trial's processes, from its record. */
type MemorySnapshot = Pick<TrialRecord, 'processes' | 'shmemAtSnapshotBytes' | 'mappedAtSnapshot'>;

/**
 * PSS of the host processes that work for a container: all, those outside its cgroup, and by role. Empty where no
 * snapshot was taken. `pss.outside` is a true 0 where every process is in the cgroup. `memory.footprint` adds the
 * shared memory that no process maps, from `memory.shmem` of the same snapshot. `memory.resident` counts every page
 * once and at its full size, whatever other processes map it.
 */
export function processMemory({
  processes,
  shmemAtSnapshotBytes,
  mappedAtSnapshot,
}: MemorySnapshot): ParsedValue[] {
  const own = ownProcesses(processes);
  const roles = [...Map.groupBy(processes, (process) => process.role)];
  const values = roles.map(([role, members]) => harnessValue(`pss.${role}`, sumPss(members)));
  if (own.length > 0) {
    const total = sumPss(own);
    values.push(harnessValue('pss.total', total));
    values.push(harnessValue('memory.unmapped_shmem', unmappedShmem(own, shmemAtSnapshotBytes)));
    values.push(harnessValue('memory.footprint', footprint(processes, shmemAtSnapshotBytes)));
    const held = resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot);
    values.push(harnessValue('memory.resident', held?.bytes ?? null));
    values.push(harnessValue('memory.private', held?.privateBytes ?? null));
    // One unreadable process may belong to either side; without the total, the part is not reliable either.
    if (total !== null)
      values.push(harnessValue('pss.outside', sumPss(own.filter((process) => !process.inCgroup))));
  }
  return values.filter((value) => value !== null).sort((a, b) => (a.metric < b.metric ? -1 : 1));
}

/** The parser's id for the amount of work that its tool did. */
const workUnits = 'work.units';

/**
 * CPU time per unit of work, ns. It shows cost that wall time hides where a runtime works on another core. It is taken
 * from the stamped window if there is one, so that the container's start is excluded; else from the whole trial,
 * including start and removal. Empty where the parser counts no work, or the CPU of a part is unknown.
 */
export function workCost(
  trial: Pick<TrialRecord, 'window' | 'cgroup' | 'engineCpu' | 'processes'>,
  values: readonly ParsedValue[],
): ParsedValue[] {
  const units = values.find(({ metric }) => metric === workUnits)?.value;
  if (units === undefined || !(units > 0)) return [];
  const cpuNs = trial.window === null ? totalOf(trial) : windowOf(trial.window, trial.processes);
  const cost = cpuNs === null ? null : harnessValue('work.cpu', cpuNs / units);
  return cost === null ? [] : [cost];
}

/**
 * Choose the CPU times of a window. In a window that the harness drew around a client, the engine's CPU is mostly the
 * cost of starting that client (about 40 ms under every runtime). That cost is not the workload's. The engine's CPU
 * counts where a process outside the container's cgroup works for it, such as a VMM: leaving it out would omit work.
 * Null where no process was observed, so that neither case is known.
 */
function windowOf(
  { cpuNs, engineCpuNs, source }: NonNullable<TrialRecord['window']>,
  processes: TrialRecord['processes'],
): number | null {
  if (cpuNs === null) return null;
  if (source === 'steps') {
    if (processes.length === 0) return null;
    if (!processes.some(({ role, inCgroup }) => !inCgroup && findRole(role)?.doesWork)) return cpuNs;
  }
  return engineCpuNs === null ? null : cpuNs + engineCpuNs;
}

function totalOf(trial: Parameters<typeof resourceFigures>[0]): number | null {
  return resourceFigures(trial, false).find(({ metric }) => metric === 'total.cpu')?.value ?? null;
}

/** Input of deriving a run: its records, and the workloads whose parsers read the tools' output. */
export interface DeriveInput {
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly workloads: readonly Workload[];
}

/**
 * Convert raw records to tidy measurements: one row per value, warm-up included. A trial without values keeps one row.
 * Its metric and value are null and its outcome says why, so that failures stay countable.
 *
 * Throws RangeError on a workload whose category is in neither `workloads`, `run.subjects` nor its id.
 */
export function derive(input: DeriveInput): Measurement[] {
  const categoryOf = categoryFinder(input);
  const place = { run: input.run, uncounted: uncountedRuntimes(input.run, input.trials) };
  return effectiveTrials(input.trials, input.workloads).flatMap((effective) =>
    deriveTrial(effective, categoryOf(effective.trial.cell.workload), place),
  );
}

/** The run of a trial, and its {@link uncountedRuntimes}. */
export interface DeriveContext {
  readonly run: RunRecord;
  readonly uncounted: ReadonlyMap<string, unknown>;
}

/** The rows of one trial; {@link derive} handles a whole run. */
export function deriveTrial(
  effective: EffectiveTrial,
  category: Category,
  { run, uncounted }: DeriveContext,
): Measurement[] {
  const { runId, config } = run;
  const { trial, outcome } = effective;
  const { trialId, block, position, phase, cell } = trial;
  const common = { runId, trialId, block, position, phase, cell, category, outcome: outcome.status };
  const own = uncounted.has(executedRuntime(cell.runtime, config.baseline));
  const values = trialValues(effective, category, own);
  if (values.length === 0) return [{ ...common, metric: null, unit: null, better: null, value: null }];
  return values.map(({ metric, unit, better, value }) => ({ ...common, metric, unit, better, value }));
}

/**
 * All values of a trial. If a tool uses the name of a harness metric, the tool's value counts. A failed trial did not all of its
 * work, and one of density holds as many sandboxes as fit: their totals are of unequal work.
 */
function trialValues(
  { trial, outcome, values: parsed }: EffectiveTrial,
  category: Category,
  uncounted: boolean,
): ParsedValue[] {
  const values = uncounted ? parsed.filter(({ metric }) => !isOfCgroup(metric)) : parsed;
  const taken = new Set(values.map((value) => value.metric));
  const isOk = outcome.status === 'ok';
  const derived = [
    ...(isOk && category === 'startup' ? startupPhases(trial.marks) : []),
    ...(isOk && category !== 'density'
      ? [...resourceFigures(trial, uncounted), ...processMemory(trial)]
      : []),
    ...workCost(trial, values),
  ];
  return [...values, ...derived.filter((value) => !taken.has(value.metric))];
}

/**
 * Find the category of a workload as it is now; for one that no longer exists, from the run's subjects or the id `category/name`.
 */
export function categoryFinder(
  input: Pick<DeriveInput, 'run' | 'workloads'>,
): (workload: string) => Category {
  const known = new Map<string, string>([
    ...input.run.subjects.map((subject) => [subject.workload, subject.category] as const),
    ...input.workloads.map((workload) => [workload.id, workload.category] as const),
  ]);
  return (workload) => {
    const parsed = categorySchema.safeParse(known.get(workload) ?? workload.split('/')[0]);
    if (!parsed.success) throw new RangeError(`the category of workload ${workload} is not known`);
    return parsed.data;
  };
}
