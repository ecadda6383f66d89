import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunRequest } from '../../core/config/command-line.ts';
import { holdDirectory, holdIfThere, refuseNotOwn } from '../../core/files/held-directory.ts';
import { myself, otherHandIn } from '../../core/files/walk.ts';
import { shellWord } from '../../core/messages/command.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import { refusal } from '../../core/model/failure/error.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import { hasRun } from '../../core/store/run-ids.ts';
import { type OutputDirectories, outputPlace } from './conclude.ts';

const text = notices('storedRun', {
  otherName: '{path} is not the directory of the run that it holds',
  othersRun: 'ocibench does not resume a run that another user could have changed',
  otherRunThere: 'another run is there, whose reports would be lost',
  unknownWorkloads: 'run {run} measured workloads that are not known here',
  resumeCopy:
    'resume it as that user; or, if you trust what is in it, go on with a copy:  cp -r {path} results/',
});
const why = reasons('storedRun', {
  nameDiffers: {
    message: 'is {run}, but its directory is {directory}',
    fix: 'rename the directory:  mv {path} {right}',
  },
  nameTaken: { message: 'holds a run of that name', fix: 'name another directory with --out' },
  unreadable: {
    message: 'without them, what was measured cannot be read',
    fix: 'name the configuration that has them:  --config FILE',
  },
});

/**
 * OcibenchError where the directory is not named after the run: outputs are named by id and would overwrite those of another
 * run. `path`: without links.
 */
export function refuseOtherName(path: string, { runId }: Pick<RunRecord, 'runId'>): void {
  if (basename(path) === runId) return;
  throw refusal(
    text.otherName({ path }),
    { file: join(path, 'run.json'), key: 'runId' },
    why.nameDiffers({
      run: runId,
      directory: basename(path),
      path: shellWord(path),
      right: shellWord(join(dirname(path), runId)),
    }),
  );
}

/** A resumed run starts what it records and writes into its directory, so no other user may be able to change it. */
export async function refuseOthersRun(path: string): Promise<void> {
  const found = await otherHandIn([path, join(path, 'run.json')]);
  if (found === null) return;
  throw refusal(text.othersRun, path, {
    message: found,
    fix: text.resumeCopy({ path: shellWord(path) }),
  });
}

/** Output directories of a stored run: below `--out` where given, else beside the run. `path`: without links. */
export async function reportPlace(
  path: string,
  { runId }: RunRecord,
  flags: Pick<RunRequest, 'out'>,
): Promise<OutputDirectories> {
  const place =
    flags.out === undefined
      ? { results: path, charts: join(dirname(dirname(path)), 'charts', runId) }
      : outputPlace(resolve(flags.out), runId);
  const own = (await realpath(place.results).catch(() => null)) === path;
  if (!own && (await hasRun(place.results))) throw refusal(text.otherRunThere, place.results, why.nameTaken);
  // Without --out the user did not choose the run's parent directory: a link there may have come with the run.
  const named = flags.out === undefined ? dirname(dirname(path)) : resolve(flags.out);
  for (const each of [place.results, place.charts]) refuseNotOwn([each], { named });
  return place;
}

/**
 * Refuses, before anything is measured, an output directory that another user could exchange under root. In a directory that
 * every user can write to, root creates `results` and `charts` before another user can.
 */
export function claimOut(out: string): void {
  const own = ['results', 'charts'].map((name) => join(out, name));
  refuseNotOwn([out, ...own]);
  using held = holdIfThere(out);
  if (held?.isShared && myself().uid === 0) for (const path of own) holdDirectory(path)[Symbol.dispose]();
}

/**
 * OcibenchError where a workload of the run is unknown. Its output could not be parsed, and a report without its figures would
 * replace a complete one.
 */
export function refuseUnknownWorkloads(
  { runId, subjects }: RunRecord,
  workloads: readonly Workload[],
  flags: Pick<RunRequest, 'config'>,
): void {
  if (flags.config !== undefined) return;
  const known = new Set(workloads.map(({ id }) => id));
  const unknown = [...new Set(subjects.map(({ workload }) => workload))].filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw refusal(
    text.unknownWorkloads({ run: runId }),
    { file: '--config', key: unknown.join(', ') },
    why.unreadable,
  );
}
