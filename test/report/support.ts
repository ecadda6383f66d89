import { analyze } from '../../src/core/analyze/analyze.ts';
import '../../src/core/host/preflight/explain.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { recorded } from '../../src/core/messages/record.ts';
import type { Analysis, FactRow } from '../../src/core/model/analysis/analysis.ts';
import { saidAs } from '../../src/core/model/failure/said.ts';
import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { RuntimeFacts } from '../../src/core/model/runtime/runtime.ts';
import { aaControl, type Cell } from '../../src/core/model/trial/cell.ts';
import type { TrialOutcome, TrialRecord } from '../../src/core/model/trial/trial.ts';
import type { TrialWithOutcome } from '../../src/core/model/trial/trial-outcome.ts';
import type {
  Better,
  Category,
  Measurement,
  MetricDefinition,
  Unit,
} from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { familyOf } from '../../src/core/runtimes/registry.ts';
import '../../workloads/isolation/facts.ts';
import '../../workloads/memory/limit.ts';
import { messageOf } from '../support/messages.ts';
import { output, runRecord, runSubject, runtimeFacts, trialRecord } from '../support/records.ts';

/** What a subject costs under a runtime that behaves like runc; `cost` scales it per runtime. */
export interface SubjectModel {
  readonly workload: string;
  readonly params: string;
  readonly category: Category;
  readonly values: readonly (readonly [
    metric: string,
    unit: Unit,
    better: Better,
    base: number,
    factor: Factor,
  ])[];
}

type Factor = (cost: RuntimeCost) => number;

/** Factors to runc, in the region of what is published for these runtimes. */
interface RuntimeCost {
  readonly start: number;
  readonly call: number;
  readonly io: number;
  readonly memory: number;
  readonly sentry: boolean;
}

const costs: Readonly<Record<string, RuntimeCost>> = {
  runc: { start: 1, call: 1, io: 1, memory: 1, sentry: false },
  crun: { start: 0.93, call: 1.002, io: 0.998, memory: 0.6, sentry: false },
  runsc: { start: 2.7, call: 9, io: 0.55, memory: 3.4, sentry: true },
  'runsc-ptrace': { start: 3.6, call: 26, io: 0.21, memory: 3.6, sentry: true },
};
const otherCost: RuntimeCost = { start: 1.3, call: 2, io: 0.8, memory: 1.5, sentry: false };
const costOf = (runtime: string) => (Object.hasOwn(costs, runtime) ? costs[runtime] : undefined) ?? otherCost;

const ms = 1e6;
const mib = 2 ** 20;
const start: Factor = (cost) => cost.start;

/** Calls and what they cost under runc in ns; with `depth` how strongly gVisor's path lengthens them. */
const systemCalls: readonly (readonly [name: string, ns: number, depth: number])[] = [
  ['getpid', 61, 1],
  ['gettid', 60, 1],
  ['getuid', 63, 1],
  ['getppid', 70, 1],
  ['clock_gettime', 32, 0.1],
  ['sched_yield', 410, 0.8],
  ['read', 190, 0.9],
  ['write', 240, 0.9],
  ['openat', 1450, 0.9],
  ['close', 310, 0.8],
  ['stat', 720, 0.8],
  ['fstat', 230, 0.9],
  ['mmap', 1900, 0.5],
  ['munmap', 2300, 0.5],
  ['futex', 150, 1.1],
  ['fork', 310_000, 0.2],
  ['clone', 190_000, 0.2],
  ['execve', 690_000, 0.25],
  ['pipe', 1700, 0.7],
  ['socket', 2800, 0.7],
  ['epoll_create1', 1500, 0.6],
  ['eventfd2', 1400, 0.6],
  ['inotify_init1', 1900, 0.5],
  ['timerfd_create', 1300, 0.6],
  ['getcwd', 300, 0.9],
  ['umask', 60, 1],
  ['sysinfo', 230, 0.7],
  ['uname', 110, 1],
  ['prctl', 90, 1],
  ['mincore', 260, 1.3],
  ['madvise', 320, 0.7],
  ['getrandom', 280, 0.9],
];

