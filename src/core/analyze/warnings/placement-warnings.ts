import { external } from '../../messages/compose.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Message, Value } from '../../messages/message.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { executedRuntime } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import { familyOf } from '../../runtimes/registry.ts';
import { runtimesByName } from '../rows/subjects.ts';
import {
  isEmptyCgroup,
  shareOf,
  type UncountedReason,
  unaccountedProcesses,
  uncountedRuntimes,
} from '../values/uncounted.ts';
import { type Warning, warning } from './noise-warnings.ts';

const text = notices('placement', {
  cgroupEmpty:
    '{runtime}: the container’s cgroup counted nothing in {trials}, because the runtime puts no process into it. Its figures are left out. pss.total includes what the container cost, and so does total.cpu where it is known.',
  cpuElsewhere: '{runtime}: total.cpu is not known in {trials}: {why}.',
  statisticsPartial:
    '{runtime}: its figures are Docker’s statistics, which leave out {missing}. Nothing else can be read from an engine on another host.',
  vmOutsideCgroup:
    '{runtime}: the virtual machine runs outside the container’s cgroup in {trials}. The figures of that cgroup (cpu.usage, memory.peak, io.*, pids.* and others) miss it and are left out. memory.footprint and pss.total include it, and so does total.cpu where it is known.',
  vmNotLookedAt:
    '{runtime}: it was not checked whether the virtual machine runs in the container’s cgroup, so the figures of that cgroup are left out. A new run checks it first.',
});
const words = messages('placement', {
  unreadable: 'the cgroup of {process} could not be read',
  charged:
    '{process} is charged to {cgroup}, which is neither the container’s cgroup nor one of the engine’s',
});

/** A doubt about the trials of one runtime: its evidence, and its warning. */
interface Doubt {
  readonly code: string;
  /** Evidence for the doubt in a trial; null where there is none. */
  readonly seen: (trial: TrialRecord) => Message | null;
  readonly message: (values: { runtime: string; trials: Value; why: Message }) => Message;
}

const nothing = external('');

const doubts: readonly Doubt[] = [
  {
    code: 'cgroup-empty',
    seen: (trial) => (isEmptyCgroup(trial.cgroup) ? nothing : null),
    message: ({ runtime, trials }) => text.cgroupEmpty({ runtime, trials }),
  },
  {
    code: 'cpu-elsewhere',
    seen: (trial) => {
      const [found] = unaccountedProcesses(trial);
      if (found === undefined) return null;
      const { comm, cpuCgroup } = found;
      return typeof cpuCgroup === 'string'
        ? words.charged({ process: comm, cgroup: cpuCgroup })
        : words.unreadable({ process: comm });
    },
    message: text.cpuElsewhere,
  },
];

/**
 * Warn about figures that Docker's statistics omit for a runtime's containers. Docker's statistics are the only source
 * where the engine is on another host.
 */
function statisticsDoubt(run: RunRecord, runtime: string, own: readonly TrialRecord[]): Warning[] {
  const facts = runtimesByName(run).get(runtime);
  const missing =
    facts === undefined ? null : (familyOf(facts.family).missingInStatistics?.(facts.entry) ?? null);
  if (missing === null || !own.some((trial) => trial.cgroup?.source === 'docker-stats')) return [];
  return [warning('statistics-partial', text.statisticsPartial({ runtime, missing }))];
}

/** Warn if a virtual machine works outside the container's cgroup, or it is unknown whether one does. */
function uncountedDoubts(uncounted: ReadonlyMap<string, UncountedReason>): Warning[] {
  return [...uncounted].flatMap(([runtime, { code, trials }]): Warning[] => {
    if (code === 'vm-outside-cgroup') return [warning(code, text.vmOutsideCgroup({ runtime, trials }))];
    return code === 'vm-not-looked-at' ? [warning(code, text.vmNotLookedAt({ runtime }))] : [];
  });
}

/** Warn, per runtime, about figures that omit processes in other cgroups. Only successful trials count. */
export function placementWarnings(run: RunRecord, trials: readonly TrialRecord[]): Warning[] {
  const measured = trials.filter((trial) => trial.phase === 'measure' && trial.outcome.status === 'ok');
  const byRuntime = [
    ...Map.groupBy(measured, (trial) => executedRuntime(trial.cell.runtime, run.config.baseline)),
  ];
  const partial = byRuntime.flatMap(([runtime, own]) => statisticsDoubt(run, runtime, own));
  const placed = doubts.flatMap(({ code, seen, message }) =>
    byRuntime.flatMap(([runtime, own]) => {
      const found = own.map(seen).filter((each) => each !== null);
      const share = shareOf(found.length, own.length);
      if (share === null) return [];
      return [warning(code, message({ runtime, trials: share, why: found[0] ?? nothing }))];
    }),
  );
  const measuredOnly = new Map(
    [...uncountedRuntimes(run, trials)].filter(([name]) => byRuntime.some(([runtime]) => runtime === name)),
  );
  return [...partial, ...uncountedDoubts(measuredOnly), ...placed];
}
