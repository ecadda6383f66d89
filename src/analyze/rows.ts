import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import type { SummaryRow } from '../model/analysis.ts';
import { type Cell, cellKey } from '../model/cell.ts';
import type { MetricDefinition, Unit } from '../model/metric.ts';
import { type RunRecord, unsupportedReason } from '../model/run.ts';
import { type Draft, headlineFamily } from './claims.ts';
import type { Described } from './effective-trial.ts';
import { failureNote } from './failure-notes.ts';
import { pairedRatio, type Ratio } from './ratio.ts';
import { runStatus } from './run-status.ts';
import type { CellSamples, Sample } from './samples.ts';
import { describeSample } from './stats/order-statistic.ts';
import { runtimesByName, type Subject } from './subjects.ts';
import { hostFigures, isOfCgroup, type Uncounted } from './uncounted.ts';

const text = notices('row', {
  seenByHost: '{instead}, since {headline} is left out: {reason}',
  emulatedGuest: 'emulated guest ({by})',
  unavailable: '{reason}; fix: {fix}',
  noTrial: 'no measured trial was made (the run is {status})',
  leftOut: '{metric} is left out: {reason}',
  needsRoot:
    'the memory of root’s processes (smaps_rollup) cannot be read without root; fix: sudo ./ocibench run',
  noValue: 'its trials ended well, but none gave this value',
});

/** What every row of a run needs. */
export interface RowContext {
  readonly run: RunRecord;
  readonly confidence: number;
  /** Row order; see runtimeOrder. */
  readonly runtimes: readonly string[];
  /** cell key → why its trials gave no value. */
  readonly reasons: ReadonlyMap<string, Described>;
  /** Runtimes whose figures of the trial's cgroup are left out, and why; see uncountedRuntimes. */
  readonly uncounted: ReadonlyMap<string, Pick<Uncounted, 'reason'>>;
  /** Runtimes with emulated guests → the emulator. */
  readonly emulated: ReadonlyMap<string, string>;
  /** Find a definition of the workload's own metrics, by id. */
  readonly definition: (workload: string, metric: string) => MetricDefinition | undefined;
}

/**
 * The rows of one subject: the headline metric first, the others by id; within a metric the baseline first. A runtime
 * without values keeps one row, in the place of its headline, whose note says why.
 */
export function subjectRows(subject: Subject, context: RowContext): Draft[] {
  const found = new Set<string>();
  for (const cell of subject.cells.values()) for (const metric of cell.samples.keys()) found.add(metric);
  const { headline } = subject;
  const others = [...found].filter((metric) => metric !== headline).sort();
  const rows = headlineRows(subject, context);
  const led = new Set(rows.map(({ row }) => `${row.runtime} ${row.metric}`));
  for (const metric of others)
    rows.push(
      ...metricRows(subject, metric, context).filter(({ row }) => !led.has(`${row.runtime} ${metric}`)),
      ...leftOutRows(subject, metric, context),
    );
  return rows;
}

/** One row per runtime: its headline values, or the host's view instead, or why there are none. */
function headlineRows(subject: Subject, context: RowContext): Draft[] {
  const { headline } = subject;
  const measured = headline === null ? [] : metricRows(subject, headline, context);
  const byRuntime = new Map(measured.map((draft) => [draft.row.runtime, draft]));
  return context.runtimes.flatMap((runtime) => {
    const draft = byRuntime.get(runtime) ?? headlineOfHost(subject, runtime, context);
    if (draft !== null) return draft;
    const cell = subject.cells.get(runtime);
    const hasOthers = cell !== undefined && cell.samples.size > 0;
    // Without a headline (a workload that no longer exists), the other metrics represent the cell.
    if (hasOthers && headline === null) return [];
    return emptyRow(subject, runtime, hasOthers ? headline : null, context);
  });
}

/**
 * Where a headline of the trial's cgroup is left out: the row with the host's view of the container, if that was
 * measured.
 */
function headlineOfHost(subject: Subject, runtime: string, context: RowContext): Draft | null {
  const { headline } = subject;
  const reason = context.uncounted.get(runtime)?.reason;
  if (reason === undefined || headline === null) return null;
  for (const instead of hostFigures.get(headline) ?? []) {
    const draft = metricRows(subject, instead, context).find(({ row }) => row.runtime === runtime);
    if (draft === undefined) continue;
    const notes = [...draft.notes, text.seenByHost({ instead, headline, reason })];
    return { ...draft, family: headlineFamily, row: { ...draft.row, headline: true }, notes };
  }
  return null;
}

/** A row without value, with the reason, for every runtime whose figures of the trial's cgroup are left out. */
function leftOutRows(subject: Subject, metric: string, context: RowContext): Draft[] {
  if (!isOfCgroup(metric)) return [];
  return context.runtimes.flatMap((runtime) => {
    const cell = subject.cells.get(runtime);
    const measured = cell !== undefined && cell.samples.size > 0 && !cell.samples.has(metric);
    if (!measured || !context.uncounted.has(runtime)) return [];
    const draft = emptyRow(subject, runtime, metric, context);
    return [{ ...draft, row: { ...draft.row, headline: false, failures: 0 } }];
  });
}

