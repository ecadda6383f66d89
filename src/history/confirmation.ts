import { stronger, type Watch, watchAll } from './detector.ts';
import { alarmFrom, practical } from './rules.ts';
import type { Measure, Series } from './series.ts';

/** What the rerun of a suspect says. */
export interface Confirmation {
  /** `alarm`: the reruns alone show the change, and it is worth telling. `unconfirmed`: they do not, or not yet. */
  readonly kind: 'alarm' | 'unconfirmed';
  readonly side: 'up' | 'down';
  /** Of the reruns of this and the nights before. */
  readonly evidence: number;
  /** Of tonight's rerun: logarithm of how far it lies off the level, and the standard error. */
  readonly change: number;
  readonly se: number;
}

/**
 * Do the reruns confirm the suspicion? They are judged by their own values, which the suspicion did not choose. The series'
 * last night is tonight; null while its level is being learnt.
 */
export function confirm(series: Series, rerun: Measure): Confirmation | null {
  const tonight = series.nights.at(-1);
  if (tonight === undefined) return null;
  const nights = [...series.nights.slice(0, -1), { ...tonight, confirmation: rerun }];
  return confirmationOf(watchAll({ ...series, nights }));
}

/** The same of nights already gone through; null if the last one has no rerun. */
export function confirmationOf({ lastRerun, reruns }: Watch): Confirmation | null {
  if (lastRerun === null) return null;
  const { side, evidence } = stronger(reruns);
  const { change, se } = lastRerun;
  const towards = side === 'up' ? change : -change;
  return {
    kind: evidence >= alarmFrom && towards >= practical ? 'alarm' : 'unconfirmed',
    side,
    evidence,
    change,
    se,
  };
}
