import { messages, notices } from '../../src/core/messages/define.ts';
import { between, type Evidence, outputOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { ImageSource } from '../../src/core/model/workload/image.ts';
import type { MetricDefinition } from '../../src/core/model/workload/metric.ts';
import type { ScenarioStep } from '../../src/core/model/workload/scenario.ts';
import {
  partsOf,
  recipeOf,
  type Service,
  type ServicePart,
  serviceWorkloadId,
} from '../../src/core/model/workload/service.ts';
import {
  type ContainerRequest,
  droppedCapabilities,
  type Workload,
} from '../../src/core/model/workload/workload.ts';
import { idleMemoryMetric } from './memory-metric.ts';
import { loadMetrics, parseLoad } from './service-load.ts';
import { servingMetrics, servingValues } from './serving.ts';

/** Port of a server of this kind, in its container. */
export const ports = { iperf3: 5201, nginx: 8080, redis: 6379 } as const;

/** nginx: one worker, no log of requests, connections kept open, otherwise defaults. */
const nginxConfiguration = [
  'user root;',
  'worker_processes 1;',
  'daemon off;',
  'pid /tmp/nginx.pid;',
  'error_log stderr notice;',
  'events { worker_connections 512; }',
  `http { access_log off; keepalive_requests 100000000; server { listen ${ports.nginx}; root /srv; } }`,
].join('\n');

/** Start nginx with a file of `bytes` letters as its index, from busybox's shell. */
export function nginxServer(bytes: number): readonly string[] {
  const script = [
    'mkdir -p /srv /var/lib/nginx /var/log/nginx',
    `head -c ${bytes} /dev/zero | tr '\\0' x >/srv/index.html`,
    `echo '${nginxConfiguration}' >/tmp/nginx.conf`,
    'exec /usr/sbin/nginx -e stderr -c /tmp/nginx.conf',
  ];
  return ['/bin/busybox', 'sh', '-c', script.join('\n')];
}

/** redis-server without persistence, for every client that can reach it: the harness and the peer. */
export const redisServer: readonly string[] = [
  '/usr/bin/redis-server',
  '--save',
  '',
  '--appendonly',
  'no',
  '--protected-mode',
  'no',
];

/** A peer that runs until it is removed. */
export const waitingPeer: readonly string[] = ['/bin/busybox', 'sleep', '3600'];

/** Caveats of every network workload; for their descriptions. */
export const networkCaveats = `The server is in the container under test. The client is in another container on the same bridge,
always under runc, so that only one side changes between runtimes; both share the machine's processors. The packets
never leave the host: what is compared is the cost of a runtime's network path, not of a network card.

gVisor has a network stack of its own (\`--network=sandbox\`, its default). Registered with \`--network=host\` it hands
socket calls to the host's stack instead, and then that stack is *not* what is measured: the report shows the network mode beside
the figures. With \`--network=none\` there is nothing to measure.

CPU per unit of work is that of the container's cgroup while the client ran; what the engine needs to start the client is not in
it, except under runtimes whose virtual machine works outside the cgroup (Kata), where the two cannot be told apart.`;

const words = messages('service', {
  startup: '{name}: from create to ready',
  memory: '{name}: idle memory',
  app: '{name}: under load',
  job: '{name}: from start to end',
});
const says = notices('service', {
  noEnd: '{name} did not end by itself; a service says with ready when it is ready',
});

/** Key of the peer's output in the evidence. */
const load = 'load';
/** Time for a service to end by itself, s. A shell that is process 1 ignores SIGTERM, and every trial would wait. */
const graceSeconds = 5;
/** Time for allocations and caches to settle, ms; longer than that of `memory/idle`, since the program can be of any kind. */
const settleMs = 1_000;

function imageOf(image: string): ImageSource {
  return recipeOf(image) ?? { reference: image };
}

/** Without a port or a load the container has only a loopback device: the set-up of a bridge would be part of the times. */
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

/** The workloads of a service; the same for `run --image` and for a configuration written by `init`. */
export function serviceWorkloads(service: Service): readonly Workload[] {
  return partsOf(service).map((part) => {
    if (part === 'startup') return startup(service);
    if (part === 'memory') return memory(service);
    return service.load === null ? job(service) : underLoad(service, service.load);
  });
}
