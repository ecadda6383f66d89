import { setTimeout as sleep } from 'node:timers/promises';

/** Result of a program. `exitCode` is null where it could not be started or timed out. */
export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell; never rejects. Tests replace it. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  options?: { readonly timeoutMs?: number; readonly env?: Readonly<Record<string, string>> },
) => Promise<ProgramResult>;

/** Pause before a program that is still open for writing is started again, ms. */
const busyRetryMs = 20;

/** A killed program's output is read for at most this time after the timeout, ms. */
const lastOutputMs = 200;

/**
 * Runs a program with execa and empty input; default timeout 10 s. See {@link RunProgram}. Its children (a wrapper script's
 * program) are not killed with it and may keep its output open; they are not waited for.
 */
export const runProgram: RunProgram = async (file, args, { timeoutMs = 10_000, env = {} } = {}) => {
  // Imported lazily: callers that only look for programs do not need it.
  const { execa } = await import('../programs/execa.ts');
  const start = async () => {
    const child = execa(file, [...args], {
      reject: false,
      stdin: 'ignore',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1_000_000,
      env,
    });
    const tooLate = setTimeout(() => {
      for (const output of [child.stdout, child.stderr]) output.destroy();
    }, timeoutMs + lastOutputMs);
    try {
      return await child;
    } finally {
      clearTimeout(tooLate);
    }
  };
  const deadline = performance.now() + timeoutMs;
  let result = await start();
  // Processes forked while a file was being written hold it open until they execute their own program.
  while (result.code === 'ETXTBSY' && performance.now() < deadline) {
    await sleep(busyRetryMs);
    result = await start();
  }
  return {
    exitCode: result.exitCode ?? null,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
  };
};
