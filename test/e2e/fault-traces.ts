import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandName } from './fault-commands.ts';
import { findInState, findOurs, findProcesses, type Marks } from './ours.ts';

/** Where faults are injected: outputs, runtimes, environment and lock of their own. */
export interface Place {
  readonly out: string;
  readonly daemonJson: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly lock: string;
  /** Where its commands make temporary files, and nobody else. */
  readonly temporary: string;
  /** How long its commands take that nobody ends, ms. */
  readonly wholeMs: Map<CommandName, number>;
}

/** Each command of a place has its temporary directory, and so have the programs that it starts. */
const environmentOf = ({ temporary }: Place) => [`TMPDIR=${temporary}`];

/** What is left where nobody but the commands of this place writes: its temporary directory, its state, and beside its lock. */
async function leftIn(place: Place): Promise<string[]> {
  const found = [...(await findProcesses({ environment: environmentOf(place) })), ...(await findInState())];
  for (const name of await readdir(place.temporary)) found.push(`file ${join(place.temporary, name)}`);
  for (const name of await readdir(join(place.lock, '..')))
    if (join(place.lock, '..', name).startsWith(place.lock)) found.push(`lock ${name}`);
  for (const kind of ['results', 'charts']) found.push(...(await unfinishedIn(place, kind)));
  return found;
}

/** Files below a directory of a place that were not written to their end. */
export async function unfinishedIn({ out }: Place, directory: string): Promise<readonly string[]> {
  const found = await readdir(join(out, directory), { recursive: true }).catch(() => []);
  return found.filter((path) => path.endsWith('.tmp')).map((path) => `file ${directory}/${path}`);
}

/** Everything with these marks, or of this place, that is on this host. */
export async function findLeft(place: Place, marks: Marks): Promise<string[]> {
  const found = await findOurs({ ...marks, environment: environmentOf(place) });
  return [...new Set([...found, ...(await leftIn(place))])];
}
