import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { holdIfThere, refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { myself } from '../../../../core/files/walk.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { execa } from '../../../../core/programs/execa.ts';
import type { History } from '../../history/recorded-series.ts';
import { ownRun } from '../night/close.ts';
import type { NightlySettings } from '../night/settings.ts';

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
