import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { RunRecord } from '../../../../src/core/model/run.ts';
import type { TrialRecord } from '../../../../src/core/model/trial.ts';
import type { FeatureId, Features } from '../../../../src/features/capacity/predict/prediction.ts';
import type { CallClass, Recording } from '../../../../src/features/capacity/recording/recording.ts';
import { recordingFileName } from '../../../../src/features/capacity/recording/recordings-on-disk.ts';
import { cell, output, runRecord, runSubject, runtimeFacts, trialRecord } from '../../../support/records.ts';
import { madeRecording } from '../recording/made-recording.ts';

const perfBench = (executed: string) => (ns: number) =>
  `# ${executed}\n     Total time: 0.100 [sec]\n\n ${(ns / 1000).toFixed(6)} usecs/op\n ${Math.floor(1e9 / ns)} ops/sec\n`;

const rounds = (count: number, figures: number) => `round${' 900000'.repeat(figures)}\n`.repeat(count);

/** A workload with its parameters, what its tool prints, and how much work that is. */
interface Known {
  readonly workload: string;
  readonly params: string;
  readonly units: number;
  readonly stdout: (ns: number) => string;
  readonly stderr?: string;
}

/** Cells of costs: native ns of one operation, and what runsc adds to it. */
const costCells: readonly (Known & { readonly nativeNs: number; readonly addedNs: number })[] = [
  {
    workload: 'syscall/trivial',
    params: 'op=getppid',
    units: 1,
    nativeNs: 100,
    addedNs: 1000,
    stdout: perfBench('Executed 50000 getppid() calls'),
  },
  {
    workload: 'syscall/ipc',
    params: 'op=pipe',
    units: 1,
    nativeNs: 10_000,
    addedNs: 40_000,
    stdout: perfBench('Executed 3000 pipe operations between two processes'),
  },
  {
    workload: 'syscall/process',
    params: 'op=exec',
    units: 1,
    nativeNs: 1e6,
    addedNs: 6e6,
    stdout: perfBench('Executed 50 execve() calls'),
  },
  {
    workload: 'syscall/thread',
    params: 'op=start',
    units: 1,
    nativeNs: 30_000,
    addedNs: 100_000,
    stdout: (ns) =>
      `stress-ng: metrc: [9] pthread 200 0.07 0.01 0.01 1394.93 4258.22 x\nstress-ng: metrc: [9] pthread ${ns.toFixed(2)} nanosecs to start a pthread (harmonic mean of 1 instance)\n`,
  },
  {
    workload: 'io/small-files',
    params: 'target=rootfs',
    units: 2250,
    nativeNs: 20_000,
    addedNs: 42_000,
    stdout: () => rounds(15, 4),
  },
  {
    workload: 'memory/fault',
    params: '',
    units: 8192 * 7,
    nativeNs: 300,
    addedNs: 2000,
    stdout: () => rounds(7, 3),
  },
];

/** What each really costs under runsc: the cells', but for calls, which cost twice as much in programs. */
const truth = {
  'call.trap': 2000,
  'call.open': 20_000,
  'call.read': 0,
  switches: 20_000,
  faults: 2000,
} as const satisfies Partial<Record<FeatureId, number>>;

/** Applications: native ns of a unit, and what a unit asks of the kernel. */
const applications: readonly (Known & { readonly nativeNs: number; readonly features: Features })[] = [
  {
    workload: 'app/gcc',
    params: 'files=4',
    units: 4,
    nativeNs: 7e7,
    stdout: () => '4 objects\n',
    features: { 'call.trap': 4000, 'call.open': 3000, switches: 40, faults: 12_000 },
  },
  {
    workload: 'app/python-start',
    params: 'program=pass',
    units: 10,
    nativeNs: 1e7,
    stdout: () => '10 starts\n',
    features: { 'call.trap': 500, 'call.open': 1200, switches: 4, faults: 2000 },
  },
  {
    workload: 'app/python-script',
    params: '',
    units: 30,
    nativeNs: 5e7,
    stdout: () => '92 1000 30000\nrounds 30 ns 1500000000\n',
    features: { 'call.trap': 60, 'call.open': 5, switches: 2, faults: 900 },
  },
  {
    workload: 'app/tar',
    params: 'op=gzip',
    units: 1000,
    nativeNs: 9e5,
    stdout: () => '1000 files\n',
    stderr: 'Total bytes written: 20000000 (20MiB, 1MiB/s)\n',
    features: { 'call.trap': 20, 'call.open': 9, switches: 6, faults: 3 },
  },
  {
    workload: 'app/sqlite',
    params: 'op=commit;storage=bind',
    units: 1000,
    nativeNs: 20_000,
    stdout: () => `rows|1000|sum|${sqliteSum}\n`,
    features: { 'call.trap': 12, 'call.open': 1, switches: 0.3, faults: 1 },
  },
];
const sqliteSum = Array.from({ length: 1000 }, (_, i) => ((i + 1) * 7919) % 100_003).reduce(
  (a, b) => a + b,
  0,
);

