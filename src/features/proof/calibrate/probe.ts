import { notices } from '../../../core/messages/define.ts';
import type { Params } from '../../../core/model/cell.ts';
import {
  type ContainerRequest,
  type Observation,
  ParseError,
  type Workload,
} from '../../../core/model/workload.ts';
import { probeScript } from './probe-script.ts';

const text = notices('probe', { otherOutput: 'the probe printed {output}' });

/** Task of a probe; every key may be left out (0). See `probe-script.ts`. */
export interface ProbeTask {
  readonly delay_ms?: number;
  readonly cpu_ms?: number;
  readonly touch?: number;
  readonly write?: number;
  readonly forks?: number;
  readonly life_ms?: number;
  readonly late_cpu_ms?: number;
}

/** The program's report of what it did; times by its own clocks, ns. */
export interface ProbeReport {
  readonly cpuNs: number;
  /** From its first instruction to the `ready` line. */
  readonly readyNs: number;
  readonly touched: number;
  readonly written: number;
  readonly forked: number;
  /** From the `ready` line to the `end` line; null where the harness ended it before. */
  readonly lifeNs: number | null;
  /** CPU time burned between the two lines; null likewise. */
  readonly lateCpuNs: number | null;
}

const ready = /^ready cpu_ns=(\d+) wall_ns=(\d+) touched=(\d+) written=(\d+) forked=(\d+)$/m;
const end = /^end life_ns=(\d+) late_cpu_ns=(\d+)$/m;

/** Parse a probe's output; null where the program would not print it. */
export function parseProbe(stdout: string): ProbeReport | null {
  const match = ready.exec(stdout);
  if (match === null) return null;
  const [cpuNs = 0, readyNs = 0, touched = 0, written = 0, forked = 0] = match.slice(1).map(Number);
  const [lifeNs = null, lateCpuNs = null] = end.exec(stdout)?.slice(1).map(Number) ?? [];
  return { cpuNs, readyNs, touched, written, forked, lifeNs, lateCpuNs };
}

const parameters: Readonly<Record<keyof ProbeTask, string>> = {
  delay_ms: 'sleep before the first output, ms',
  cpu_ms: 'CPU time to burn, ms',
  touch: 'memory to touch and hold, bytes',
  write: 'bytes to write with O_DIRECT',
  forks: 'processes that live at once',
  life_ms: 'sleep after the first output, ms',
  late_cpu_ms: 'CPU time to burn after the first output, 400 ms after it, ms',
};

/** Longer than the harness lets it live, ms. */
const heldForMs = 600_000;

function request(params: Params, observe: Observation): ContainerRequest {
  const all = observe.kind === 'idle' ? { ...params, life_ms: heldForMs } : params;
  const task = Object.entries(all).map(([key, value]) => `${key}=${value}`);
  return {
    command: ['/usr/bin/perl', '-e', probeScript, ...task],
    ...(params.write === undefined ? {} : { mounts: [{ type: 'bind', target: '/calibrate' }] }),
    timeoutMs: 120_000,
  };
}

function probe(name: string, title: string, observe: Observation): Workload {
  return {
    id: `calibrate/${name}`,
    category: 'startup',
    image: 'calibration',
    title,
    description: 'Part of `ocibench calibrate`; see docs/accounting.md.',
    presets: { quick: [], standard: [], full: [] },
    parameters,
    metrics: [],
    precision: 0.03,
    observe,
    container: (params) => request(params, observe),
    parse({ stdout }, params) {
      const report = parseProbe(stdout);
      if (report === null || report.touched !== Number(params.touch ?? 0))
        throw new ParseError(text.otherOutput({ output: JSON.stringify(stdout.slice(0, 80)) }));
      return [];
    },
  };
}

/** The same program in the three ways of observing a trial. */
export const probes = {
  /** Nothing is read while it runs. */
  quiet: probe('quiet', 'Calibration probe', { kind: 'nothing' }),
  /** Ended by the harness after one snapshot of its processes and its cgroup. */
  held: probe('held', 'Calibration probe, looked at while it holds', { kind: 'idle', settleMs: 200 }),
  /** With the time series on. */
  sampled: probe('sampled', 'Calibration probe with the sampler on', { kind: 'series' }),
} as const;

export type ProbeKind = keyof typeof probes;
