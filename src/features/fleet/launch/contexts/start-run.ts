import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { execa } from 'execa';
import { holdDirectory } from '../../../../core/files/held-directory.ts';

/** Start of a run in its own process. */
interface StartedRun {
  /** Arguments of the program. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** File for its output. */
  readonly log: string;
  /** Called with each line of its stderr. */
  readonly onLine: (line: string) => void;
  /** Aborting asks the run to end, once. */
  readonly signal: AbortSignal;
}

/** Starts a run and resolves with its exit code; 128 + number of the signal if one ended it. */
export type StartRun = (run: StartedRun) => Promise<number>;

/**
 * Starts this program again in its own process group, so that a Ctrl-C reaches it only through `signal`: a second one would end
 * it before it has cleaned up.
 */
export const startRun: StartRun = async ({ words, env, log, onLine, signal }) => {
  const program = [...process.execArgv, resolve(process.argv[1] ?? '')];
  const child = execa(process.execPath, [...program, ...words], {
    env,
    reject: false,
    stdin: 'ignore',
    detached: true,
    all: true,
    buffer: false,
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