function startup(workload: string, first: number, run: number): SubjectModel {
  return {
    workload,
    params: '',
    category: 'startup',
    values: [
      ['startup.to_output', 'ns', 'lower', 38 * ms + first, start],
      ['startup.create', 'ns', 'lower', 36 * ms, () => 1],
      ['startup.start', 'ns', 'lower', first * 0.97, start],
      ['startup.first_output', 'ns', 'lower', first, start],
      ['startup.run', 'ns', 'lower', run, () => 1.1],
      ['startup.remove', 'ns', 'lower', 14 * ms, (cost) => (cost.sentry ? 1.6 : 1)],
      ['startup.total', 'ns', 'lower', 52 * ms + first + run, start],
      ['cpu.usage', 'ns', 'lower', 42 * ms, (cost) => cost.start * 1.4],
      ['engine.cpu', 'ns', 'lower', 88 * ms, (cost) => (cost.start + 3) / 4],
      ['total.cpu', 'ns', 'lower', 130 * ms, start],
      ['memory.peak', 'bytes', 'lower', 7.4 * mib, (cost) => cost.memory],
    ],
  };
}

function fio(
  params: string,
  workload: 'io/fio-read' | 'io/fio-write',
  base: number,
  strength: number,
): SubjectModel {
  const metric = 'fio.bandwidth';
  return {
    workload,
    params,
    category: 'io',
    values: [
      [metric, 'bytes/s', 'higher', base, (cost) => cost.io ** strength],
      ['cpu.usage', 'ns', 'lower', 900 * ms, (cost) => 1 / cost.io],
    ],
  };
}

const subjectModels: readonly SubjectModel[] = [
  startup('startup/true', 128 * ms, 24 * ms),
  startup('startup/python', 171 * ms, 31 * ms),
  {
    workload: 'syscall/stress-ng',
    params: '',
    category: 'syscall',
    values: [
      ['syscall.trivial', 'ns/op', 'lower', 320, (cost) => cost.call],
      ['syscall.throughput', 'ops/s', 'higher', 1.62e6, (cost) => 1 / cost.call],
      ...systemCalls.map(
        ([name, ns, depth]) =>
          [`syscall.${name}`, 'ns/op', 'lower', ns, (cost: RuntimeCost) => cost.call ** depth] as const,
      ),
    ],
  },
  fio('op=read;size=4k;target=rootfs', 'io/fio-read', 410 * mib, 0.4),
  fio('op=read;size=4k;target=bind', 'io/fio-read', 402 * mib, 1),
  fio('op=read;size=4k;target=tmpfs', 'io/fio-read', 980 * mib, 2),
  fio('op=randread;size=4k;target=bind', 'io/fio-read', 96 * mib, 0.6),
  fio('op=write;size=4k;target=rootfs', 'io/fio-write', 290 * mib, 0.5),
  fio('op=write;size=4k;target=bind', 'io/fio-write', 281 * mib, 1),
  {
    workload: 'memory/idle',
    params: '',
    category: 'memory',
    values: [
      ['memory.footprint', 'bytes', 'lower', 13.2 * mib, (cost) => cost.memory],
      ['pss.workload', 'bytes', 'neither', 1.1 * mib, (cost) => (cost.sentry ? 0 : 1)],
      ['pss.shim', 'bytes', 'neither', 11.6 * mib, () => 1],
      ['pss.sentry', 'bytes', 'neither', 23 * mib, (cost) => (cost.sentry ? 1 : 0)],
      ['pss.gofer', 'bytes', 'neither', 9.1 * mib, (cost) => (cost.sentry ? 1 : 0)],
      ['pss.stub', 'bytes', 'neither', 1.4 * mib, (cost) => (cost.sentry ? 1 : 0)],
      ['pss.outside', 'bytes', 'lower', 11.6 * mib, () => 1],
      ['memory.peak', 'bytes', 'lower', 6.8 * mib, (cost) => cost.memory * 1.8],
    ],
  },
  {
    workload: 'memory/sysbench',
    params: 'block=64k',
    category: 'cpu',
    values: [['memory.throughput', 'bytes/s', 'higher', 7.1 * 2 ** 30, (cost) => cost.io ** 0.02]],
  },
];

