import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { apartLimits, endWithParent, Watch, whyEnded } from '../app/apart/apart.ts';
import { resultsOf } from '../app/measure/past-runs.ts';
import { archiveNamed } from '../app/readable-run.ts';
import { otherHandIn } from '../core/files/walk.ts';
import { notices, reasons } from '../core/messages/define.ts';
import { type ExitCode, exitCodes, refusal } from '../core/model/failure/error.ts';
import { spawn } from '../core/programs/spawn.ts';
import { files } from '../core/store/run-ids.ts';
import type { CommandContext } from './command.ts';

const text = notices('commandApart', {
  run: '{run} could not be read',
  stopping: 'stopping',
});
const why = reasons('commandApart', {
  tooMuch: { message: '{who}, and {why}', fix: 'copy it, and read the copy, only if you trust it' },
});

/** A report with all its charts takes longer than reading a run. */
const limits = { ...apartLimits, runSeconds: apartLimits.archiveSeconds };

/** Environment variable that tells a process that it is the limited child; its value is the parent's id. */
const mark = 'OCIBENCH_APART';

/**
 * Runs this command again in a process with limits if another user could have changed one of its runs; returns that process's
 * exit code. null where all runs are the user's own, or this is already the limited process: the command then runs here.
 */
export async function commandApart(
  { app }: Pick<CommandContext, 'app'>,
  names: readonly string[],
  out: string | undefined,
): Promise<ExitCode | null> {
  if (process.env[mark] === String(process.ppid)) {
    endWithParent(Number(process.env[mark]));
    return null;
  }
  for (const name of names) {
    const results = resultsOf(app, out);
    const run = (await archiveNamed(app, name, results)) ?? (await app.store.findRun(name, results));
    const parts = [run, join(run, files.run), join(run, files.trials)];
    const who = await otherHandIn(parts.filter((path) => existsSync(path)));
    if (who === null) continue;
    using interrupt = app.interrupts(text.stopping);
    const [, program = '', ...words] = process.argv;
    const child = spawn(
      process.execPath,
      [...process.execArgv, `--max-old-space-size=${limits.heapMiB}`, program, ...words],
      { stdio: 'inherit', env: { ...process.env, [mark]: String(process.pid) } },
    );
    interrupt.signal.addEventListener('abort', () => child.kill('SIGKILL'));
    using watch = new Watch(child, limits);
    const [code, signal] = await once(child, 'exit');
    if (interrupt.signal.aborted) return exitCodes.interrupted;
    if (code !== null) return code;
    throw refusal(text.run({ run }), run, why.tooMuch({ who, why: whyEnded(watch, signal, limits) }));
  }
  return null;
}
