import { readFileSync } from 'node:fs';
import { notices, reasons } from '../core/messages/define.ts';
import { refusal } from '../core/model/failure/error.ts';

const text = notices('openFiles', { few: 'too few files may be open at once' });
const why = reasons('openFiles', {
  limit: { message: 'the limit is {limit}; programs that ocibench starts need pipes', fix: 'ulimit -n 1024' },
});

/** Fewest open files with which a report is drawn and a program started. */
const fewest = 64;

/** Most files that a process may have open; null where its `limits` (proc_pid_limits(5)) do not say it, or set none. */
export function parseOpenFiles(limits: string): number | null {
  const soft = /^Max open files +(\d+) /m.exec(limits)?.[1];
  return soft === undefined ? null : Number(soft);
}

/** Refuses to begin with a limit under which Node.js ends in the middle. OcibenchError (exit 2). */
export function refuseFewOpenFiles(limits = readLimits()): void {
  const limit = parseOpenFiles(limits);
  if (limit !== null && limit < fewest) throw refusal(text.few, 'ulimit -n', why.limit({ limit }));
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
