import { csvOf, type Field } from '../../../../report/csv.ts';
import type { Combined, CombinedCategory, CombinedComparison } from '../combined-record.ts';

type Line = CombinedComparison | CombinedCategory;

const isComparison = (line: Line): line is CombinedComparison => 'workload' in line;
const cell =
  (read: (of: CombinedComparison) => string): Field<Line>[1] =>
  (line) =>
    isComparison(line) ? read(line) : '';

const combinedFields: readonly Field<Line>[] = [
  ['scope', (line) => (isComparison(line) ? 'comparison' : 'category')],
  ['runtime', ({ runtime }) => runtime],
  ['profile', cell(({ profile }) => profile)],
  ['layer', ({ layer }) => layer],
  ['engine', ({ engine }) => engine ?? ''],
  ['workload', cell(({ workload }) => workload)],
  ['params', cell(({ params }) => params)],
  ['category', ({ category }) => category],
  ['metric', cell(({ metric }) => metric)],
  ['baseline_profile', cell(({ baselineProfile }) => baselineProfile ?? '')],
  ['sessions', ({ sessions }) => sessions],
  ['ratio', (line) => (isComparison(line) ? line.ratio : line.cost)],
  ['ci_low', ({ low }) => low],
  ['ci_high', ({ high }) => high],
  ['ci90_low', ({ low90 }) => low90],
  ['ci90_high', ({ high90 }) => high90],
  ['df', ({ df }) => df],
  ['p', ({ p }) => p],
  ['p_adjusted', ({ pAdjusted }) => pAdjusted],
  ['verdict', ({ verdict }) => verdict],
  ['tau', ({ tau }) => tau],
  ['shared_tau', ({ sharedTau }) => sharedTau],
  ['q', ({ q }) => q],
  ['q_df', ({ qDf }) => qDf],
  ['differ_p', ({ differP }) => differP],
  ['half_width', ({ halfWidth }) => halfWidth],
  ['narrowest_half_width', ({ narrowest }) => narrowest],
];

/** A line for every comparison, then for every category. */
export function combinedCsv({ comparisons, categories }: Combined): string {
  return csvOf<Line>([...comparisons, ...categories], combinedFields);
}
