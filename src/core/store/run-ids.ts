import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runIdPattern } from '../model/names.ts';

/** Names of the records in a run directory. */
export const files = {
  run: 'run.json',
  schedule: 'schedule.jsonl',
  trials: 'trials.jsonl',
  readings: 'readings.jsonl',
} as const;

/** Prefix of the directory names of calibrations, which are beside those of runs. */
export const calibrationPrefix = 'calibration-';

/** Names below the results directory that may be runs, newest first: an id begins with its time. */
async function namesIn(resultsDirectory: string): Promise<readonly string[]> {
  const names = await readdir(resultsDirectory).catch(() => []);
  return names
    .filter((name) => /^\d/.test(name) && runIdPattern.test(name))
    .toSorted()
    .toReversed();
}

/** Is there a run in this directory, of any status? */
export async function hasRun(path: string): Promise<boolean> {
  return access(join(path, files.run)).then(
    () => true,
    () => false,
  );
}

/** Ids of the runs below the results directory, of any status, newest first. */
export async function runIds(resultsDirectory: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of await namesIn(resultsDirectory))
    if (await hasRun(join(resultsDirectory, name))) ids.push(name);
  return ids;
}

/** The newest run below the results directory, of any status; null where there is none. */
export async function newestRun(resultsDirectory: string): Promise<string | null> {
  const [newest] = await runIds(resultsDirectory);
  return newest === undefined ? null : join(resultsDirectory, newest);
}

/** Directories below the results directory whose runs began before this one, newest first. */
export async function earlierRuns(resultsDirectory: string, runId: string): Promise<readonly string[]> {
  const names = await namesIn(resultsDirectory);
  return names.filter((name) => name < runId).map((name) => join(resultsDirectory, name));
}
