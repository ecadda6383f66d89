import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresFromV1 } from '../../../src/core/collect/cgroup/make.ts';
import { readCgroup } from '../../../src/core/collect/cgroup/read.ts';
import { seededRandom } from '../../../src/core/model/prng.ts';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import type { RuntimeFacts } from '../../../src/core/model/runtime/runtime.ts';
import type {
  CgroupTotals,
  Figure,
  Mark,
  ProcessUsage,
  TrialRecord,
} from '../../../src/core/model/trial/trial.ts';
import { virtualMachineOf } from '../../../src/core/runtimes/guest/virtual-machine.ts';
import { capturedLayout, capturedScan, kataCgroup } from '../../core/collect/cgroup/kata-captures.ts';
import { fixtures } from '../../core/collect/fixture-files.ts';
import { cell, output, runRecord, runSubject, runtimeFacts, trialRecord } from '../../support/records.ts';

const engine = '/ocibench/run-1/engine';
const overhead = '/kata_overhead';

/** What each runtime's containers show: a capture of runc that ended, and one of an idle Kata. */
interface Shown {
  readonly cgroup: CgroupTotals;
  readonly processes: readonly ProcessUsage[];
  readonly engineCpuNs: number;
  /** From create to the first output. */
  readonly startNs: number;
}

function runcShown(): Shown {
  const dir = join(fixtures, 'cgroup/v1/runc-ended');
  const files = Object.fromEntries(
    readdirSync(dir).map((name) => [name, { text: readFileSync(join(dir, name), 'utf8') }]),
  );
  const figures = figuresFromV1(files, {
    stacked: new Set(),
    rootBlkio: '',
    forgetsRemoved: false,
    below: [],
  });
  const process = (role: 'shim' | 'workload', pssKb: number, inCgroup: boolean): ProcessUsage => ({
    pid: 1,
    ppid: 0,
    comm: role,
    role,
    inCgroup,
    cpuNs: 0,
    pssBytes: pssKb * 1024,
    pssShmemBytes: 0,
    pssAnonBytes: null,
    ...(inCgroup ? {} : { cpuCgroup: engine }),
  });
  return {
    cgroup: { source: 'v1', path: 'ocibench/run-1/trial', figures },
    processes: [process('shim', 19_000, false), process('workload', 1_100, true)],
    engineCpuNs: 1.5e8,
    startNs: 3.4e8,
  };
}

/** Of a set of `fixtures/kata`; who was with the daemon at the capture is taken to be with the engine. */
function kataShown(set: string, real: boolean): Shown {
  const cgroup = readCgroup(capturedLayout(set), kataCgroup(set));
  const processes = capturedScan(set)
    .map((each) => (each.emulation === undefined || !real ? each : { ...each, emulation: null }))
    .map((each) =>
      each.inCgroup || each.cpuCgroup?.startsWith(overhead) ? each : { ...each, cpuCgroup: engine },
    );
  return { cgroup, processes, engineCpuNs: 4.7e9, startNs: 4.7e9 };
}

/** Every value a little different in every block, as measured ones are. */
function varied(figure: Figure, by: number): Figure {
  return 'absent' in figure ? figure : { ...figure, value: Math.round(figure.value * by) };
}

const outputs: Readonly<Record<string, string>> = {
  'startup/echo': 'ocibench\n',
  'memory/idle': 'idle\n',
  'memory/smallest': 'started\n',
};

/** Of the workloads of {@link kataRun}, those whose trials look at processes. */
const looksAtProcesses = ['memory/idle', 'memory/smallest'];

export interface KataRunOptions {
  /** The set of `fixtures/kata` that the runtime `kata` shows. */
  readonly set?: string;
  readonly workloads?: readonly string[];
  /** Did the preflight look at the processes? */
  readonly looked?: boolean;
  readonly blocks?: number;
  /** As if the captured guest, which was emulated, had run on a processor. */
  readonly real?: boolean;
}

/** The records of a run of runc and Kata, put together from captures of both; only times and the engine's CPU are made up. */
export function kataRun({
  set = 'v2-virtiofs-3.25.0',
  workloads = ['startup/echo', 'memory/idle', 'memory/smallest'],
  looked = true,
  blocks = 12,
  real = false,
}: KataRunOptions = {}): { readonly run: RunRecord; readonly trials: readonly TrialRecord[] } {
  const shown: Readonly<Record<string, Shown>> = { runc: runcShown(), kata: kataShown(set, real) };
  const vm = virtualMachineOf(shown.kata?.processes ?? [], 'kata');
  const kata: RuntimeFacts = {
    ...runtimeFacts('kata'),
    entry: { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
    family: 'kata',
    version: '3.25.0',
    ...(looked ? { vm } : {}),
  };
  const params = (workload: string) => (workload === 'memory/smallest' ? 'limit=16M' : '');
  const base = runRecord();
  const run: RunRecord = {
    ...base,
    host: { ...base.host, cgroup: 'hybrid' },
    engine: { ...base.engine, cgroupVersion: '1', cgroupDriver: 'cgroupfs' },
    runtimes: [{ ...runtimeFacts('runc'), family: 'runc', version: 'runc version 1.1.15' }, kata],
    subjects: workloads.map((workload) => runSubject(workload, { params: params(workload) })),
  };
  const random = seededRandom('kata');
  const trials = Array.from({ length: blocks + 1 }, (_, block) =>
    workloads.flatMap((workload) =>
      Object.entries(shown).map(([runtime, { cgroup, processes, engineCpuNs, startNs }]) => {
        const by = 0.97 + 0.06 * random();
        const looks = looksAtProcesses.includes(workload);
        const figures = Object.fromEntries(
          Object.entries(cgroup.figures).map(([id, figure]) => [id, varied(figure, by)]),
        );
        const marks: Mark[] = [
          ['create-begin', 0] as const,
          ['create-end', 4e7] as const,
          ['start-begin', 4.1e7] as const,
          ['start-end', startNs * 0.98] as const,
          ['first-output', startNs] as const,
          ['exit', startNs * 1.1] as const,
          ['remove-begin', startNs * 1.11] as const,
          ['remove-end', startNs * 1.3] as const,
        ].map(([name, ns]) => ({ name, atNs: Math.round(ns * by) }));
        return trialRecord({
          cell: cell(runtime, workload, params(workload)),
          block,
          marks,
          exitCode: looks ? 137 : 0,
          output: output(outputs[workload] ?? ''),
          cgroup: { ...cgroup, figures },
          engineCpu: {
            value: Math.round(engineCpuNs * by),
            source: 'cpuacct.usage',
            cgroups: [engine, overhead],
          },
          processes: looks
            ? processes.map((each) => {
                const pss = Math.round((each.pssBytes ?? 0) * by);
                return { ...each, pssBytes: pss, pssAnonBytes: pss };
              })
            : [],
          shmemAtSnapshotBytes: looks ? 0 : null,
          mappedAtSnapshot: looks ? { bytes: 0, shareableBytes: 0 } : null,
        });
      }),
    ),
  ).flat();
  return { run, trials };
}
