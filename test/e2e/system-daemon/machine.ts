import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../../src/core/model/trial/trial.ts';
import { wholeLines } from '../support.ts';
import type { SystemDaemon } from '../system-daemon.ts';

/** The machine of all cases, and the ids of the containers that run there and are not ours; once it is up. */
export type GetMachine = () => { readonly machine: SystemDaemon; readonly foreign: readonly string[] };

export type MachineRun = Awaited<ReturnType<SystemDaemon['ocibench']>>;

/** What the newest run in this place left. */
export async function readOutcome(
  place: string,
): Promise<{ readonly run: RunRecord; readonly trials: readonly TrialRecord[] }> {
  const directory = join(place, 'results', await readlink(join(place, 'results/latest')));
  const trials = (await wholeLines(join(directory, 'trials.jsonl'))).map((line) => JSON.parse(line));
  return { run: JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')), trials };
}
