import { notices } from '../../messages/define.ts';
import { layersOf, type RunRecord } from '../../model/run/run.ts';
import { cellKey } from '../../model/trial/cell.ts';
import type { RowDraft } from '../claims/claims.ts';
import { type ComparisonFamily, floorFamily, headlineFamily, metricFamily } from '../claims/families.ts';
import { looksOf } from '../claims/looks.ts';
import { describeSample } from '../stats/order-statistic.ts';
import { emulatedNote } from '../values/emulated-guests.ts';
import { groupsNote, identity, noRatio, type RowContext } from '../values/groups.ts';
import type { CellSamples, MetricSample } from '../values/samples.ts';
import { tailOf } from '../values/tails.ts';
import { hostFigures, isOfCgroup } from '../values/uncounted.ts';
import { failureNote } from '../warnings/failure-notes.ts';
import { type BaselineComparison, type BaselineSide, baselineSide, compareWith } from './comparison.ts';
import { emptyRow } from './empty-row.ts';
import { referenceArms, type Subject } from './subjects.ts';

const text = notices('row', {
  seenByHost: '{instead}, since {headline} is left out: {reason}',
});

/**
 * The rows of one subject: the headline metric first, the others by id; within a metric the baseline first. A runtime
 * without values keeps one row, in the place of its headline, whose note says why.
 */
export function subjectRows(subject: Subject, context: RowContext): RowDraft[] {
  const found = new Set<string>();
  for (const cell of subject.cells.values()) for (const metric of cell.samples.keys()) found.add(metric);
  const { headline } = subject;
  const others = [...found].filter((metric) => metric !== headline).sort();
  const rows = headlineRows(subject, context);
  const led = new Set(rows.map(({ row }) => `${row.runtime} ${row.metric}`));
  for (const metric of others)
    rows.push(
      ...metricRows(subject, metric, false, context).filter(
        ({ row }) => !led.has(`${row.runtime} ${metric}`),
      ),
      ...leftOutRows(subject, metric, context),
    );
  return rows;
}

/** One row per runtime: its headline values, or the host's view instead, or why there are none. */
function headlineRows(subject: Subject, context: RowContext): RowDraft[] {
  const { headline } = subject;
  const measured = headline === null ? [] : metricRows(subject, headline, true, context);
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
 * The row with the host's view of the container, where the headline of the trial's cgroup is left out; null if the
 * host's view was not measured.
 */
function headlineOfHost(subject: Subject, runtime: string, context: RowContext): RowDraft | null {
  const { headline } = subject;
  const reason = context.uncounted.get(runtime)?.reason;
  if (reason === undefined || headline === null) return null;
  for (const instead of hostFigures.get(headline) ?? []) {
    const draft = metricRows(subject, instead, true, context).find(({ row }) => row.runtime === runtime);
    if (draft === undefined) continue;
    const notes = [...draft.notes, text.seenByHost({ instead, headline, reason })];
    return { ...draft, notes };
  }
  return null;
}

/** A row without value, with the reason, for every runtime whose figures of the trial's cgroup are left out. */
function leftOutRows(subject: Subject, metric: string, context: RowContext): RowDraft[] {
  if (!isOfCgroup(metric)) return [];
  return context.runtimes.flatMap((runtime) => {
    const cell = subject.cells.get(runtime);
    const measured = cell !== undefined && cell.samples.size > 0 && !cell.samples.has(metric);
    if (!measured || !context.uncounted.has(runtime)) return [];
    const draft = emptyRow(subject, runtime, metric, context);
    return [{ ...draft, row: { ...draft.row, headline: false, failures: 0 } }];
  });
}

/** The rows of one metric, the baseline's first. `headline`: the metric is the subject's headline, or replaces it. */
function metricRows(subject: Subject, metric: string, headline: boolean, context: RowContext): RowDraft[] {
  const { run, confidence, runtimes } = context;
  const { baseline } = run.config;
  const sideOf = baselineSides(subject, metric, run);
  return runtimes.flatMap((runtime): RowDraft[] => {
    const cell = subject.cells.get(runtime);
    const sample = cell?.samples.get(metric);
    if (cell === undefined || sample === undefined) return [];
    const family = familyOf(subject, runtime, metric, headline, context);
    const comparison =
      runtime === baseline
        ? null
        : compareWith(sideOf(runtime), cell, sample, {
            family,
            headline,
            confidence,
            looks: looksOf(run),
            sampling: context,
          });
    const groups = headline ? context.groups.get(cellKey(cell.cell)) : undefined;
    const tail =
      headline && comparison !== null && run.config.preset !== 'quick'
        ? tailOf(sample.byBlock.values(), firstArm(subject, metric, runtime, run), confidence)
        : null;
    return [
      {
        row: {
          ...valueRow(subject, cell, sample, comparison, context),
          headline,
          ...(tail === null ? {} : { tail }),
          ...(groups === undefined ? {} : { groups: [...groups] }),
        },
        notes: [
          emulatedNote(sample, context.emulated.get(runtime)),
          failureNote(cell, context.reasons.get(cellKey(cell.cell))),
          groups === undefined ? null : groupsNote(groups),
        ].filter((note) => note !== null),
        comparison,
      },
    ];
  });
}

/** The baseline of each runtime; runtimes that are paired with the same arms share one. */
function baselineSides(subject: Subject, metric: string, run: RunRecord): (runtime: string) => BaselineSide {
  const sides = new Map<string, BaselineSide>();
  return (runtime) => {
    const arms = referenceArms(runtime, run).join('|');
    const side = sides.get(arms) ?? baselineSide(subject, metric, run, runtime);
    sides.set(arms, side);
    return side;
  };
}

/** Values of the first arm of the baseline, which every pair of a runtime needs. */
function firstArm(subject: Subject, metric: string, runtime: string, run: RunRecord): Iterable<number> {
  const [arm] = referenceArms(runtime, run);
  return subject.cells.get(arm)?.samples.get(metric)?.byBlock.values() ?? [];
}

function familyOf(
  subject: Subject,
  runtime: string,
  metric: string,
  headline: boolean,
  { run, definition }: RowContext,
): ComparisonFamily {
  if (subject.identity.layer === 'floor') return floorFamily(metric);
  // The category isolation holds facts, not costs.
  if (headline && subject.category !== 'isolation')
    return headlineFamily(identity(subject, runtime), layersOf(run.config).length);
  const found = definition(subject.identity.workload, metric);
  return metricFamily(runtime, found?.id.endsWith('.*') ? found.id : metric);
}

/** A row with the values of a cell; its ratio is settled with the claims. */
export function valueRow(
  subject: Subject,
  cell: CellSamples,
  { metric, unit, better, byBlock, ofFailed }: MetricSample,
  comparison: BaselineComparison | null,
  context: RowContext,
): RowDraft['row'] {
  return {
    ...identity(subject, cell.cell.runtime),
    metric,
    unit,
    better,
    headline: false,
    failures: cell.failed.size - ofFailed,
    ...describeSample([...byBlock.values()], context.confidence),
    baseline: context.run.config.baseline,
    pairs: comparison?.ratio.pairs ?? byBlock.size,
    ...noRatio,
  };
}
