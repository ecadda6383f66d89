import { notices } from '../../src/core/messages/define.ts';
import { lookup } from '../../src/core/model/nearest.ts';
import { between, type Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { MarkName } from '../../src/core/model/trial/trial.ts';
import type { MetricDefinition, ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { ServiceProtocol } from '../../src/core/model/workload/scenario.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const says = notices('tool.serving', {
  noEnd: 'the server did not end within {graceSeconds} s of SIGTERM',
});

/** Time for a server to end by itself, s. */
const graceSeconds = 5;

/** A server whose time from create to serving is measured. */
export interface ServingServer {
  readonly command: readonly string[];
  readonly port: number;
  readonly protocol: ServiceProtocol;
  /** Line that it prints when it is ready. */
  readonly line: string;
}

/** Metrics of a server that starts and stops, the headline first. */
export const servingMetrics: readonly MetricDefinition[] = [
  {
    id: 'startup.to_serving',
    unit: 'ns',
    better: 'lower',
    description:
      'from the create call until the server answers, or says that it is ready; host CLOCK_MONOTONIC',
  },
  {
    id: 'startup.start_to_serving',
    unit: 'ns',
    better: 'lower',
    description: 'the part of it from the start call on',
  },
  {
    id: 'startup.stop',
    unit: 'ns',
    better: 'lower',
    description: 'from the stop call (SIGTERM) until the engine says that the container has ended',
  },
];

/** Did the server end by itself after SIGTERM, within the grace? */
function hasStopped(evidence: Evidence, grace: number): boolean {
  return evidence.exitCode !== 137 && between(evidence, 'stop-begin', 'stop-end') < grace * 1e9;
}

/** Times of a server from its marks. A server that was killed after the grace has no stop time. */
export function servingValues(evidence: Evidence, grace: number): readonly ParsedValue[] {
  const value = (metric: string, from: MarkName, to: MarkName): ParsedValue => ({
    metric,
    unit: 'ns',
    better: 'lower',
    value: between(evidence, from, to),
  });
  return [
    value('startup.to_serving', 'create-begin', 'serving'),
    value('startup.start_to_serving', 'start-begin', 'serving'),
    ...(hasStopped(evidence, grace) ? [value('startup.stop', 'stop-begin', 'stop-end')] : []),
  ];
}

/** Common part of all workloads that start and stop a server; each adds its own identity. */
export function serving(
  servers: Readonly<Record<string, ServingServer>>,
): Pick<Workload, 'parameters' | 'metrics' | 'precision' | 'observe' | 'container' | 'steps' | 'parse'> {
  const serverOf = (name: unknown): ServingServer => {
    const found = typeof name === 'string' ? lookup(servers, name) : undefined;
    if (found === undefined) throw new RangeError(`there is no server '${name}'`);
    return found;
  };
  return {
    parameters: {
      server: `${Object.keys(servers).join(' or ')}: what is started`,
      seen: 'network: serving is when a request was answered; log: when its own line that it is ready arrived, without a network',
    },
    metrics: servingMetrics,
    precision: 0.05,
    observe: { kind: 'nothing' },
    container: ({ server, seen }) => ({
      command: serverOf(server).command,
      ...(seen === 'network' ? { network: 'bridge' as const } : {}),
      timeoutMs: 30_000,
    }),
    steps: ({ server, seen }) => {
      const { port, protocol, line } = serverOf(server);
      return [
        seen === 'network'
          ? { do: 'await-service', port, protocol, mark: 'serving' }
          : { do: 'await-output', text: line, mark: 'serving' },
        { do: 'stop', graceSeconds },
      ];
    },
    parse(evidence) {
      // A server that does not end on SIGTERM is killed after the grace; that is not a shutdown time.
      if (!hasStopped(evidence, graceSeconds)) throw new ParseError(says.noEnd({ graceSeconds }));
      return servingValues(evidence, graceSeconds);
    },
  };
}

/** Caveats of every such workload; for their descriptions. */
export const servingCaveats = `With \`seen=network\` a process of the harness, which was started before the trial, asks over the bridge every
millisecond until it gets an answer; it begins when the engine has told the container's address, a few ms after the start. With
\`seen=log\` there is no network, so that runtimes without one can be compared too, and setting one up costs nothing: the two
are not to be compared with each other.

Then the server is stopped with SIGTERM, and how long that takes is a figure of its own.`;
