import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import type { RunRecord } from '../../model/run/run.ts';
import type { RuntimeFacts } from '../../model/runtime/runtime.ts';
import { executedRuntime } from '../../model/trial/cell.ts';
import type { ProcessUsage, TrialRecord } from '../../model/trial/trial.ts';
import { virtualMachineOf } from '../../runtimes/guest/virtual-machine.ts';
import { familyOf } from '../../runtimes/registry.ts';

type TrialPlacement = Pick<TrialRecord, 'cgroup' | 'engineCpu' | 'processes'>;

function isBelow(cgroup: string, path: string): boolean {
  return cgroup === path || cgroup.startsWith(`${path}/`);
}

/**
 * Find the processes of a trial whose CPU time is in none of the counted cgroups: neither the trial's own (`cpu.usage`)
 * nor those of `engine.cpu`. Kata's Go runtime creates such a cgroup when it splits a sandbox under the systemd driver:
 * `<slice>:docker:<id>` at the root of the hierarchy. Empty where the cgroups of `engine.cpu` are unknown, or no
 * process was observed.
 */
export function unaccountedProcesses(trial: TrialPlacement): readonly ProcessUsage[] {
  const { cgroup, engineCpu, processes } = trial;
  if ('absent' in engineCpu || engineCpu.cgroups === undefined) return [];
  const counted = [...engineCpu.cgroups, ...(cgroup === null ? [] : [`/${cgroup.path}`])];
  return processes.filter(({ inCgroup, cpuCgroup }) => {
    if (inCgroup || cpuCgroup === undefined) return false;
    return cpuCgroup === null || !counted.some((path) => isBelow(cpuCgroup, path));
  });
}

/**
 * True if the trial's cgroup counted nothing. No process of the container was then ever in it, and its zeros do not
 * describe the container's cost. Kata 1's containerd-shim-kata-v2 leaves its cgroup empty like this. A task that ran
 * there has CPU time and was a pid. Memory proves no task: the kernel charges the structures of a cgroup to its parent,
 * in a batch of 64 pages (mm/memcontrol.c, MEMCG_CHARGE_BATCH).
 */
export function isEmptyCgroup(cgroup: TrialRecord['cgroup']): boolean {
  // Docker's own statistics of an ended container are zeros for another reason.
  if (cgroup === null || cgroup.source === 'docker-stats') return false;
  const known = (id: string) => {
    const figure = cgroup.figures[id];
    return figure !== undefined && 'value' in figure ? [figure.value] : [];
  };
  const proofs = [...known('cpu.usage'), ...known('pids.peak')];
  const all = Object.keys(cgroup.figures).flatMap(known);
  const counters = proofs.length > 0 ? proofs : all;
  return counters.length > 0 && counters.every((value) => value === 0);
}

const text = notices('uncounted', {
  statisticsPartial:
    'Docker’s statistics leave out the virtual machine, and nothing else can be read from here',
  cgroupEmpty: 'the container’s cgroup counted nothing, because the runtime puts no process into it',
  vmOutsideCgroup:
    'the virtual machine runs outside the container’s cgroup, which does not count what it uses',
  vmNotLookedAt: 'it was not checked whether the virtual machine runs in the container’s cgroup',
  allTrials: 'all trials',
  someTrials: '{found} of {looked} trials',
  someLookedAt: '{found} of {looked} trials whose processes were looked at',
});

/** Why the figures of a runtime's trial cgroups do not describe its containers. */
export interface UncountedReason {
  readonly code: 'vm-outside-cgroup' | 'vm-not-looked-at' | 'statistics-partial' | 'cgroup-empty';
  /** One clause, for notes. */
  readonly reason: Message;
  /** Trials with the evidence: `all trials`, `3 of the 7 trials whose processes were looked at`. */
  readonly trials: Message;
}

/**
 * Below this share of a runtime's trials, the evidence is not a property of the runtime: a process was observed just
 * before it was moved or ended.
 */
