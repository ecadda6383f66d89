import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseJsonText } from '../../../core/config/json-text.ts';
import { checkValue } from '../../../core/config/zod-problems.ts';
import { nullIfMissing, readPlainFile } from '../../../core/files/plain-file.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { misuse, refusal } from '../../../core/model/failure/error.ts';
import { nearest } from '../../../core/model/nearest.ts';
import { type Recording, recordingFile, recordingPrefix, recordingSchema } from './recording.ts';

const text = notices('storedRecording', { unusable: 'this recording cannot be used' });
const why = reasons('storedRecording', {
  none: {
    message: 'no such recording; looked for {looked}',
    fix: 'record a container:  @(capacity record --container ID)',
  },
  another: { message: 'no such recording; looked for {looked}', fix: 'for example {example}' },
});

/**
 * Reads a recording by its id, or by the `path` of its directory or file; follows no links. OcibenchError (exit 2) if there is
 * none, or if it is damaged.
 */
export async function findRecording(
  name: string,
  { path, results }: { readonly path: string; readonly results: string },
): Promise<Recording> {
  const looked: string[] = [];
  for (const place of [path, join(results, basename(name))]) {
    const found = await lstat(place).catch(() => null);
    const file = found?.isDirectory() === false ? place : join(place, recordingFile);
    looked.push(file);
    const recording = found === null ? null : await readRecording(file);
    if (recording !== null) return recording;
  }
  const ids = (await readdir(results).catch(() => [])).filter((each) => each.startsWith(recordingPrefix));
  // Ids contain the time.
  const example = nearest(basename(name), ids) ?? ids.toSorted().at(-1);
  throw refusal(
    text.unusable,
    { file: results, key: name },
    example === undefined
      ? why.none({ looked: listed(looked, 'and') })
      : why.another({ looked: listed(looked, 'and'), example }),
  );
}

/** Reads a recording; null if there is no such file. OcibenchError (exit 2) if it is damaged. */
export async function readRecording(file: string): Promise<Recording | null> {
  const content = await readPlainFile(file, { followLinks: false }).catch(nullIfMissing);
  if (content === null) return null;
  const json = parseJsonText(content.toString('utf8'), file);
  if (!json.ok) throw misuse(text.unusable, json.problems);
  const checked = checkValue(recordingSchema, json.value, file);
  if (!checked.ok) throw misuse(text.unusable, checked.problems);
  return checked.data;
}
