import { analysisOf } from '../../../src/app/measure/conclude.ts';
import { gatesOf } from '../../../src/core/gate/gates.ts';
import type { GateSettings } from '../../../src/core/gate/limit.ts';
import { hostIdentity } from '../../../src/core/host/host-identity.ts';
import type { GateResult } from '../../../src/core/model/analysis/gate.ts';
import { seededRandom } from '../../../src/core/model/prng.ts';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../../src/core/model/trial/trial.ts';
import { nightLines } from '../../../src/features/nightly/app/night/lines.ts';
import { judgeGates } from '../../../src/features/nightly/gate-judges/judge-gates.ts';
import type { HistoryLine } from '../../../src/features/nightly/history/record.ts';
import { countedLines } from '../../../src/features/nightly/history/recorded-series.ts';
import {
  cell,
  lineWorkload,
  output,
  runRecord,
  runSubject,
  runtimeFacts,
  trialRecord,
} from '../../support/records.ts';
import { gaussian } from '../analyze/simulated-run.ts';

const workloads = ['syscall/calls', 'syscall/others', 'syscall/further'].map((id) => lineWorkload(id));

/** What a trial takes, in ns/op, and how much that scatters. */
export interface Shape {
  /** Runtime → factor; null: every trial fails. */
  readonly factors: Readonly<Record<string, number | null>>;
  readonly blocks?: number;
  readonly noise?: number;
  readonly subjects?: readonly string[];
  readonly name?: string;
  readonly startedAt?: string;
  readonly baseline?: string;
  /** What is particular about one trial. */
  readonly particular?: (runtime: string, block: number) => Partial<TrialRecord>;
}

export interface Run {
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
}

/** A run of `syscall/calls` (and others) whose trials print what they took. */
export function runOf(shape: Shape): Run {
  const { factors, blocks = 12, noise = 0.02, subjects = ['syscall/calls'], name = 'run-1' } = shape;
  const random = seededRandom(`gate ${name}`);
  const trials = subjects.flatMap((workload) =>
    Array.from({ length: blocks }, (_, i) =>
      Object.entries(factors).map(([runtime, factor]): TrialRecord => {
        const value = 100 * (factor ?? 1) * Math.exp(noise * gaussian(random));
        return trialRecord({
          block: i + 1,
          cell: cell(runtime, workload),
          output: output(`call.cost ${value}\n`),
          ...(factor === null ? { outcome: { status: 'timed-out', step: 'run', limitMs: 1 } } : {}),
          ...shape.particular?.(runtime, i + 1),
        });
      }),
    ).flat(),
  );
  const run = runRecord({
    runId: name,
    startedAt: shape.startedAt ?? '2026-01-31T02:00:00.000Z',
    config: { baseline: shape.baseline ?? 'runc' },
    runtimes: Object.keys(factors).map((runtime) => runtimeFacts(runtime)),
    subjects: subjects.map((workload) => runSubject(workload)),
  });
  return { run, trials };
}

/** That the host was disturbed while a trial ran. */
export const disturbed = {
  noise: { ...trialRecord().noise, flags: ['steal'] },
} as unknown as Partial<TrialRecord>;

/** The lines of a night that was measured so. */
export function linesOf({ run, trials }: Run): readonly HistoryLine[] {
  const { headlines, night } = nightLines({ run, trials }, workloads, {
    stage: 'night',
    host: hostIdentity(),
  });
  return [...headlines, night];
}

function analysed({ run, trials }: Run) {
  return { run, ...analysisOf(run, trials, workloads) };
}

/** What a run says of this gate. */
export function judged(
  settings: GateSettings,
  { run, trials }: Run,
  history: readonly HistoryLine[] = [],
  before?: Run,
): readonly GateResult[] {
  const names = ['runc', 'crun', 'runsc'];
  const pins = names.map((name) => `${name}-pin`);
  const baselines = ['runc', 'runc-pin'];
  const known = { file: 'bench.config.ts', runtimes: [...names, ...pins], baselines, pins, workloads };
  const { gates, problems } = gatesOf(settings, known);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const nights = { directory: 'history', history: countedLines(history) };
  const gated = {
    run,
    trials,
    workloads,
    nights,
    ...(before === undefined ? {} : { before: analysed(before) }),
  };
  return judgeGates({ gates, baselines }, gated).results;
}
