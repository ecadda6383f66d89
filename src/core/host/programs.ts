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

/** How long after the timeout a killed program's output is read at most, ms. */
const lastOutputMs = 200;

/**
 * Runs a program with execa and empty input; default timeout 10 s. See {@link RunProgram}. What it started (a wrapper script's
 * program) is not killed with it, and may hold its output open: nobody waits for that one.
 */
export const runProgram: RunProgram = async (file, args, { timeoutMs = 10_000, env = {} } = {}) => {
  // Who only looks for programs, as a shell does at each Tab, does not wait for it.
  const { execa } = await import('execa');
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
  // A file that was written just now is open in every process that was forked meanwhile, until that one executes its own program.
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
