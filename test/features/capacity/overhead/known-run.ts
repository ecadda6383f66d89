import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import type { Figure, ProcessUsage, TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import { heldSizes } from '../../../../workloads/lib/memory-scripts.ts';
import { cell, output, runRecord, runSubject, runtimeFacts, trialRecord } from '../../../support/records.ts';

const mebibyte = 2 ** 20;

/** What a runtime of a made run really costs, in MiB, ms and CPUs. */
export interface Known {
  /** In the container's cgroup, beside the program. */
  readonly inside: number;
  /** Shim and the like. */
  readonly outside: number;
  /** More in the cgroup, for each byte that the program holds. */
  readonly share: number;
  /** Shared by all of its sandboxes. */
  readonly once: number;
  readonly startMs: number;
  readonly idleCpus: number;
}

export const known = {
  runc: { inside: 0, outside: 4, share: 0, once: 17, startMs: 180, idleCpus: 0.0002 },
  crun: { inside: 0, outside: 4.1, share: 0, once: 17, startMs: 150, idleCpus: 0.0002 },
  runsc: { inside: 34, outside: 4.5, share: 0.006, once: 50, startMs: 420, idleCpus: 0.0021 },
} as const satisfies Readonly<Record<string, Known>>;

/** What the program of `memory/sized` takes beside what it holds, and what an idle one takes. */
const interpreter = 7 * mebibyte;
const sleeping = 0.1 * mebibyte;
/** Native page tables: 8 bytes a page. */
const tables = 8 / 4096;

function processes(inside: number, outside: number): ProcessUsage[] {
  const process = (role: 'shim' | 'workload', inCgroup: boolean, bytes: number): ProcessUsage => ({
    pid: inCgroup ? 2 : 1,
    ppid: 1,
    comm: role,
    role,
    inCgroup,
    cpuNs: 0,
    pssBytes: bytes,
    pssShmemBytes: 0,
    pssAnonBytes: bytes,
    ...(inCgroup ? {} : { cpuCgroup: '/engine' }),
  });
  return [process('shim', false, outside), process('workload', true, inside)];
}

const present = (value: number): Figure => ({ value: Math.round(value), source: 'made' });

const sizes = Object.entries(heldSizes);
const density = 8;
const atRest = 4;

export interface KnownRunOptions {
  readonly runtimes?: Readonly<Record<string, Known>>;
  readonly blocks?: number;
  /** Spread of every value, MiB. */
  readonly noise?: number;
  /** Is the kernel's memory counted? */
  readonly kernel?: boolean;
  /** Changes a trial, or leaves it out. */
  readonly change?: (trial: TrialRecord) => TrialRecord | null;
}

/** The records of a run whose overheads are known. */
export function knownRun({
  runtimes = known,
  blocks = 8,
  noise = 0.3,
  kernel = true,
  change = (trial) => trial,
}: KnownRunOptions = {}): { readonly run: RunRecord; readonly trials: readonly TrialRecord[] } {
  const random = seededRandom('overhead');
  const spread = () => (random() - 0.5) * 2 * noise * mebibyte;
  const names = Object.keys(runtimes);
  const base = runRecord();
  const run: RunRecord = {
    ...base,
    runId: '20250101-000000-ab12',
    runtimes: names.map((name) => ({
      ...runtimeFacts(name),
      family: name,
      version: `${name} version 1.0`,
      platform: name === 'runsc' ? 'systrap' : null,
    })),
    subjects: [
      ...sizes.map(([size]) => runSubject('memory/sized', { params: `size=${size}` })),
      ...['memory/idle', 'startup/echo'].map((workload) => runSubject(workload)),
      runSubject('startup/density', { params: `sandboxes=${density}` }),
      runSubject('cpu/at-rest'),
    ],
  };
  const trials = Array.from({ length: blocks + 1 }, (_, block) =>
    Object.entries(runtimes).flatMap(([name, cost]) => {
      const trial = (workload: string, params: string, stdout: string, of: Partial<TrialRecord>) =>
        trialRecord({
          trialId: `b${block}-${name}-${workload}-${params}`,
          cell: cell(name, workload, params),
          block,
          output: output(stdout),
          ...of,
        });
      const memory = (own: number, once: number, tablesOf: number) => ({
        processes: processes(own + cost.inside * mebibyte + spread(), cost.outside * mebibyte + spread()),
        shmemAtSnapshotBytes: 0,
        mappedAtSnapshot: { bytes: once * mebibyte, shareableBytes: once * mebibyte },
        cgroup: {
          source: 'v2' as const,
          path: 'trial',
          figures: {
            'memory.kernel': kernel ? present(tablesOf * tables + 0.2 * mebibyte) : { absent: 'not counted' },
            'cpu.usage': present(cost.startMs * 0.4e6),
          },
        },
        engineCpu: { ...present(cost.startMs * 0.6e6), cgroups: ['/engine'] },
      });
      const many = density * (sleeping + (cost.inside + cost.outside) * mebibyte);
      return [
        ...sizes.map(([size, bytes]) =>
          trial('memory/sized', `size=${size}`, `held ${bytes}\n`, {
            ...memory(interpreter + bytes * (1 + cost.share), cost.once, bytes),
            exitCode: 137,
          }),
        ),
        trial('memory/idle', '', 'idle\n', { ...memory(sleeping, cost.once, 0), exitCode: 137 }),
        trial('startup/echo', '', 'ocibench\n', {
          ...memory(0, 0, 0),
          processes: [],
          shmemAtSnapshotBytes: null,
          mappedAtSnapshot: null,
        }),
        trial('startup/density', `sandboxes=${density}`, 'idle\n', {
          processes: processes(
            density * (sleeping + cost.inside * mebibyte),
            density * cost.outside * mebibyte,
          ),
          shmemAtSnapshotBytes: 0,
          // Each container has the image's files once more.
          mappedAtSnapshot: { bytes: 2 * cost.once * mebibyte, shareableBytes: 2 * cost.once * mebibyte },
          figures: {
            'sandboxes.count': present(density),
            'sandboxes.resident': present(many),
            'sandboxes.footprint': present(many),
            'sandboxes.charged': present(many),
            'sandboxes.available': present(many * 1.05 + spread()),
            'sandboxes.idle_time': present(1.5e9),
            // The work of starting them is in it.
            'sandboxes.idle_cpu': present(1e9),
            'sandboxes.idle_engine_cpu': present(1e9),
          },
        }),
        trial('cpu/at-rest', '', 'idle\n', {
          figures: {
            'sandboxes.count': present(atRest),
            'sandboxes.idle_time': present(8e9),
            'sandboxes.idle_cpu': present(cost.idleCpus * 0.75 * 8e9 * atRest),
            'sandboxes.idle_engine_cpu': present(cost.idleCpus * 0.25 * 8e9 * atRest),
          },
        }),
      ];
    }),
  ).flat();
  return { run, trials: trials.flatMap((trial) => change(trial) ?? []) };
}
