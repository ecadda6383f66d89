import { messages } from '../../../core/messages/define.ts';
import type { SummaryRow } from '../../../core/model/analysis.ts';
import { cellKey } from '../../../core/model/cell.ts';
import type { Change, RunComparison } from '../../../core/model/run-comparison.ts';
import type { ReportContext } from '../../context.ts';
import { type Block, lineBreak, number, quiet, type Text } from '../../document.ts';
import { formatRatioEstimate } from '../../format.ts';
import { isClaimed } from '../../run-comparison-table.ts';
import { verdictInline } from '../../words/verdict.ts';

const words = messages('section.changes', {
  head: 'Δ run before',
  about:
    'Δ: after ÷ before, since run {before}. For {baseline} of its values, for the others of their ratio to {baseline}. A verdict stands where a change is claimed.',
});

/** Title of the column. */
export const changeHead = words.head;

/** The changes of a run by cell; null where it is compared with none. */
export function changesByCell(changes: RunComparison | null | undefined): ReadonlyMap<string, Change> | null {
  if (changes === undefined || changes === null) return null;
  return new Map(changes.changes.map((change) => [cellKey(change), change]));
}

/** `1.02× [0.98, 1.06]`, with a verdict where one is claimed. */
export function changeCell(
  row: SummaryRow,
  changes: ReadonlyMap<string, Change>,
  { lang, t }: ReportContext,
): Text {
  const change = changes.get(cellKey(row));
  if (change === undefined || change.ratio === null || change.metric !== row.metric) return [];
  const { ratio, low, high, verdict } = change;
  const shown = number(formatRatioEstimate({ ratio, low, high }, lang), ratio);
  if (!isClaimed(change)) return [shown];
  // What differs between runtimes is another question than what changed.
  return [shown, lineBreak, { ...verdictInline(verdict, t), differs: undefined }];
}

/** What the column is. */
export function aboutChanges({ changes, analysis, t }: ReportContext): readonly Block[] {
  if (changes === undefined || changes === null) return [];
  return [quiet(t(words.about({ before: changes.before, baseline: analysis.baseline })))];
}
