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

/** The trials that gave no value, with why. An attempt that was repeated is none: a busy host stops the harness, too. */
export const listFailures = (trials: readonly TrialRecord[]) =>
  [...Map.groupBy(trials, ({ trialId }) => trialId).values()].flatMap((attempts) => {
    const last = attempts.at(-1);
    return last === undefined || last.outcome.status === 'ok' ? [] : [[last.cell, last.outcome]];
  });
