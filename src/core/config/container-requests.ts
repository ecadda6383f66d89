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
import { type Complaint, complaintsOf, minMemoryBytes } from './rule.ts';

/** Maximum timeout of a trial, ms; a hanging trial costs at most this. */
export const maxTimeoutMs = 60 * 60_000;

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
  const found = Object.values(workload.presets)
    .flat()
    .flatMap((params): readonly Complaint[] => {
      try {
        const request = workload.container(params);
        if (typeof request !== 'object' || request === null) throw new Error(`it returns ${request}`);
        return problemsOf(request);
      } catch (error) {
        const cause = (error as Error).message;
        return [{ key: 'container', reason: text.refusesParams({ params: formatParams(params), cause }) }];
      }
    });
  return [...new Map(found.map((each) => [`${each.key} ${each.reason.message.text}`, each])).values()];
}

/** Is it there, but no number within these bounds? */
function isOutside(value: unknown, min: number, max: number): boolean {
  return value !== undefined && !(typeof value === 'number' && value >= min && value <= max);
}

function problemsOf(request: ContainerRequest): readonly Complaint[] {
  const { timeoutMs, memoryBytes, cpus, log, keptOutputBytes, mounts = [], needs } = request;
  const { because, capabilities: asked = [] } = needs ?? {};
  const unknown = asked.filter((name) => !droppedCapabilities.includes(name));
  return complaintsOf([
    [
      log !== undefined && !logDrivers.includes(log),
      'container.log',
      text.log({ value: String(log), allowed: listed(logDrivers) }),
    ],
    [
      isOutside(keptOutputBytes, 0, Number.MAX_SAFE_INTEGER),
      'container.keptOutputBytes',
      text.keptOutput({ value: String(keptOutputBytes) }),
    ],
    [
      isOutside(timeoutMs ?? null, 1, maxTimeoutMs),
      'container.timeoutMs',
      text.timeout({ value: String(timeoutMs), max: String(maxTimeoutMs) }),
    ],
    [
      isOutside(memoryBytes, minMemoryBytes, Number.MAX_SAFE_INTEGER),
      'container.memoryBytes',
      text.memory({
        value: String(memoryBytes),
        min: String(minMemoryBytes),
        usual: String(defaultMemoryBytes),
      }),
    ],
    [isOutside(cpus, 0.01, 1_024), 'container.cpus', text.cpus({ value: String(cpus) })],
    ...mounts.map(({ target }) => {
      const isPath = typeof target === 'string' && /^\/[^:]+$/.test(target);
      return [!isPath, 'container.mounts', text.mountTarget({ target: String(target) })] as const;
    }),
    [
      (memoryBytes ?? 0) > defaultMemoryBytes && needs === undefined,
      'container.needs',
      text.needsMissing({ bytes: String(memoryBytes) }),
    ],
    [
      needs !== undefined && (typeof because !== 'string' || because.trim() === ''),
      'container.needs.because',
      text.needsUnexplained,
    ],
    [
      unknown.length > 0,
      'container.needs.capabilities',
      text.capabilities({ names: listed(unknown.map(String)), allowed: listed(droppedCapabilities) }),
    ],
  ]);
}
