import { lstat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type HeldDirectory, holdDirectory } from '../files/held-directory.ts';
import { readPlainFile } from '../files/plain-file.ts';
import { listed, quantity } from '../messages/compose.ts';
import { messages, notices, type Reason, reasons } from '../messages/define.ts';
import { bounds } from '../model/bounds.ts';
import { OcibenchError, refusal } from '../model/failure/error.ts';
import { diskError } from '../model/machine/disk-error.ts';
import { nearest } from '../model/nearest.ts';
import { type RunRecord, runRecordSchema, schemaVersion } from '../model/run/run.ts';
import type { ScheduledBlock } from '../model/run/schedule.ts';
import type { Reading, TrialRecord } from '../model/trial/trial.ts';
import { type IncompleteEnd, setCrashAside } from './crash-tail.ts';
import { removeTemporaries, replaceTogether } from './files.ts';
import { type JsonlWriter, openJsonl, readJsonl, validate } from './jsonl.ts';
import { removeManifest } from './manifest.ts';
import { files, hasRun, newestRun, runIds } from './run-ids.ts';

const notice = notices('stored', {
  notARun: '{path} cannot be read as a run',
  noTrials: '{path} does not hold what was measured',
  noRun: "no run ''{name}''",
});

const words = messages('stored', { anOcibench: 'the ocibench', missing: 'missing' });

const text = reasons('stored', {
  absent: { message: 'there is no run here', fix: 'name another directory' },
  runTooLarge: { message: 'it is larger than {size}', fix: 'restore the file, or measure again' },
  runNotJson: { message: 'it is not JSON', fix: 'restore the file' },
  otherSchema: {
    message: 'is {found}; this ocibench reads {known}',
    fix: 'read it with {writer} that wrote it, or measure again',
  },
  unexpected: {
    message: 'does not match schemaVersion {known}: {what}',
    fix: 'restore the file, or measure again',
  },
  trialsMissing: {
    message: 'does not exist',
    fix: 'restore it; existing reports stay as they are',
  },
  otherTrials: {
    message: 'it holds a trial of {workload}, of which run.json knows nothing',
    fix: 'restore both files: they are not of one run',
  },
  noSuchRun: {
    message: 'there is no such run: looked for {looked}',
    fix: 'measure first:  @(run)   (or read the run that comes with a clone: reference)',
  },
  otherRun: {
    message: 'there is no such run: looked for {looked}',
    fix: 'for example {example}; all of them:  @(list runs)',
  },
  misspeltRun: {
    message: 'there is no such run: looked for {looked}',
    fix: "did you mean ''{guess}''? all of them:  @(list runs)",
  },
});

/** A run directory that is being written. Every method returns once its data are on the disk. */
export interface RunWriter {
  readonly path: string;
  /** The incomplete ends of files after a crash, now kept in files beside them. */
  readonly setAside: readonly IncompleteEnd[];
  saveRun(run: RunRecord): Promise<void>;
  appendBlock(block: ScheduledBlock): void;
  appendTrial(trial: TrialRecord): void;
  /**
   * Appends readings before their trial. Readings without a trial are remains of a crash; a resumed run sets them
   * aside.
   */
  appendReadings(readings: readonly Reading[]): void;
  close(): void;
}

/**
 * Opens `results/<runId>` for writing and appends to its files, so that a run can continue after a crash. An incomplete
 * last line of that crash is moved to a separate file. The manifest is removed while the directory changes. The
 * directory is held open until it is closed, so all data are written into it even if its path changes.
 */
