import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type HeldDirectory, holdDirectory } from '../core/files/held-directory.ts';
import { appendText, openedToAppend } from '../core/store/jsonl.ts';

/** A record with its time, ISO 8601 in UTC. */
interface DatedRecord {
  readonly at: string;
}

const newline = 10;

/**
 * Appends records to `<month>.ndjson`, each by its own time (UTC). Returns when they are on the disk. Existing content
 * is never changed: after a line that a crash cut off, a newline is written first. The caller ensures that no other
 * process appends meanwhile.
 */
export async function appendByMonth<T extends DatedRecord>(
  directory: string,
  lines: readonly T[],
): Promise<void> {
  using held = holdDirectory(directory);
  for (const [month, own] of Map.groupBy(lines, ({ at }) => at.slice(0, 7)))
    appendTo(held, `${month}.ndjson`, own);
  held.sync();
}

function appendTo(directory: HeldDirectory, name: string, lines: readonly DatedRecord[]): void {
  const fd = openedToAppend(directory, name);
  try {
    const before = endsTorn(fd) ? '\n' : '';
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    appendText(fd, join(directory.path, name), `${before}${text}`);
  } finally {
    closeSync(fd);
  }
}

function endsTorn(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== newline;
}
