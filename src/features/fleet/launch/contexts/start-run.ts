import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { execa } from 'execa';
import { holdDirectory } from '../../../../core/files/held-directory.ts';

/** A run in a process of its own. */
interface StartedRun {
  /** Words after the program. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** File that gets all that it prints. */
  readonly log: string;
  /** Called with each line of its stderr. */
  readonly onLine: (line: string) => void;
  /** Asks it to end, once. */
  readonly signal: AbortSignal;
}

/** Starts a run and resolves with its exit code; 128 and more where a signal ended it. */
export type StartRun = (run: StartedRun) => Promise<number>;

/**
 * Starts this very program again. It has a process group of its own: a Ctrl-C reaches it through `signal` alone, because a second
 * one would end it before it has cleaned up.
 */
export const startRun: StartRun = async ({ words, env, log, onLine, signal }) => {
  const program = [...process.execArgv, resolve(process.argv[1] ?? '')];
  const child = execa(process.execPath, [...program, ...words], {
    ...{ env, reject: false, stdin: 'ignore', detached: true, all: true, buffer: false },
  });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  using directory = holdDirectory(dirname(log));
  const file = createWriteStream('', { fd: directory.openToAppend(basename(log)) });
  child.all.pipe(file);
  const told = (async () => {
    for await (const line of child.iterable({ from: 'stderr' })) onLine(String(line));
  })();
  const [{ exitCode }] = await Promise.all([child, told]);
  signal.removeEventListener('abort', end);
  if (!file.closed) await once(file, 'close');
  return exitCode ?? 128 + 9;
};
