import type { EngineFacts } from './host.ts';
import type { ScenarioStep } from './scenario.ts';
import type { Workload } from './workload.ts';

type Place = Pick<EngineFacts, 'local' | 'hidden'>;
type Params = Parameters<Workload['container']>[0];

/** Why figures of an engine whose cgroups are out of reach are absent; null where they are within reach. */
export function whyHidden({ local, hidden = 'remote' }: Place): string | null {
  if (local) return null;
  switch (hidden) {
    case 'remote':
      return 'the engine is on another host; only the Docker stats API is reachable';
    case 'other-kernel':
      return 'the engine answers here but runs under another kernel (a virtual machine, or a socket that is forwarded); only the Docker stats API is reachable';
    case 'rootless':
      return 'the engine is rootless: its containers are in cgroups of its user, where the harness can place none; only the Docker stats API is read';
  }
}

/** Are the engine's binaries and its kernel those of this machine, even if its cgroups are out of reach? */
export function onThisMachine({ local, hidden = 'remote' }: Place): boolean {
  return local || hidden === 'rootless';
}

const stepNeeds: Partial<Readonly<Record<ScenarioStep['do'], string>>> = {
  'await-service': 'the server is asked from this host, which does not reach the engine’s bridge',
  limits: 'the limits are read in the container’s cgroup, which is not reachable from here',
};

/** Metrics that are read of every process that serves a container. */
const ofProcesses: ReadonlySet<string> = new Set(['memory.resident', 'memory.private', 'memory.footprint']);

/** Why a workload cannot be measured on an engine that is out of reach; null where it can, with fewer figures. */
export function needsReach(workload: Workload, params: Params): string | null {
  if ((workload.container(params).mounts ?? []).some((mount) => mount.type === 'bind'))
    return 'a bind mount needs a directory that this harness shares with the engine';
  if (workload.group?.(params).kind === 'density')
    return 'the memory of the sandboxes is read on the engine’s host, which is not reachable from here';
  if (ofProcesses.has(workload.metrics[0]?.id ?? ''))
    return 'what it is about, the memory of all processes that serve a container, is read on the engine’s host, which is not reachable from here';
  for (const step of workload.steps?.(params) ?? []) {
    const need = stepNeeds[step.do];
    if (need !== undefined) return need;
  }
  return null;
}
