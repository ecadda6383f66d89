import { access, type FileHandle, lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readPlainFile } from '../files/plain-file.ts';
import { listed } from '../messages/compose.ts';
import { messages, notices, type Reason, reasons } from '../messages/define.ts';
import { diskError } from '../model/disk-error.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import { type PlannedBlock, plannedBlockSchema } from '../model/plan.ts';
import { type RunRecord, runIdSchema, runRecordSchema, schemaVersion } from '../model/run.ts';
import { type Reading, type TrialRecord, trialRecordSchema } from '../model/trial.ts';
import { makeDirectory, removeTemporaries, syncDirectory, writeAtomically } from './files.ts';
import { asidePath, openIfThere, openJsonl, readError, readJsonl, setAside, tornFrom } from './jsonl.ts';
import { linesBackward, linesOf } from './lines.ts';

const notice = notices('stored', {
  notARun: '{path} cannot be read as a run',
  noTrials: '{path} does not hold what was measured',
  noRun: "no run ''{name}''",
});

const words = messages('stored', { anOcibench: 'the ocibench', missing: 'missing' });

const text = reasons('stored', {
  absent: { message: 'there is no run here', fix: 'name another directory' },
  runNotJson: { message: 'it is not JSON', fix: 'restore the file' },
  otherSchema: {
    message: 'is {found}; this ocibench reads {known}',
    fix: 'read it with {writer} that wrote it, or measure anew',
  },
  unexpected: {
    message: 'not what schemaVersion {known} has there: {what}',
    fix: 'restore the file, or measure anew',
  },
  trialsMissing: {
    message: 'does not exist',
    fix: 'restore it; reports that are there are left as they are',
  },
  noSuchRun: {
    message: 'there is no such run: looked for {looked}',
    fix: 'measure first:  ocibench run',
  },
  otherRun: { message: 'there is no such run: looked for {looked}', fix: 'for example {example}' },
});

const files = {
  run: 'run.json',
  plan: 'plan.jsonl',
  trials: 'trials.jsonl',
  readings: 'readings.jsonl',
} as const;

/** A run directory that is being written. Every method returns when what it was given is on the disk. */
export interface RunWriter {
  readonly path: string;
  /** What a crash had left at the ends of its files and is now kept in files beside them. */
  readonly setAside: readonly SetAside[];
  saveRun(run: RunRecord): Promise<void>;
  appendBlock(block: PlannedBlock): void;
  appendTrial(trial: TrialRecord): void;
  /** Before their trial: readings without one are what a crash left, and are set aside when the run goes on. */
  appendReadings(readings: readonly Reading[]): void;
  close(): void;
}

/** The end of a file that was not whole. */
interface SetAside {
  readonly file: string;
  readonly bytes: number;
  /** Where it is kept. */
  readonly keptIn: string;
}

/**
 * Opens `results/<runId>` for writing and appends to what is there, so that a run can go on after a crash; what that crash
 * left of a last line is moved to a file beside it.
 */
export async function openRun(path: string): Promise<RunWriter> {
  await makeDirectory(path).catch((error: unknown) => {
    throw diskError(path, error);
  });
  await removeTemporaries(path);
  const aside = await setCrashAside(path);
  const plan = openJsonl(join(path, files.plan));
  const trials = openJsonl(join(path, files.trials));
  const readings = openJsonl(join(path, files.readings));
  await syncDirectory(path);
  return {
    path,
    setAside: aside,
    saveRun: (run) => writeAtomically(join(path, files.run), `${JSON.stringify(run, null, 2)}\n`),
    appendBlock: (block) => plan.append(block),
    appendTrial: (trial) => trials.append(trial),
    appendReadings: (taken) => readings.append(...taken),
    close: () => {
      for (const writer of [plan, trials, readings]) writer.close();
    },
  };
}

async function setCrashAside(directory: string): Promise<readonly SetAside[]> {
  const moved: SetAside[] = [];
  const cut = async (name: string, fromOf: (handle: FileHandle, size: number) => Promise<number>) => {
    const file = join(directory, name);
    const handle = await openIfThere(file, true);
    if (handle === null) return;
    try {
      const { size } = await handle.stat();
      const from = await fromOf(handle, size);
      if (from === size) return;
      await setAside(file, handle, from);
      moved.push({ file, bytes: size - from, keptIn: asidePath(file) });
    } catch (error) {
      throw readError(file, error);
    } finally {
      await handle.close();
    }
  };
  for (const name of [files.plan, files.trials, files.readings]) await cut(name, tornFrom);
  const ended = await endedTrials(join(directory, files.trials));
  await cut(files.readings, (handle, size) => orphansFrom(handle, size, ended));
  return moved;
}

/** What a line says, as far as it is needed here; null where it is damaged, which is for the reader of its content to refuse. */
function glance(
  line: Buffer,
): { readonly trialId?: unknown; readonly outcome?: { status?: unknown } } | null {
  try {
    return Object(JSON.parse(line.toString('utf8')));
  } catch {
    return null;
  }
}

