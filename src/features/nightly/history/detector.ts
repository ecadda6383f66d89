import { alarmFrom, leastNights, type Rules, rules } from './alarm-thresholds.ts';
import { estimateOf, pooled } from './dating.ts';
import {
  type Deviation,
  deviationFrom,
  deviationOfRerun,
  follow,
  type Level,
  level,
  levelOfEvening,
  surelyBetween,
  typicalDeviation,
} from './level.ts';
import { beginsAt, type Measure, type Move, type Night, type NightSeries, requireUsable } from './series.ts';

/** Consecutive nights with one comparison key, which can be compared. */
interface Segment {
  readonly key: string;
  readonly nights: readonly Night[];
}

/** Splits nights where the comparison key changes. A key that returns begins a new segment: the time between is unknown. */
export function segmentsOf(nights: readonly Night[]): Segment[] {
  const segments: { key: string; nights: Night[] }[] = [];
  for (const night of nights) {
    const last = segments.at(-1);
    if (last?.key === night.key) last.nights.push(night);
    else segments.push({ key: night.key, nights: [night] });
  }
  return segments;
}

/** The moves that were confirmed in the last segment: others are of levels that nothing is held against any more. */
export function movesNow({ nights, moves = [] }: Pick<NightSeries, 'nights' | 'moves'>): readonly Move[] {
  const last = segmentsOf(nights).at(-1)?.nights ?? [];
  const runs = new Set(last.map(({ run }) => run));
  const from = last[0]?.night ?? '';
  return moves.filter(({ run, night }) => (run === undefined ? night >= from : runs.has(run)));
}

/** The nights of the current level: those of the last segment, from the last change on. */
export function levelNights({ nights, moves = [] }: Pick<NightSeries, 'nights' | 'moves'>): readonly Night[] {
  const last = segmentsOf(nights).at(-1)?.nights ?? [];
  return last.slice(Math.max(0, ...moves.map((move) => beginsAt(last, move))));
}

/** The last segment if it begins with the series' last night; null otherwise, and on the very first night. */
export function newSegment(
  nights: readonly Night[],
): { readonly before: Segment; readonly now: Segment } | null {
  const segments = segmentsOf(nights);
  const [now, before] = [segments.at(-1), segments.at(-2)];
  return now?.nights.length === 1 && before !== undefined ? { before, now } : null;
}

/** Sizes of change that evidence is accumulated for, in typical standard deviations of a night. */
const sizes = [0.75, 1.5, 3] as const;
/** Cap of the evidence. */
const most = 1e15;

/** Accumulated evidence for each of {@link sizes}, in one direction. */
type EvidenceBySize = readonly number[];
const none: EvidenceBySize = sizes.map(() => 0);

export type ChangeSide = 'up' | 'down';

/** Evidence in both directions. */
type EvidenceBySide = Readonly<Record<ChangeSide, EvidenceBySize>>;

/** State of the detector of a series after some nights. */
export interface DetectorState {
  /** Level of all nights but `recent`, which wait to join it. */
  readonly level: Level;
  readonly recent: readonly Measure[];
  /** Evidence from first runs and reruns. */
  readonly all: EvidenceBySide;
  /** Evidence from what reruns added alone. */
  readonly reruns: EvidenceBySide;
  /** Deviation of the last night from the level before it; null while the level is being learnt. */
  readonly first: Deviation | null;
  /** Likewise of its rerun alone; null without a rerun. */
  readonly rerun: Deviation | null;
}

export const unwatched: DetectorState = {
  level: level([], rules.pin),
  recent: [],
  all: { up: none, down: none },
  reruns: { up: none, down: none },
  first: null,
  rerun: null,
};

/**
 * Adds a night. Evidence is accumulated as in a Shiryaev–Roberts e-detector (J. Shin, A. Ramdas, A. Rinaldo, NEJSDS 2 (2024)
 * 229): before every night the change may have begun, so 1 is added, and the night multiplies by an e-value, whose expectation
 * is at most 1 while nothing changes. It is exp(δz − δ²/2) with the change sought, δ, in standard errors of this night. The
 * expected number of nights until the mean over δ reaches A by chance is therefore at least A.
 *
 * A rerun multiplies the evidence by what it adds to the first run. The evidence of reruns is also accumulated alone; in a
 * night without a rerun, the first run can only reduce it.
 */
