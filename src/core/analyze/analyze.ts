import { findHarnessMetric } from '../metrics/registry.ts';
import type { AaCheck, Analysis, SummaryRow } from '../model/analysis/analysis.ts';
import { figuresVersion } from '../model/run/figures-version.ts';
import { enginesOf, type RunRecord, schemaVersion } from '../model/run/run.ts';
import { isOfFirstProfile, profilesOf } from '../model/runtime/container-profile.ts';
import { isBaselineArm } from '../model/trial/cell.ts';
import type { TrialRecord } from '../model/trial/trial.ts';
import type { Measurement, MetricDefinition } from '../model/workload/metric.ts';
import { maxBlocksOf, type Workload } from '../model/workload/workload.ts';
import type { SettledCategory } from './claims/categories.ts';
import { settleRun } from './claims/claims.ts';
import { categoriesWithNeeds, type NeedsInput, withNeeds } from './claims/needs.ts';
import type { PartFields } from './part.ts';
import { analysisParts, joinFields } from './parts.ts';
import { engineRows, isOfTheRun, profileRows, rowsOfTheRun, versionRows } from './rows/direct-rows.ts';
import { subjectRows } from './rows/rows.ts';
import {
  findSubjects,
  type HeadlineOf,
  headlineFinder,
  isPartner,
  runOf,
  runtimeOrder,
  type Subject,
} from './rows/subjects.ts';
import type { EffectiveTrial } from './values/effective-trial.ts';
import { emulatedGuests } from './values/emulated-guests.ts';
import { collectFacts, countTrials, networkFacts, networkWarnings } from './values/facts.ts';
import { groupsOfCells, type RowContext } from './values/groups.ts';
import { type CellSamples, collectSamples } from './values/samples.ts';
import { uncountedRuntimes } from './values/uncounted.ts';
import { aaControlRows, checkBaseline } from './warnings/aa-check.ts';
import { commonestReasons } from './warnings/failure-notes.ts';
import { noiseFloors } from './warnings/noise-floor.ts';
import { flaggedTrials, sensitivityOf, unsteadyCells } from './warnings/steadiness.ts';
import { findWarnings } from './warnings/warnings.ts';

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
 * it checks the method, and joins the baseline.
 *
 * Pure: the same input gives the same analysis. Time grows with the number of measurements, not its square.
 */
export function analyze(input: AnalyzeInput): Analysis {
  const { run, measurements, workloads, trials, effective } = input;
  const { thresholds, baseline } = run.config;
  const headlineOf = headlineFinder(workloads);
  const cells = collectSamples(measurements);
  const shown = [...cells.values()].filter(({ cell }) => !isPartner(cell.runtime, run.config));
  const unsteady = unsteadyCells(shown, headlineOf, thresholds.alpha);
  const groups = groupsOfCells(unsteady, cells, headlineOf);
  const first = (effective ?? []).filter(({ trial }) => !isBaselineArm(trial.cell.runtime, baseline));
  const facts = [...collectFacts(first), ...networkFacts(run, first)];
  const {
    rows: decided,
    subjects,
    everywhere,
    aaRows,
    aaCheck,
    categories,
    ...direct
  } = summarise(input, {
    cells,
    groups,
    headlineOf,
  });
  const mostOf = maxBlocksOf(workloads);
  const compared = { subjects, run, widening: aaCheck?.widening ?? 1, maxBlocksOf: mostOf };
  const profiles =
    direct.profiles === undefined
      ? null
      : underProfiles(categories, {
          ...compared,
          subjects: everywhere,
          rows: direct.profiles,
          trials: trials ?? [],
        });
  const rows = withNeeds({ ...compared, rows: decided, trials: trials ?? [] });
  const emulated = emulatedGuests(run, trials ?? []);
  const flagged = flaggedTrials(trials ?? []);
  const quiet = flagged.size === 0 ? null : undisturbed(input, flagged);
  const analysis: Omit<Analysis, 'warnings'> = {
    schemaVersion,
    figures: figuresVersion,
    runId: run.runId,
    baseline,
    ...countTrials(measurements),
    thresholds: {
      practical: thresholds.practical,
      alpha: thresholds.alpha,
      confidence: 1 - thresholds.alpha,
    },
    rows,
    ...direct,
    ...(profiles === null ? {} : profiles),
    noiseFloor: noiseFloors(aaRows, thresholds),
    facts,
    unsteady,
    sensitivity: quiet === null ? null : sensitivityOf(flagged, rows, quiet.rows),
    ...(emulated.size === 0
      ? {}
      : { emulatedGuests: [...emulated].map(([runtime, by]) => ({ runtime, by })) }),
    categories: categoriesWithNeeds(ofProfiles(categories, false), {
      ...compared,
      rows,
      trials: trials ?? [],
    }),
    aaCheck,
  };
  return {
    ...analysis,
    ...joinFields(analysisParts.map((part) => part.fields?.(analysis, { run, cells }) ?? {})),
    warnings: [
      ...findWarnings(run, { rows, aaRows, aaCheck, maxBlocksOf: mostOf }, trials),
      ...networkWarnings(run, facts),
    ],
  };
}

