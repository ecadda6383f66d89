import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import type { CategoryEstimate, PrecisionNeeds, SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import { areSurvivors } from '../../core/model/trial/trial-outcome.ts';
import { formatCount, formatPercent } from '../document/format.ts';
import { formatLimit } from '../progress/lines.ts';

const words = messages('report.needs', {
  least: 'at least {blocks} blocks are needed',
  leastTime: 'at least {time} more are needed ({blocks} blocks in all)',
  blocks: 'about {blocks} blocks would give an interval of ±{width}',
  time: 'about {time} more would give an interval of ±{width} ({blocks} blocks in all)',
  extend: '@(run --resume {run} --until {until})',
});

/** An inconclusive headline with the effort that would decide it. */
export type OpenRow = SummaryRow & { readonly needs: PrecisionNeeds };

/** Inconclusive headlines that more blocks can decide, sorted by the time they need. */
export function openRows(rows: readonly SummaryRow[]): readonly OpenRow[] {
  return rows.filter((row): row is OpenRow => row.needs !== undefined).toSorted(leastTime);
}

function leastTime(a: { readonly needs: PrecisionNeeds }, b: { readonly needs: PrecisionNeeds }): number {
  const [first, second] = [a, b].map(({ needs }) => needs.moreMs ?? Number.POSITIVE_INFINITY);
  return Math.sign((first ?? 0) - (second ?? 0)) || a.needs.moreBlocks - b.needs.moreBlocks;
}

/** An inconclusive category of several subjects with the effort that would decide it. */
export type OpenCategory = CategoryEstimate & { readonly needs: PrecisionNeeds };

/** Inconclusive categories of several subjects that more blocks can decide, sorted by the time they need. */
export function openCategories(categories: readonly CategoryEstimate[]): readonly OpenCategory[] {
  return categories
    .filter((one): one is OpenCategory => one.needs !== undefined && one.subjects > 1)
    .toSorted(leastTime);
}

/**
 * Inconclusive headlines without {@link SummaryRow.needs} whose interval is narrower than the practical threshold but contains it:
 * whether they differ by more or less is open, and no number of blocks is sure to decide. Leaves out survivors, which never have
 * a verdict.
 */
export function edgeRows(rows: readonly SummaryRow[], practical: number): readonly SummaryRow[] {
  return rows.filter((row) => {
    const { headline, verdict, n, failures, ratioCiLow: low, ratioCiHigh: high } = row;
    if (areSurvivors({ failed: failures, ok: n })) return false;
    if (
      !headline ||
      verdict !== 'inconclusive' ||
      row.needs !== undefined ||
      low === null ||
      high === null ||
      low <= 0
    )
      return false;
    const holds = (edge: number) => low <= edge && edge <= high;
    const isNarrow = Math.log(high / low) <= 2 * Math.log1p(practical);
    return isNarrow && (holds(1 + practical) || holds(1 / (1 + practical)));
  });
}

/** `about 11 min more would give an interval of ±5% (40 blocks in all)`. Times are rounded up. */
export function needsText({ halfWidth, blocks, atLeast, moreMs }: PrecisionNeeds, lang: Lang): Message {
  const known = {
    width: formatPercent(halfWidth, lang, halfWidth < 0.01 ? 1 : 0),
    blocks: formatCount(blocks, lang),
  };
  if (atLeast === true)
    return moreMs === null
      ? words.least(known)
      : words.leastTime({ ...known, time: formatLimit(moreMs, lang) });
  return moreMs === null ? words.blocks(known) : words.time({ ...known, time: formatLimit(moreMs, lang) });
}

/** The command that extends a run until a comparison is decided. */
export function extending({ runId: run }: RunRecord, { until }: PrecisionNeeds): Message {
  return words.extend({ run, until });
}
