import { join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable, type ReadableRun } from '../../../../app/readable-run.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { external, listed } from '../../../../core/messages/compose.ts';
import { messages, notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { OcibenchError } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { type ChosenRuns, chooseRuns, type RunNeed, type UnmetNeed } from '../../sandbox/choose-runs.ts';

const text = notices('capacityRuns', {
  gave: '{what}: from run {run} of {date}',
  older: 'run {newest} is newer than run {run}, and since then another is {what}; what follows is of {run}',
});
const words = messages('capacityRuns', {
  size: 'the memory of a sandbox',
  count: 'one more sandbox',
  start: 'the CPU time of a start',
  idle: 'the CPU time at rest',
  calls: 'what calls cost, and the applications',
  workloads: 'the workloads of services',
  changed: '{key} ({was}, now {is})',
});

const needWords: Readonly<Record<string, Message>> = {
  ...{ size: words.size, count: words.count, start: words.start, idle: words.idle },
  ...{ calls: words.calls, workloads: words.workloads },
};

/** The runs of a results directory that can be read, newest first; those of another version are left out. */
async function storedRuns(
  { store }: Pick<AppContext, 'store'>,
  results: string,
): Promise<readonly RunRecord[]> {
  const ids = await store.runIds(results);
  const runs = await Promise.all(
    ids.map((id) =>
      store.readRun(join(results, id)).catch((error: unknown) => {
        if (error instanceof OcibenchError) return null;
        throw error;
      }),
    ),
  );
  return runs.filter((run) => run !== null);
}

/** The runs of this host; if none of them meets any need, those of the newest run's host. */
function ofOneHost(runs: readonly RunRecord[], needs: readonly RunNeed[]): readonly RunRecord[] {
  const here = hostIdentity();
  const own = runs.filter(({ host }) => host.id === here);
  if (own.some((run) => needs.some((need) => need.has(run)))) return own;
  const [newest] = runs;
  return runs.filter(({ host }) => host.id === newest?.host.id);
}

/** Runs that together have what a command needs, opened. */
export interface JoinedRuns {
  /** The run that was named, or the one that the others agree with. */
  readonly base: ReadableRun;
  /** Need → the run that meets it. */
  readonly of: ReadonlyMap<string, ReadableRun>;
  /** The needs that no run meets, except those that are optional. */
  readonly unmet: readonly UnmetNeed[];
  /** An interrupted run that was to measure some of what is needed; null if there is none. */
  readonly interrupted: RunRecord | null;
  /** Which run gave what, if several did. */
  readonly said: readonly Message[];
}

/**
 * Finds the newest runs that together meet the needs: `name` and what agrees with it; without a name, or with `latest`, of all
 * finished runs of this host in the results directory. `flags.runtimes`: only these matter. Says what comes from which run, unless the one that was named has all.
 */
export async function joinedRuns(
  app: AppContext,
  name: string | undefined,
  needs: readonly RunNeed[],
  flags: Pick<RunRequest, 'out' | 'config' | 'lang' | 'runtimes'>,
): Promise<JoinedRuns> {
  const results = resultsOf(app, flags.out);
  const stored = await storedRuns(app, results);
  const here = ofOneHost(stored, needs);
  const isNewest = (name === undefined || name === 'latest') && here.some(isFinished);
  const named = isNewest ? null : await openReadable(app, name ?? 'latest', flags);
  const all = named === null ? here : stored.filter(({ host }) => host.id === named.run.host.id);
  const finished = all.filter((run) => isFinished(run) && run.runId !== named?.run.runId);
  const [first = named?.run, ...others] = named === null ? finished : [named.run, ...finished];
  if (first === undefined) throw new Error('a run is finished, or one was named');
  const { base, of, unmet, since } = chooseRuns(
    [first, ...others],
    needs,
    named?.run ?? null,
    flags.runtimes ?? null,
  );
  const opened = new Map<RunRecord, ReadableRun>();
  for (const run of new Set([base, ...of.values()]))
    opened.set(run, run === named?.run ? named : await openReadable(app, join(results, run.runId), flags));
  const openedRun = (run: RunRecord) => opened.get(run) ?? (named as ReadableRun);
  const said = gaveWhat(of);
  for (const each of said) app.reporter.log(each);
  if (since.length > 0) app.reporter.warn(olderThan(base, first, since));
  const interrupted = all.find((run) => !isFinished(run) && needs.some((need) => need.has(run))) ?? null;
  return {
    base: openedRun(base),
    of: new Map([...of].map(([need, run]) => [need, openedRun(run)])),
    ...{ unmet, interrupted, said },
  };
}

const isFinished = ({ status }: RunRecord) => status === 'complete';

/** Which run gave what; empty if one gave all. */
function gaveWhat(of: ChosenRuns['of']): readonly Message[] {
  const byRun = Map.groupBy(of.entries(), ([, run]) => run);
  if (byRun.size < 2) return [];
  return [...byRun].map(([{ runId: run, startedAt }, own]) =>
    text.gave({
      what: listed(
        own.map(([need]) => needWords[need] ?? external(need)),
        'and',
      ),
      run,
      date: startedAt.slice(0, 10),
    }),
  );
}

/** The newest run differs from the one that has what is needed. */
function olderThan(run: RunRecord, newest: RunRecord, since: ChosenRuns['since']): Message {
  const what = listed(
    since.map(({ key, was, is }) => words.changed({ key, was, is })),
    'and',
  );
  return text.older({ run: run.runId, newest: newest.runId, what });
}
