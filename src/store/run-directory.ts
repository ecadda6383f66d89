import { access, mkdir, readFile, truncate } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { type PlannedBlock, plannedBlockSchema } from '../model/plan.ts';
import { type RunRecord, runRecordSchema, schemaVersion } from '../model/run.ts';
import { type Reading, type TrialRecord, trialRecordSchema } from '../model/trial.ts';
import { writeAtomically } from './files.ts';
import { openJsonl, readJsonl } from './jsonl.ts';

const files = {
  run: 'run.json',
  plan: 'plan.jsonl',
  trials: 'trials.jsonl',
  readings: 'readings.jsonl',
} as const;

/** A run directory that is being written. */
export interface RunWriter {
  readonly path: string;
  saveRun(run: RunRecord): Promise<void>;
  appendBlock(block: PlannedBlock): void;
  /** On disk before it returns: what is recorded is never lost. */
  appendTrial(trial: TrialRecord): void;
  appendReadings(readings: readonly Reading[]): void;
  close(): void;
}

/** Opens `results/<runId>` for writing; appends to what is there, so that a run can go on after a crash. */
export async function openRun(path: string): Promise<RunWriter> {
  await mkdir(path, { recursive: true });
  for (const name of [files.plan, files.trials, files.readings]) await cutTornEnd(join(path, name));
  const plan = openJsonl(join(path, files.plan));
  const trials = openJsonl(join(path, files.trials));
  const readings = openJsonl(join(path, files.readings));
  return {
    path,
    saveRun: (run) => writeAtomically(join(path, files.run), `${JSON.stringify(run, null, 2)}\n`),
    appendBlock: (block) => plan.append(block, true),
    appendTrial: (trial) => trials.append(trial, true),
    appendReadings: (taken) => {
      for (const reading of taken) readings.append(reading, false);
    },
    close: () => {
      for (const writer of [plan, trials, readings]) writer.close();
    },
  };
}

/** A line that a crash cut off would otherwise run into the next one. */
async function cutTornEnd(path: string): Promise<void> {
  const content = await readFile(path).catch(() => null);
  if (content === null || content.length === 0) return;
  const whole = content.lastIndexOf(10) + 1;
  if (whole < content.length) await truncate(path, whole);
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
  const fail = (message: string, cause?: unknown, key = '') =>
    new OcibenchError(`${file}: ${key === '' ? '' : `${key}: `}${message}`, {
      exitCode: exitCodes.misuse,
      problems: [{ file, key, message, fix: 'restore the file, or name another run' }],
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw fail(
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no run here' : 'it is not JSON',
      cause,
    );
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== schemaVersion)
    throw fail(
      `${JSON.stringify(version)} is not the ${schemaVersion} that this ocibench reads`,
      undefined,
      'schemaVersion',
    );
  const parsed = runRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw fail(issue?.message ?? 'invalid', parsed.error, issue?.path.map(String).join('.'));
}

/** Reads a whole run, except its time series. */
export async function loadRun(path: string): Promise<StoredRun> {
  const run = await readRun(path);
  const blocks = await readJsonl(join(path, files.plan), plannedBlockSchema);
  const trials = await readJsonl(join(path, files.trials), trialRecordSchema);
  const torn = [
    ...(blocks.torn === null ? [] : [files.plan]),
    ...(trials.torn === null ? [] : [files.trials]),
  ];
  return { path, run, blocks: blocks.values, trials: trials.values, torn };
}

/** `RUN` of the command line: a path, or the id of a run below the results directory, or `latest`. */
export async function findRun(nameOrPath: string, resultsDirectory: string): Promise<string> {
  const candidates = [resolve(nameOrPath), resolve(resultsDirectory, basename(nameOrPath))];
  for (const path of candidates) {
    const present = await access(join(path, files.run)).then(
      () => true,
      () => false,
    );
    if (present) return path;
  }
  throw new OcibenchError(
    `no run '${nameOrPath}': looked for ${candidates.map((c) => join(c, files.run)).join(' and ')}`,
    {
      exitCode: exitCodes.misuse,
    },
  );
}
