import { isHelper, processRole } from '../process-role.ts';
import { readCmdline, userProcesses } from './read.ts';

/**
 * Shims, sandboxes and virtual machines of containers on this host, of whatever engine. Asked while none of ours runs, it
 * counts those of others: they share the pages of the same binaries with ours, so that PSS divides those by more than it
 * would, and a container of ours seems smaller (a shim by half).
 */
export function countSandboxHelpers(procRoot = '/proc'): number {
  return userProcesses(procRoot).filter(({ pid, comm }) =>
    isHelper(processRole({ argv: readCmdline(procRoot, pid), comm, inCgroup: false, parentRole: null })),
  ).length;
}
