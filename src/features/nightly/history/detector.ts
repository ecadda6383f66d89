import {
  type Deviation,
  deviationFrom,
  deviationOfRerun,
  follow,
  type Level,
  level,
  surelyBetween,
  typicalDeviation,
} from './level.ts';
import { alarmFrom, leastNights, type Rules, rules } from './rules.ts';
import { type Measure, type Night, requireUsable, type Series } from './series.ts';

/** Nights that can be compared: all have one key. */
interface Segment {
  readonly key: string;
  readonly nights: readonly Night[];
}

/** The nights by comparison key, in order. A key that comes back begins a segment of its own: what lay between is not known. */
export function segmentsOf(nights: readonly Night[]): Segment[] {
  const segments: { key: string; nights: Night[] }[] = [];
  for (const night of nights) {
    const last = segments.at(-1);
    if (last?.key === night.key) last.nights.push(night);
    else segments.push({ key: night.key, nights: [night] });
  }
  return segments;
}

/** The nights that share a level: of the last segment, from the last accepted change on. */
export function levelNights({
  nights,
  accepted = [],
}: Pick<Series, 'nights' | 'accepted'>): readonly Night[] {
  const last = segmentsOf(nights).at(-1)?.nights ?? [];
  const from = accepted.toSorted().at(-1) ?? '';
  return last.filter(({ night }) => night >= from);
}

/** The last segment, if it has just begun: its first night is the series' last one. Null at the very first night. */
export function newSegment(
  nights: readonly Night[],
): { readonly before: Segment; readonly now: Segment } | null {
  const segments = segmentsOf(nights);
  const [now, before] = [segments.at(-1), segments.at(-2)];
  return now?.nights.length === 1 && before !== undefined ? { before, now } : null;
}

/** Changes that evidence is gathered for, in typical standard deviations of a night. */
const sizes = [0.75, 1.5, 3] as const;
/** Beyond this, evidence is no longer told apart. */
const most = 1e15;

/** Evidence for each of {@link sizes}, in one direction. */
type Gathered = readonly number[];
const none: Gathered = sizes.map(() => 0);

export type Side = 'up' | 'down';

/** Evidence in both directions. */
type Sides = Readonly<Record<Side, Gathered>>;

/** What is known of a series after some nights. */
export interface Watch {
  /** From all nights but the recent ones, which wait. */
  readonly level: Level;
  readonly recent: readonly Measure[];
  /** Of everything that was measured. */
  readonly all: Sides;
  /** Of what reruns added. */
  readonly reruns: Sides;
  /** Of the last night, from the level before it; null while the level is being learnt. */
  readonly first: Deviation | null;
  /** Likewise, of its rerun alone; null without one. */
  readonly rerun: Deviation | null;
}

export const unwatched: Watch = {
  level: level([], rules.pin),
  recent: [],
  all: { up: none, down: none },
  reruns: { up: none, down: none },
  first: null,
  rerun: null,
};

/**
 * One night more. Evidence is gathered as in a Shiryaev–Roberts e-detector (J. Shin, A. Ramdas, A. Rinaldo, NEJSDS 2 (2024)
 * 229): before every night the change may have begun, so 1 is added, and the night multiplies by an e-value, whose expectation
 * is at most 1 while nothing changes. It is exp(δz − δ²/2) with the change sought, δ, in standard errors of this night. The
 * expected number of nights until the mean over δ reaches A by chance is therefore at least A.
 *
 * A rerun multiplies by what it adds to the first run. What reruns add is gathered alone as well; in nights without one, the
 * first run can only lessen it.
 */
export function watch(so: Watch, night: Night, own: Rules): Watch {
  const next = learn(so, night, own);
  if (so.level.nights < leastNights) return { ...unwatched, ...next };
  const first = deviationFrom(so.level, night, night, own);
  const { confirmation } = night;
  const rerun = confirmation === undefined ? null : deviationFrom(so.level, confirmation, night, own);
  const added = confirmation === undefined ? null : deviationOfRerun(so.level, night, confirmation, own);
  const typical = typicalDeviation(so.level);
  const odds = tailOdds((rerun ?? first).change, so.level);
  const mostOfNight = Math.min(own.mostPerNight, odds);
  // Reruns alarm from less evidence, since few suspects are measured again. What moves a night makes it a suspect, too.
  const mostOfRerun = Math.min(own.mostPerNight, (odds * alarmFrom.reruns) / alarmFrom.all);
  const gather = (side: Side) => {
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

/** Tonight waits, and the nights that have waited enough join the level. */
function learn({ level: before, recent: waiting }: Watch, night: Measure, own: Rules) {
  const nights = before.nights + waiting.length + 1;
  const most = Math.min(own.recent, Math.floor(nights / 3), Math.max(0, nights - leastNights));
  const recent = [...waiting, night];
  const joining = recent.splice(0, recent.length - most);
  return { level: joining.reduce((so, one) => follow(so, one, own), before), recent };
}

/**
 * The most that a night counts where nights differ: they have heavy tails, and of Student's distribution with three degrees of
 * freedom one in 4.7·x³ lies beyond x standard deviations. Its rerun does not help, for the night moves that as well.
 */
function tailOdds(change: number, level: Level): number {
  const variance = surelyBetween(level);
  return variance === 0 ? most : Math.max(2, 4.7 * (change ** 2 / variance) ** 1.5);
}

function eValues(deviation: Deviation, side: Side, typical: number): number[] {
  return sizes.map((size) => {
    const delta = (size * typical * deviation.part) / deviation.se;
    return Math.exp(delta * deviation[side] - delta ** 2 / 2);
  });
}

/** What all nights of the current level say. Those since an alarm that nobody has accepted are not of it. */
export function watchAll(series: Series): Watch {
  const { open, against } = series;
  series.nights.forEach(requireUsable);
  return levelNights(series)
    .filter(({ night }) => open === undefined || night < open.since)
    .reduce((so, night) => watch(so, night, rules[against]), unwatched);
}

/** Mean over the sizes of change. */
export function evidenceOf(gathered: Gathered): number {
  return gathered.reduce((sum, one) => sum + one, 0) / gathered.length;
}
