import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { formatNumber, numberLocales } from '../../core/messages/number.ts';
import type { TimeLeft } from '../../core/model/time-left.ts';

const words = messages('progress', { left: '{min}–{max} left', leftAtMost: 'at most {max} left' });

interface Step {
  readonly unit: string;
  readonly ms: number;
  readonly decimals: number;
}

function stepFor(ms: number): Step {
  if (ms < 120_000) return { unit: 's', ms: 1000, decimals: 0 };
  return ms < 90 * 60_000
    ? { unit: 'min', ms: 60_000, decimals: 0 }
    : { unit: 'h', ms: 3_600_000, decimals: 1 };
}

/** A duration in the step's unit. `round` widens the range, so that it never promises more than was computed. */
function inStep(ms: number, step: Step, round: (value: number) => number): number {
  const factor = 10 ** step.decimals;
  return round((ms / step.ms) * factor) / factor;
}

/** `12:31`, `1:02:31`: elapsed time, the same in every language. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** `25 min`, `1,5 h`: a limit, rounded up. */
export function formatLimit(ms: number, lang: Lang): string {
  const step = stepFor(ms);
  const number = formatNumber(inStep(ms, step, Math.ceil), step.decimals, lang);
  return `${number}${numberLocales[lang].unitSpace}${step.unit}`;
}

/** `8–21 min left`, or `at most 21 min left` without a better estimate. */
export function timeLeft({ minMs, maxMs }: TimeLeft, lang: Lang): Message {
  const step = stepFor(maxMs);
  const min = inStep(minMs, step, Math.floor);
  const max = formatLimit(maxMs, lang);
  return min === 0
    ? words.leftAtMost({ max })
    : words.left({ min: formatNumber(min, step.decimals, lang), max });
}
