import { isUtf8 } from 'node:buffer';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unreadable } from '../../../../core/files/plain-file.ts';
import { messages } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { openIfThere, readError, validate } from '../../../../core/store/jsonl.ts';
import { linesOf } from '../../../../core/store/lines.ts';
import { type HistoryLine, historyLineSchema, historyVersion } from '../../history/record.ts';

const words = messages('history', {
  torn: 'it is truncated',
  notJson: 'it is not JSON',
  notUtf8: 'it is not UTF-8',
  future: 'it has version {version}, and this ocibench reads up to {known}',
  notALine: '{field}: {what}',
});

/** The file of a month: lines of the runs that began in that month (UTC). */
const historyFile = /^(\d{4}-(?:0[1-9]|1[0-2]))\.ndjson$/;
/** A copied or packed month: `2026-11.sync-conflict-….ndjson`, `2026-11 (copy).ndjson`, `2026-11.ndjson.gz`. */
const likeHistoryFile = /^(\d{4}-(?:0[1-9]|1[0-2]))(?!\d).*\.ndjson/;

/** A line that cannot be used. It stays in the file. */
export interface DamagedLine {
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
  readonly why: Message;
}

/** The lines of a history directory. */
export interface StoredHistory {
  /** In the order of the files and their lines. */
  readonly lines: readonly HistoryLine[];
  readonly damaged: readonly DamagedLine[];
}

/**
 * Reads every month. Lines that are damaged, cut off or of another version are skipped and listed. A missing directory counts
 * as empty. OcibenchError (exit 2) if a file is not a regular file or cannot be read.
 */
export async function readHistory(directory: string): Promise<StoredHistory> {
  const names = await namesIn(directory);
  const lines: HistoryLine[] = [];
  const damaged: DamagedLine[] = [];
  for (const name of names.filter((each) => historyFile.test(each)).toSorted())
    for await (const { number, found } of readMonth(join(directory, name)))
      if ('why' in found) damaged.push({ file: name, line: number, why: found.why });
      else lines.push(found.line);
  return { lines, damaged };
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unreadable(directory, error.message, error);
  });
}

/** Files that look like a month's and are not read: their names, each with the name of that month's file. */
export async function unreadFiles(
  directory: string,
): Promise<readonly { readonly file: string; readonly month: string }[]> {
  const names = (await namesIn(directory)).filter((name) => !historyFile.test(name)).toSorted();
  return names.flatMap((file) => {
    const month = likeHistoryFile.exec(file)?.[1];
    return month === undefined ? [] : [{ file, month: `${month}.ndjson` }];
  });
}

type ParsedLine = { readonly line: HistoryLine } | { readonly why: Message };

async function* readMonth(
  path: string,
): AsyncGenerator<{ readonly number: number; readonly found: ParsedLine }> {
  const handle = await openIfThere(path);
  if (handle === null) return;
  try {
    let number = 0;
    const { size } = await handle.stat();
    for await (const { bytes } of linesOf(handle, size)) {
      number++;
      // A torn line ends where the next append begins: with a newline.
      if (bytes.toString('utf8').trim() !== '') yield { number, found: lineOf(bytes) };
    }
  } catch (error) {
    throw readError(path, error);
  } finally {
    await handle.close();
  }
}

function lineOf(bytes: Buffer): ParsedLine {
  const line = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { why: line.endsWith('\n') ? words.notJson : words.torn };
  }
  // Decoding would replace an invalid byte in a name, and so make another series of it.
  if (!isUtf8(bytes)) return { why: words.notUtf8 };
  const version = Object(value).schema;
  if (typeof version === 'number' && version !== historyVersion)
    return { why: words.future({ version: String(version), known: historyVersion }) };
  const parsed = validate(historyLineSchema, value);
  if (parsed.success) return { line: parsed.data };
  const issue = parsed.error.issues[0];
  return { why: words.notALine({ field: issue?.path.join('.') ?? '', what: issue?.message ?? '' }) };
}
