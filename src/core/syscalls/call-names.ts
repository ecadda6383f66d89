import { lookup } from '../model/nearest.ts';
import arm64Names from './aarch64.json' with { type: 'json' };
import x86Names from './x86_64.json' with { type: 'json' };

/** Name for calls with an unknown number: of a newer kernel, of another ABI, or invented by the program. */
export const unknownCall = 'unknown';

/** Numbers from here on are counted together: a program can issue a call with any number. */
export const numberLimit = 1024;

/**
 * Names of system calls by number, for the supported architectures (asm/unistd_64.h and asm-generic/unistd.h, Linux
 * 6.12). The keys are in the form of `uname -m`.
 */
export const callTables: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  x86_64: x86Names,
  aarch64: arm64Names,
};

/** System calls of an architecture. */
export interface CallNames {
  nameOf(number: number): string;
  /** The number of a call; undefined where the architecture does not have it. */
  numberOf(name: string): number | undefined;
}

/** The calls of an architecture; null for an unknown architecture. */
export function callNames(architecture: string): CallNames | null {
  const table = lookup(callTables, architecture);
  if (table === undefined) return null;
  const numbers = new Map(Object.entries(table).map(([number, name]) => [name, Number(number)]));
  return {
    nameOf: (number) => table[number] ?? unknownCall,
    numberOf: (name) => numbers.get(name),
  };
}

/** Names of kernel functions, used by tracepoints, that differ from those of the calls. */
const kernelNames: Readonly<Record<string, string>> = {
  newstat: 'stat',
  newlstat: 'lstat',
  newfstat: 'fstat',
  newuname: 'uname',
  sendfile64: 'sendfile',
  umount: 'umount2',
};

/** The call to which a tracepoint `syscalls:sys_enter_<name>` belongs. */
export function callOfTracepoint(name: string): string {
  return lookup(kernelNames, name) ?? name;
}
