import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { RunRequest } from '../core/config/command-line.ts';
import { alsoGiven } from '../core/messages/command.ts';
import type { Workload } from '../core/model/workload/workload.ts';
import type { StoredRun } from '../core/store/run-directory.ts';
import type { AppContext } from './context.ts';
import { type Configuration, openConfiguration } from './measure/configuration.ts';
import { type ReadFlags, resultsOf } from './measure/past-runs.ts';
import { refuseOtherName, refuseUnknownWorkloads } from './measure/stored-run.ts';

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
