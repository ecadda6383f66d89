import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeFiles } from '../../../core/engine/scratch.ts';
import { openPlainFile } from '../../../core/files/plain-file.ts';
import { isBlamable } from './refusal.ts';
import { messageIn, Trace } from './trace.ts';

/** Largest logs of one look, bytes: a program that asks without a pause writes some MB a second. */
const largestLogs = 256 * 1024 ** 2;
/** Longer lines are left out, bytes. */
const longestLine = 64 * 1024;
/** How often their size is looked at, ms. */
const lookMs = 250;

/** Ends a look whose logs become too large. */
export interface LogLimit extends Disposable {
  readonly signal: AbortSignal;
}

/** The logs grow while the host's time passes, whatever the clock of the trials says. */
export function limitsLogs(directory: string): LogLimit {
  const full = new AbortController();
  const done = new AbortController();
  const watch = async () => {
    while (!done.signal.aborted) {
      if ((await sizeOf(directory)) > largestLogs) return full.abort();
      await sleep(lookMs, undefined, { signal: done.signal }).catch(() => undefined);
    }
  };
  void watch();
  return { signal: full.signal, [Symbol.dispose]: () => done.abort() };
}

const namesIn = (directory: string) => readdir(directory).catch((): string[] => []);

async function sizeOf(directory: string): Promise<number> {
  let size = 0;
  for (const name of await namesIn(directory))
    size += (await stat(join(directory, name)).catch(() => null))?.size ?? 0;
  return size;
}

/** Removes a directory of ours with its logs; runsc makes it anew. */
export const clearLogs = (directory: string): Promise<void> => removeFiles(directory);

/** What the sandbox did, from the logs in a directory of ours: each process of runsc has one, the sentry's has the calls. */
export async function readTrace(directory: string): Promise<Trace> {
  const trace = new Trace(isBlamable);
  for (const name of (await namesIn(directory)).toSorted()) {
    const handle = await openPlainFile(join(directory, name), { followLinks: false });
    let line: Buffer[] = [];
    let length = 0;
    const add = (part: Buffer) => {
      length += part.length;
      if (length <= longestLine) line.push(part);
    };
    const finish = () => {
      const message = length <= longestLine ? messageIn(Buffer.concat(line).toString('utf8')) : null;
      if (message !== null) trace.add(message);
      line = [];
      length = 0;
    };
    // The stream closes the file.
    for await (const chunk of handle.createReadStream({ end: largestLogs })) {
      let from = 0;
      const bytes = chunk as Buffer;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
        add(bytes.subarray(from, at));
        finish();
        from = at + 1;
      }
      add(bytes.subarray(from));
    }
    finish();
  }
  return trace;
}