export async function openRun(path: string): Promise<RunWriter> {
  const opened = new DisposableStack();
  try {
    const directory = opened.use(heldFor(path));
    await removeTemporaries(path);
    await removeManifest(path);
    const aside = await setCrashAside(directory);
    const [schedule, trials, readings] = [files.schedule, files.trials, files.readings].map((name) =>
      opened.adopt(openJsonl(directory, name), (writer) => writer.close()),
    ) as [JsonlWriter, JsonlWriter, JsonlWriter];
    directory.sync();
    return {
      path,
      setAside: aside,
      saveRun: (run) =>
        replaceTogether([{ directory, name: files.run, content: `${JSON.stringify(run, null, 2)}\n` }]),
      appendBlock: (block) => schedule.append(block),
      appendTrial: (trial) => trials.append(trial),
      appendReadings: (taken) => readings.append(...taken),
      close: () => opened.dispose(),
    };
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

function heldFor(path: string): HeldDirectory {
  try {
    return holdDirectory(path);
  } catch (error) {
    throw diskError(path, error);
  }
}

/** The content of a run directory, except its time series. */
export interface StoredRun {
  readonly path: string;
  readonly run: RunRecord;
  readonly blocks: readonly ScheduledBlock[];
  readonly trials: readonly TrialRecord[];
  /** Files whose last line was cut off by a crash and set aside. */
  readonly torn: readonly string[];
}

/**
 * Reads run.json. Throws OcibenchError (exit 2) that names the file when it is absent, damaged or of another version.
 */
export async function readRun(path: string): Promise<RunRecord> {
  const file = join(path, files.run);
  const fail = (key: string, reason: Reason, cause?: unknown) =>
    refusal(notice.notARun({ path }), { file, key }, reason, cause);
  let value: unknown;
  try {
    const content = await readPlainFile(file, { followLinks: false });
    if (content.length > bounds.runBytes)
      throw fail('', text.runTooLarge({ size: quantity(bounds.runBytes / 2 ** 20, 'MiB') }));
    value = JSON.parse(content.toString('utf8'));
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
  const parsed = validate(runRecordSchema, value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail(
    issue?.path.map(String).join('.') ?? '',
    text.unexpected({ known: String(schemaVersion), what: String(issue?.message) }),
    parsed.error,
  );
}

/** Throws OcibenchError (exit 2) where only the reports of a run exist: its analysis would show a run without measurements. */
async function refuseWithoutTrials(path: string): Promise<void> {
  const file = join(path, files.trials);
  if ((await lstat(file).catch(() => null)) !== null) return;
  throw refusal(notice.noTrials({ path }), file, text.trialsMissing);
}

/** Reads a whole run, except its time series. OcibenchError (exit 2) where one of its files is missing or damaged. */
export async function loadRun(path: string): Promise<StoredRun> {
  const run = await readRun(path);
  await refuseWithoutTrials(path);
  // A list of runs reads no trials.
  const { scheduledBlockSchema } = await import('../model/run/schedule.ts');
  const { trialRecordSchema } = await import('../model/trial/trial.ts');
  const blocks = await readJsonl(join(path, files.schedule), scheduledBlockSchema);
  const trials = await readJsonl(join(path, files.trials), trialRecordSchema);
  const planned = new Set(run.subjects.map(({ workload }) => workload));
  const other = trials.values.find(({ cell }) => !planned.has(cell.workload));
  if (other !== undefined) {
    const at = { file: join(path, files.trials), key: other.trialId };
    throw refusal(notice.notARun({ path }), at, text.otherTrials(other.cell));
  }
  const torn = [...(blocks.isTorn ? [files.schedule] : []), ...(trials.isTorn ? [files.trials] : [])];
  return { path, run, blocks: blocks.values, trials: trials.values, torn };
}

/**
 * Finds `RUN` of the command line: a path, the id of a run below the results directory, or `latest`. Without a link of
 * that name, `latest` is the newest run: results from elsewhere have no such link.
 */
export async function findRun(nameOrPath: string, resultsDirectory: string): Promise<string> {
  const candidates = [resolve(nameOrPath), resolve(resultsDirectory, basename(nameOrPath))];
  for (const path of candidates) if (await hasRun(path)) return path;
  const ids = await runIds(resultsDirectory);
  const [newest] = ids;
  if (nameOrPath === 'latest' && newest !== undefined) return join(resultsDirectory, newest);
  const name = basename(nameOrPath);
  const guess = nearest(name, ['latest']) ?? ids.find((id) => name.length > 3 && id.startsWith(name)) ?? null;
  const looked = listed(
    candidates.map((candidate) => join(candidate, files.run)),
    'and',
  );
  const reason =
    newest === undefined
      ? text.noSuchRun({ looked })
      : guess === null
        ? text.otherRun({ looked, example: newest })
        : text.misspeltRun({ looked, guess });
  throw refusal(notice.noRun({ name: nameOrPath }), { file: resultsDirectory, key: nameOrPath }, reason);
}

/**
 * Like {@link findRun}, but `latest` is the newest run of any state: the link points to the newest run with a report.
 */
export async function findRunToResume(nameOrPath: string, resultsDirectory: string): Promise<string> {
  const newest = nameOrPath === 'latest' ? await newestRun(resultsDirectory) : null;
  return newest ?? findRun(nameOrPath, resultsDirectory);
}
