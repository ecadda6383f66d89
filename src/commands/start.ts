import type { ExitCode } from '../model/error.ts';
import { type RunFlags, runCommand } from './run.ts';
import { installMissing } from './setup.ts';
import { terminal } from './terminal.ts';

/** `ocibench start`: from a bare machine to a first comparison. */
export async function startCommand(flags: RunFlags, version: string): Promise<ExitCode> {
  if (flags.quiet) terminal.beQuiet();
  await installMissing(flags.engine === 'embedded');
  return runCommand({ preset: 'quick', ...flags }, version);
}