/** The rows of one metric, the baseline's first. */
function metricRows(subject: Subject, metric: string, context: RowContext): Draft[] {
  const { baseline } = context.run.config;
  const samples = context.runtimes.flatMap((runtime) => {
    const cell = subject.cells.get(runtime);
    const sample = cell?.samples.get(metric);
    return cell === undefined || sample === undefined ? [] : { runtime, cell, sample };
  });
  const reference = samples.find(({ runtime }) => runtime === baseline)?.sample;
  return samples
    .map(({ runtime, cell, sample }) => ({
      ratio:
        runtime === baseline
          ? null
          : pairedRatio(sample.byBlock, reference?.byBlock ?? new Map(), context.confidence),
      baselineKnown: reference !== undefined,
      family: familyOf(subject, metric, context),
      cell,
      sample,
    }))
    .map(({ cell, sample, ...draft }) => ({
      ...draft,
      row: valueRow(subject, cell, sample, draft.ratio, context),
      notes: [
        emulatedNote(sample.unit, context.emulated.get(cell.cell.runtime)),
        failureNote(cell, context.reasons.get(cellKey(cell.cell))),
      ].filter((note) => note !== null),
    }));
}

function familyOf(subject: Subject, metric: string, context: RowContext): string {
  if (metric === subject.headline) return headlineFamily;
  const definition = context.definition(subject.identity.workload, metric);
  return definition?.id.endsWith('.*') ? definition.id : metric;
}

function valueRow(
  subject: Subject,
  cell: CellSamples,
  { metric, unit, better, byBlock }: Sample,
  ratio: Ratio | null,
  context: RowContext,
): Draft['row'] {
  return {
    ...identity(subject, cell.cell.runtime),
    metric,
    unit,
    better,
    headline: metric === subject.headline,
    failures: cell.failed.size,
    ...describeSample([...byBlock.values()], context.confidence),
    baseline: context.run.config.baseline,
    pairs: ratio?.pairs ?? byBlock.size,
    ratio: ratio?.ratio ?? null,
    ratioCiLow: ratio?.low ?? null,
    ratioCiHigh: ratio?.high ?? null,
    p: ratio?.p ?? null,
  };
}

/** Note for every time and rate of an emulated guest. */
function emulatedNote(unit: Unit, by: string | undefined): Message | null {
  const timed = unit === 'ns' || unit === 'ns/op' || unit === 'ops/s' || unit === 'bytes/s';
  return by === undefined || !timed ? null : text.emulatedGuest({ by });
}

/** The row of a runtime that has no value: of this subject, or (where `metric` is given) of that metric only. */
function emptyRow(subject: Subject, runtime: string, metric: string | null, context: RowContext): Draft {
  const cell = subject.cells.get(runtime);
  const definition = metric === null ? undefined : context.definition(subject.identity.workload, metric);
  const row = {
    ...identity(subject, runtime),
    metric,
    unit: definition?.unit ?? null,
    better: definition?.better ?? null,
    headline: true,
    n: 0,
    failures: cell?.failed.size ?? 0,
    median: null,
    ciLow: null,
    ciHigh: null,
    p95: null,
    min: null,
    max: null,
    mad: null,
    baseline: context.run.config.baseline,
    pairs: 0,
    ratio: null,
    ratioCiLow: null,
    ratioCiHigh: null,
    p: null,
  };
  const notes = [whyEmpty(subject, runtime, metric, context)];
  return { row, notes, ratio: null, baselineKnown: false, family: headlineFamily };
}

function whyEmpty(subject: Subject, runtime: string, metric: string | null, context: RowContext): Message {
  const preflight = runtimesByName(context.run).get(runtime)?.preflight;
  const cell = subject.cells.get(runtime);
  if (cell === undefined) {
    if (preflight?.status === 'unavailable')
      return text.unavailable({ reason: recalled(preflight, 'reason'), fix: recalled(preflight, 'fix') });
    return unsupportedReason(subject, runtime) ?? text.noTrial({ status: runStatus[context.run.status] });
  }
  const reason = context.reasons.get(cellKey(cell.cell));
  const leftOut = metric !== null && isOfCgroup(metric) ? context.uncounted.get(runtime) : undefined;
  if (leftOut !== undefined) return text.leftOut({ metric: metric ?? '', reason: leftOut.reason });
  const failures = failureNote(cell, reason);
  if (failures !== null) return failures;
  if (reason !== undefined && reason.reason.text !== 'ok') return reason.reason;
  return needsRoot(subject, context) ? text.needsRoot : text.noValue;
}

const ofRootsProcesses: ReadonlySet<string> = new Set([
  'memory.resident',
  'memory.private',
  'memory.footprint',
  'density.resident',
  'density.footprint',
]);

/** True for a figure that needs root's processes, in a run by another user. */
function needsRoot({ headline }: Subject, { run }: RowContext): boolean {
  const root = run.checks.find(({ id }) => id === 'privileges')?.status !== 'warn';
  return !root && headline !== null && ofRootsProcesses.has(headline);
}

function identity(subject: Subject, runtime: string): Cell & Pick<SummaryRow, 'category'> {
  return { runtime, ...subject.identity, category: subject.category };
}
