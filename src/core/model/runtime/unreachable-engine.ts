import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { EngineFacts } from '../machine/host.ts';
import type { ScenarioStep } from '../workload/scenario.ts';
import type { Workload } from '../workload/workload.ts';

const text = notices('hiddenEngine', {
  remote: 'the engine is on another host; only the Docker stats API is reachable',
  otherKernel:
    'the engine answers here but runs under another kernel (a virtual machine or a forwarded socket); only the Docker stats API is reachable',
  rootless:
    'the engine is rootless: its containers run in cgroups of its user, where ocibench cannot create any; only the Docker stats API is read',
  service: 'this host sends the requests, but cannot reach the engine’s bridge',
  limits: 'the limits are read in the container’s cgroup, which is not reachable from here',
  bind: 'a bind mount needs a directory that ocibench shares with the engine',
  density: 'the memory of the sandboxes is read on the engine’s host, which is not reachable from here',
  processes:
    'it measures the memory of all processes that serve a container, which can be read only on the engine’s host',
});

type EngineReach = Pick<EngineFacts, 'local' | 'hidden'>;
type Params = Parameters<Workload['container']>[0];

/** Why the figures of an engine with unreachable cgroups are absent; null where the cgroups are reachable. */
export function whyUnreachable({ local, hidden = 'remote' }: EngineReach): Message | null {
  if (local) return null;
  switch (hidden) {
    case 'remote':
      return text.remote;
    case 'other-kernel':
      return text.otherKernel;
    case 'rootless':
      return text.rootless;
  }
}

/** True if the address of a daemon is TCP on this machine's loopback, behind which a forwarded port may be. */
export function isLoopback(endpoint: string): boolean {
  return /^[a-z]+:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?\/?$/i.test(endpoint);
}

/** True if the engine's binaries and kernel are those of this machine, even if its cgroups are unreachable. */
export function onThisMachine({ local, hidden = 'remote' }: EngineReach): boolean {
  return local || hidden === 'rootless';
}

const stepNeeds: Partial<Readonly<Record<ScenarioStep['do'], Message>>> = {
  'await-service': text.service,
  limits: text.limits,
};

/** Metrics read from every process that serves a container. */
const ofProcesses: ReadonlySet<string> = new Set(['memory.resident', 'memory.private', 'memory.footprint']);
/** The same of several containers side by side. */
const ofCrowds: ReadonlySet<string> = new Set(['density.resident', 'density.next_memory']);

/** Metrics that contain the CPU time of the engine. */
const ofEngineCpu: ReadonlySet<string> = new Set(['at_rest.cpu']);

/** True if a workload measures the CPU time of the engine, too, so that it has no headline without it. */
export function needsEngineCpu({ metrics }: Pick<Workload, 'metrics'>): boolean {
  return ofEngineCpu.has(metrics[0]?.id ?? '');
}

/** Is the headline of a workload memory of all processes that serve its containers? They are root's, and only root can read it. */
export function isOfProcesses({ metrics }: Pick<Workload, 'metrics'>): boolean {
  const headline = metrics[0]?.id ?? '';
  return ofProcesses.has(headline) || ofCrowds.has(headline);
}

/** Why a workload cannot be measured on an unreachable engine; null where it can, with fewer figures. */
export function needsReach(workload: Workload, params: Params): Message | null {
  if ((workload.container(params).mounts ?? []).some((mount) => mount.type === 'bind')) return text.bind;
  const group = workload.group?.(params);
  if (group?.kind === 'density' || (group?.kind === 'runner' && group.needsHost)) return text.density;
  if (ofProcesses.has(workload.metrics[0]?.id ?? '')) return text.processes;
  for (const step of workload.steps?.(params) ?? []) {
    const need = stepNeeds[step.do];
    if (need !== undefined) return need;
  }
  return null;
}
