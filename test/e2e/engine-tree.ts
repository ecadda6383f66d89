import { readCmdline, userProcesses } from '../../src/core/collect/process/read.ts';
import type { EngineProcess } from '../../src/core/engine/embedded/supervisor-script.ts';
import { identityOf } from '../../src/core/host/process-identity.ts';

/** Every process that descends from an engine's supervisor, and itself: shells, daemons, shims, runtimes and containers. */
export function engineTree(supervisor: number | null): readonly EngineProcess[] {
  const all = userProcesses('/proc');
  const pids = new Set(supervisor === null ? [] : [supervisor]);
  for (let before = -1; before !== pids.size; ) {
    before = pids.size;
    for (const { pid, ppid } of all) if (pids.has(ppid)) pids.add(pid);
  }
  return all.flatMap(({ pid, comm }) => {
    const identity = pids.has(pid) ? identityOf(pid) : null;
    const shell = comm === 'sh' ? readCmdline('/proc', pid)[3] : undefined;
    return identity === null ? [] : [{ ...identity, name: shell ?? comm }];
  });
}
