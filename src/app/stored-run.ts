import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { myself, otherHand, otherHandIn, otherHandInPresent } from '../files/ownership.ts';
import { notices, type Reason, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import type { RunRecord } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import { hasRun } from '../store/run-ids.ts';
import type { OutputPlace } from './conclude.ts';
import { outputPlace } from './conclude.ts';
import type { CommonFlags } from './flags.ts';

const text = notices('storedRun', {
  otherName: '{path} is not the directory of the run that it holds',
  othersRun: 'a run that somebody else could have changed is not resumed',
  otherRunThere: 'another run is there, whose reports would be lost',
  throughLink: 'reports are not written through a link',
  othersOut: 'as root, no run is written where another user can change it',
  othersPlace: 'as root, reports are not written where another user can change them',
  unknownWorkloads: 'run {run} measured workloads that are not known here',
  resumeCopy:
    'resume it as that user; or, if you trust what is in it, go on with a copy:  cp -r {path} results/',
  otherOut: 'name another directory with --out, or run it as that user (with sudo, that user counts as you)',
  otherPlace: 'name another directory with --out, or write them as that user',
});
const why = reasons('storedRun', {
  nameDiffers: {
    message: 'is {run}, and its directory is {directory}',
    fix: 'give the directory its name back:  mv {path} {right}',
  },
  nameTaken: { message: 'holds a run of that name', fix: 'name another directory with --out' },
  link: { message: 'it is a symbolic link', fix: 'remove it, or name another directory with --out' },
  unreadable: {
    message: 'without them, what was measured cannot be read',
    fix: 'name the configuration that has them:  --config FILE',
  },
});

function refuse(
  message: Message,
  file: string,
  key: string,
  reason: Pick<Reason, 'message' | 'fix'>,
): OcibenchError {
  return new OcibenchError(message, {
    exitCode: exitCodes.misuse,
    problems: [problemOf({ file, key }, reason)],
  });
}

/**
 * OcibenchError where the directory has another name than the run: outputs are named by id and would overwrite those of
 * another run. `path`: without links.
 */
export function refuseOtherName(path: string, { runId }: Pick<RunRecord, 'runId'>): void {
  if (basename(path) === runId) return;
  throw refuse(
    text.otherName({ path }),
    join(path, 'run.json'),
    'runId',
    why.nameDiffers({ run: runId, directory: basename(path), path, right: join(dirname(path), runId) }),
  );
}

/** A resumed run starts what it records and writes into its directory, so no other user may be able to change it. */
export async function refuseOthersRun(path: string): Promise<void> {
  const found = await otherHandIn([path, join(path, 'run.json')]);
  if (found === null) return;
  throw refuse(text.othersRun, path, '', {
    message: found,
    fix: text.resumeCopy({ path }),
  });
}

/** Output directories of a stored run: below `--out` where given, else beside the run. `path`: without links. */
export async function reportPlace(
  path: string,
  { runId }: RunRecord,
  flags: Pick<CommonFlags, 'out'>,
): Promise<OutputPlace> {
  const place =
    flags.out === undefined
      ? { results: path, charts: join(dirname(dirname(path)), 'charts', runId) }
      : outputPlace(resolve(flags.out), runId);
  const own = (await realpath(place.results).catch(() => null)) === path;
  if (!own && (await hasRun(place.results)))
    throw refuse(text.otherRunThere, place.results, '', why.nameTaken);
  for (const each of own ? [place.charts] : [place.results, place.charts])
    if ((await lstat(each).catch(() => null))?.isSymbolicLink())
      throw refuse(text.throughLink, each, '', why.link);
  await refuseOthersPlace(place);
  return place;
}

const sticky = 0o1000;

/** A path with its links resolved as far as it exists, and the directories above it. */
async function withParents(path: string): Promise<readonly string[]> {
  const whole = await realpath(path).catch(() => null);
  if (whole === null) return path === dirname(path) ? [] : withParents(dirname(path));
  const steps = [whole];
  for (let at = whole; at !== dirname(at); at = dirname(at)) steps.push(dirname(at));
  return steps;
}

/**
 * Root starts no run below a directory that another user can change: a link in place of `results/` would redirect
 * root's files. In a sticky directory such as /tmp only a name's owner can exchange it (inode(7)).
 */
export async function refuseOthersOut(out: string): Promise<void> {
  if (myself().uid !== 0) return;
  const own = [join(out, 'results'), join(out, 'charts')];
  // In a directory that every user can write to, make these two before another user does.
  if (((await stat(out).catch(() => null))?.mode ?? 0) & sticky)
    for (const path of own) await mkdir(path, { mode: 0o755 }).catch(() => undefined);
  for (const path of [...(await withParents(out)), ...own]) {
    const found = await lstat(path).catch(() => null);
    if (found === null) continue;
    const shared = !own.includes(path) && (found.mode & sticky) !== 0;
    const mode = shared || found.isSymbolicLink() ? 0 : found.mode;
    const message = otherHand(path, { uid: found.uid, gid: found.gid, mode }, myself());
    if (message === null) continue;
    throw refuse(text.othersOut, path, '', {
      message,
      fix: text.otherOut,
    });
  }
}

/** Root writes nothing where another user can exchange the target. */
async function refuseOthersPlace(place: OutputPlace): Promise<void> {
  if (myself().uid !== 0) return;
  const { results, charts } = place;
  const found = await otherHandInPresent([dirname(results), results, dirname(charts), charts]);
  if (found !== null)
    throw refuse(text.othersPlace, results, '', {
      message: found,
      fix: text.otherPlace,
    });
}

/** Output cannot be parsed without its workload: a report without its figures would replace a complete one. */
export function refuseUnknownWorkloads(
  { runId, subjects }: RunRecord,
  workloads: readonly Workload[],
  flags: Pick<CommonFlags, 'config'>,
): void {
  if (flags.config !== undefined) return;
  const known = new Set(workloads.map(({ id }) => id));
  const unknown = [...new Set(subjects.map(({ workload }) => workload))].filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw refuse(text.unknownWorkloads({ run: runId }), '--config', unknown.join(', '), why.unreadable);
}