/** The categories of further profiles, or those of the runtimes. */
function ofProfiles(categories: readonly SettledCategory[], wanted: boolean): readonly SettledCategory[] {
  return categories.filter(({ estimate }) => (estimate.profile !== undefined) === wanted);
}

/** Rows and categories of the profiles after the first. */
function underProfiles(
  categories: readonly SettledCategory[],
  input: NeedsInput,
): Pick<Analysis, 'profiles' | 'profileCategories'> {
  const rows = withNeeds(input);
  const profileCategories = categoriesWithNeeds(ofProfiles(categories, true), { ...input, rows });
  return { profiles: rows, profileCategories };
}

/** Summarise without the values of flagged trials; headlines only. */
function undisturbed(input: AnalyzeInput, flagged: ReadonlySet<string>): ComparisonResult {
  const headlineOf = headlineFinder(input.workloads);
  const measurements = input.measurements.filter(
    ({ trialId, metric, cell }) =>
      !flagged.has(trialId) && (metric === null || metric === headlineOf(cell.workload)),
  );
  const cells = collectSamples(measurements);
  return summarise(input, {
    cells,
    groups: new Map(),
    headlineOf: headlineFinder(input.workloads),
  });
}

/** Input of a comparison: all measurements of a run, or those of its undisturbed trials. */
interface ComparisonInput {
  readonly cells: ReadonlyMap<string, CellSamples>;
  readonly groups: RowContext['groups'];
  readonly headlineOf: HeadlineOf;
}

/** Result of a comparison. */
interface ComparisonResult extends PartFields, Pick<Analysis, 'engines' | 'versions'> {
  readonly rows: SummaryRow[];
  /** Subjects under the first profile. */
  readonly subjects: readonly Subject[];
  readonly everywhere: readonly Subject[];
  /** Rows of the A/A control. */
  readonly aaRows: readonly SummaryRow[];
  /** null where the baseline was measured only once. */
  readonly aaCheck: AaCheck | null;
  /** Of the runtimes, and of further profiles. */
  readonly categories: readonly SettledCategory[];
}

/** All rows with their verdicts, the rows of the A/A control, and the check that the control is for. */
export function summarise(
  { run, workloads, trials }: AnalyzeInput,
  { cells, groups, headlineOf }: ComparisonInput,
): ComparisonResult {
  const context = {
    run,
    confidence: 1 - run.config.thresholds.alpha,
    lastBlock: lastBlockOf(cells),
    runtimes: runtimeOrder(run, cells),
    reasons: commonestReasons(cells, trials ?? [], workloads),
    uncounted: uncountedRuntimes(run, trials ?? []),
    emulated: emulatedGuests(run, trials ?? []),
    groups,
    definition: definitionFinder(workloads),
  };
  const everywhere = findSubjects(run, headlineOf, cells);
  const subjects = everywhere.filter(({ identity }) => isOfFirstProfile(identity, run));
  const aaRows = aaControlRows(subjects, context);
  const aaCheck = aaRows.length === 0 ? null : checkBaseline(aaRows);
  const drafts = subjects.flatMap((subject) => subjectRows(subject, contextOf(subject, context)));
  const engines = engineRows(subjects, context);
  const profiles = profileRows(everywhere, context);
  const versions = versionRows(subjects, context);
  const added = analysisParts.flatMap((part) => part.comparisons?.(subjects, context) ?? []);
  const { rows: settled, categories } = settleRun(
    {
      counted: [...drafts, ...profiles],
      others: [...engines, ...[...versions, ...added].flatMap(({ drafts: own }) => own)],
    },
    everywhere,
    { ...run, maxBlocksOf: maxBlocksOf(workloads) },
    aaCheck?.widening,
  );
  const next = (n: number) => settled.splice(0, n);
  const rows = next(drafts.length);
  const under = next(profiles.length);
  const between = next(engines.length);
  const pairs = versions.map(({ pair, drafts: own }) => ({
    ...pair,
    rows: isOfTheRun(pair, run) ? rowsOfTheRun(pair, rows, run) : next(own.length),
  }));
  return {
    rows,
    subjects,
    everywhere,
    aaRows,
    aaCheck,
    categories,
    ...(enginesOf(run.config).length === 0 ? {} : { engines: between }),
    ...(profilesOf(run.config).length < 2 ? {} : { profiles: under }),
    ...(pairs.length === 0 ? {} : { versions: pairs }),
    ...joinFields(added.map(({ drafts: own, fields }) => fields(next(own.length)))),
  };
}

function lastBlockOf(cells: ReadonlyMap<string, CellSamples>): number {
  let last = 0;
  for (const { samples } of cells.values())
    for (const { byBlock } of samples.values())
      for (const block of byBlock.keys()) last = Math.max(last, block);
  return last;
}

/** The context of a subject's rows: with the baseline and the runtimes of its own layer, where these differ. */
function contextOf(subject: Subject, context: RowContext): RowContext {
  const run = runOf(subject, context.run);
  if (run === context.run) return context;
  return { ...context, run, runtimes: subject.runtimes ?? [...subject.cells.keys()] };
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
