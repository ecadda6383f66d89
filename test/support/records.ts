import { type RunRecord, type RunSubject, schemaVersion } from '../../src/core/model/run/run.ts';
import type { Preflight, RuntimeFacts } from '../../src/core/model/runtime/runtime.ts';
import type { Cell } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import {
  categorySchema,
  type Measurement,
  type MetricDefinition,
} from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

export const kataMissing: Preflight = {
  status: 'unavailable',
  code: 'kata-shim-missing',
  reason: 'the Kata shim is not installed',
  fix: 'install kata-containers',
  error: 'binary not installed "containerd-shim-kata-v2"',
};

export function runtimeFacts(name: string, preflight?: Preflight): RuntimeFacts {
  return {
    entry: { name, origin: 'daemon.json' },
    family: 'other',
    version: null,
    sha256: null,
    platform: null,
    network: null,
    requested: false,
    preflight: preflight ?? { status: 'available', tookMs: 1 },
  };
}

export function runSubject(workload: string, changes: Partial<RunSubject> = {}): RunSubject {
  const category = categorySchema.parse(workload.split('/')[0]);
  return { workload, params: '', category, image: 'base', definition: '', unsupported: {}, ...changes };
}

/** A finished run of runc (the baseline), crun and runsc, with one subject `syscall/calls`. */
export function runRecord(
  changes: Omit<Partial<RunRecord>, 'config'> & { config?: Partial<RunRecord['config']> } = {},
): RunRecord {
  const { config, ...rest } = changes;
  return {
    schemaVersion,
    runId: 'run-1',
    status: 'complete',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T01:00:00Z',
    seed: 1,
    configHash: 'c0ffee',
    harnessVersion: '0.1.0',
    host: {
      hostname: 'host',
      os: 'Debian',
      kernel: '6.12.0',
      arch: 'x86_64',
      cpuModel: 'CPU',
      cpus: 2,
      microcode: null,
      memoryBytes: 4e9,
      cgroup: 'v2',
      controllers: [],
      hypervisor: null,
      emulation: null,
      clocksource: null,
      governor: null,
      turbo: null,
      smt: null,
      thpShmem: null,
      ksm: null,
      swapUsedBytes: null,
      loadAverage1: 0,
      mitigations: {},
    },
    engine: {
      kind: 'docker',
      endpoint: 'unix:///var/run/docker.sock',
      local: true,
      transport: 'unix',
      version: '26.1.5',
      apiVersion: '1.45',
      cgroupVersion: '2',
      cgroupDriver: 'systemd',
      storageDriver: 'overlay2',
      defaultRuntime: 'runc',
      containerdVersion: null,
    },
    runtimes: [runtimeFacts('crun'), runtimeFacts('runc'), runtimeFacts('runsc')],
    subjects: [runSubject('syscall/calls')],
    images: [],
    checks: [],
    stopReason: 'precision',
    sampler: null,
    ...rest,
    config: {
      preset: 'quick',
      runtimes: null,
      workloads: null,
      baseline: 'runc',
      minBlocks: 6,
      maxBlocks: 20,
      precision: null,
      maxTimeMs: 600_000,
      samplePeriodMs: 100,
      seed: 1,
      engine: 'auto',
      lang: 'en',
      labels: {},
      thresholds: { practical: 0.05, alpha: 0.05 },
      ...config,
    },
  };
}

const callCost: MetricDefinition = { id: 'call.cost', unit: 'ns/op', better: 'lower', description: '' };

/** A workload whose tool prints `metric unit better value` lines; anything else is a parse error. */
export function lineWorkload(id: string, metrics: readonly MetricDefinition[] = [callCost]): Workload {
  const definitions = new Map(metrics.map((metric) => [metric.id, metric]));
  return {
    id,
    category: (id.split('/')[0] ?? '') as Workload['category'],
    image: 'base',
    title: id,
    description: '',
    presets: { quick: [{}], standard: [{}], full: [{}] },
    parameters: {},
    metrics,
    precision: 0.03,
    observe: { kind: 'nothing' },
    container: () => ({ command: ['true'], timeoutMs: 1000 }),
    parse: ({ stdout }) =>
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [metric = '', text = ''] = line.split(' ');
          const definition = definitions.get(metric);
          if (definition === undefined) throw new ParseError(`unexpected line: ${line}`);
          return { metric, unit: definition.unit, better: definition.better, value: Number(text) };
        }),
  };
}

export function cell(runtime: string, workload = 'syscall/calls', params = ''): Cell {
  return { runtime, profile: 'default', layer: 'docker', workload, params };
}

/** What only some kinds of trial record, as it is in all others. */
const noExtras = {
  oomKilled: null,
  outputs: {},
  window: null,
  copies: [],
  figures: {},
} satisfies Partial<TrialRecord>;

/** What a parser reads of a container that printed this and ended well. */
export function evidence(stdout: string, more: Partial<Evidence> = {}): Evidence {
  return { ...output(stdout), marks: [], exitCode: 0, cgroup: null, ...noExtras, ...more };
}

/** A trial of runc that ended well and printed `call.cost 100`. */
export function trialRecord(changes: Partial<TrialRecord> = {}): TrialRecord {
  const block = changes.block ?? 1;
  const where = changes.cell ?? cell('runc');
  return {
    trialId: `b${block}-${where.runtime}-${where.workload}`,
    cell: where,
    block,
    position: 0,
    phase: block === 0 ? 'warmup' : 'measure',
    attempt: 1,
    startedAt: '2026-01-01T00:00:00Z',
    marks: [],
    iterationNs: null,
    outcome: { status: 'ok' },
    exitCode: 0,
    cgroup: null,
    engineCpu: { absent: 'not read' },
    sampling: null,
    processes: [],
    shmemAtSnapshotBytes: null,
    mappedAtSnapshot: null,
    leaked: [],
    noise: null,
    output: output('call.cost 100\n'),
    ...noExtras,
    ...changes,
  };
}

/** The record of a trial that was made and of which only this is told. */
export function bareTrial(
  known: Pick<TrialRecord, 'trialId' | 'cell' | 'position' | 'block' | 'phase' | 'attempt' | 'outcome'>,
): TrialRecord {
  return trialRecord({ startedAt: '', engineCpu: { absent: '' }, output: output(''), ...known });
}

export function output(stdout: string): TrialRecord['output'] {
  return { stdout, stderr: '', truncated: false };
}

/** A measured value of `call.cost`; a null value makes the row of a failed trial. */
export function measurement(
  runtime: string,
  block: number,
  value: number | null,
  changes: Partial<Measurement> = {},
): Measurement {
  const failed = value === null;
  return {
    runId: 'run-1',
    trialId: `b${block}-${runtime}`,
    block,
    position: 0,
    phase: 'measure',
    cell: cell(runtime),
    category: 'syscall',
    metric: failed ? null : 'call.cost',
    unit: failed ? null : 'ns/op',
    better: failed ? null : 'lower',
    value,
    outcome: failed ? 'failed' : 'ok',
    ...changes,
  };
}
