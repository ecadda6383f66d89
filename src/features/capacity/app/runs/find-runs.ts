import { join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { type ReadFlags, resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable, type ReadableRun } from '../../../../app/readable-run.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { identifiedFacts, isThisMachine } from '../../../../core/host/facts.ts';
import { registeredRuns } from '../../../../core/host/run-registry.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { messages, notices, reasons } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { misuse, OcibenchError, problemOf, refusal } from '../../../../core/model/failure/error.ts';
import type { HostFacts } from '../../../../core/model/machine/host.ts';
import { machineRelation } from '../../../../core/model/machine/same-machine.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import { chooseBeside, chooseRun, type RunNeed } from '../../overhead/choose-runs.ts';
import { nativeRuntime } from '../../overhead/overhead.ts';
import { leastSizes, listMissing, type MeasuredRun, measuredRun } from '../../overhead/parts.ts';

const text = notices('capacityRuns', {
  gave: '{what}: from run {run} of {date}',
  apart: '{what}: run {run} is not used, since it differs from run {base} in {differences}',
  elsewhere: 'no run of this host has what is needed; what follows is from host {host}, run {run}',
  unfinished: 'no run here that has what is needed is complete',
  lacks: 'run {run} did not measure everything that is needed',
});
const why = reasons('capacityRuns', {
  alive: { message: 'it is still running', fix: 'wait until it ends' },
  unended: { message: 'it is not complete', fix: 'continue it:  @(run --resume {run})' },
  workload: { message: 'not measured', fix: 'measure what is needed:  @(sudo capacity measure)' },
  sizes: {
    message: 'was measured at {n} sizes; a line needs {least}',
    fix: 'measure what is needed:  @(sudo capacity measure)',
  },
  noHostKernel: {
    message: 'none of the runtimes that could run shares the host’s kernel, as runc does',
    fix: 'measure with such a runtime:  @(sudo capacity measure)',
  },
  native: {
    message: 'has no successful trial, so what a program uses natively is unknown',
    fix: 'measure again:  @(sudo capacity measure)',
  },
});
const words = messages('capacityRuns', {
  workloads: 'the workloads of services',
  crowd: 'sandboxes side by side',
  changed: '{key} ({was}, now {is})',
});

const needWords: Readonly<Record<string, Message>> = { workloads: words.workloads, crowd: words.crowd };

/** Which run, and what else of others. `runtimes`: only these matter. */
export interface RunChoice extends ReadFlags, Pick<RunRequest, 'runtimes'> {
  readonly needs?: readonly RunNeed[];
}

/** The runs that a command takes its figures from. */
export interface CapacityRuns {
  /** It has all parts of the overhead. */
  readonly base: ReadableRun;
  /** The data of `base` for the overhead. */
  readonly measured: MeasuredRun;
  /** The native runtime of `base`, which shows a program's own use. */
  readonly native: string;
  /** Need → the run that has it; none if no run does. */
  readonly of: ReadonlyMap<string, ReadableRun>;
  /** What comes from another run, and what is not used. */
  readonly said: readonly Message[];
}

/** A run of a results directory, and where it was read: the directory may have another name. */
interface PlacedRun {
  readonly run: RunRecord;
  readonly path: string;
}

/**
 * Finds the run that was named, or the newest finished one with all parts of the overhead: of this host, or else of another; and
 * the runs beside it that have the needs. OcibenchError (exit 2) with everything that is missing.
 */
export async function findRuns(
  app: AppContext,
  name: string | undefined,
  { needs = [], ...flags }: RunChoice,
): Promise<CapacityRuns> {
  const stored = await readStored(app, resultsOf(app, flags.in));
  const isNewest = name === undefined || name === 'latest';
  const found = isNewest ? await findNewest(app, stored, flags.runtimes ?? null) : null;
  const base = await openReadable(app, found?.path ?? name ?? 'latest', flags);
  refuseLacking(base.run);
  const measured = measuredRun(base.run, base.trials, base.workloads);
  const native = refuseWithoutNative(measured);
  const others = stored.filter(
    ({ run }) => isFinished(run) && run.runId !== base.run.runId && mayBeOne(run.host, base.run.host),
  );
  const of = new Map<string, ReadableRun>();
  const said: Message[] = [];
  for (const need of needs) {
    const { runId } = base.run;
    const chosen = chooseBeside(
      base.run,
      others.map(({ run }) => run),
      need,
    );
    const what = needWords[need.id] ?? words.workloads;
    if (chosen === null) continue;
    if ('apart' in chosen) {
      const differences = listed(chosen.differences.map(words.changed), 'and');
      said.push(text.apart({ what, run: chosen.apart.runId, base: runId, differences }));
    } else if (chosen.run === base.run) of.set(need.id, base);
    else {
      const path = others.find(({ run }) => run === chosen.run)?.path ?? chosen.run.runId;
      of.set(need.id, await openReadable(app, path, flags));
      said.push(text.gave({ what, run: chosen.run.runId, date: chosen.run.startedAt.slice(0, 10) }));
    }
  }
  for (const each of said) app.reporter.log(each);
  return { base, measured, native, of, said };
}

/** The runs of a results directory that can be read, newest first; those of another version are left out. */
async function readStored(
  { store }: Pick<AppContext, 'store'>,
  results: string,
): Promise<readonly PlacedRun[]> {
  const ids = await store.runIds(results);
  const runs = await Promise.all(
    ids.map(async (id) => {
      const path = join(results, id);
      const run = await store.readRun(path).catch((error: unknown) => {
        if (error instanceof OcibenchError) return null;
        throw error;
      });
      return run === null ? null : { run, path };
    }),
  );
  return runs.filter((placed) => placed !== null);
}

const isFinished = ({ status }: RunRecord) => status === 'complete';

/** May two records be of one machine? Those without an id may be. */
const mayBeOne = (a: HostFacts, b: HostFacts): boolean =>
  a.id === undefined ? b.id === undefined : machineRelation(a, b) !== 'different';

/** The newest run that has what is needed; null if none has, whose lack is said later. OcibenchError (exit 2) if it did not end. */
async function findNewest(
  app: AppContext,
  stored: readonly PlacedRun[],
  runtimes: readonly string[] | null,
): Promise<PlacedRun | null> {
  const here = await identifiedFacts();
  const own = stored.filter(({ run }) => mayBeOne(run.host, here));
  const whole = ({ run }: PlacedRun) => listMissing(run).length === 0;
  for (const placed of [own, stored]) {
    const finished = placed.filter(({ run }) => isFinished(run));
    const run = chooseRun(
      finished.filter(whole).map((each) => each.run),
      runtimes,
    );
    if (run === null) continue;
    if (!(await isThisMachine(run.host, here)))
      app.reporter.warn(text.elsewhere({ run: run.runId, host: run.host.hostname }));
    return finished.find((each) => each.run === run) ?? null;
  }
  const unended = stored.find((each) => !isFinished(each.run) && whole(each));
  if (unended !== undefined) {
    const { runId, status } = unended.run;
    const isAlive = status === 'running' && (await registeredRuns()).get(runId) === 'running';
    const reason = isAlive ? why.alive : why.unended({ run: runId });
    throw refusal(text.unfinished, runId, reason);
  }
  return own.find(({ run }) => isFinished(run)) ?? null;
}

/** OcibenchError (exit 2) that names every workload that the run lacks. */
function refuseLacking(run: RunRecord): void {
  const problems = listMissing(run).map(({ workload, sizes }) =>
    problemOf(
      { file: run.runId, key: workload },
      sizes === 0 ? why.workload : why.sizes({ n: sizes, least: leastSizes }),
    ),
  );
  if (problems.length > 0) throw misuse(text.lacks({ run: run.runId }), problems);
}

/** The native runtime. OcibenchError (exit 2) if there is none. */
function refuseWithoutNative({ run, trials }: MeasuredRun): string {
  const native = nativeRuntime(run);
  const title = text.lacks({ run: run.runId });
  if (native === null) throw refusal(title, { file: run.runId, key: 'runtimes' }, why.noHostKernel);
  if (!trials.some(({ cell }) => cell.runtime === native))
    throw refusal(title, { file: run.runId, key: `runtimes.${native}` }, why.native);
  return native;
}
