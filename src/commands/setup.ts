import { type ExitCode, exitCodes } from '../model/error.ts';
export async function setupCommand(): Promise<ExitCode> {
  return exitCodes.ok;
}