export function watch(so: DetectorState, night: Night, own: Rules): DetectorState {
  const next = learn(so, night, own);
  if (so.level.nights < leastNights) return { ...unwatched, ...next };
  const first = deviationFrom(so.level, night, night, own);
  const { confirmation } = night;
  const rerun = confirmation === undefined ? null : deviationFrom(so.level, confirmation, night, own);
  const added = confirmation === undefined ? null : deviationOfRerun(so.level, night, confirmation, own);
  const typical = typicalDeviation(so.level);
  const odds = tailOdds((rerun ?? first).change, so.level);
  const mostOfNight = Math.min(own.mostPerNight, odds);
  // Reruns need less evidence for an alarm, since only suspects are rerun. Scale their cap down likewise: a night effect that
  // makes
  // a series suspect moves its rerun as well.
  const mostOfRerun = Math.min(own.mostPerNight, (odds * alarmFrom.reruns) / alarmFrom.all);
  const gather = (side: ChangeSide) => {
    const firsts = eValues(first, side, typical);
    const addeds = added === null ? null : eValues(added, side, typical);
    return {
      all: so.all[side].map((evidence, i) =>
        Math.min(most, (evidence + 1) * Math.min(mostOfNight, (firsts[i] ?? 0) * (addeds?.[i] ?? 1))),
      ),
      reruns: so.reruns[side].map((evidence, i) =>
        addeds === null
          ? evidence * Math.min(1, firsts[i] ?? 0)
          : Math.min(most, (evidence + 1) * Math.min(mostOfRerun, addeds[i] ?? 0)),
      ),
    };
  };
  const [up, down] = [gather('up'), gather('down')];
  return {
    ...next,
    all: { up: up.all, down: down.all },
    reruns: { up: up.reruns, down: down.reruns },
    first,
    rerun,
  };
}

/** Appends tonight to the waiting nights; those that have waited long enough join the level. */
function learn({ level: before, recent: waiting }: DetectorState, night: Measure, own: Rules) {
  const nights = before.ofMean + waiting.length + 1;
  const most = Math.min(own.recent, Math.floor(nights / 3), Math.max(0, nights - leastNights));
  const recent = [...waiting, night];
  const joining = recent.splice(0, recent.length - most);
  return { level: joining.reduce((so, one) => follow(so, one, own), before), recent };
}

/**
 * Cap of a night's factor if nights vary: their distribution has heavy tails, and one in 4.7·x³ values of Student's t with
 * three degrees of freedom lies beyond x standard deviations. A rerun does not raise the cap, since a night effect moves it as
 * well.
 */
function tailOdds(change: number, level: Level): number {
  const variance = surelyBetween(level);
  return variance === 0 ? most : Math.max(2, 4.7 * (change ** 2 / variance) ** 1.5);
}

function eValues(deviation: Deviation, side: ChangeSide, typical: number): number[] {
  return sizes.map((size) => {
    const delta = (size * typical * deviation.part) / deviation.se;
    return Math.exp(delta * deviation[side] - delta ** 2 / 2);
  });
}

/**
 * State after all nights of the last segment. The nights from the begin of a change to the one that confirmed it give the new
 * level, accepted or not: so a second step is seen while the first is open, and nothing is learnt anew.
 */
export function watchAll(
  series: NightSeries,
  onNight: (night: Night, state: DetectorState) => void = () => undefined,
): DetectorState {
  const { against, nights } = series;
  nights.forEach(requireUsable);
  const own = rules[against];
  const moves = movesNow(series);
  let state = unwatched;
  let moved: Night[] = [];
  const last = segmentsOf(nights).at(-1)?.nights ?? [];
  const begins = moves.map((move) => beginsAt(last, move));
  const moveAt = (place: number) => {
    const night = last[place];
    return moves.findLast(
      (move, i) => place >= (begins[i] ?? 0) && night !== undefined && isUntil(night, move),
    );
  };
  const placeOf = new Map(last.map(({ run }, i) => [run, i] as const));
  /** Was it measured before the change was confirmed, or then? */
  const isUntil = (night: Night, { run, night: confirmed }: Move) => {
    const [end, own] = [placeOf.get(run), placeOf.get(night.run)];
    return run === undefined || end === undefined || own === undefined
      ? night.night <= confirmed
      : own <= end;
  };
  for (const [i, night] of last.entries()) {
    const move = moveAt(i);
    if (move === undefined)
      state =
        isLearnt(night) && state.level.nights < leastNights
          ? learnt(night, night.counts, own)
          : watch(state, night, own);
    else moved.push(night);
    if (move === undefined) onNight(night, state);
    if (move === undefined || moveAt(i + 1) === move) continue;
    state = shifted(state, moved, own);
    moved = [];
  }
  return state;
}

function isLearnt(night: Night): night is Night & { readonly counts: number } {
  return night.counts !== undefined;
}

/** The state after an evening that has learnt the level. */
function learnt(night: Night, counts: number, own: Rules): DetectorState {
  return {
    ...unwatched,
    level: levelOfEvening(night, counts, own),
    first: { change: 0, se: night.se, part: 1, up: 0, down: 0 },
  };
}

/** The state at the level of these nights, with the spread between nights that is known already. */
export function shifted(
  { level: before, recent }: DetectorState,
  moved: readonly Night[],
  own: Rules,
): DetectorState {
  const known = recent.reduce((so, night) => follow(so, night, own), before);
  if (known.nights < leastNights) return moved.reduce((so, night) => watch(so, night, own), unwatched);
  const now = pooled(
    moved.map((night) => {
      const { log, variance } = estimateOf(night);
      return { log, variance: variance + known.tauSquared };
    }),
  );
  return {
    ...unwatched,
    level: { ...known, ofMean: moved.length, log: now.log, weight: 1 / now.variance },
    first: { change: 0, se: Math.sqrt(now.variance), part: 1, up: 0, down: 0 },
  };
}

/** Mean over the sizes of change. */
export function evidenceOf(gathered: EvidenceBySize): number {
  return gathered.reduce((sum, one) => sum + one, 0) / gathered.length;
}
