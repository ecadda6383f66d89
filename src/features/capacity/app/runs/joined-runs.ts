import type { AppContext } from '../../../../app/context.ts';
import { type ReadFlags, resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable, type ReadableRun } from '../../../../app/readable-run.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { identifiedFacts, isThisMachine } from '../../../../core/host/facts.ts';
import { registeredRuns } from '../../../../core/host/run-registry.ts';
import { external, listed } from '../../../../core/messages/compose.ts';
import { messages, notices, reasons } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { recalled } from '../../../../core/messages/record.ts';
import { OcibenchError, refusal } from '../../../../core/model/error.ts';
import type { HostFacts } from '../../../../core/model/host.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { machineRelation } from '../../../../core/model/same-machine.ts';
import { type ChosenRuns, chooseRuns, type RunNeed, type UnmetNeed } from '../../overhead/choose-runs.ts';
import { isFinished, type PlacedRun, storedRuns } from './stored-runs.ts';

const text = notices('capacityRuns', {
  gave: '{what}: from run {run} of {date}',
  apart: '{what}: run {run} is not used, since it differs from run {base} in {differences}',
  older: 'run {newest} is newer than run {run}, but {what} changed in between; what follows is from {run}',
  elsewhere: 'no run of this host has what is needed; what follows is from host {host}, run {run}',
  leftOut: 'run {run} is left out: {why}',
  unfinished: 'no run here that has what is needed is complete',
});
const why = reasons('capacityRuns', {
  alive: { message: 'it is still running', fix: 'wait until it ends' },
  unended: { message: 'it is not complete', fix: 'continue it:  @(run --resume {run})' },
});
const words = messages('capacityRuns', {
  size: 'the memory of a sandbox',
  count: 'one more sandbox',
  start: 'the CPU time of a start',
  idle: 'the CPU time of an idle sandbox',
  workloads: 'the workloads of services',
  crowd: 'sandboxes side by side',
  changed: '{key} ({was}, now {is})',
});

const needWords: Readonly<Record<string, Message>> = {
  size: words.size,
  count: words.count,
  start: words.start,
  idle: words.idle,
  workloads: words.workloads,
  crowd: words.crowd,
};

/** The runs of this host; if none of them meets any need, those of the newest run's host. */
async function ofOneHost(
  stored: readonly PlacedRun[],
  needs: readonly RunNeed[],
): Promise<readonly PlacedRun[]> {
  const here = await identifiedFacts();
  const own = stored.filter(({ run }) => mayBeOne(run.host, here));
  if (own.some(({ run }) => needs.some((need) => need.has(run)))) return own;
  const [newest] = stored;
  return newest === undefined ? [] : stored.filter(({ run }) => mayBeOne(run.host, newest.run.host));
}

/** May two records be of one machine? Of runs without an id it is told later, by what they say of their host. */
const mayBeOne = (a: HostFacts, b: HostFacts): boolean =>
  a.id === undefined ? b.id === undefined : machineRelation(a, b) !== 'different';

type JoinFlags = ReadFlags & Pick<RunRequest, 'runtimes'>;

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
  asked: readonly RunNeed[],
  flags: JoinFlags,
): Promise<JoinedRuns> {
  const stored = await storedRuns(app, resultsOf(app, flags.in));
  const choosing = asked.filter(({ isExtra }) => isExtra !== true);
  const here = await ofOneHost(stored, choosing);
  const isNewest = name === undefined || name === 'latest';
  const alive = await registeredRuns();
  const unfinished = (placed: readonly PlacedRun[]) =>
    placed.flatMap(({ run }) => (!isFinished(run) && choosing.some((need) => need.has(run)) ? [run] : []));
  const isAlive = ({ runId, status }: RunRecord) => status === 'running' && alive.get(runId) === 'running';
  const hasFinished = here.some(({ run }) => isFinished(run));
  if (isNewest && !hasFinished) refuseUnfinished(unfinished(here), isAlive);
  const named = isNewest && hasFinished ? null : await openReadable(app, name ?? 'latest', flags);
  const all = named === null ? here : stored.filter(({ run }) => mayBeOne(run.host, named.run.host));
  const finished = all.filter(({ run }) => isFinished(run) && run.runId !== named?.run.runId);
  const { chosen, newest, opened } = await openedRuns(app, named, finished, { needs: asked, flags });
  const { base, of, unmet, since } = chosen;
  const openedRun = (run: RunRecord) => opened.get(run) ?? (named as ReadableRun);
  if (named === null && !(await isThisMachine(base.host)))
    app.reporter.warn(text.elsewhere({ run: base.runId, host: base.host.hostname }));
  const said = [...gaveWhat(of), ...chosen.leftOut.flatMap((each) => notUsed(each, base))];
  for (const each of said) app.reporter.log(each);
  if (since.length > 0) app.reporter.warn(olderThan(base, newest, since));
  const interrupted = unfinished(all).find((run) => !isAlive(run)) ?? null;
  return {
    base: openedRun(base),
    of: new Map([...of].map(([need, run]) => [need, openedRun(run)])),
    unmet,
    interrupted,
    said,
  };
}

