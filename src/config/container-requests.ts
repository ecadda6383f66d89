import { formatParams } from '../model/cell.ts';
import type { Problem } from '../model/error.ts';
import {
  type ContainerRequest,
  defaultMemoryBytes,
  droppedCapabilities,
  logDrivers,
  type Workload,
} from '../model/workload.ts';

/** Nothing that is measured runs longer; a trial that hangs costs this at most. */
const longestMs = 60 * 60_000;
/** The daemon refuses less (moby, daemon/daemon_unix.go). */
const leastMemoryBytes = 6 * 2 ** 20;

type Complaint = Omit<Problem, 'file'>;

/** What is wrong with the containers that a workload asks for, over the parameters of all presets; each fault once. */
export function requestProblems(workload: Workload): readonly Complaint[] {
  const found = new Map<string, Complaint>();
  for (const params of Object.values(workload.presets).flat()) {
    for (const complaint of complaintsOf(workload, params))
      found.set(`${complaint.key} ${complaint.message}`, complaint);
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
        message: `does not take the parameters '${formatParams(params)}': ${(error as Error).message}`,
        fix: 'return a request for every parameter set of presets',
      },
    ];
  }
  return [...limitComplaints(request), ...mountComplaints(request), ...needComplaints(request)];
}

function within(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
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
      message: `is '${log}'`,
      fix: `choose from: ${logDrivers.join(', ')}; or leave it out`,
    });
  if (keptOutputBytes !== undefined && !within(keptOutputBytes, 0, Number.MAX_SAFE_INTEGER))
    complaints.push({
      key: 'container.keptOutputBytes',
      message: `is ${keptOutputBytes}`,
      fix: 'write a number of bytes, or leave it out',
    });
  if (!within(timeoutMs, 1, longestMs))
    complaints.push({
      key: 'container.timeoutMs',
      message: `is ${timeoutMs}: every container has a time limit`,
      fix: `write milliseconds, ${longestMs} at most, such as 60_000`,
    });
  if (memoryBytes !== undefined && !within(memoryBytes, leastMemoryBytes, Number.MAX_SAFE_INTEGER))
    complaints.push({
      key: 'container.memoryBytes',
      message: `is ${memoryBytes}: every container has a memory limit`,
      fix: `write bytes, ${leastMemoryBytes} at least; without it the limit is ${defaultMemoryBytes}`,
    });
  if (cpus !== undefined && !within(cpus, 0.01, 1_024))
    complaints.push({
      key: 'container.cpus',
      message: `is ${cpus}`,
      fix: 'write a number of CPUs such as 0.5, or leave it out',
    });
  return complaints;
}

function mountComplaints({ mounts = [] }: ContainerRequest): readonly Complaint[] {
  return mounts
    .filter(({ target }) => typeof target !== 'string' || !/^\/[^:]+$/.test(target))
    .map(({ target }) => ({
      key: 'container.mounts',
      message: `'${target}' cannot be the target of a mount`,
      fix: "write an absolute path without a colon, such as '/scratch'",
    }));
}

function needComplaints({ needs, memoryBytes = 0 }: ContainerRequest): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (memoryBytes > defaultMemoryBytes && needs === undefined)
    complaints.push({
      key: 'container.needs',
      message: `is missing: ${memoryBytes} bytes of memory are more than every workload gets`,
      fix: "say why: needs: { because: '…' }",
    });
  if (needs === undefined) return complaints;
  if (typeof needs.because !== 'string' || needs.because.trim() === '')
    complaints.push({
      key: 'container.needs.because',
      message: 'is empty',
      fix: 'say why the workload needs more than others',
    });
  const unknown = (needs.capabilities ?? []).filter((name) => !droppedCapabilities.includes(name));
  if (unknown.length > 0)
    complaints.push({
      key: 'container.needs.capabilities',
      message: `${unknown.join(', ')} cannot be asked for`,
      fix: `choose from: ${droppedCapabilities.join(', ')}`,
    });
  return complaints;
}
