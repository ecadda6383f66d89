import { readCmdline, userProcesses } from '../../src/collect/process/read.ts';
import { hostState } from './support.ts';

const engines = /^(?:dockerd|containerd|containerd-shim.*|runc.*|crun|runsc.*|exe|unshare|ocibench-.*)$/;

/** Processes of engines and runtimes; of those that others started in the meantime nothing is known here. */
function engineProcessesOfHost(): string {
  const own = userProcesses('/proc').filter(
    ({ comm, pid }) =>
      engines.test(comm) || readCmdline('/proc', pid).some((word) => word.startsWith('ocibench-')),
  );
  return own
    .map(({ pid, comm, startTicks }) => `${pid} ${comm} ${startTicks}`)
    .toSorted()
    .join('; ');
}

/**
 * What must be the same before and after: mounts, links, firewall rules, the directories that containerd likes, the tmpfs below
 * the cgroup mounts, and processes of engines. Cgroups are looked for by run (`tracesOf`): other runs may go on beside.
 */
export async function hostFingerprint(): Promise<Record<string, string>> {
  return { ...(await hostState()), processes: engineProcessesOfHost() };
}
