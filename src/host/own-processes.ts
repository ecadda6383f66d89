import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readCmdline, userProcesses } from '../collect/process/read.ts';
import { seesAllProcesses } from './process-identity.ts';

/** The program of ocibench, as started from a checkout, a package or npx. */
const program = /(?:^|\/)(?:ocibench|cli\.[jt]s)$/;

function isOcibench(argv: readonly string[]): boolean {
  const [interpreter = '', ...words] = argv;
  return basename(interpreter).startsWith('node') && words.some((word) => program.test(word));
}

/** Is the process with this id ocibench, and that user's? Any user can write any id into a file. */
export async function isOcibenchOf(uid: number, pid: number): Promise<boolean> {
  const found = await lstat(join('/proc', String(pid))).catch(() => null);
  return found?.uid === uid && isOcibench(readCmdline('/proc', pid));
}

/** Is there certainly no other ocibench process on this machine, of any user, in any container? */
export function isAloneOnHost(): boolean {
  if (!seesAllProcesses()) return false;
  return !userProcesses('/proc').some(
    ({ pid }) => pid !== process.pid && isOcibench(readCmdline('/proc', pid)),
  );
}