/** The trials that have ended, whatever way; none where there is no such file. That it cannot be read says nothing of them. */
async function endedTrials(path: string): Promise<ReadonlySet<unknown>> {
  const ended = new Set<unknown>();
  const handle = await openIfThere(path);
  if (handle === null) return ended;
  try {
    const { size } = await handle.stat();
    for await (const { bytes } of linesOf(handle, size)) {
      const trial = glance(bytes);
      if (trial?.outcome?.status !== 'interrupted') ended.add(trial?.trialId);
    }
    return ended;
  } catch (error) {
    throw readError(path, error);
  } finally {
    await handle.close();
  }
}

/** Where the readings begin whose trial was in flight when the run was cut off. */
async function orphansFrom(readings: FileHandle, size: number, ended: ReadonlySet<unknown>): Promise<number> {
  let from = size;
  for await (const { start, bytes } of linesBackward(readings, size)) {
    if (ended.has(glance(bytes)?.trialId)) break;
    from = start;
  }
  return from;
}

/** Everything that a run directory holds. */
export interface StoredRun {
  readonly path: string;
  readonly run: RunRecord;
  readonly blocks: readonly PlannedBlock[];
  readonly trials: readonly TrialRecord[];
  /** Files whose last line was cut off by a crash and set aside. */
  readonly torn: readonly string[];
}

/** Reads run.json; throws OcibenchError (exit 2) that names the file when it is absent, damaged or of another version. */
export async function readRun(path: string): Promise<RunRecord> {
  const file = join(path, files.run);
  const fail = (key: string, reason: Reason, cause?: unknown) =>
    new OcibenchError(notice.notARun({ path }), {
      exitCode: exitCodes.misuse,
      problems: [problemOf({ file, key }, reason)],
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse((await readPlainFile(file, { followLinks: false })).toString('utf8'));
  } catch (cause) {
    if (cause instanceof OcibenchError) throw cause;
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw fail('', absent ? text.absent : text.runNotJson, cause);
  }
  const { schemaVersion: version, harnessVersion } = Object(value) as Record<string, unknown>;
  if (version !== schemaVersion) {
    const writer = typeof harnessVersion === 'string' ? `ocibench ${harnessVersion}` : words.anOcibench;
    const found = version === undefined ? words.missing : JSON.stringify(version);
    throw fail('schemaVersion', text.otherSchema({ found, known: String(schemaVersion), writer }));
  }
  const parsed = runRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail(
    issue?.path.map(String).join('.') ?? '',
    text.unexpected({ known: String(schemaVersion), what: String(issue?.message) }),
    parsed.error,
  );
}

/** OcibenchError (exit 2) where only reports are left of a run: analysed, it would be one in which nothing was measured. */
async function refuseWithoutTrials(path: string): Promise<void> {
  const file = join(path, files.trials);
  if ((await lstat(file).catch(() => null)) !== null) return;
  throw new OcibenchError(notice.noTrials({ path }), {
    exitCode: exitCodes.misuse,
    problems: [problemOf({ file, key: '' }, text.trialsMissing)],
  });
}

/** Reads a whole run, except its time series. OcibenchError (exit 2) where a file of it is missing or damaged. */
export async function loadRun(path: string): Promise<StoredRun> {
  const run = await readRun(path);
  await refuseWithoutTrials(path);
  const blocks = await readJsonl(join(path, files.plan), plannedBlockSchema);
  const trials = await readJsonl(join(path, files.trials), trialRecordSchema);
  const torn = [
    ...(blocks.torn === null ? [] : [files.plan]),
    ...(trials.torn === null ? [] : [files.trials]),
  ];
  return { path, run, blocks: blocks.values, trials: trials.values, torn };
}

/** Is there a run in this directory, whatever its state? */
export async function hasRun(path: string): Promise<boolean> {
  return access(join(path, files.run)).then(
    () => true,
    () => false,
  );
}

/** `RUN` of the command line: a path, or the id of a run below the results directory, or `latest`. */
export async function findRun(nameOrPath: string, resultsDirectory: string): Promise<string> {
  const candidates = [resolve(nameOrPath), resolve(resultsDirectory, basename(nameOrPath))];
  for (const path of candidates) if (await hasRun(path)) return path;
  const newest = await newestRun(resultsDirectory);
  const looked = listed(
    candidates.map((candidate) => join(candidate, files.run)),
    'and',
  );
  const reason =
    newest === null ? text.noSuchRun({ looked }) : text.otherRun({ looked, example: basename(newest) });
  throw new OcibenchError(notice.noRun({ name: nameOrPath }), {
    exitCode: exitCodes.misuse,
    problems: [problemOf({ file: resultsDirectory, key: nameOrPath }, reason)],
  });
}

/** The newest run below the results directory, whatever became of it: an id begins with its time. null where there is none. */
export async function newestRun(resultsDirectory: string): Promise<string | null> {
  const names = await readdir(resultsDirectory).catch(() => []);
  for (const name of names
    .filter((each) => /^\d/.test(each) && runIdSchema.safeParse(each).success)
    .toSorted()
    .toReversed())
    if (await hasRun(join(resultsDirectory, name))) return join(resultsDirectory, name);
  return null;
}

/** Like {@link findRun}, but `latest` is the newest run: the link points to the newest that has a report. */
export async function findRunToResume(nameOrPath: string, resultsDirectory: string): Promise<string> {
  const newest = nameOrPath === 'latest' ? await newestRun(resultsDirectory) : null;
  return newest ?? findRun(nameOrPath, resultsDirectory);
}
