import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { diskError } from '../model/disk-error.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';

/** A file of one JSON value a line that grows by whole lines. */
export interface JsonlWriter {
  /**
   * Appends one line a value; returns when they are on the disk (fsync). Where that fails, nothing of them is in the file, and
   * OcibenchError names it where the disk is at fault.
   */
  append(...values: readonly unknown[]): void;
  close(): void;
}

/** Opens for appending; the file is made when absent. Its name is the caller's to make last (`syncDirectory`). */
export function openJsonl(path: string): JsonlWriter {
  let fd: number;
  try {
    fd = openSync(path, 'a');
  } catch (error) {
    throw diskError(path, error);
  }
  return {
    append(...values) {
      if (values.length === 0) return;
      const before = fstatSync(fd).size;
      try {
        writeWhole(fd, Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join('')));
        fsyncSync(fd);
      } catch (error) {
        takeBack(fd, before);
        throw diskError(path, error);
      }
    },
    close: () => closeSync(fd),
  };
}

/** On a disk that is nearly full write(2) takes a part and says so; only the next call fails. */
function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

function takeBack(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // A line that stays torn is set aside when the file is read.
  }
}

/** The lines of a JSONL file and whether its end was torn by a crash. */
export interface JsonlContent<T> {
  readonly values: readonly T[];
  /** The last line, when a crash cut it off or filled it with something else; null when the file ends as it should. */
  readonly torn: string | null;
  /** Length in bytes of the part that is whole. */
  readonly wholeBytes: number;
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
 * Where the last line begins that a crash left: one without its newline, or, after a loss of power, one whose newline
 * reached the disk and whose text did not. `bytes.length` where the file ends as it should.
 */
export function tornFrom(bytes: Buffer): number {
  const whole = bytes.lastIndexOf(10) + 1;
  if (whole < bytes.length || whole === 0) return whole;
  const last = bytes.lastIndexOf(10, whole - 2) + 1;
  return isJson(bytes.toString('utf8', last, whole)) ? whole : last;
}

/**
 * Reads and validates. What a crash left of a last line is set aside; any other line that is not valid is an error
 * that names file and line (OcibenchError, exit 2). A missing file is empty.
 */
export async function readJsonl<S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<JsonlContent<z.output<S>>> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const wholeBytes = tornFrom(bytes);
  const torn = bytes.toString('utf8', wholeBytes);
  const values = bytes
    .toString('utf8', 0, wholeBytes)
    .split('\n')
    .slice(0, -1)
    .map((line, index) => parseLine(path, index + 1, line, schema));
  return { values, torn: torn === '' ? null : torn, wholeBytes };
}

/** Where the end of a file that was not whole is kept. */
export function asidePath(path: string): string {
  return `${path}.torn`;
}

/**
 * Moves everything from the byte `from` on into the file of {@link asidePath}, behind what is there: a line that a crash
 * cut off would run into the next one. It is in the one file before it leaves the other.
 */
export async function setAside(path: string, from: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const end = (await handle.readFile()).subarray(from);
    if (end.length === 0) return;
    const aside = await open(asidePath(path), 'a');
    try {
      await aside.appendFile(end.at(-1) === 10 ? end : Buffer.concat([end, Buffer.from('\n')]));
      await aside.sync();
    } finally {
      await aside.close();
    }
    await handle.truncate(from);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseLine<S extends z.ZodType>(path: string, number: number, line: string, schema: S): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(path, number, 'it is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(path, number, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`, parsed.error);
}

function invalid(path: string, number: number, what: string, cause: unknown): OcibenchError {
  return new OcibenchError(`${path}, line ${number}: not a record of this version: ${what}`, {
    exitCode: exitCodes.misuse,
    problems: [
      {
        file: path,
        key: `line ${number}`,
        message: what,
        fix: 'restore the file, or remove that line if the trial it holds may be lost',
      },
    ],
    cause,
  });
}
