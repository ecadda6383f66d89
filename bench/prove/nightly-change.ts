import { type Random, seededRandom } from '../../src/core/model/prng.ts';
import {
  alarmFrom,
  leastNights,
  rerunsOfWeek,
  rules,
} from '../../src/features/nightly/history/alarm-thresholds.ts';
import { since } from '../../src/features/nightly/history/dating.ts';
import {
  type DetectorState,
  unwatched,
  watch,
  watchAll,
} from '../../src/features/nightly/history/detector.ts';
import { typicalDeviation } from '../../src/features/nightly/history/level.ts';
import { confirmationOf, rerunShows } from '../../src/features/nightly/history/raise-alarms.ts';
import type { Measure, Night } from '../../src/features/nightly/history/series.ts';
import { findingOf } from '../../src/features/nightly/history/suspicion.ts';
import { blocks, blocksAround, hostNights, measureOf } from './nightly-host.ts';
import type { Score } from './nightly-rivals.ts';
import { type Cell, membersOf } from './nightly-series.ts';

/** How far a series has moved, by nights since the change began (0 in its first night): a logarithm. */
export type Change = (night: number) => number;

export const step =
  (ratio: number): Change =>
  () =>
    Math.log(ratio);

/** Creeps to `ratio` in `nights` nights, and stays there. */
export const creep =
  (ratio: number, nights: number): Change =>
  (night) =>
    Math.log(ratio) * Math.min(1, (night + 1) / nights);

/** Measured nights before the change, and after it until the search is given up. */
export const span = { before: 100, after: 120 };

/** A measured night of one series; `at` is negative before the change. */
interface Measured {
  readonly at: number;
  readonly first: Night;
  readonly rerun: () => Measure;
}

function* measuredNights(
  cell: Cell,
  change: Change,
  random: Random,
  nights: typeof span,
): Generator<Measured> {
  let at = -nights.before;
  const members = membersOf(cell);
  for (const host of hostNights(random, members)) {
    if (host.missing || host.shift.some(Number.isNaN)) continue;
    const moved = at < 0 ? 0 : change(at);
    const run = (n: number) =>
      measureOf(
        members.map(({ deviation }, i) =>
          blocksAround((host.shift[i] ?? 0) + moved, deviation, host, n, random),
        ),
      );
    yield { at, first: { ...run(host.blocks), night: label(at), key: '' }, rerun: () => run(blocks.rerun) };
    if (++at === nights.after) return;
  }
}

/** Sorts by time. */
const label = (at: number) => String(5000 + at);

const randomOf = (cell: Cell, change: Change) =>
  seededRandom(`nightly ${cell.id} ${cell.deviation} ${change(0)} ${change(100)}`);

/** How a change was found. */
export interface Found {
  /** Measured nights until the alarm, the first night of the change included; Infinity if there was none. */
  readonly nights: number;
  /** The night named as the first: off by so many nights, and whether the right one is in the range named. */
  readonly off: number;
  readonly within: boolean;
}

export function find(cell: Cell, change: Change, runs: number): Found[] {
  const random = randomOf(cell, change);
  return Array.from({ length: runs }, () => findOnce(cell, change, random));
}

/** The guard of one series: a rerun where it is suspect, unless it is noisy. */
function guarded(cell: Cell, start: DetectorState) {
  let state = start;
  /** Nights of reruns that showed nothing. */
  const shown: number[] = [];
  return (at: number, first: Night, rerun: () => Measure) => {
    const finding = findingOf(watch(state, first, rules[cell.against]));
    const isNoisy = shown.filter((then) => at - then < 7).length >= rerunsOfWeek;
    const again = finding.kind === 'suspect' && (!isNoisy || finding.evidence >= alarmFrom.all);
    const night = again ? { ...first, confirmation: rerun() } : first;
    state = watch(state, night, rules[cell.against]);
    if (again && !rerunShows(state)) shown.push(at);
    return { night, isAlarm: confirmationOf(state)?.kind === 'alarm' };
  };
}

function findOnce(cell: Cell, change: Change, random: Random): Found {
  const guard = guarded(cell, unwatched);
  const nights: Night[] = [];
  for (const { at, first, rerun } of measuredNights(cell, change, random, span)) {
    const { night, isAlarm } = guard(at, first, rerun);
    nights.push(night);
    if (at < 0 || !isAlarm) continue;
    const dated = since(nights);
    const within = dated !== null && dated.earliest <= label(0) && dated.latest >= label(0);
    return { nights: at + 1, off: Number(dated?.night) - Number(label(0)), within };
  }
  return { nights: Number.POSITIVE_INFINITY, off: Number.NaN, within: false };
}

/** Blocks of an evening that learns a level. */
export const eveningBlocks = 72;

/** The state after such an evening. */
function learntState(cell: Cell, random: Random): DetectorState | null {
  const members = membersOf(cell);
  for (const host of hostNights(random, members)) {
    if (host.missing || host.shift.some(Number.isNaN)) continue;
    const measure = measureOf(
      members.map(({ deviation }, i) =>
        blocksAround(host.shift[i] ?? 0, deviation, host, eveningBlocks, random),
      ),
    );
    const evening: Night = {
      ...measure,
      night: '',
      key: '',
      counts: leastNights,
    };
    return watchAll({ id: cell.id, against: cell.against, nights: [evening] });
  }
  return null;
}

/**
 * Nights until the alarm of a change that begins so many nights after an evening has taught the level; Infinity: none in
 * {@link span}. Without a change, each alarm is a false one.
 */
export function findLearnt(cell: Cell, change: Change, after: number, runs: number): readonly number[] {
  const random = seededRandom(`nightly learnt ${cell.id} ${cell.deviation} ${change(0)} ${after}`);
  return Array.from({ length: runs }, () => {
    const guard = guarded(cell, learntState(cell, random) ?? unwatched);
    for (const { at, first, rerun } of measuredNights(cell, change, random, { ...span, before: after })) {
      if (guard(at, first, rerun).isAlarm) return at + 1;
    }
    return Number.POSITIVE_INFINITY;
  });
}

/** What other detectors see of the same kind of series: first runs alone. The nights before the change are those with `at` < 0. */
export function scoresOf(
  cell: Cell,
  change: Change,
  nights: typeof span,
  seed: string,
): { readonly at: number; readonly log: number; readonly score: Score | null }[] {
  const random = seededRandom(`nightly scores ${cell.id} ${seed}`);
  let state = unwatched;
  return [...measuredNights(cell, change, random, nights)].map(({ at, first }) => {
    const typical = typicalDeviation(state.level);
    state = watch(state, first, rules[cell.against]);
    const seen = state.first;
    const score = seen === null ? null : { up: seen.up, down: seen.down, precision: typical / seen.se };
    return { at, log: first.log, score };
  });
}
