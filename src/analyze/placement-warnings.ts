import { executedRuntime } from '../model/aa-arm.ts';
import type { Analysis } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import { chargedElsewhere, countedNothing } from './charged-elsewhere.ts';
import { runtimesByName } from './subjects.ts';
import { shareOf, type Uncounted, uncountedRuntimes } from './uncounted.ts';

type Warning = Analysis['warnings'][number];

/** A doubt about the trials of one runtime: where it holds, and what it means there. */
interface Doubt {
  readonly code: string;
  /** What was seen in a trial that raises it; null where nothing was. */
  readonly seen: (trial: TrialRecord) => string | null;
  readonly message: (runtime: string, trials: string, seen: string) => string;
}

const doubts: readonly Doubt[] = [
  {
    code: 'cgroup-empty',
    seen: (trial) => (countedNothing(trial.cgroup) ? '' : null),
    message: (runtime, trials) =>
      `${runtime}: the container’s cgroup counted nothing in ${trials}, because the runtime puts no process into it. Its figures are left out; pss.total holds what the container cost, and so does total.cpu where it is known.`,
  },
  {
    code: 'cpu-elsewhere',
    seen: (trial) => {
      const [process] = chargedElsewhere(trial);
      if (process === undefined) return null;
      return process.cpuCgroup === null
        ? `the cgroup of ${process.comm} could not be read`
        : `${process.comm} is charged to ${process.cpuCgroup}, which is neither the container’s cgroup nor one of the engine’s`;
    },
    message: (runtime, trials, seen) => `${runtime}: total.cpu is not known in ${trials}: ${seen}.`,
  },
];

/** What Docker's statistics leave out of a runtime's container: the only source where the engine is on another host. */
function statisticsDoubt(run: RunRecord, runtime: string, own: readonly TrialRecord[]): Warning[] {
  const facts = runtimesByName(run).get(runtime);
  const missing =
    facts?.family === 'kata'
      ? 'the virtual machine, unless Kata is registered by path and has sandbox_cgroup_only'
      : facts?.family === 'runsc' && facts.entry.runtimeType !== undefined
        ? 'the memory of sentry and gofer'
        : null;
  if (missing === null || !own.some((trial) => trial.cgroup?.source === 'docker-stats')) return [];
  const message = `${runtime}: its figures are Docker’s statistics, which leave out ${missing}. Nothing else can be read from an engine on another host.`;
  return [{ code: 'statistics-partial', message }];
}

/** Where a virtual machine works outside the container's cgroup, or nobody knows whether it does. */
function uncountedDoubts(uncounted: ReadonlyMap<string, Uncounted>): Warning[] {
  return [...uncounted].flatMap(([runtime, { code, trials }]): Warning[] => {
    if (code === 'vm-outside-cgroup')
      return [
        {
          code,
          message: `${runtime}: the virtual machine works outside the container’s cgroup, in ${trials}. The figures of that cgroup (cpu.usage, memory.peak, io.*, pids.* and others) do not hold it and are left out; memory.footprint and pss.total hold all of it, and so does total.cpu where it is known.`,
        },
      ];
    if (code === 'vm-not-looked-at')
      return [
        {
          code,
          message: `${runtime}: nobody looked whether the virtual machine works in the container’s cgroup, so that the figures of that cgroup are left out. A new run looks at it beforehand.`,
        },
      ];
    return [];
  });
}

/** Per runtime: what its figures do not hold because its processes are elsewhere. Of trials that ended well. */
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
      return share === null ? [] : [{ code, message: message(runtime, share, found[0] ?? '') }];
    }),
  );
  const measuredOnly = new Map(
    [...uncountedRuntimes(run, trials)].filter(([name]) => byRuntime.some(([runtime]) => runtime === name)),
  );
  return [...partial, ...uncountedDoubts(measuredOnly), ...placed];
}
