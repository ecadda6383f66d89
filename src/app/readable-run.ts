import { realpath } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { openArtefact } from '../core/artefact/artefact.ts';
import { notices, type Reason, reasons } from '../core/messages/define.ts';
import { misuse, OcibenchError, type Problem, refusal } from '../core/model/failure/error.ts';
import { hasRun } from '../core/store/run-ids.ts';
import type { AppContext } from './context.ts';
import { isFile, type ReadFlags, resultsOf } from './measure/past-runs.ts';
import { type OpenedRun, openAt, openStored } from './open-stored.ts';

const text = notices('readableRun', {
  archive: '{archive} cannot be read as a run',
  notHere: 'the reference run is not here',
});
const why = reasons('readableRun', {
  problem: { message: '{why}', fix: 'name an archive of  @(fleet publish RUN)' },
  several: { message: 'it contains several runs', fix: 'unpack it, and name one of them by its path' },
  noReference: {
    message: 'there is no {place} with a run and its archive',
    fix: 'use a clone of the sources, which has one, or name a run or an archive',
  },
});

/** Name of the published run in a clone of the repository, unless a run has this name. */
const referenceName = 'reference';

/** Where a clone has the figures of its reference run; the npm package has none. */
const referencePlace = join(dirname(findPackageJSON(import.meta.url) ?? '/'), 'results', referenceName);

/** The archive of the reference run, `results/published/ocibench-<runId>.tar.zst`; null where there is none. */
async function referenceArchive({ store }: Pick<AppContext, 'store'>): Promise<string | null> {
  if (!(await hasRun(referencePlace))) return null;
  const { runId } = await store.readRun(referencePlace);
  const archive = join(referencePlace, '../published', `ocibench-${runId}.tar.zst`);
  return (await isFile(archive)) ? archive : null;
}

/**
 * The archive that the argument `RUN` means; null for a run directory or a missing path. Reads nothing of a run directory but
 * of the clone's own: another user's is read in a process with limits.
 */
export async function archiveNamed(
  app: Pick<AppContext, 'store'>,
  name: string,
  results: string,
): Promise<string | null> {
  if (await isFile(name)) return realpath(name);
  for (const place of [resolve(name), join(results, basename(name))])
    if (await hasRun(place)) return (await realpath(place)) === referencePlace ? referenceArchive(app) : null;
  if (name !== referenceName) return null;
  const archive = await referenceArchive(app);
  if (archive !== null) return archive;
  throw refusal(text.notHere, referencePlace, why.noReference({ place: referencePlace }));
}

/** Unpacked run directory → its archive. Each archive is unpacked once; its files are removed when this process ends. */
const unpacked = new Map<string, string>();

async function unpackedRun(archive: string, given: string): Promise<string> {
  for (const [directory, of] of unpacked) if (of === archive) return directory;
  const refuse = (reason: Reason) => refusal(text.archive({ archive: given }), given, reason);
  // The iterator stays open: continuing it would remove the unpacked files, which the end of this process does.
  const { value: found } = await openArtefact(archive).next();
  if (found === undefined) throw refuse(why.several);
  if ('problem' in found) throw refuse(why.problem({ why: found.problem }));
  if (found.origin !== archive) throw refuse(why.several);
  unpacked.set(found.directory, archive);
  return found.directory;
}

/** The location of a run that is only read. */
export interface RunLocation {
  /** Its directory. */
  readonly path: string;
  /** The archive that it was unpacked from; null for a run directory. */
  readonly archive: string | null;
}

/**
 * Finds a run that is only read: as `findRun` does, or an archive, or `reference`. OcibenchError (exit 2) where it is none of
 * these.
 */
export async function findReadable(
  app: Pick<AppContext, 'store'>,
  name: string,
  results: string,
): Promise<RunLocation> {
  const known = unpacked.get(name);
  if (known !== undefined) return { path: name, archive: known };
  const archive = await archiveNamed(app, name, results);
  return {
    path: await (archive === null ? app.store.findRun(name, results) : unpackedRun(archive, name)),
    archive,
  };
}

/** A run that was opened only to be read, perhaps from an archive. */
export type ReadableRun = OpenedRun & Pick<RunLocation, 'archive'>;

/** As {@link openStored}, for a run that is only read. */
export async function openReadable(app: AppContext, name: string, flags: ReadFlags): Promise<ReadableRun> {
  const found = await findReadable(app, name, resultsOf(app, flags.in));
  const { path, archive } = found;
  if (archive === null) return { ...(await openStored(app, name, flags)), archive };
  return { ...(await readAs(name, found, () => openAt(app, path, flags))), archive };
}

/** Reads a run. What is refused is named as the user named it: an unpacked file is gone when one looks for it. */
export async function readAs<T>(given: string, { path, archive }: RunLocation, read: () => Promise<T>) {
  try {
    return await read();
  } catch (error) {
    if (archive === null || !(error instanceof OcibenchError)) throw error;
    const problems = JSON.stringify(error.problems).replaceAll(path, () =>
      JSON.stringify(given).slice(1, -1),
    );
    throw misuse(text.archive({ archive: given }), JSON.parse(problems) as readonly Problem[], error);
  }
}
