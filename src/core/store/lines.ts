import type { FileHandle } from 'node:fs/promises';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const text = notices('stored', { longLine: 'a line is longer than {size} MiB' });

/**
 * Maximum length of a line, bytes. A record holds the output of a program: 2 MiB of each stream, with up to six bytes
 * of JSON for one byte. No line of ocibench comes near this limit.
 */
export const maxLineBytes = 128 * 1024 * 1024;

const chunkBytes = 256 * 1024;

/** One line of a file, with the newline that ends it; only a last line may lack one. */
export interface FileLine {
  /** Offset of its first byte in the file. */
  readonly start: number;
  readonly bytes: Buffer;
}

/** Thrown for a line of more than {@link maxLineBytes}: no harness wrote such a file. */
export class LongLineError extends Error {
  /** Line number, from 1; null where the file is read from its end. */
  readonly number: number | null;
  readonly said: Message;

  constructor(number: number | null) {
    const said = text.longLine({ size: maxLineBytes / 1024 ** 2 });
    super(said.text);
    this.said = said;
    this.name = 'LongLineError';
    this.number = number;
  }
}

/**
 * Yields every line of the first `size` bytes, in order; the file may grow meanwhile. Needs memory for one line and one
 * chunk, however long the file is.
 */
export async function* linesOf(handle: FileHandle, size: number): AsyncGenerator<FileLine> {
  let start = 0;
  let count = 0;
  let parts: Buffer[] = [];
  let held = 0;
  for (let at = 0; at < size; ) {
    const most = Math.min(chunkBytes, size - at);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(most), 0, most, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
      const end = chunk.subarray(from, newline + 1);
      const bytes = held === 0 ? end : Buffer.concat([...parts, end]);
      yield { start, bytes };
      count++;
      start += bytes.length;
      from = newline + 1;
      parts = [];
      held = 0;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > maxLineBytes) throw new LongLineError(count + 1);
  }
  if (held > 0) yield { start, bytes: Buffer.concat(parts) };
}

/**
 * Yields every line of the first `size` bytes, from the last one backwards: remains of a crash are at the end of files,
 * which may be long.
 */
export async function* linesBackward(handle: FileHandle, size: number): AsyncGenerator<FileLine> {
  let start = size;
  let held = Buffer.alloc(0);
  while (start > 0) {
    // The chunk doubles, so that a long line is not copied again for every chunk.
    const from = Math.max(0, start - Math.max(chunkBytes, held.length));
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(start - from), 0, start - from, from);
    held = Buffer.concat([buffer.subarray(0, bytesRead), held]);
    start = from;
    for (let before = newlineBefore(held); before >= 0; before = newlineBefore(held)) {
      yield { start: start + before + 1, bytes: held.subarray(before + 1) };
      held = held.subarray(0, before + 1);
    }
    if (held.length > maxLineBytes) throw new LongLineError(null);
  }
  if (held.length > 0) yield { start: 0, bytes: held };
}

/** Index of the newline before the last line; -1 where there is none. The last byte ends the last line itself. */
function newlineBefore(bytes: Buffer): number {
  return bytes.length < 2 ? -1 : bytes.lastIndexOf(10, bytes.length - 2);
}
