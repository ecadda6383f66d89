import { aaControl, duetArm, isBaselineArm } from '../model/aa-control.ts';
import type { ResolvedConfig, RunRecord } from '../model/run.ts';

type Arms = Pick<ResolvedConfig, 'baseline' | 'duet'>;

/** True for trials of a duet that are measured for another's sake, and have no rows. */
export function isPartner(label: string, { baseline, duet }: Arms): boolean {
  return duet === true && isBaselineArm(label, baseline);
}

/** True where the A/A control of a run joins its baseline. */
export function controlJoins({ method = 1 }: Pick<RunRecord, 'method'>): boolean {
  return method >= 2;
}

/**
 * Labels of the baseline's trials with which a runtime's are paired, the one that every pair needs first: in duets, the
 * trials that ran at once; else the baseline's own, with the A/A control where that joins it. The A/A control is paired
 * with the baseline's own.
 */
export function referenceArms(
  runtime: string,
  { config: { baseline, duet }, method }: { readonly config: Arms; readonly method?: number | undefined },
): readonly [string, ...string[]] {
  if (runtime === aaControl(baseline)) return [baseline];
  if (duet === true) return [duetArm(baseline, runtime)];
  return controlJoins({ method }) ? [baseline, aaControl(baseline)] : [baseline];
}
