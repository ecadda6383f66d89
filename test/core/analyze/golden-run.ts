import { seededRandom } from '../../../src/core/model/prng.ts';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import type { TrialOutcome, TrialRecord } from '../../../src/core/model/trial/trial.ts';
import type { Workload } from '../../../src/core/model/workload/workload.ts';
import {
  cell,
  kataMissing,
  lineWorkload,
  output,
  runRecord,
  runSubject,
  runtimeFacts,
  trialRecord,
} from '../../support/records.ts';

/** The records of a small run with a bit of everything: drift, failures, an unsupported cell, a missing runtime. */
export interface GoldenRun {
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly workloads: readonly Workload[];
}

const factors: Readonly<Record<string, number>> = { runc: 1, crun: 0.6, runsc: 2.4 };

export function goldenRun(): GoldenRun {
  const workloads = [
    lineWorkload('startup/hello', [
      { id: 'startup.to_output', unit: 'ns', better: 'lower', description: '' },
    ]),
    lineWorkload('io/read', [
      { id: 'read.rate', unit: 'bytes/s', better: 'higher', description: '' },
      { id: 'read.latency', unit: 'ns', better: 'lower', description: '' },
    ]),
  ].map((workload) => ({ ...workload, parse: ignoring('ready', workload.parse) }));
  const run = runRecord({
    runtimes: [...Object.keys(factors).map((name) => runtimeFacts(name)), runtimeFacts('kata', kataMissing)],
    subjects: [
      runSubject('startup/hello'),
      runSubject('io/read', { params: 'direct=1', unsupported: { crun: 'no direct I/O in this test' } }),
    ],
  });
  const random = seededRandom('golden');
  const trials: TrialRecord[] = [];
  for (let block = 0; block <= 8; block++)
    for (const runtime of Object.keys(factors)) {
      trials.push(...startupAttempts(block, runtime, random));
      if (runtime !== 'crun') trials.push(ioTrial(block, runtime, random));
    }
  return { run, trials, workloads };
}

/** Some tools greet before they report. */
function ignoring(line: string, parse: Workload['parse']): Workload['parse'] {
  return (given, params) => parse({ ...given, stdout: given.stdout.replace(`${line}\n`, '') }, params);
}

function startupAttempts(block: number, runtime: string, random: () => number): TrialRecord[] {
  const scale = (factors[runtime] ?? 1) * (1 + block / 20) * (0.95 + random() / 10);
  const ns = (ms: number) => Math.round(ms * scale * 1e6);
  const trial = trialRecord({
    cell: cell(runtime, 'startup/hello'),
    block,
    output: output('ready\n'),
    marks: [
      { name: 'create-begin', atNs: 0 },
      { name: 'create-end', atNs: 40e6 },
      { name: 'start-begin', atNs: 40e6 + 1000 },
      { name: 'start-end', atNs: 40e6 + ns(100) },
      { name: 'first-output', atNs: 40e6 + ns(105) },
      { name: 'exit', atNs: 40e6 + ns(120) },
      { name: 'remove-begin', atNs: 45e6 + ns(120) },
      { name: 'remove-end', atNs: 45e6 + ns(150) },
    ],
    cgroup: {
      source: 'v2',
      path: `/ocibench.slice/${block}-${runtime}`,
      figures: {
        'cpu.usage': { value: ns(20), source: 'cpu.stat usage_usec' },
        'memory.peak': { value: Math.round(4e6 * scale), source: 'memory.peak' },
        'pids.peak': { value: runtime === 'crun' ? 2 : 6 + (block % 2), source: 'pids.peak' },
        'io.read_bytes': { value: block === 3 ? 0 : 4096, source: 'io.stat rbytes' },
        'pressure.cpu.some': { absent: 'this kernel has no pressure files' },
      },
    },
    engineCpu: { value: ns(50), source: 'cpu.stat usage_usec' },
  });
  const interrupted = { ...trial, outcome: { status: 'interrupted' } as const, output: output('') };
  return block === 4 && runtime === 'runsc' ? [interrupted, { ...trial, attempt: 2 }] : [trial];
}

function ioTrial(block: number, runtime: string, random: () => number): TrialRecord {
  const noise = (1 + block / 20) * (0.95 + random() / 10);
  const rate = Math.round(2e9 / (factors[runtime] ?? 1) / noise);
  const timedOut: TrialOutcome = { status: 'timed-out', step: 'run', limitMs: 30_000 };
  return trialRecord({
    cell: cell(runtime, 'io/read', 'direct=1'),
    block,
    position: 1,
    outcome: runtime === 'runsc' && block === 6 ? timedOut : { status: 'ok' },
    // One tool crashed in the middle of its report.
    output: output(
      block === 7 && runtime === 'runc'
        ? 'read.ra'
        : `ready\nread.rate ${rate}\nread.latency ${1e12 / rate}\n`,
    ),
    processes: [
      {
        pid: 10,
        ppid: 1,
        comm: 'fio',
        role: runtime === 'runsc' ? 'sentry' : 'workload',
        inCgroup: true,
        cpuNs: null,
        pssBytes: Math.round(2e7 * noise),
        pssShmemBytes: null,
        pssAnonBytes: null,
      },
      {
        pid: 11,
        ppid: 1,
        comm: 'containerd-shim',
        role: 'shim',
        inCgroup: false,
        cpuNs: null,
        pssBytes: 5_000_000,
        pssShmemBytes: null,
        pssAnonBytes: null,
      },
      {
        pid: 12,
        ppid: 1,
        comm: 'dockerd',
        role: 'dockerd',
        inCgroup: false,
        cpuNs: null,
        pssBytes: null,
        pssShmemBytes: null,
        pssAnonBytes: null,
      },
    ],
  });
}
