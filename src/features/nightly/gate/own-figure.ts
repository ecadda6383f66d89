import { listed } from '../../../core/messages/compose.ts';
import { recalled } from '../../../core/messages/record.ts';
import type { SummaryRow } from '../../../core/model/analysis.ts';
import { defaultLayer } from '../../../core/model/cell.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import { areSurvivors } from '../../../core/model/survivors.ts';
import type { Asked } from './asked.ts';
import { type Evidence, intervalOf, type Looked, missing } from './evidence.ts';

/** What the run itself says: a value, or the ratio to its baseline. `baselines`: names of the one that the limit is for. */
export function ownFigure(
  asked: Asked,
  { run, analysis }: Pick<Evidence, 'run' | 'analysis'>,
  baselines: readonly string[],
): Looked {
  const { gate, name, workload, params } = asked;
  const { baseline } = run.config;
  const isRatio = gate.vs === 'baseline';
  if (isRatio && !baselines.includes(baseline))
    return { why: missing.otherBaseline({ baseline, expected: baselines[0] ?? '' }) };
  if (gate.subject.kind === 'category') return categoryFigure(asked, { run, analysis });
  const rows = analysis.rows.filter(
    (row) => row.headline && row.workload === workload && row.params === params && row.layer === gate.layer,
  );
  const row = rows.find(({ runtime }) => runtime === gate.runtime);
  if (row === undefined) return { why: missing.notMeasured({ what: name }) };
  const { metric, unit, median } = row;
  const note = recalled(row, 'note');
  if (metric === null || unit === null || median === null) return { why: missing.noValue({ note }) };
  if (metric !== gate.subject.metric)
    return { why: missing.otherFigure({ metric, expected: gate.subject.metric }) };
  const compared = isRatio ? [row, ...rows.filter(({ runtime }) => runtime === baseline)] : [row];
  const survivors = compared.find(({ failures, n }) => areSurvivors({ failed: failures, ok: n }));
  if (survivors !== undefined) {
    const { failures, n } = survivors;
    return { why: missing.survivors({ failed: failures, all: failures + n }) };
  }
  if (!isRatio)
    return {
      figure: { estimate: median, interval: intervalOf(row.ciLow, row.ciHigh), unit, reference: null },
    };
  if (row.ratio === null) return { why: missing.noRatio({ note }) };
  const interval = intervalOf(row.ratioCiLow, row.ratioCiHigh);
  // With an interval, a test is missing only where none is allowed.
  if (interval !== null && row.p === null) return { why: missing.withheld({ note }) };
  return { figure: { estimate: row.ratio, interval, unit: null, reference: baseline } };
}

/** A category says something where all that was scheduled of it has a ratio: what failed may be what is slow. */
function categoryFigure(
  { gate: { runtime, layer }, category, name }: Asked,
  { run, analysis }: Pick<Evidence, 'run' | 'analysis'>,
): Looked {
  const own = (analysis.categories ?? []).find(
    (one) => one.runtime === runtime && one.category === category && one.layer === layer,
  );
  if (own === undefined) return { why: missing.notMeasured({ what: name }) };
  const lost = analysis.rows.filter(
    (row) =>
      row.headline &&
      row.runtime === runtime &&
      row.category === category &&
      row.layer === layer &&
      row.better !== 'neither' &&
      (row.ratio === null || row.p === null) &&
      !isUnsupported(row, run),
  );
  if (lost.length > 0) return { why: missing.partly({ members: listed(lost.map(subjectName)) }) };
  const { cost, low, high } = own;
  const { baseline } = run.config;
  return { figure: { estimate: cost, interval: intervalOf(low, high), unit: null, reference: baseline } };
}

/** Was it known beforehand that the runtime cannot do it? */
function isUnsupported(row: SummaryRow, { subjects }: Evidence['run']): boolean {
  return subjects.some(
    ({ workload, params, layer = defaultLayer, unsupported }) =>
      workload === row.workload &&
      params === row.params &&
      layer === row.layer &&
      Object.hasOwn(unsupported, row.runtime),
  );
}