/** CPU time of a unit under runsc. */
export function subjectNs(nativeNs: number, features: Features): number {
  return Object.entries(truth).reduce(
    (sum, [id, cost]) => sum + cost * (features[id as FeatureId] ?? 0),
    nativeNs,
  );
}

const present = (value: number) => ({ value, source: 'made' });
const classOf = (id: string) => id.replace('call.', '') as CallClass;

/** A recording with these counts in a window of so many units. */
export function recordingOf(
  features: Features,
  nativeNs: number,
  units: number,
  parts: Partial<Recording> = {},
): Recording {
  const calls = Object.entries(features).filter(([id]) => id.startsWith('call.'));
  return madeRecording({
    windowNs: nativeNs * units,
    classes: calls.map(([id, count]) => ({
      class: classOf(id),
      count: Math.round(count * units),
      timeNs: null,
      bytes: null,
    })),
    figures: {
      'cpu.usage': present(nativeNs * units),
      'cpu.user': present(0.7 * nativeNs * units),
      'cpu.system': present(0.3 * nativeNs * units),
      'faults.all': present((features.faults ?? 0) * units),
      'switches.voluntary': present((features.switches ?? 0) * units),
      'tasks.processes': present(0),
      'tasks.threads': present(0),
      'tasks.execs': present(0),
      'pids.current': present(4),
      'memory.current': present(2 ** 26),
    },
    disturbance: null,
    ...parts,
  });
}

/** The records of a run whose costs are known. */
export function knownRun(): {
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly recordings: readonly Recording[];
} {
  const random = seededRandom('predict');
  const subjects = [...costCells, ...applications];
  const run: RunRecord = {
    ...runRecord({ config: { baseline: 'runc' } }),
    runId: '20260101-000000-ab12',
    runtimes: ['runc', 'runsc'].map((name) => ({
      ...runtimeFacts(name),
      family: name,
      platform: name === 'runsc' ? 'systrap' : null,
    })),
    subjects: [...subjects, { workload: 'startup/echo', params: '' }].map(({ workload, params }) =>
      runSubject(workload, { params }),
    ),
  };
  const trials = Array.from({ length: 9 }, (_, block) =>
    ['runc', 'runsc'].flatMap((runtime) =>
      subjects.map((known): TrialRecord => {
        const whole =
          runtime === 'runc'
            ? known.nativeNs
            : 'features' in known
              ? subjectNs(known.nativeNs, known.features)
              : known.nativeNs + known.addedNs;
        const ns = whole * (1 + 0.01 * (random() - 0.5));
        return trialRecord({
          trialId: `b${block}-${runtime}-${known.workload}-${known.params}`,
          cell: cell(runtime, known.workload, known.params),
          block,
          output: { ...output(known.stdout(ns)), stderr: known.stderr ?? '' },
          window: {
            source: 'stamps',
            uncertaintyNs: 0,
            engineCpuNs: 0,
            containerNs: 1e9,
            hostNs: 1e9,
            cpuNs: known.units === 1 ? 1e9 : ns * known.units,
          },
        });
      }),
    ),
  ).flat();
  const recordings = applications.map(({ workload, params, units, nativeNs, features }) =>
    recordingOf(features, nativeNs, units, {
      work: {
        workload,
        params,
        units,
        runtime: 'runc',
        definition: 'd',
        recipe: 'r',
      },
    }),
  );
  return { run, trials, recordings };
}

/** Writes the run below `results`, and gives its directory. */
export async function storeKnownRun(
  results: string,
  change: (run: RunRecord) => object = (run) => run,
): Promise<string> {
  const { run, trials, recordings } = knownRun();
  const path = join(results, run.runId);
  await mkdir(join(path, 'recordings'), { recursive: true });
  await symlink(run.runId, join(results, 'latest'));
  await writeFile(join(path, 'run.json'), JSON.stringify(change(run)));
  await writeFile(join(path, 'schedule.jsonl'), '');
  await writeFile(join(path, 'trials.jsonl'), trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  for (const recording of recordings)
    if (recording.work !== undefined)
      await writeFile(join(path, 'recordings', recordingFileName(recording.work)), JSON.stringify(recording));
  return path;
}
