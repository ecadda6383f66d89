import type { Lang } from '../core/messages/message.ts';
import type { SummaryRow } from '../core/model/analysis.ts';
import { formatDifference } from './format.ts';

/** `+105 ms [100, 111]`: the paired difference to the baseline; null where it was not recorded. */
export function differenceText({ difference, unit }: SummaryRow, lang: Lang): string | null {
  if (difference === undefined || unit === null) return null;
  const { estimate: value, low, high } = difference;
  return formatDifference({ value, low, high }, unit, lang);
}