const minShare = 0.02;

const ofCgroup: ReadonlySet<string> = new Set([
  ...cgroupMetrics.map(({ id }) => id),
  // The charge of the trial's cgroup while several containers are idle: of each, and of one more.
  'density.charged',
  'density.next_charged',
  // The CPU time of the trial's and the engine's cgroup: a virtual machine may be in neither.
  'density.next_cpu',
]);

/** True for a figure of the trial's own cgroup, which does not include charges to other cgroups. */
export function isOfCgroup(metric: string): boolean {
  return ofCgroup.has(metric);
}

/**
 * Figure of the trial's cgroup → the host's figures of the whole container that replace it, best first: memory of all
 * its processes, CPU time of all the cgroups that work for it.
 */
export const hostFigures: ReadonlyMap<string, readonly string[]> = new Map([
  ['memory.peak', ['memory.resident', 'memory.footprint']],
  ['memory.current', ['memory.resident', 'memory.footprint']],
  ['cpu.usage', ['total.cpu']],
]);

/**
 * `all trials`, or the number of trials with the evidence; null where they are too few for a property of the runtime.
 */
export function shareOf(found: number, looked: number, some = text.someTrials): Message | null {
  if (found === 0 || found / looked < minShare) return null;
  return found === looked ? text.allTrials : some({ found, looked });
}

/**
 * Find the runtimes whose figures of the trial's cgroup are left out, with the reason: a virtual machine works outside
 * the container's cgroup. It is a property of the runtime, found in the preflight or in trials that observed processes.
 * It also applies to trials without such observations. Kata has no default either way: without observations, the
 * property is unknown.
 */
export function uncountedRuntimes(
  run: {
    readonly runtimes: readonly RuntimeFacts[];
    readonly config: Pick<RunRecord['config'], 'baseline'>;
  },
  trials: readonly TrialRecord[],
): ReadonlyMap<string, UncountedReason> {
  const measured = trials.filter(({ phase, outcome }) => phase === 'measure' && outcome.status === 'ok');
  const byRuntime = Map.groupBy(measured, ({ cell }) => executedRuntime(cell.runtime, run.config.baseline));
  const facts = new Map(run.runtimes.map((each) => [each.entry.name, each]));
  const found = new Map<string, UncountedReason>();
  for (const name of new Set([...facts.keys(), ...byRuntime.keys()])) {
    const uncounted = uncountedOf(facts.get(name), byRuntime.get(name) ?? []);
    if (uncounted !== null) found.set(name, uncounted);
  }
  return found;
}

function uncountedOf(facts: RuntimeFacts | undefined, own: readonly TrialRecord[]): UncountedReason | null {
  const family = facts?.family;
  const startsGuests = familyOf(family).kernel === 'guest';
  if (startsGuests && own.some(({ cgroup }) => cgroup?.source === 'docker-stats'))
    return {
      code: 'statistics-partial',
      reason: text.statisticsPartial,
      trials: text.allTrials,
    };
  const empty = shareOf(own.filter(({ cgroup }) => isEmptyCgroup(cgroup)).length, own.length);
  if (empty === text.allTrials)
    return {
      code: 'cgroup-empty',
      reason: text.cgroupEmpty,
      trials: empty,
    };
  const seen = own.flatMap(({ processes }) => virtualMachineOf(processes, family) ?? []);
  const observed = seen.length > 0 ? seen : facts?.vm ? [facts.vm] : [];
  const outside = observed.filter(({ inCgroup }) => !inCgroup).length;
  const shared = shareOf(outside, observed.length, text.someLookedAt);
  if (shared !== null)
    return {
      code: 'vm-outside-cgroup',
      reason: text.vmOutsideCgroup,
      trials: shared,
    };
  if (!startsGuests || observed.length > 0 || facts?.preflight.status === 'unavailable') return null;
  return {
    code: 'vm-not-looked-at',
    reason: text.vmNotLookedAt,
    trials: text.allTrials,
  };
}
