import { aaControl, duetArm, isBaselineArm } from '../model/aa-control.ts';
import type { ResolvedConfig } from '../model/run.ts';

type Arms = Pick<ResolvedConfig, 'baseline' | 'duet'>;

/** True for trials of a duet that are measured for another's sake, and have no rows. */
export function isPartner(label: string, { baseline, duet }: Arms): boolean {
  return duet === true && isBaselineArm(label, baseline);
}

/**
 * Labels of the baseline's trials with which a runtime's are paired, the one that every pair needs first: in duets, the
 * trials that ran at once; else the baseline's own and the A/A control's. The A/A control is paired with the baseline's
 * own.
 */
export function referenceArms(
  runtime: string,
  { config: { baseline, duet } }: { readonly config: Arms },
): readonly [string, ...string[]] {
  if (runtime === aaControl(baseline)) return [baseline];
  if (duet === true) return [duetArm(baseline, runtime)];
  return [baseline, aaControl(baseline)];
}
