import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { diskError } from '../model/disk-error.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';

/** A file of one JSON value a line that grows by whole lines. */
export interface JsonlWriter {
  /**
   * Appends one line; with `durable`, returns only when it is on the disk (fsync). Where that fails, nothing of the line is
   * in the file, and OcibenchError names it where the disk is at fault.
   */
  append(value: unknown, durable: boolean): void;
  close(): void;
}

/** Opens for appending; the file is made when absent. */
export function openJsonl(path: string): JsonlWriter {
  let fd: number;
  try {
    fd = openSync(path, 'a');
  } catch (error) {
    throw diskError(path, error);
  }
  return {
    append(value, durable) {
      const before = fstatSync(fd).size;
      try {
        writeWhole(fd, Buffer.from(`${JSON.stringify(value)}\n`));
        if (durable) fsyncSync(fd);
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
  /** The incomplete last line, set aside; null when the file ends as it should. */
  readonly torn: string | null;
  /** Length in bytes of the part that is whole. */
  readonly wholeBytes: number;
}

/**
 * Reads and validates. A last line without its newline is what a crash leaves and is set aside; any other
 * line that is not valid is an error that names file and line (OcibenchError, exit 2). A missing file is empty.
 */
export async function readJsonl<S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<JsonlContent<z.output<S>>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const end = text.lastIndexOf('\n') + 1;
  const torn = text.slice(end);
  const values = text
    .slice(0, end)
    .split('\n')
    .slice(0, -1)
    .map((line, index) => parseLine(path, index + 1, line, schema));
  return { values, torn: torn === '' ? null : torn, wholeBytes: Buffer.byteLength(text.slice(0, end)) };
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
