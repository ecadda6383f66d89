import { listed } from '../messages/compose.ts';
import { reasons } from '../messages/define.ts';
import { formatParams } from '../model/trial/cell.ts';
import {
  type ContainerRequest,
  defaultMemoryBytes,
  droppedCapabilities,
  logDrivers,
  type Workload,
} from '../model/workload/workload.ts';
import type { Complaint } from './rule.ts';

/** Maximum timeout of a trial, ms; a hanging trial costs at most this. */
export const maxTimeoutMs = 60 * 60_000;
/** The daemon's minimum memory limit, bytes (moby, daemon/daemon_unix.go). */
const minMemoryBytes = 6 * 2 ** 20;

const text = reasons('containerRequest', {
  refusesParams: {
    message: "does not take the parameters ''{params}'': {cause}",
    fix: 'return a request for every parameter set of presets',
  },
  log: { message: "is ''{value}''", fix: 'choose from: {allowed}; or leave it out' },
  keptOutput: { message: 'is {value}', fix: 'write a number of bytes, or leave it out' },
  timeout: {
    message: 'is {value}: every container has a time limit',
    fix: 'write milliseconds, {max} at most, such as 60_000',
  },
  memory: {
    message: 'is {value}: every container has a memory limit',
    fix: 'write bytes, {min} at least; without it the limit is {usual}',
  },
  cpus: { message: 'is {value}', fix: 'write a number of CPUs such as 0.5, or leave it out' },
  mountTarget: {
    message: "''{target}'' cannot be the target of a mount",
    fix: "write an absolute path without a colon, such as '/scratch'",
  },
  needsMissing: {
    message: 'is missing: {bytes} bytes of memory are more than a workload gets by default',
    fix: "say why: needs: '{ because: ''…'' }'",
  },
  needsUnexplained: { message: 'is empty', fix: 'say why the workload needs more than others' },
  capabilities: { message: '{names} cannot be requested', fix: 'choose from: {allowed}' },
});

/** Errors of the containers that a workload requests, over the parameters of all presets; each once. */
export function requestProblems(workload: Workload): readonly Complaint[] {
  const found = new Map<string, Complaint>();
  for (const params of Object.values(workload.presets).flat()) {
    for (const complaint of complaintsOf(workload, params))
      found.set(`${complaint.key} ${complaint.reason.message.text}`, complaint);
  }
  return [...found.values()];
}

function complaintsOf(workload: Workload, params: Workload['presets']['full'][number]): readonly Complaint[] {
  let request: ContainerRequest;
  try {
    request = workload.container(params);
    if (typeof request !== 'object' || request === null) throw new Error(`it returns ${request}`);
  } catch (error) {
    return [
      {
        key: 'container',
        reason: text.refusesParams({ params: formatParams(params), cause: (error as Error).message }),
      },
    ];
  }
  return [...limitComplaints(request), ...mountComplaints(request), ...needComplaints(request)];
}

function within(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

function limitComplaints({
  timeoutMs,
  memoryBytes,
  cpus,
  log,
  keptOutputBytes,
}: ContainerRequest): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (log !== undefined && !logDrivers.includes(log))
    complaints.push({
      key: 'container.log',
      reason: text.log({ value: String(log), allowed: listed(logDrivers) }),
    });
  if (keptOutputBytes !== undefined && !within(keptOutputBytes, 0, Number.MAX_SAFE_INTEGER))
    complaints.push({
      key: 'container.keptOutputBytes',
      reason: text.keptOutput({ value: String(keptOutputBytes) }),
    });
  if (!within(timeoutMs, 1, maxTimeoutMs))
    complaints.push({
      key: 'container.timeoutMs',
      reason: text.timeout({ value: String(timeoutMs), max: String(maxTimeoutMs) }),
    });
  if (memoryBytes !== undefined && !within(memoryBytes, minMemoryBytes, Number.MAX_SAFE_INTEGER))
    complaints.push({
      key: 'container.memoryBytes',
      reason: text.memory({
        value: String(memoryBytes),
        min: String(minMemoryBytes),
        usual: String(defaultMemoryBytes),
      }),
    });
  if (cpus !== undefined && !within(cpus, 0.01, 1_024))
    complaints.push({
      key: 'container.cpus',
      reason: text.cpus({ value: String(cpus) }),
    });
  return complaints;
}

function mountComplaints({ mounts = [] }: ContainerRequest): readonly Complaint[] {
  return mounts
    .filter(({ target }) => typeof target !== 'string' || !/^\/[^:]+$/.test(target))
    .map(({ target }) => ({
      key: 'container.mounts',
      reason: text.mountTarget({ target: String(target) }),
    }));
}

function needComplaints({ needs, memoryBytes = 0 }: ContainerRequest): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (memoryBytes > defaultMemoryBytes && needs === undefined)
    complaints.push({
      key: 'container.needs',
      reason: text.needsMissing({ bytes: String(memoryBytes) }),
    });
  if (needs === undefined) return complaints;
  if (typeof needs.because !== 'string' || needs.because.trim() === '')
    complaints.push({
      key: 'container.needs.because',
      reason: text.needsUnexplained,
    });
  const unknown = (needs.capabilities ?? []).filter((name) => !droppedCapabilities.includes(name));
  if (unknown.length > 0)
    complaints.push({
      key: 'container.needs.capabilities',
      reason: text.capabilities({ names: listed(unknown.map(String)), allowed: listed(droppedCapabilities) }),
    });
  return complaints;
}
