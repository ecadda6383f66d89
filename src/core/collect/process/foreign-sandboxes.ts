import { isHelper, processRole } from '../process-role.ts';
import { readCmdline, userProcesses } from './read.ts';

/**
 * Count the shims, sandboxes and virtual machines of containers on this host, of any engine. While no container of this
 * run exists, all of them are foreign. They share the pages of the same binaries with this run's containers. PSS then
 * divides those pages by more processes, and a container seems smaller (a shim by half).
 */
export function countSandboxHelpers(procRoot = '/proc'): number {
  return userProcesses(procRoot).filter(({ pid, comm }) =>
    isHelper(processRole({ argv: readCmdline(procRoot, pid), comm, inCgroup: false, parentRole: null })),
  ).length;
}
