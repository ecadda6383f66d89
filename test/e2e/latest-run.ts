import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';

/** The newest run of a place: its directory and its trials. */
export async function readLatestRun(
  directory: string,
): Promise<{ readonly path: string; readonly trials: readonly TrialRecord[] }> {
  const path = join(directory, 'results', await readlink(join(directory, 'results/latest')));
  const lines = (await readFile(join(path, 'trials.jsonl'), 'utf8')).trim().split('\n');
  return { path, trials: lines.map((line) => JSON.parse(line)) };
}

/** The trials that gave no value, with why. */
export const listFailures = (trials: readonly TrialRecord[]) =>
  trials.filter(({ outcome }) => outcome.status !== 'ok').map(({ cell, outcome }) => [cell, outcome]);
