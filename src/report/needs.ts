import { messages } from '../messages/define.ts';
import type { Lang, Message } from '../messages/message.ts';
import type { Needs, SummaryRow } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { shellWord } from '../model/shell-word.ts';
import { formatCount, formatPercent } from './format.ts';
import { formatLimit } from './progress/duration.ts';
import { plainText } from './sanitize.ts';

const words = messages('report.needs', {
  blocks: '±{width} needs about {blocks} blocks{time} at this noise',
  time: ' ({time} more)',
});

/** An inconclusive headline that says what an answer needs. */
export type OpenRow = SummaryRow & { readonly needs: Needs };

/** Inconclusive headlines that more blocks can answer, the one that needs the least time first. */
export function openRows(rows: readonly SummaryRow[]): readonly OpenRow[] {
  const time = ({ needs }: OpenRow) => needs.moreMs ?? Number.POSITIVE_INFINITY;
  return rows
    .filter((row): row is OpenRow => row.needs !== undefined)
    .toSorted((a, b) => Math.sign(time(a) - time(b)) || a.needs.moreBlocks - b.needs.moreBlocks);
}

/** `±5% needs about 40 blocks (11 min more) at this noise`. Times are rounded up. */
export function needsText({ halfWidth, blocks, moreMs }: Needs, lang: Lang): Message {
  return words.blocks({
    width: formatPercent(halfWidth, lang, halfWidth < 0.01 ? 1 : 0),
    blocks: formatCount(blocks, lang),
    time: moreMs === null ? '' : words.time({ time: formatLimit(moreMs, lang) }),
  });
}

/** The options of the command that goes on with a run until a comparison has its answer. */
export function extendCommand({ runId }: RunRecord, { until }: Needs): string {
  // A control character would make what is copied another command than what is read.
  return ['ocibench run --resume', shellWord(plainText(runId)), '--until', shellWord(plainText(until))].join(
    ' ',
  );
}
