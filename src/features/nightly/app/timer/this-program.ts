import { resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { findProgram } from '../../../../core/files/programs.ts';

/** The command that starts this program independently of the working directory and PATH. */
export async function thisProgram({
  program,
  workingDirectory,
}: Pick<AppContext['environment'], 'program' | 'workingDirectory'>): Promise<readonly string[]> {
  if (program.includes('/')) return [resolve(workingDirectory, program)];
  const found = await findProgram(program);
  return found === null ? [process.execPath, resolve(process.argv[1] ?? '')] : [found];
}
