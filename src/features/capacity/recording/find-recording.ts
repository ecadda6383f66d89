import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listed } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { refusal } from '../../../core/model/error.ts';
import { nearest } from '../../../core/model/nearest.ts';
import { type Recording, recordingPrefix } from './recording.ts';
import { readRecording } from './recordings-on-disk.ts';

const notice = notices('storedRecording', { none: "no recording ''{name}''" });
const text = reasons('storedRecording', {
  noneHere: {
    message: 'there is no such recording: looked for {looked}',
    fix: 'make one:  @(record --container ID)',
  },
  another: {
    message: 'there is no such recording: looked for {looked}',
    fix: 'for example {example}',
  },
});

const recordingFile = 'recording.json';

async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return null;
  return found.isDirectory() ? 'directory' : 'file';
}

/** Ids of the recordings below a results directory, newest first: an id has its time. */
async function recordingIds(results: string): Promise<readonly string[]> {
  const names = await readdir(results).catch(() => []);
  return names
    .filter((name) => name.startsWith(recordingPrefix))
    .toSorted()
    .toReversed();
}

/**
 * Reads a recording by its id, the path of its directory or of its file, or `latest`. OcibenchError (exit 2) where there is none,
 * or where it is damaged.
 */
export async function findRecording(
  name: string,
  { path, results }: { readonly path: string; readonly results: string },
): Promise<{ readonly file: string; readonly recording: Recording }> {
  const ids = await recordingIds(results);
  const [newest] = ids;
  const places = [path, join(results, name === 'latest' && newest !== undefined ? newest : basename(name))];
  const candidates: string[] = [];
  for (const place of places) {
    const kind = await kindOf(place);
    const file = kind === 'file' ? place : join(place, recordingFile);
    candidates.push(file);
    const recording = kind === null ? null : await readRecording(file, null);
    if (recording !== null) return { file, recording };
  }
  const looked = listed(candidates, 'and');
  const example = nearest(basename(name), ids) ?? newest;
  throw refusal(
    notice.none({ name }),
    { file: results, key: name },
    example === undefined ? text.noneHere({ looked }) : text.another({ looked, example }),
  );
}
