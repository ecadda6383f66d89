import { existsSync, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { files } from '../../../../core/store/run-ids.ts';
import type { FleetNote } from '../../merge/fleet-record.ts';
import type { FleetRun } from '../../merge/fleet-run.ts';
import { someOf, toldOf, toldWords } from '../../merge/notes.ts';
import { handedInWords } from '../../merge/useless.ts';

/** Archives that a form may accept, and that are not read. */
const packed = /\.(?:zip|rar|7z|tar\.xz|tar\.bz2)$/i;

/** Directories that ocibench makes beside runs. */
const ours: ReadonlySet<string> = new Set(['charts', 'results']);

/** Maximum number of entries of a directory that are looked at: more than a class has. */
const maxEntries = 2000;

interface WhatWasRead {
  readonly runs: readonly FleetRun[];
  readonly told: readonly FleetNote[];
  /** Directory of the fleet, which is no submission. */
  readonly place: string;
}

/**
 * Submissions in the named directories in which there is neither a run nor an archive that is read: a directory for each who handed
 * in, or a file. Follows no link.
 */
export async function withoutRun(
  { environment }: Pick<AppContext, 'environment'>,
  paths: readonly string[],
  { runs, told, place }: WhatWasRead,
): Promise<readonly FleetNote[]> {
  const read = [...runs.map(({ origin }) => origin), ...told.flatMap(({ origins }) => origins)];
  const notes: FleetNote[] = [];
  const tell = (origin: string, why: Message) =>
    notes.push(toldOf('left-out', toldWords.unreadable({ origin, why }), [origin]));
  for (const named of paths.map((path) => resolve(environment.workingDirectory, path))) {
    if (!lstatSync(named, { throwIfNoEntry: false })?.isDirectory()) continue;
    if (existsSync(join(named, files.run))) continue;
    for (const entry of await entriesOf(named)) {
      const origin = join(named, entry.name);
      const unpacked = origin.replace(packed, '');
      const isUnpacked = read.some((each) => each === unpacked || each.startsWith(`${unpacked}/`));
      if (entry.isFile() && packed.test(entry.name) && !isUnpacked)
        tell(origin, handedInWords.packed({ name: entry.name }));
      if (!entry.isDirectory() || entry.name.startsWith('.') || ours.has(entry.name)) continue;
      if (origin === place || read.some((each) => each === origin || each.startsWith(`${origin}/`))) continue;
      tell(origin, await whyNone(origin));
    }
  }
  return notes;
}

/** What a submission without a run holds. */
async function whyNone(directory: string): Promise<Message> {
  const names = (await entriesOf(directory)).map(({ name }) => name);
  const archive = names.find((name) => packed.test(name));
  if (archive !== undefined) return handedInWords.packed({ name: archive });
  return names.length === 0 ? handedInWords.empty : handedInWords.other({ names: someOf(names) });
}

async function entriesOf(directory: string) {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, maxEntries);
}
