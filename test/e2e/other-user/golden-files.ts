import type { RunRecord } from '../../../src/core/model/run/run.ts';
import { goldenRun } from '../../core/analyze/golden-run.ts';
import { plannedTrials } from '../../support/planned-trials.ts';

/** A small complete run as the files of its directory, for scripts in the box. */
export function goldenFiles(change: Partial<RunRecord> = {}): Record<string, string> {
  const { run: golden, trials } = goldenRun();
  const run = { ...golden, runId, ...change };
  return {
    'run.json': JSON.stringify(run),
    'trials.jsonl': plannedTrials(run, trials)
      .map((trial) => `${JSON.stringify(trial)}\n`)
      .join(''),
  };
}

/** The id of that run. */
export const runId = '20260101-120000-abcd';

/** Shell: makes `$1/results/$2` of these files and goes there, to `$1`. */
export const placeRun = `place() {
  mkdir -p "$1/results/$2"
  cp /mnt/box/run.json /mnt/box/trials.jsonl "$1/results/$2/"
}
`;
