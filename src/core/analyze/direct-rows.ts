import { cellKey } from '../model/cell.ts';
import type { Draft } from './claims.ts';
import { compareWith } from './comparison.ts';
import { failureNote } from './failure-notes.ts';
import { type OtherQuestion, otherHeadlineFamily, otherMetricFamily } from './families.ts';
import { looksOf } from './looks.ts';
import { identity, type RowContext } from './row-context.ts';
import { emulatedNote, valueRow } from './rows.ts';
import type { CellSamples } from './samples.ts';
import type { Subject } from './subjects.ts';

/** Two cells of the same work that are compared directly: not with the baseline, but one with the other. */
export interface DirectPair {
  readonly question: OtherQuestion;
  /** Of `cell`. */
  readonly subject: Subject;
  readonly cell: CellSamples;
  /** null: it has no values at all, and every row says so. */
  readonly reference: CellSamples | null;
  /** What the rows call the reference. */
  readonly against: Pick<Draft['row'], 'baseline' | 'baselineEngine' | 'baselineProfile'>;
}

/**
 * A row for every metric that both cells have in a block, the headline first. They are judged as all comparisons are, in
 * families of their own question. What only one of them has is in the rows of the run; of a profile it has a row here, too.
 */
export function directRows(pair: DirectPair, context: RowContext): Draft[] {
  const { question, subject, cell, reference } = pair;
  const { headline } = subject;
  const metrics = [...cell.samples.keys()].filter(
    (metric) => question === 'profile' || reference?.samples.has(metric) === true,
  );
  const ordered = metrics.toSorted(
    (a, b) => Number(b === headline) - Number(a === headline) || (a < b ? -1 : 1),
  );
  return ordered.flatMap((metric) => metricRow(pair, metric, context) ?? []);
}

function metricRow(pair: DirectPair, metric: string, context: RowContext): Draft | null {
  const { question, subject, cell, reference, against } = pair;
  const { run, confidence, definition } = context;
  const sample = cell.samples.get(metric);
  const values = reference?.samples.get(metric)?.byBlock ?? null;
  if (sample === undefined) return null;
  const headline = metric === subject.headline;
  const { runtime } = cell.cell;
  // Facts are no question of cost.
  const asked = headline && subject.category !== 'isolation';
  const found = definition(subject.identity.workload, metric)?.id ?? metric;
  const family = asked
    ? otherHeadlineFamily(question, identity(subject, runtime))
    : otherMetricFamily(question, found.endsWith('.*') ? found : metric);
  const name = [against.baseline, against.baselineEngine ?? [], against.baselineProfile ?? []].flat();
  const side = { name: name.join(' / '), cells: reference === null ? [] : [reference], values };
  const comparison = compareWith(side, cell, sample, { family, headline, confidence, looks: looksOf(run) });
  if (comparison.ratio.pairs === 0 && question !== 'profile') return null;
  return {
    row: { ...valueRow(subject, cell, sample, comparison, context), ...against, headline },
    notes: [
      emulatedNote(sample.unit, context.emulated.get(runtime)),
      failureNote(cell, context.reasons.get(cellKey(cell.cell))),
    ].filter((note) => note !== null),
    comparison,
  };
}
