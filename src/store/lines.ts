import type { FileHandle } from 'node:fs/promises';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const text = notices('stored', { longLine: 'a line is longer than {size} MiB' });

/**
 * Bytes of a line that are read at most. A record holds what a program printed, 2 MiB of each stream, in JSON up to six bytes
 * a byte; no line of ours comes near.
 */
export const longestLine = 128 * 1024 * 1024;

const chunkBytes = 256 * 1024;

/** One line of a file, with the newline that ends it; only a last line may lack one. */
export interface FileLine {
  /** Its first byte's place in the file. */
  readonly start: number;
  readonly bytes: Buffer;
}

/** Thrown for a line of more than {@link longestLine} bytes: a file that no harness wrote. */
export class LongLineError extends Error {
  /** Counted from 1; null where the file is read from its end. */
  readonly number: number | null;
  readonly said: Message;

  constructor(number: number | null) {
    const said = text.longLine({ size: longestLine / 1024 ** 2 });
    super(said.text);
    this.said = said;
    this.name = 'LongLineError';
    this.number = number;
  }
}

/**
 * Every line of the first `size` bytes, from the first on: a file that is being written grows. Memory: one line and one
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
    if (held > longestLine) throw new LongLineError(count + 1);
  }
  if (held > 0) yield { start, bytes: Buffer.concat(parts) };
}

/** Every line of the first `size` bytes from the last one back: what a crash left stands at the end of long files. */
export async function* linesBackward(handle: FileHandle, size: number): AsyncGenerator<FileLine> {
  let start = size;
  let held = Buffer.alloc(0);
  while (start > 0) {
    // As much again as is held, so that a long line is not copied once a chunk.
    const from = Math.max(0, start - Math.max(chunkBytes, held.length));
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(start - from), 0, start - from, from);
    held = Buffer.concat([buffer.subarray(0, bytesRead), held]);
    start = from;
    for (let before = newlineBefore(held); before >= 0; before = newlineBefore(held)) {
      yield { start: start + before + 1, bytes: held.subarray(before + 1) };
      held = held.subarray(0, before + 1);
    }
    if (held.length > longestLine) throw new LongLineError(null);
  }
  if (held.length > 0) yield { start: 0, bytes: held };
}

/** The newline that ends the line before the last one; -1 where there is none. The last byte ends the last line itself. */
function newlineBefore(bytes: Buffer): number {
  return bytes.length < 2 ? -1 : bytes.lastIndexOf(10, bytes.length - 2);
}