/** Chooses and opens; a run that cannot be opened is left out and said, unless it was named or is the last. */
async function openedRuns(
  app: AppContext,
  named: ReadableRun | null,
  finished: readonly PlacedRun[],
  { needs, flags }: { readonly needs: readonly RunNeed[]; readonly flags: JoinFlags },
): Promise<{
  readonly chosen: ChosenRuns;
  readonly newest: RunRecord;
  readonly opened: ReadonlyMap<RunRecord, ReadableRun>;
}> {
  const opened = new Map<RunRecord, ReadableRun>(named === null ? [] : [[named.run, named]]);
  let left = finished;
  for (;;) {
    const [first, ...others] = [...(named === null ? [] : [named.run]), ...left.map(({ run }) => run)];
    if (first === undefined) throw new Error('a run is finished, or one was named');
    const chosen = chooseRuns([first, ...others], needs, named?.run ?? null, flags.runtimes ?? null);
    const wanted = [...new Set([chosen.base, ...chosen.of.values()])].filter((run) => !opened.has(run));
    const bad = await firstUnopened(app, left, wanted, { opened, flags });
    if (bad === null) return { chosen, newest: first, opened };
    const rest = left.filter((each) => each !== bad.placed);
    if (rest.length === 0 && named === null) throw bad.error;
    app.reporter.warn(
      text.leftOut({
        run: bad.placed.run.runId,
        why: recalled(bad.error.problems[0] ?? bad.error, 'message'),
      }),
    );
    left = rest;
  }
}

/** Opens these runs, each where it was read; the first that cannot be opened, or null. */
async function firstUnopened(
  app: AppContext,
  placed: readonly PlacedRun[],
  wanted: readonly RunRecord[],
  { opened, flags }: { readonly opened: Map<RunRecord, ReadableRun>; readonly flags: JoinFlags },
): Promise<{ readonly placed: PlacedRun; readonly error: OcibenchError } | null> {
  for (const each of placed) {
    if (!wanted.includes(each.run)) continue;
    try {
      opened.set(each.run, await openReadable(app, each.path, flags));
    } catch (error) {
      if (!(error instanceof OcibenchError)) throw error;
      return { placed: each, error };
    }
  }
  return null;
}

/** OcibenchError (exit 2) if there are only runs that did not end, the newest first. */
function refuseUnfinished(runs: readonly RunRecord[], isAlive: (run: RunRecord) => boolean): void {
  const [run] = runs;
  if (run === undefined) return;
  const { runId } = run;
  const reason = isAlive(run) ? why.alive : why.unended({ run: runId });
  throw refusal(text.unfinished, { file: runId, key: '' }, reason);
}

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

/** Which run could not be put beside the others, and why. */
function notUsed({ need, apart }: UnmetNeed, { runId: base }: RunRecord): readonly Message[] {
  if (apart === null) return [];
  const differences = listed(
    apart.differences.map(({ key, was, is }) => words.changed({ key, was, is })),
    'and',
  );
  return [text.apart({ what: needWords[need] ?? external(need), run: apart.run.runId, base, differences })];
}

/** The newest run differs from the one that has what is needed. */
function olderThan(run: RunRecord, newest: RunRecord, since: ChosenRuns['since']): Message {
  const what = listed(
    since.map(({ key, was, is }) => words.changed({ key, was, is })),
    'and',
  );
  return text.older({ run: run.runId, newest: newest.runId, what });
}
