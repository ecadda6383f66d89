import { findHarnessMetric } from '../metrics/registry.ts';
import { aaControl } from '../model/aa-control.ts';
import type { Analysis, SummaryRow } from '../model/analysis.ts';
import type { Measurement, MetricDefinition } from '../model/metric.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { Workload } from '../model/workload.ts';
import { settleClaims } from './claims.ts';
import { type EffectiveTrial, isFailure } from './effective-trial.ts';
import { collectFacts } from './facts.ts';
import { commonestReasons } from './failure-notes.ts';
import { headlineFinder } from './headlines.ts';
import { networkFacts, networkWarnings } from './network-mode.ts';
import { type NoiseFloors, noiseFloors } from './noise-floor.ts';
import { type RowContext, subjectRows } from './rows.ts';
import { type CellSamples, collectSamples } from './samples.ts';
import { flaggedTrials, sensitivityOf } from './sensitivity.ts';
import { unsteadyCells } from './steadiness.ts';
import { findSubjects, runtimeOrder, type Subject } from './subjects.ts';
import { taughtClaims } from './taught-claims.ts';
import { emulatedGuests, uncountedRuntimes } from './uncounted.ts';
import { findWarnings } from './warnings.ts';

/** Input of an analysis. */
export interface AnalyzeInput {
  readonly run: RunRecord;
  readonly measurements: readonly Measurement[];
  readonly workloads: readonly Workload[];
  /** The raw trials: only for the reasons of failures and the host's noise. */
  readonly trials?: readonly TrialRecord[];
  /** The effective trials with their parsed output: only for facts. */
  readonly effective?: readonly Pick<EffectiveTrial, 'trial' | 'outcome' | 'facts'>[];
}

/**
 * Summarise tidy measurements: one row per cell × metric, with every runtime compared to the baseline by paired blocks,
 * and the doubts about the run. The confidence of all intervals is 1 − alpha. The A/A control (`runc#2`) has no rows:
 * it gives the noise floor.
 *
 * Pure: the same input gives the same analysis. Time grows with the number of measurements, not its square.
 */
export function analyze(input: AnalyzeInput): Analysis {
  const { run, measurements, workloads, trials, effective } = input;
  const { thresholds, baseline } = run.config;
  const { rows, aaRows, floors, cells } = summarise(input);
  const first = (effective ?? []).filter(({ trial }) => trial.cell.runtime !== aaControl(baseline));
  const facts = [...collectFacts(first), ...networkFacts(run, first)];
  const emulated = [...emulatedGuests(run, trials ?? [])].map(([runtime, by]) => ({ runtime, by }));
  const flagged = flaggedTrials(trials ?? []);
  const quiet = flagged.size === 0 ? null : { ...input, measurements: undisturbedHeadlines(input, flagged) };
  return {
    schemaVersion: 1,
    runId: run.runId,
    baseline,
    ...countTrials(measurements),
    thresholds: {
      practical: thresholds.practical,
      alpha: thresholds.alpha,
      confidence: 1 - thresholds.alpha,
    },
    rows,
    noiseFloor: [...floors.values()].sort((a, b) => (a.class < b.class ? -1 : 1)),
    facts,
    unsteady: unsteadyCells(cells, headlineFinder(workloads, input.measurements), thresholds.alpha),
    sensitivity: quiet === null ? null : sensitivityOf(flagged, rows, summarise(quiet).rows),
    taughtClaims: taughtClaims(run, rows),
    ...(emulated.length === 0 ? {} : { emulatedGuests: emulated }),
    warnings: [...findWarnings(run, { rows, aaRows }, trials), ...networkWarnings(run, facts)],
  };
}

/** The measurements of headlines without those of flagged trials. */
function undisturbedHeadlines(
  { measurements, workloads }: AnalyzeInput,
  flagged: ReadonlySet<string>,
): readonly Measurement[] {
  const headlineOf = headlineFinder(workloads, measurements);
  return measurements.filter(
    ({ trialId, metric, cell }) =>
      !flagged.has(trialId) && (metric === null || metric === headlineOf(cell.workload)),
  );
}

/** All rows with their verdicts, the rows of the A/A control, and the noise floors computed from those. */
function summarise({ run, measurements, workloads, trials }: AnalyzeInput): {
  readonly rows: SummaryRow[];
  readonly aaRows: readonly SummaryRow[];
  readonly floors: NoiseFloors;
  readonly cells: readonly CellSamples[];
} {
  const { thresholds } = run.config;
  const confidence = 1 - thresholds.alpha;
  const cells = collectSamples(measurements);
  const context = {
    run,
    confidence,
    runtimes: runtimeOrder(run, cells),
    reasons: commonestReasons(cells, trials ?? [], workloads),
    uncounted: uncountedRuntimes(run, trials ?? []),
    emulated: emulatedGuests(run, trials ?? []),
    definition: definitionFinder(workloads),
  };
  const subjects = findSubjects(run, headlineFinder(workloads, measurements), cells);
  const aaRows = aaControlRows(subjects, context);
  const floors = noiseFloors(aaRows, thresholds);
  const drafts = subjects.flatMap((subject) => subjectRows(subject, context));
  return { rows: settleClaims(drafts, run.config, floors), aaRows, floors, cells: [...cells.values()] };
}

/** Compare the A/A control with the baseline, wherever it was measured. */
function aaControlRows(subjects: readonly Subject[], context: RowContext): SummaryRow[] {
  const { config } = context.run;
  const arm = aaControl(config.baseline);
  const measured = subjects.filter((subject) => subject.cells.has(arm));
  const both = { ...context, runtimes: [config.baseline, arm] };
  const drafts = measured.flatMap((subject) => subjectRows(subject, both));
  return settleClaims(
    drafts.filter(({ row }) => row.runtime === arm),
    config,
  );
}

/** Count measured blocks and trials. Interrupted and unsupported trials are neither ok nor failed. */
function countTrials(measurements: readonly Measurement[]): Pick<Analysis, 'blocks' | 'trials'> {
  const blocks = new Set<number>();
  const ids = { ok: new Set<string>(), failed: new Set<string>(), warmup: new Set<string>() };
  for (const { phase, block, trialId, outcome } of measurements) {
    if (phase === 'warmup') {
      ids.warmup.add(trialId);
      continue;
    }
    if (outcome !== 'interrupted') blocks.add(block);
    if (outcome === 'ok') ids.ok.add(trialId);
    else if (isFailure(outcome)) ids.failed.add(trialId);
  }
  return {
    blocks: blocks.size,
    trials: { ok: ids.ok.size, failed: ids.failed.size, warmup: ids.warmup.size },
  };
}

/** Find a metric's definition: the workload's own, or else the harness's. */
function definitionFinder(
  workloads: readonly Workload[],
): (workload: string, metric: string) => MetricDefinition | undefined {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  return (workload, metric) =>
    byId.get(workload)?.metrics.find(({ id }) => id === metric || isGroupOf(id, metric)) ??
    findHarnessMetric(metric);
}

/** `syscall.*` stands for every metric with that prefix. */
function isGroupOf(id: string, metric: string): boolean {
  return id.endsWith('.*') && metric.startsWith(id.slice(0, -1));
}
