import { evidenceOf, type Side, type Watch, watchAll } from './detector.ts';
import { alarmFrom, ownScore, practical } from './rules.ts';
import type { Measure, Series } from './series.ts';

/** What the rerun of a suspect says. */
export interface Confirmation {
  readonly kind: 'alarm' | 'unconfirmed';
  readonly side: Side;
  /** Of everything that was measured, and of what reruns added. */
  readonly evidence: { readonly all: number; readonly reruns: number };
  /** Of tonight's rerun alone: logarithm of how far it lies off the level, and the standard error. */
  readonly change: number;
  readonly se: number;
}

/**
 * Does the rerun confirm the suspicion? It does if it shows the change by its own values, which the suspicion did not choose,
 * if the change is worth telling, and if the evidence is that of an alarm: of everything, or of reruns alone.
 * The series' last night is tonight; null while its level is being learnt.
 */
export function confirm(series: Series, rerun: Measure): Confirmation | null {
  const tonight = series.nights.at(-1);
  if (tonight === undefined) return null;
  const nights = [...series.nights.slice(0, -1), { ...tonight, confirmation: rerun }];
  return confirmationOf(watchAll({ ...series, nights }));
}

/** The same of nights already gone through; null if the last one has no rerun. */
export function confirmationOf({ rerun, all, reruns }: Watch): Confirmation | null {
  if (rerun === null) return null;
  const side = rerun.change >= 0 ? 'up' : 'down';
  const evidence = { all: evidenceOf(all[side]), reruns: evidenceOf(reruns[side]) };
  const shows = rerun[side] >= ownScore && Math.abs(rerun.change) >= practical;
  const enough = evidence.all >= alarmFrom.all || evidence.reruns >= alarmFrom.reruns;
  return {
    kind: shows && enough ? 'alarm' : 'unconfirmed',
    side,
    evidence,
    change: rerun.change,
    se: rerun.se,
  };
}
