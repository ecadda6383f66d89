import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { refusal } from '../../../core/model/error.ts';
import { nearest } from '../../../core/model/nearest.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import { validate } from '../../../core/store/jsonl.ts';
import {
  type RecordedWork,
  type Recording,
  recordingPrefix,
  recordingSchema,
  recordingVersion,
} from './recording.ts';

const notice = notices('storedRecording', { unusable: 'a recording of the run cannot be used' });

const text = reasons('storedRecording', {
  notDirectory: { message: 'it is not a directory', fix: 'remove it' },
  notJson: { message: 'it is not JSON', fix: 'remove it, and record the workload again' },
  otherVersion: {
    message: 'is {found}; this ocibench reads {known}',
    fix: 'remove it, and record the workload again',
  },
  unexpected: {
    message: 'recordingVersion {known} does not allow this: {what}',
    fix: 'remove it, and record the workload again',
  },
  otherWork: {
    message: 'is {found}, but the file belongs to {expected}',
    fix: 'remove it, and record the workload again',
  },
});

/** Directory, within a run's directory, of the recordings of its workloads. */
export const recordingsDirectory = 'recordings';

/** A workload with its parameters. */
export type WorkIdentity = Pick<RecordedWork, 'workload' | 'params'>;

/** Maximum length of a file name without its extension; most file systems allow 255 bytes. */
const longestName = 200;

/**
 * File name of a workload's recording: `app-redis.op=get.pipeline=1.json`. Values can contain anything: characters other than
 * letters, digits, `_` and `-` become `%XX`, and a long name ends with a digest of the whole name.
 */
export function recordingFileName({ workload, params }: WorkIdentity): string {
  const parts = [workload.replace('/', '-'), ...(params === '' ? [] : params.split(';'))];
  const name = parts.map((part) => part.replaceAll(/[^A-Za-z0-9_=-]/gu, percent)).join('.');
  if (name.length <= longestName) return `${name}.json`;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.slice(0, longestName)}.${digest}.json`;
}

function percent(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/**
 * The recordings of these workloads in a run's directory; missing ones are left out. Follows no links. OcibenchError (exit 2)
 * that names a file if it is damaged, or if it belongs to another workload.
 */
export async function readRecordings(
  runDirectory: string,
  works: readonly WorkIdentity[],
): Promise<readonly Recording[]> {
  const directory = join(runDirectory, recordingsDirectory);
  const found = await lstat(directory).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) throw refusal(notice.unusable, { file: directory, key: '' }, text.notDirectory);
  const recordings: Recording[] = [];
  for (const work of works) {
    const recording = await readRecording(join(directory, recordingFileName(work)), work);
    if (recording !== null) recordings.push(recording);
  }
  return recordings;
}

/** Every recording in one of ocibench's own directories, sorted by file name. */
export async function readAllRecordings(directory: string): Promise<readonly Recording[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json'));
  const recordings = await Promise.all(
    names.toSorted().map((name) => readRecording(join(directory, name), null)),
  );
  return recordings.filter((recording) => recording !== null);
}

/** Reads a recording; null if there is no such file. `work`: the workload it must belong to; null: any. */
export async function readRecording(file: string, work: WorkIdentity | null): Promise<Recording | null> {
  const content = await readPlainFile(file, { followLinks: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (content === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw refusal(notice.unusable, { file, key: '' }, text.notJson, cause);
  }
  const version = (Object(value) as Record<string, unknown>).recordingVersion;
  if (version !== recordingVersion)
    throw refusal(
      notice.unusable,
      { file, key: 'recordingVersion' },
      text.otherVersion({
        found: JSON.stringify(version ?? null).slice(0, 40),
        known: String(recordingVersion),
      }),
    );
  const parsed = validate(recordingSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(
      notice.unusable,
      { file, key: issue?.path.map(String).join('.') ?? '' },
      text.unexpected({ known: String(recordingVersion), what: String(issue?.message) }),
      parsed.error,
    );
  }
  const { work: of } = parsed.data;
  if (work !== null && (of?.workload !== work.workload || of.params !== work.params))
    throw refusal(
      notice.unusable,
      { file, key: 'work' },
      text.otherWork({
        found: of === undefined ? 'absent' : subjectName(of),
        expected: subjectName(work),
      }),
    );
  return parsed.data;
}

const findRecordingNotice = notices('storedRecording', { none: "no recording ''{name}''" });
const findRecordingText = reasons('storedRecording', {
  noneHere: {
    message: 'no such recording; looked for {looked}',
    fix: 'record a container:  @(capacity record --container ID)',
  },
  another: {
    message: 'no such recording; looked for {looked}',
    fix: 'for example {example}',
  },
});

const recordingFile = 'recording.json';

async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return null;
  return found.isDirectory() ? 'directory' : 'file';
}

/** Ids of the recordings below a results directory, newest first: ids contain the time. */
async function recordingIds(results: string): Promise<readonly string[]> {
  const names = await readdir(results).catch(() => []);
  return names
    .filter((name) => name.startsWith(recordingPrefix))
    .toSorted()
    .toReversed();
}

/**
 * Reads a recording by its id, the path of its directory or file, or `latest`. OcibenchError (exit 2) if there is none, or if
 * it is damaged.
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
    findRecordingNotice.none({ name }),
    { file: results, key: name },
    example === undefined
      ? findRecordingText.noneHere({ looked })
      : findRecordingText.another({ looked, example }),
  );
}