function available(name: string): RuntimeFacts {
  const family = name.startsWith('runsc') ? 'runsc' : name === 'runc' || name === 'crun' ? name : 'other';
  const gvisor = family === 'runsc';
  const version = { runc: '1.3.0', crun: '1.21', runsc: 'release-20260216.0' }[family as string] ?? null;
  const released = version === null ? null : familyOf(family).released?.(version);
  return {
    ...runtimeFacts(name, { status: 'available', tookMs: 400 }),
    entry: {
      name,
      path: `/usr/bin/${family === 'other' ? name : family}`,
      ...(gvisor
        ? { runtimeArgs: [`--platform=${name === 'runsc' ? 'systrap' : 'ptrace'}`, '--network=none'] }
        : {}),
      origin: 'daemon.json',
    },
    family,
    version,
    ...(released ? { released: { on: released, by: 'version' as const } } : {}),
    platform: gvisor ? (name === 'runsc' ? 'systrap' : 'ptrace') : null,
    network: gvisor ? 'none' : null,
    requested: true,
  };
}

const kata: readonly RuntimeFacts[] = [
  {
    ...runtimeFacts('kata', {
      status: 'unavailable',
      code: 'kata-shim-missing',
      reason: 'Kata Containers is not installed: there is no containerd-shim-kata-v2',
      fix: 'unpack a static release of Kata 3 to /opt/kata and put containerd-shim-kata-v2 on the PATH of dockerd',
      error:
        'runtime "io.containerd.kata.v2" binary not installed "containerd-shim-kata-v2": file does not exist',
    }),
    entry: { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
    family: 'kata',
  },
  {
    ...runtimeFacts('kata-runtime', {
      status: 'unavailable',
      code: 'path-missing',
      ...recorded({ reason: messageOf('preflight.fileMissing', { path: '/usr/bin/kata-runtime' }) }),
      fix: 'Kata 2 and later have no such binary: register {"runtimeType": "io.containerd.kata.v2"} instead',
      error: 'fork/exec /usr/bin/kata-runtime: no such file or directory',
    }),
    entry: { name: 'kata-runtime', path: '/usr/bin/kata-runtime', origin: 'daemon.json' },
    family: 'kata',
  },
];

function reportedRun(
  runtimes: readonly RuntimeFacts[],
  lang: 'en' | 'fr',
  emulation: string | null,
  models: readonly SubjectModel[],
): RunRecord {
  return runRecord({
    runId: '20260301-140509-7f3a',
    startedAt: '2026-03-01T14:05:09.123Z',
    finishedAt: '2026-03-01T14:21:44.000Z',
    seed: 42,
    config: {
      preset: 'standard',
      minBlocks: 10,
      maxBlocks: 40,
      maxTimeMs: 1_200_000,
      seed: 42,
      lang,
      labels: { lab: 'B12' },
    },
    host: {
      hostname: 'bench-3',
      os: 'Debian GNU/Linux 13 (trixie)',
      kernel: '6.12.43+deb13-amd64',
      arch: 'x86_64',
      cpuModel: 'AMD EPYC 7543 32-Core Processor',
      cpus: 8,
      microcode: null,
      memoryBytes: 32 * 2 ** 30,
      cgroup: 'v2',
      controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'],
      hypervisor: 'kvm',
      emulation,
      clocksource: 'kvm-clock',
      governor: null,
      turbo: null,
      smt: true,
      thpShmem: 'never',
      ksm: false,
      swapUsedBytes: 0,
      loadAverage1: 0.21,
      mitigations: { spectre_v2: 'Mitigation: Retpolines; IBPB: conditional', meltdown: 'Not affected' },
    },
    engine: {
      kind: 'docker',
      endpoint: 'unix:///var/run/docker.sock',
      local: true,
      transport: 'unix',
      version: '28.4.0',
      apiVersion: '1.51',
      cgroupVersion: '2',
      cgroupDriver: 'systemd',
      storageDriver: 'overlay2',
      defaultRuntime: 'runc',
      containerdVersion: '1.7.27',
    },
    runtimes: [...runtimes],
    subjects: models.map(({ workload, params, category }) =>
      runSubject(workload, {
        params,
        category,
        unsupported:
          workload === 'io/fio-read' && params.includes('randread')
            ? { 'runsc-ptrace': 'libaio is not implemented with this platform' }
            : {},
      }),
    ),
    checks: [
      { id: 'governor', status: 'unknown', title: 'CPU governor', detail: 'cannot be read in a guest' },
      {
        id: 'swap',
        status: 'warn',
        title: 'Swap',
        detail: '12 MiB of swap are in use',
        fix: 'swapoff -a while measuring',
      },
    ],
    sampler: {
      readings: 1840,
      meanCostNs: 61_000,
      maxCostNs: 1_400_000,
      periodMs: 100,
      skipped: 12,
      failed: 0,
      processScans: 310,
      meanProcessScanNs: 8_300_000,
    },
  });
}

/** A sample around `base`: a few per cent of noise that only ever adds, drift of the block, rare outliers. */
function draw(base: number, drift: number, random: Random): number {
  const noise = 1 + 0.03 * (random() + random() + random()) - 0.045;
  const outlier = random() < 0.03 ? 1.2 + random() * 0.5 : 1;
  const value = base * noise * drift * outlier;
  // Shares and slow rates are no whole numbers.
  return base < 20 ? value : Math.round(value);
}

/** Every 17th trial of runsc-ptrace fails, and one times out. */
function outcomeOf(cell: Cell, block: number): TrialOutcome {
  if (cell.runtime === 'runsc-ptrace' && cell.workload === 'startup/python' && block % 6 === 2)
    return block === 2
      ? { status: 'timed-out', step: 'run', limitMs: 30_000 }
      : {
          status: 'failed',
          step: 'start',
          error: {
            code: 'start-failed',
            message: 'OCI runtime start failed: \u001b[31msandbox | is not running\u001b[0m: <unknown>',
          },
        };
  return { status: 'ok' };
}

export interface Synthetic {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly measurements: readonly Measurement[];
  readonly trials: readonly TrialWithOutcome[];
}

/** What a run is made of. */
export interface SyntheticOptions {
  readonly blocks?: number;
  readonly runtimes?: readonly string[];
  readonly lang?: 'en' | 'fr';
  readonly rename?: (workload: string) => string;
  readonly emulation?: string;
  /** Subjects beside the usual ten. */
  readonly more?: readonly SubjectModel[];
}

/** A run as the harness would leave it: paired blocks with drift, failures, unavailable Kata; same at every call. */
export function syntheticRun(options: SyntheticOptions = {}): Synthetic {
  const { runtimes = ['runc', 'crun', 'runsc', 'runsc-ptrace'] } = options;
  const { run, measurements, trials, workloads } = syntheticRecords({ ...options, runtimes });
  const records = trials.map(({ trial }) => trial);
  return {
    run,
    analysis: {
      ...analyze({ run, measurements, workloads, trials: records }),
      facts: factsOf(runtimes.filter((name) => name !== aaControl('runc'))),
    },
    measurements,
    trials,
  };
}

/** The same before its analysis. */
export function syntheticRecords(
  options: SyntheticOptions = {},
): Omit<Synthetic, 'analysis' | 'added'> & { readonly workloads: readonly Workload[] } {
  const { blocks = 14, runtimes = ['runc', 'crun', 'runsc', 'runsc-ptrace'], lang = 'en' } = options;
  const rename = options.rename ?? ((workload: string) => workload);
  const scheduled = [...subjectModels, ...(options.more ?? [])];
  const run = reportedRun([...runtimes.map(available), ...kata], lang, options.emulation ?? null, scheduled);
  const models = scheduled.map((model) => ({ ...model, workload: rename(model.workload) }));
  const random = seededRandom('synthetic');
  const measurements: Measurement[] = [];
  const trials: TrialWithOutcome[] = [];
  for (let block = 0; block <= blocks; block++) {
    const drift = 1 + 0.04 * Math.sin(block / 3);
    const cells = models.flatMap((model) => runtimes.map((runtime) => ({ model, runtime, key: random() })));
    cells.sort((a, b) => a.key - b.key);
    cells.forEach(({ model, runtime }, position) => {
      const cell: Cell = {
        runtime,
        profile: 'default',
        layer: 'docker',
        workload: model.workload,
        params: model.params,
      };
      if (runtime === 'runsc-ptrace' && model.params.includes('randread')) return;
      const outcome = outcomeOf(cell, block);
      const trial = reportedTrial(cell, block, position, outcome);
      trials.push({ trial, outcome });
      const common = {
        runId: run.runId,
        trialId: trial.trialId,
        block,
        position,
        phase: trial.phase,
        cell,
        category: model.category,
        outcome: outcome.status,
      };
      if (outcome.status !== 'ok')
        measurements.push({ ...common, metric: null, unit: null, better: null, value: null });
      else
        for (const [metric, unit, better, base, factor] of model.values) {
          const value = draw(base * factor(costOf(runtime)), drift, random);
          if (value > 0) measurements.push({ ...common, metric, unit, better, value });
        }
    });
  }
  const renamed = { ...run, subjects: run.subjects.map((s) => ({ ...s, workload: rename(s.workload) })) };
  return { run: renamed, measurements, trials, workloads: stubWorkloads(models) };
}

/** What containers said of themselves; the fact of another category comes first in the records and last in the report. */
function factsOf(runtimes: readonly string[]): FactRow[] {
  const row = (
    runtime: string,
    workload: string,
    id: string,
    value: Message | string,
    varies = false,
  ): FactRow => {
    const cell = { runtime, profile: 'default', layer: 'docker' as const, workload, params: '' };
    return { ...cell, id, trials: 14, varies, ...saidAs('value', value) };
  };
  return runtimes.flatMap((runtime) => {
    const sentry = costOf(runtime).sentry;
    return [
      row(
        runtime,
        'app/store',
        'limit.seen',
        messageOf(`workload.memoryLimit.${sentry ? 'noOom' : 'oom'}`),
        runtime === 'crun',
      ),
      row(runtime, 'isolation/facts', 'kernel.release', sentry ? '4.4.0' : '6.12.0-amd64'),
      row(runtime, 'isolation/facts', 'capabilities', '2: CHOWN `KILL` | <SETUID>'),
      ...(sentry
        ? []
        : [row(runtime, 'isolation/facts', 'seccomp.mode', messageOf('workload.isolation.filter'))]),
    ];
  });
}

function reportedTrial(cell: Cell, block: number, position: number, outcome: TrialOutcome): TrialRecord {
  const noisy = (block * 7 + position) % 97 === 0;
  return trialRecord({
    trialId: `b${block}-p${position}`,
    cell,
    block,
    position,
    startedAt: '2026-03-01T14:05:10.000Z',
    outcome,
    exitCode: outcome.status === 'ok' ? 0 : null,
    engineCpu: { absent: 'synthetic' },
    leaked: outcome.status === 'failed' ? [{ pid: 4242, comm: 'runsc-sandbox', role: 'sentry' }] : [],
    noise: {
      stealNs: 0,
      busyNs: 0,
      wallNs: 1,
      loadAverage1: 0.2,
      cpuPressureNs: 0,
      ioPressureNs: 0,
      memoryPressureNs: 0,
      swapInPages: 0,
      frequencyKHz: null,
      flags: noisy ? ['steal>5%'] : [],
    },
    output: output(''),
  });
}

/** Enough of a workload for the analysis to know headline and metrics. */
function stubWorkloads(models: readonly SubjectModel[]): readonly Workload[] {
  return [...Map.groupBy(models, (model) => model.workload)].map(([id, members]): Workload => {
    const metrics = (members[0]?.values ?? []).map(
      ([metric, unit, better]): MetricDefinition => ({ id: metric, unit, better, description: metric }),
    );
    return {
      id,
      category: members[0]?.category ?? 'app',
      image: 'base',
      title: id,
      description: id,
      presets: { quick: [], standard: [], full: [] },
      parameters: {},
      metrics,
      precision: 0.03,
      observe: { kind: 'nothing' },
      container: () => ({ command: ['true'], timeoutMs: 1000 }),
      parse: () => [],
    };
  });
}
