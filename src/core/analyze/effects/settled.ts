import { isSeparable } from '../../factorial/effects.ts';
import type { Design } from '../../model/design.ts';
import { type Settled, type SettlingRule, settledAfter } from '../settled.ts';
import { hodgesLehmann } from '../stats/hodges-lehmann.ts';
import type { Subject } from '../subjects.ts';
import { effectsIn, measuredArms } from './arms.ts';
import { contrastOf } from './contrast.ts';

/**
 * Why the arms of a design need no more blocks of a subject for its main effects: each of them is clear or precise, by the same
 * rule as a comparison. null while one needs more. Interactions, whose intervals are twice as wide, do not make a run
 * longer. undefined: there is no effect to wait for.
 */
export function settledEffects(
  design: Design,
  subject: Subject,
  rule: SettlingRule,
): Settled | null | undefined {
  const arms = measuredArms(design, subject);
  const mains = effectsIn(arms).filter((effect) => effect.factors.length === 1 && isSeparable(effect));
  const contrasts = mains
    .map((effect) => contrastOf(effect, arms))
    .filter(({ notPositive }) => notPositive === null);
  if (contrasts.length === 0) return undefined;
  const found = contrasts.map(({ byBlock }) => {
    const logs = [...byBlock].toSorted(([a], [b]) => a - b).map(([, log]) => log);
    return settledAfter(logs.length, (n) => shiftAfter(logs, n, rule.confidence), rule);
  });
  if (found.includes(null)) return null;
  return found.includes('clear') ? 'clear' : 'precise';
}

function shiftAfter(logs: readonly number[], n: number, confidence: number) {
  if (n < 1) return null;
  const { estimate, low, high } = hodgesLehmann(logs.slice(0, n), confidence);
  return low === null || high === null ? null : { estimate, low, high };
}
