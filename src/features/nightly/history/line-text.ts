import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { formatEstimate, formatRatioEstimate } from '../../../report/format.ts';
import type { HeadlineLine } from './record.ts';

/** What became of a night. */
export const statusWords = messages('history.status', {
  measured: 'measured',
  interrupted: 'interrupted',
  skipped: 'skipped',
  failed: 'failed',
});

/** The ratio, or for the pinned baseline alone the value, with its interval. */
export function estimateText({ against, estimate, low, high, unit }: HeadlineLine, lang: Lang): string {
  return against === 'none'
    ? formatEstimate({ value: estimate, low, high }, unit, lang)
    : formatRatioEstimate({ ratio: estimate, low, high }, lang);
}
