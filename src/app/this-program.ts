import { resolve } from 'node:path';
import { findProgram } from '../core/files/programs.ts';
import type { AppContext } from './context.ts';

/** This program, as another process can start it: without the directory and PATH of whoever calls it now. */
export async function thisProgram({
  program,
  workingDirectory,
}: Pick<AppContext['environment'], 'program' | 'workingDirectory'>): Promise<readonly string[]> {
  if (program.includes('/')) return [resolve(workingDirectory, program)];
  const found = await findProgram(program);
  return found === null ? [process.execPath, resolve(process.argv[1] ?? '')] : [found];
}
