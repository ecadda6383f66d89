import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import type { AppContext } from '../../../../app/context.ts';
import { openConfiguration } from '../../../../app/measure/configuration.ts';
import { holdHost } from '../../../../app/measure/host-lock.ts';
import { newRunId, type ReadFlags } from '../../../../app/measure/past-runs.ts';
import { holdIfThere, refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { myself } from '../../../../core/files/walk.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { quantity } from '../../../../core/messages/compose.ts';
import { notices } from '../../../../core/messages/define.ts';
import { misuse } from '../../../../core/model/failure/error.ts';
import type { History } from '../../history/recorded-series.ts';
import { ownRun } from '../night/close.ts';
import { historyPlace, keptRuns, type NightlyFlags, type NightlySettings } from '../night/settings.ts';
import { openHistory } from './history-file.ts';

const text = notices('prune', {
  nothing: 'nothing to remove: there are {n} nights, and the raw measurements of {keep} are kept',
  would: 'the raw measurements of {n} nights, {size}; their lines stay in the history',
  dryRun: 'nothing was removed (--dry-run)',
  declined: 'nothing was removed',
  needsTerminal: 'nothing was removed, because there is no terminal to ask on; add --yes',
  removed: 'removed the raw measurements of {n} nights',
  interrupted: 'interrupted: some raw measurements were already removed',
});

/** Directories of a run whose raw measurements are to be removed. */
export interface ExpiredRun {
  readonly runId: string;
  /** `results/RUN`, and `charts/RUN` if it exists. */
  readonly paths: readonly string[];
}

/**
 * The raw measurements of nights older than the newest `keepRuns`. Includes only nights of this host that the history records,
 * in directories whose run names this history and that belong to this user.
 */
export async function unkeptRuns(
  app: Pick<AppContext, 'store'>,
  { history: directory, results }: Pick<NightlySettings, 'history' | 'results'>,
  { nights }: History,
  keepRuns: number,
): Promise<readonly ExpiredRun[]> {
  const host = hostIdentity();
  const runs = nights.flatMap((night) =>
    night.run !== null && night.host === host && night.stage === 'night' ? [night.run] : [],
  );
  const unkept: ExpiredRun[] = [];
  for (const runId of [...new Set(runs)].slice(0, -keepRuns)) {
    const path = join(results, runId);
    if (!(await isMine(path)) || (await ownRun(app, path, runId, directory)) === null) continue;
    const charts = join(dirname(results), 'charts', runId);
    unkept.push({ runId, paths: [path, ...((await isMine(charts)) ? [charts] : [])] });
  }
  return unkept;
}

/** Is the path a directory (not a link) that belongs to this user? */
async function isMine(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  const { uid, sudoUid } = myself();
  return found?.isDirectory() === true && (found.uid === uid || found.uid === sudoUid);
}

const removed = /^\.removed-[0-9a-f-]{36}$/;

/**
 * Removes these directories: renames each first, so that it disappears atomically and the next call finishes after a kill.
 * OcibenchError (exit 2) if another user can write to the parent, and so could have put another directory in a run's place.
 */
export async function removeRuns(results: string, unkept: readonly ExpiredRun[]): Promise<void> {
  const parents = [results, join(dirname(results), 'charts')];
  refuseNotOwn(parents);
  // A timer's PATH may be short.
  const rm = (await findProgram('rm')) ?? 'rm';
  const paths = unkept.flatMap((each) => each.paths);
  for (const parent of parents) {
    using held = holdIfThere(parent);
    if (held === null) continue;
    for (const path of paths.filter((each) => dirname(each) === parent))
      await rename(held.at(basename(path)), held.at(`.removed-${randomUUID()}`));
    for (const name of await readdir(held.here))
      if (removed.test(name) && (await isMine(held.at(name))))
        // GNU rm walks by file descriptors: exchanging a directory meanwhile cannot lead it elsewhere.
        await execa(rm, ['-rf', '--one-file-system', '--', name], { cwd: held.here, stdin: 'ignore' });
  }
}

/** Flags of `ocibench nightly prune`. */
export interface PruneFlags
  extends Pick<NightlyFlags, 'config' | 'history' | 'keepRuns' | 'wait'>,
    Pick<ReadFlags, 'in'> {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Shows which raw measurements of old nights it would remove, asks for confirmation, and removes them. */
export async function pruneHistory(
  app: AppContext,
  flags: PruneFlags,
  confirmation: {
    readonly show: (paths: readonly string[]) => void;
    /** null if no user can answer. */
    readonly ask: (() => Promise<boolean>) | null;
  },
): Promise<void> {
  const { reporter } = app;
  const configuration = await openConfiguration(app, flags, { here: true });
  const keep = keptRuns(flags.keepRuns, configuration.loaded?.config.nightly?.keepRuns);
  const place = historyPlace(app, flags);
  using interrupt = app.interrupts(text.interrupted);
  await using _lock = await holdHost(app, {
    command: 'ocibench nightly prune',
    runId: () => newRunId(app.clock.date()),
    wait: flags.wait ?? false,
    interrupt: interrupt.signal,
  });
  const { history } = await openHistory(app, place.history);
  const unkept = await unkeptRuns(app, place, history, keep);
  if (unkept.length === 0) return reporter.log(text.nothing({ n: history.nights.length, keep }));
  const paths = unkept.flatMap((each) => each.paths);
  confirmation.show(paths);
  const size = quantity((await bytesOf(paths)) / 2 ** 20, 'MiB', 1);
  reporter.log(text.would({ n: unkept.length, size }));
  if (flags.dryRun) return reporter.log(text.dryRun);
  if (!flags.yes) {
    if (confirmation.ask === null) throw misuse(text.needsTerminal);
    if (!(await confirmation.ask())) return reporter.log(text.declined);
  }
  await removeRuns(place.results, unkept);
  reporter.log(text.removed({ n: unkept.length }));
}

async function bytesOf(paths: readonly string[]): Promise<number> {
  let sum = 0;
  for (const path of paths)
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) sum += (await lstat(join(entry.parentPath, entry.name))).size;
  return sum;
}
