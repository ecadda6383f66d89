import type { ProcessUsage } from '../../model/trial.ts';
import { findRole } from '../../runtimes/registry.ts';

/** Maximum difference of two readings of one address space, shortly after each other: bytes, and as a share. */
const tolerance = { bytes: 256 * 1024, share: 0.02 } as const;

/**
 * Count each address space once. Under gVisor's systrap the threads of an application's process are separate host
 * processes (`CLONE_VM` without `CLONE_THREAD`), children of the first one. Each shows the whole PSS of the memory that
 * they share, since PSS divides by mappings and they have one. kcmp(2) would be certain but cannot be called from here.
 * Instead, a stub counts as sharing its parent's memory if the parent is a stub with the same PSS. Under ptrace the
 * stubs' common parent is a stub too, but maps next to nothing, so its children stay unchanged.
 *
 * A process that is counted with its parent keeps its entry with a PSS of 0; every other process is unchanged.
 */
export function countSharedOnce(processes: readonly ProcessUsage[]): readonly ProcessUsage[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  return processes.map((process) => {
    const parent = byPid.get(process.ppid);
    if (process.role !== parent?.role || !findRole(process.role)?.mayShareMemory) return process;
    const [own, its] = [process.pssBytes, parent.pssBytes];
    if (own === null || its === null) return process;
    if (Math.abs(own - its) > tolerance.bytes + tolerance.share * its) return process;
    return {
      ...process,
      pssBytes: 0,
      ...(process.pssShmemBytes == null ? {} : { pssShmemBytes: 0 }),
      ...(process.pssAnonBytes == null ? {} : { pssAnonBytes: 0 }),
    };
  });
}
