import { messages, notices } from '../../src/core/messages/define.ts';
import { between, type Evidence, outputOf } from '../../src/core/model/evidence.ts';
import type { ImageSource } from '../../src/core/model/image.ts';
import type { MetricDefinition } from '../../src/core/model/metric.ts';
import type { ScenarioStep } from '../../src/core/model/scenario.ts';
import {
  partsOf,
  recipeOf,
  type Service,
  type ServicePart,
  serviceWorkloadId,
} from '../../src/core/model/service.ts';
import {
  type ContainerRequest,
  droppedCapabilities,
  ParseError,
  type Workload,
} from '../../src/core/model/workload.ts';
import { loadMetrics, parseLoad } from './load-tools.ts';
import { idleMemoryMetric } from './memory-metric.ts';
import { waitingPeer } from './servers.ts';
import { servingMetrics, servingValues } from './serving.ts';

const words = messages('service', {
  startup: '{name}: from create to ready',
  memory: '{name}: footprint at rest',
  app: '{name}: under load',
  job: '{name}: from start to end',
});
const says = notices('service', {
  noEnd: '{name} did not end by itself; a service says with ready when it is ready',
});

/** What the peer's output is kept under. */
const load = 'load';
/** Time for a service to end by itself, s. A shell that is process 1 ignores SIGTERM, and every trial would wait. */
const graceSeconds = 5;
/** Time for allocations and caches to settle, ms; as `memory/idle` has it, and more, for a program of any kind. */
const settleMs = 1_000;

function imageOf(image: string): ImageSource {
  return recipeOf(image) ?? { reference: image };
}

/** Without a port or a load there is only a loopback device: setting up a bridge would be in the times. */
function needsNetwork({ ready, load: loaded }: Service): boolean {
  return loaded !== null || (ready !== null && 'port' in ready);
}

function requestOf(service: Service): ContainerRequest {
  const { command, env, memoryBytes, timeoutMs } = service;
  return {
    command,
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(needsNetwork(service) ? { network: 'bridge' as const } : {}),
    ...(memoryBytes === null ? {} : { memoryBytes }),
    needs: {
      because: 'a service of the user’s own gets what Docker gives every container',
      capabilities: droppedCapabilities,
    },
    timeoutMs,
  };
}

function awaitReady({ ready }: Service): readonly ScenarioStep[] {
  if (ready === null) return [];
  return 'port' in ready
    ? [{ do: 'await-service', port: ready.port, protocol: 'tcp', mark: 'serving' }]
    : [{ do: 'await-match', pattern: ready.pattern, mark: 'serving' }];
}

function commonOf(service: Service, part: ServicePart) {
  return {
    id: serviceWorkloadId(service, part),
    category: part,
    image: imageOf(service.image),
    parameters: {},
    presets: { quick: [{}], standard: [{}], full: [{}], lab: [{}] },
    precision: 0.05,
    container: () => requestOf(service),
  } as const satisfies Partial<Workload>;
}

const described = ({ image, command }: Service): string =>
  `The image \`${image}\` with ${command.length === 0 ? 'its own command' : `\`${command.join(' ')}\``}.`;

function startup(service: Service): Workload {
  return {
    ...commonOf(service, 'startup'),
    title: words.startup({ name: service.name }),
    description: `${described(service)} It is stopped as soon as it is ready; CPU is that of one start and stop.`,
    metrics: servingMetrics,
    observe: { kind: 'nothing' },
    steps: () => [...awaitReady(service), { do: 'stop', graceSeconds }],
    parse: (evidence) => servingValues(evidence, graceSeconds),
  };
}

function memory(service: Service): Workload {
  return {
    ...commonOf(service, 'memory'),
    title: words.memory({ name: service.name }),
    description: `${described(service)} Its memory is read ${settleMs} ms after it is ready.`,
    metrics: [idleMemoryMetric],
    precision: 0.03,
    observe: { kind: 'nothing' },
    steps: () => [...awaitReady(service), { do: 'settle', ms: settleMs }, { do: 'snapshot' }, { do: 'kill' }],
    parse: () => [],
  };
}

function underLoad(service: Service, loaded: NonNullable<Service['load']>): Workload {
  return {
    ...commonOf(service, 'app'),
    title: words.app({ name: service.name }),
    description: `${described(service)} A peer under runc runs \`${loaded.command.join(' ')}\` once it is ready.`,
    metrics: loadMetrics(loaded.command),
    observe: { kind: 'series' },
    peer: () => ({ image: imageOf(loaded.image), command: waitingPeer }),
    steps: () => [
      ...awaitReady(service),
      { do: 'peer-exec', name: load, command: loaded.command },
      { do: 'kill' },
    ],
    parse: (evidence) =>
      parseLoad(
        loaded.command,
        outputOf(evidence, load).stdout,
        between(evidence, `${load}-begin`, `${load}-end`),
      ),
  };
}

const jobMetric: MetricDefinition = {
  id: 'job.time',
  unit: 'ns',
  better: 'lower',
  description: 'from the start call until the engine says that the program has ended; host CLOCK_MONOTONIC',
};

function job(service: Service): Workload {
  return {
    ...commonOf(service, 'app'),
    title: words.job({ name: service.name }),
    description: `${described(service)} It ends by itself.`,
    metrics: [jobMetric],
    observe: { kind: 'series' },
    parse: (evidence) => [
      { metric: 'job.time', unit: 'ns', better: 'lower', value: jobTime(evidence, service) },
    ],
  };
}

function jobTime(evidence: Evidence, { name }: Service): number {
  if (!evidence.marks.some((mark) => mark.name === 'exit')) throw new ParseError(says.noEnd({ name }));
  return between(evidence, 'start-begin', 'exit');
}

/** The workloads of a service; the same for `run --image` as for a configuration that `init` wrote. */
export function serviceWorkloads(service: Service): readonly Workload[] {
  return partsOf(service).map((part) => {
    if (part === 'startup') return startup(service);
    if (part === 'memory') return memory(service);
    return service.load === null ? job(service) : underLoad(service, service.load);
  });
}
