import arm64Names from './aarch64.json' with { type: 'json' };
import x86Names from './x86_64.json' with { type: 'json' };

/** Names of an architecture's system calls, by number. */
export type CallNames = Readonly<Record<number, string>>;

/**
 * Names of system calls for the supported architectures (asm/unistd_64.h and asm-generic/unistd.h, Linux 6.12). The keys are
 * in the form of `uname -m`.
 */
export const callTables: Readonly<Record<string, CallNames>> = {
  x86_64: x86Names,
  aarch64: arm64Names,
};
