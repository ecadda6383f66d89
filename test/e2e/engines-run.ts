import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { wholeLines } from './support.ts';

/** The words of a run of this many blocks; of more where its precision asks for them. */
export const runWords = (
  place: { readonly path: string; readonly daemonJson: string },
  least: number,
  most = least,
) => [
  'run',
  '--set',
  'report=false',
  '--set',
  'progress=false',
  '--set',
  'seed=7',
  '--max-time',
  '15m',
  '--config',
  join(place.path, 'bench.config.json'),
  '--out',
  place.path,
  '--set',
  `daemonJson=${place.daemonJson}`,
  '--blocks',
  `${least}..${most}`,
];

/** Writes the configuration that {@link runWords} names. */
export async function configured(place: { readonly path: string }, config: object): Promise<void> {
  await writeFile(join(place.path, 'bench.config.json'), JSON.stringify(config));
}

/** The directory of the newest run. */
export async function resultsIn(place: { readonly path: string }): Promise<string> {
  return join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
}

/** Its trials so far. */
export async function trialsOf(results: string): Promise<readonly TrialRecord[]> {
  return (await wholeLines(join(results, 'trials.jsonl'))).map((line) => JSON.parse(line));
}

/** Is it none that the harness repeats? On a host that stood still, the records hold such a trial twice. */
export function isWhole({ outcome }: TrialRecord): boolean {
  return outcome.status !== 'interrupted';
}

/** One of its JSON files. */
export async function recordOf<T>(results: string, name: string): Promise<T> {
  return JSON.parse(await readFile(join(results, name), 'utf8'));
}
