import { closeSync, fstatSync, fsyncSync, ftruncateSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { HeldDirectory } from '../files/held-directory.ts';
import { nullIfMissing, openPlainFile, unreadable } from '../files/plain-file.ts';
import { notices, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type OcibenchError, refusal } from '../model/failure/error.ts';
import { diskError } from '../model/machine/disk-error.ts';
import { LongLineError, linesBackward, linesOf } from './lines.ts';

/** Maximum nesting of objects and arrays: more than any record of ocibench has, and not enough to overflow the stack. */
const maxNesting = 64;

function isNestedWithin(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return limit > 0 && Object.values(value).every((inner) => isNestedWithin(inner, limit - 1));
}

/**
 * The result of `safeParse` for a value from a file. Records hold messages, whose schema is recursive: another user's
 * file could nest them until they overflow the stack, so deep nesting is refused first.
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  if (isNestedWithin(value, maxNesting)) return schema.safeParse(value);
  const message = `nested more than ${maxNesting} deep`;
  const error = new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]);
  return { success: false, error: error as z.ZodError<z.output<S>> };
}

const notice = notices('stored', {
  notARecord: '{path}, line {number}: not a record of this version: {what}',
  notJson: 'it is not JSON',
});

const text = reasons('stored', {
  badLine: {
    message: '{what}',
    fix: 'restore the file, or remove that line if you can do without its trial',
  },
});

const newline = 10;

/** Bytes copied at a time. */
const copyBytes = 1024 * 1024;

/** Appends to a file with one JSON value a line, always whole lines. */
export interface JsonlWriter {
  /**
   * Appends one line for each value. Returns when they are on the disk (fsync). On failure the written part is
   * truncated again. Where that fails too (when a quota of btrfs is used up, ftruncate(2) fails with EDQUOT), a torn
   * line stays, which the next reader sets aside. Throws OcibenchError that names the file where the disk is at fault.
   */
  append(...values: readonly unknown[]): void;
  close(): void;
}

/** Opens a file for appending; creates it when absent. The caller syncs its name. */
export function openJsonl(directory: HeldDirectory, name: string): JsonlWriter {
  const path = join(directory.path, name);
  const fd = openedToAppend(directory, name);
  return {
    append(...values) {
      if (values.length > 0)
        appendText(fd, path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    },
    close: () => closeSync(fd),
  };
}

/** Opens a file for appending. OcibenchError that names the file where the disk refuses it. */
export function openedToAppend(directory: HeldDirectory, name: string): number {
  try {
    return directory.openToAppend(name);
  } catch (error) {
    throw diskError(join(directory.path, name), error);
  }
}

/** Appends to an open file, as {@link JsonlWriter} does. */
export function appendText(fd: number, path: string, text: string): void {
  const before = fstatSync(fd).size;
  try {
    writeWhole(fd, Buffer.from(text));
    fsyncSync(fd);
  } catch (error) {
    takeBack(fd, before);
    throw diskError(path, error);
  }
}

/** Writes all bytes. On a nearly full disk, write(2) writes a part and returns its length; only the next call fails. */
function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

function takeBack(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // A line that stays torn is set aside by the next reader.
  }
}

/** The values of a JSONL file. */
interface JsonlContent<T> {
  readonly values: readonly T[];
  /** Did a crash cut off the last line, or fill it with other bytes? */
  readonly isTorn: boolean;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Start of a last line that a crash left incomplete; the file's `size` where it ends properly. Such a line lacks its
 * newline. After a loss of power the newline may have reached the disk without the text.
 */
export async function tornFrom(handle: FileHandle, size: number): Promise<number> {
  for await (const { start, bytes } of linesBackward(handle, size)) {
    const whole = bytes.at(-1) === newline && isJson(bytes.toString('utf8'));
    return whole ? start + bytes.length : start;
  }
  return 0;
}

/** Reads all values; see {@link eachRecord}. */
export async function readJsonl<S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<JsonlContent<z.output<S>>> {
  const values: z.output<S>[] = [];
  let isTorn = false;
  const onTorn = () => {
    isTorn = true;
  };
  for await (const value of eachRecord(path, schema, onTorn)) values.push(value);
  return { values, isTorn };
}

/**
 * Reads and validates line by line. The incomplete last line of a crash is left out. Any other invalid line is an error that
 * names file and line (OcibenchError, exit 2), as is a file that is not a regular one. A missing file is empty.
 */
export async function* eachRecord<S extends z.ZodType>(
  path: string,
  schema: S,
  onTorn: () => void = () => undefined,
): AsyncGenerator<z.output<S>> {
  const handle = await openIfThere(path);
  if (handle === null) return;
  try {
    const { size } = await handle.stat();
    const wholeBytes = await tornFrom(handle, size);
    if (wholeBytes < size) onTorn();
    let number = 0;
    for await (const { bytes } of linesOf(handle, wholeBytes))
      yield parseLine(path, ++number, bytes.toString('utf8'), schema);
  } catch (error) {
    throw readError(path, error);
  } finally {
    await handle.close();
  }
}

/**
 * Opens a file of a run directory, which another user may have put there; null where it is missing. `toWriteIn`: the
 * directory that holds it, to open it for writing too.
 */
export async function openIfThere(path: string, toWriteIn?: HeldDirectory): Promise<FileHandle | null> {
  const writing = toWriteIn === undefined ? {} : { write: true, heldIn: toWriteIn };
  return openPlainFile(path, { followLinks: false, ...writing }).catch(nullIfMissing);
}

/** OcibenchError (exit 2) that names a file that could not be read to its end. */
export function readError(path: string, error: unknown): unknown {
  if (error instanceof LongLineError)
    return error.number === null
      ? unreadable(path, error.said)
      : invalid(path, error.number, error.said, error);
  return Object(error).syscall === 'read' ? unreadable(path, (error as Error).message, error) : error;
}

/** Path of the file that keeps the incomplete end of a file. */
export function asidePath(path: string): string {
  return `${path}.torn`;
}

/**
 * Moves everything from the byte `from` on to the end of the file of {@link asidePath}. Otherwise the next line would
 * be appended to the incomplete one. The bytes are in the new file before they leave the old one. `handle`: of `path`,
 * opened for writing; `path` is in `directory`.
 */
export async function setAside(
  directory: HeldDirectory,
  path: string,
  handle: FileHandle,
  from: number,
): Promise<void> {
  const { size } = await handle.stat();
  if (from >= size) return;
  const aside = openedToAppend(directory, basename(asidePath(path)));
  try {
    let last: number | undefined;
    for (let at = from; at < size; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(copyBytes), 0, copyBytes, at);
      if (bytesRead === 0) break;
      writeWhole(aside, buffer.subarray(0, bytesRead));
      last = buffer[bytesRead - 1];
      at += bytesRead;
    }
    if (last !== newline) writeWhole(aside, Buffer.from('\n'));
    fsyncSync(aside);
  } finally {
    closeSync(aside);
  }
  await handle.truncate(from);
  await handle.sync();
}

function parseLine<S extends z.ZodType>(path: string, number: number, line: string, schema: S): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(path, number, notice.notJson, cause);
  }
  const parsed = validate(schema, value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(path, number, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`, parsed.error);
}

function invalid(path: string, number: number, what: Message | string, cause: unknown): OcibenchError {
  return refusal(
    notice.notARecord({ path, number: String(number), what }),
    { file: path, key: `line ${number}` },
    text.badLine({ what }),
    cause,
  );
}
