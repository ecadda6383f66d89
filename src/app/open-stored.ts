import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunRequest } from '../core/config/command-line.ts';
import { alsoGiven } from '../core/messages/command.ts';
import type { Workload } from '../core/model/workload.ts';
import type { StoredRun } from '../core/store/run-directory.ts';
import type { AppContext } from './context.ts';
import { addedData, conclude } from './measure/conclude.ts';
import { type Configuration, openConfiguration } from './measure/configuration.ts';
import { sincePublished } from './measure/run-before.ts';
import { refuseOtherName, refuseUnknownWorkloads, reportPlace } from './measure/stored-run.ts';
import { publishedChanges, publishedLanguage } from './published.ts';

/** A stored run with all that its files are made of. */
export interface Opened extends StoredRun {
  /** Its directory, without links. */
  readonly path: string;
  readonly workloads: readonly Workload[];
  /** That of `--config`. */
  readonly configuration: Configuration;
}

/** Read a run by its id, path or `latest`. OcibenchError (exit 2) where its files cannot be made again from it. */
export async function openStored(
  app: AppContext,
  name: string,
  flags: Pick<RunRequest, 'out' | 'config' | 'lang'>,
): Promise<Opened> {
  const all = join(resolve(app.environment.workingDirectory, flags.out ?? '.'), 'results');
  // `latest` is a link.
  const path = await realpath(await app.store.findRun(name, all));
  const opened = await openAt(app, path, flags);
  refuseOtherName(path, opened.run);
  // The run may have been named by its path, which the commands that are said of it do not have.
  const out = resolve(path, '../..');
  const isAsked = out === (await realpath(dirname(all)).catch(() => null));
  alsoGiven('--out', isAsked ? (flags.out ?? null) : out, out);
  return opened;
}

/** The same for a run directory of any name. `path`: without links. */
export async function openAt(
  app: Pick<AppContext, 'store' | 'environment' | 'reporter'>,
  path: string,
  flags: Pick<RunRequest, 'config' | 'lang'>,
): Promise<Opened> {
  const stored = await app.store.loadRun(path);
  const configuration = await openConfiguration(app, flags, { here: false });
  const workloads = await configuration.workloads(stored.run.config.services);
  refuseUnknownWorkloads(stored.run, workloads, flags);
  return { ...stored, path, workloads, configuration };
}

/**
 * Makes the files of a run anew after something was added to its records, in the language of its report and with the same run
 * before it. False where it has no report, or one of another version of ocibench, which may say other things: it stays as it is.
 */
export async function renewReport(
  app: Pick<AppContext, 'store' | 'pictures' | 'environment'>,
  { path, run, trials, workloads }: Opened,
): Promise<boolean> {
  const lang = await publishedLanguage(path);
  if (lang === null || run.harnessVersion !== app.environment.version) return false;
  const place = await reportPlace(path, run, {});
  const since = await sincePublished(app.store, dirname(path), run, workloads, await publishedChanges(path));
  const added = await addedData({ path, run, trials, workloads });
  await conclude(app, { run, trials, added, workloads, lang, place, since });
  return true;
}
