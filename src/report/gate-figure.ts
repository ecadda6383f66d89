import type { Lang } from '../core/messages/message.ts';
import type { GateResult } from '../core/model/gate.ts';
import { formatEstimate, formatRatioEstimate } from './format.ts';

/** The figure that a limit was held against, with its interval; null where there is none. */
export function gateFigure({ estimate, interval, unit }: GateResult, lang: Lang): string | null {
  if (estimate === null) return null;
  const { low, high } = interval ?? { low: null, high: null };
  return unit === null
    ? formatRatioEstimate({ ratio: estimate, low, high }, lang)
    : formatEstimate({ value: estimate, low, high }, unit, lang);
}
