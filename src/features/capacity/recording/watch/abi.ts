import { closeSync, openSync, readSync } from 'node:fs';

/** Class of an ELF program of 32 bits (elf(5), EI_CLASS). */
const class32 = 1;

/** Does this file hold a program of 32 bits? False where it cannot be read. */
function is32Bit(path: string): boolean {
  const head = Buffer.alloc(5);
  try {
    const fd = openSync(path, 'r');
    try {
      readSync(fd, head, 0, head.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
  return head.toString('latin1', 0, 4) === '\u007fELF' && head[4] === class32;
}

/** Does one of these processes run a program of 32 bits, whose calls have other numbers? */
export function runs32Bit(pids: readonly number[], procRoot = '/proc'): boolean {
  return pids.some((pid) => is32Bit(`${procRoot}/${pid}/exe`));
}
