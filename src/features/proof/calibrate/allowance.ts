import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { SettledReason } from '../../../core/analyze/claims/settled.ts';
import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import { external, joined } from '../../../core/messages/compose.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { saidAs } from '../../../core/model/failure/said.ts';
import type { CalibrationCheck, CalibrationVerdict } from './calibration.ts';

/** Title and note of a check as texts, and their messages. */
export function titledAndNoted(title: Message, notes: readonly Message[]) {
  const [only] = notes;
  const note = notes.length > 1 ? joined(notes, 'semicolon') : (only ?? external(''));
  const texts = { ...saidAs('title', title).messages, ...saidAs('note', note).messages };
  return {
    title: title.text,
    note: note.text,
    ...(Object.keys(texts).length === 0 ? {} : { messages: texts }),
  };
}

/** The check with one more note. */
export function withNote(check: CalibrationCheck, note: Message): CalibrationCheck {
  const notes = check.note === '' ? [note] : [recalled(check, 'note'), note];
  return { ...check, ...titledAndNoted(recalled(check, 'title'), notes) };
}

/** Tolerance of a check, on the scale of its errors (logarithms for a ratio). */
export interface Allowance {
  readonly relation: CalibrationCheck['relation'];
  /** Largest error that passes, ≥ 0; for `at-least` the largest shortfall. */
  readonly limit: number;
  /** Half-width at which an interval is precise, regardless of its position. */
  readonly precise: number;
}

/** An interval of the error. */
export interface ErrorInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Confidence of the interval of every check. */
export const confidence = 0.95;

/**
 * Minimum distance of a clear check's estimate from the limit, in half-widths. A check is judged after every block, so a
 * smaller distance would too often pass an instrument whose true error equals the tolerance. With this distance it passes in
 * fewer than 5 % of calibrations (`test/features/proof/calibrate/settling-simulation.slow.test.ts`).
 */
const clearHalfWidths = 1.5;

/** Further pairs after the interval became narrow enough. Stopping at that pair would select intervals that are too narrow. */
const pairsAfter = 2;

/** The interval of the errors; null if there are too few. */
export function intervalOf(errors: readonly number[]): ErrorInterval | null {
  if (errors.length === 0) return null;
  const { estimate, low, high } = hodgesLehmann(errors, confidence);
  return low === null || high === null ? null : { estimate, low, high };
}

/** The verdict on an interval: a pass needs all of it within the limit, a failure all of it outside. */
export function verdictOf(
  { low, high }: Pick<ErrorInterval, 'low' | 'high'>,
  { relation, limit }: Allowance,
): CalibrationVerdict {
  if (relation === 'at-least') return low >= -limit ? 'pass' : high < -limit ? 'fail' : 'inconclusive';
  if (low >= -limit && high <= limit) return 'pass';
  return high < -limit || low > limit ? 'fail' : 'inconclusive';
}

const halfWidth = ({ low, high }: ErrorInterval) => (high - low) / 2;

/** Largest half-width at which a check with this estimate is clear. */
function clearHalfWidth(estimate: number, { relation, limit }: Allowance): number {
  return Math.abs(limit - (relation === 'at-least' ? -estimate : Math.abs(estimate))) / clearHalfWidths;
}

/**
 * Why a check needs no more pairs, judged only by its errors in the order of blocks; null if it needs more.
 *
 * - `clear`: its interval has a verdict, and its estimate is far from the limit in half-widths of that interval.
 * - `precise`: two pairs ago the interval was narrow enough for a verdict in any position. Applies to errors near the limit.
 */
export function settledBy(errors: readonly number[], allowance: Allowance): SettledReason | null {
  const now = intervalOf(errors);
  if (now === null) return null;
  const isFar = halfWidth(now) <= clearHalfWidth(now.estimate, allowance);
  if (isFar && verdictOf(now, allowance) !== 'inconclusive') return 'clear';
  const before = intervalOf(errors.slice(0, -pairsAfter));
  return before !== null && halfWidth(before) <= allowance.precise ? 'precise' : null;
}

/** Pairs from which a scatter can be guessed, before there are enough for an interval. */
const pairsForScatter = 3;

/**
 * Number of pairs at which a check settles if the scatter stays the same: the half-width falls with the square root of the
 * number. Before there is an interval, its half-width is that of a normal scatter, two standard errors. null with too few
 * pairs, or if no number is enough.
 */
export function pairsToSettle(errors: readonly number[], allowance: Allowance): number | null {
  const now = intervalOf(errors) ?? roughInterval(errors);
  if (now === null) return null;
  const wanted = Math.max(clearHalfWidth(now.estimate, allowance), allowance.precise);
  const pairs = errors.length * (halfWidth(now) / wanted) ** 2;
  return Number.isFinite(pairs) ? Math.max(errors.length + 1, Math.ceil(pairs)) : null;
}

function roughInterval(errors: readonly number[]): ErrorInterval | null {
  if (errors.length < pairsForScatter) return null;
  const estimate = mean([...errors]);
  const half = (2 * sampleStandardDeviation([...errors])) / Math.sqrt(errors.length);
  return { estimate, low: estimate - half, high: estimate + half };
}
