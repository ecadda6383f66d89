import { alarmFrom, practical, type Rules, rerunsOfWeek, rules } from './alarm-thresholds.ts';
import { type DetectorState, watch } from './detector.ts';
import { typicalDeviation } from './level.ts';
import { confirmationOf, rerunShows } from './raise-alarms.ts';
import type { Night, NightSeries } from './series.ts';
import { findingOf } from './suspicion.ts';

/** Smallest step that would alarm within so many nights of the noise that a series has; null where it is more than 100 %. */
export interface FindableStep {
  readonly nights: number;
  /** Ratio of the level after the step to that before, above 1. */
  readonly step: number | null;
}

/** After how many nights an operator asks. */
const asked = [1, 3, 7] as const;

/** Blocks of a rerun ÷ those of a first run. */
const rerunBlocks = 5;

/** Larger steps are not looked for. */
const most = Math.log(2);
/** Bisections: the step is known to less than a tenth of a per cent. */
const bisections = 10;

/**
 * What the guard would find at the noise of a series, by the guard itself: nights that lie exactly at the changed level, with
 * the errors that the last nights had, each with its rerun where it is suspect. Half of all such steps are found sooner and
 * half later. Null while the level is being learnt.
 */
export function findableSteps(
  { against }: Pick<NightSeries, 'against'>,
  state: DetectorState,
): readonly FindableStep[] | null {
  if (state.first === null) return null;
  const own = rules[against];
  return asked.map((nights) => {
    if (!isFound(most, nights, state, own)) return { nights, step: null };
    let [low, high] = [practical, most];
    if (isFound(low, nights, state, own)) return { nights, step: Math.exp(low) };
    for (let i = 0; i < bisections; i++) {
      const middle = (low + high) / 2;
      if (isFound(middle, nights, state, own)) high = middle;
      else low = middle;
    }
    return { nights, step: Math.exp(high) };
  });
}

/** Would a step of this logarithm alarm in one of so many nights? */
function isFound(step: number, nights: number, from: DetectorState, own: Rules): boolean {
  const { level } = from;
  const se = Math.sqrt(Math.max(0, typicalDeviation(level) ** 2 - level.tauSquared));
  const log = level.log + step;
  const first: Night = { night: '', key: '', log, se, df: 11 };
  const rerun = { log, se: se / Math.sqrt(rerunBlocks), df: 11 * rerunBlocks };
  let state: DetectorState = { ...from, all: quiet, reruns: quiet };
  let reruns = 0;
  for (let i = 0; i < nights; i++) {
    const alone = watch(state, first, own);
    const finding = findingOf(alone);
    const isNoisy = reruns >= rerunsOfWeek && finding.kind === 'suspect' && finding.evidence < alarmFrom.all;
    if (finding.kind !== 'suspect' || isNoisy) {
      state = alone;
      continue;
    }
    state = watch(state, { ...first, confirmation: rerun }, own);
    if (!rerunShows(state)) reruns++;
    if (confirmationOf(state)?.kind === 'alarm') return true;
  }
  return false;
}

const none = [0, 0, 0];
const quiet = { up: none, down: none };
