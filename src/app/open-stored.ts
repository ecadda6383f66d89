import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { RunRequest } from '../core/config/command-line.ts';
import { alsoGiven } from '../core/messages/command.ts';
import type { Workload } from '../core/model/workload.ts';
import type { StoredRun } from '../core/store/run-directory.ts';
import type { AppContext } from './context.ts';
import { addedData, conclude } from './measure/conclude.ts';
import { type Configuration, openConfiguration } from './measure/configuration.ts';
import { type ReadFlags, resultsOf } from './measure/past-runs.ts';
import { sincePublished } from './measure/run-before.ts';
import { refuseOtherName, refuseUnknownWorkloads, reportPlace } from './measure/stored-run.ts';
import { publishedChanges, publishedLanguage } from './published.ts';

/** A stored run with everything that its files are made of. */
export interface OpenedRun extends StoredRun {
  /** Its directory, without links. */
  readonly path: string;
  readonly workloads: readonly Workload[];
  /** The configuration of `--config`. */
  readonly configuration: Configuration;
}

/** Reads a run by its id, path or `latest`. OcibenchError (exit 2) where its files cannot be made from it again. */
export async function openStored(app: AppContext, name: string, flags: ReadFlags): Promise<OpenedRun> {
  const all = resultsOf(app, flags.in);
  // `latest` is a link.
  const path = await realpath(await app.store.findRun(name, all));
  const opened = await openAt(app, path, flags);
  refuseOtherName(path, opened.run);
  // The user may have given a path, but suggested commands name the run by id and need its place.
  const place = resolve(path, '../..');
  const isAsked = place === (await realpath(dirname(all)).catch(() => null));
  for (const flag of ['--in', '--out']) alsoGiven(flag, isAsked ? (flags.in ?? null) : place, place);
  return opened;
}

/** As {@link openStored}, for a run directory of any name. `path`: without links. */
export async function openAt(
  app: Pick<AppContext, 'store' | 'environment' | 'reporter'>,
  path: string,
  flags: Pick<RunRequest, 'config' | 'lang'>,
): Promise<OpenedRun> {
  const stored = await app.store.loadRun(path);
  const configuration = await openConfiguration(app, flags, { here: false });
  const workloads = await configuration.workloads(stored.run.config.services);
  refuseUnknownWorkloads(stored.run, workloads, flags);
  return { ...stored, path, workloads, configuration };
}

/**
 * Renders the files of a run again after its records were extended, in the language of its report and compared with the same
 * earlier run. false where the run has no report, or a report of another ocibench version, which may differ and stays as it is.
 */
export async function renewReport(
  app: Pick<AppContext, 'store' | 'pictures' | 'environment'>,
  { path, run, trials, workloads }: OpenedRun,
): Promise<boolean> {
  const lang = await publishedLanguage(path);
  if (lang === null || run.harnessVersion !== app.environment.version) return false;
  const place = await reportPlace(path, run, {});
  const since = await sincePublished(app.store, dirname(path), run, workloads, await publishedChanges(path));
  const added = await addedData({ path, run, trials, workloads });
  await conclude(app, { run, trials, added, workloads, lang, place, since });
  return true;
}
