import { type Deviation, deviationFrom } from './deviation.ts';
import { follow, type Level, level, typicalDeviation } from './level.ts';
import { leastNights, type Rules, rules } from './rules.ts';
import { levelNights } from './segments.ts';
import type { Night, Series } from './series.ts';

/** Changes that evidence is gathered for, in typical standard deviations of a night. */
const sizes = [0.5, 1, 2] as const;
/** The most that the first run of one night counts: it only leads to a rerun, and must not do so for weeks. */
const mostOfFirstRun = 30;
/** Beyond this, evidence is no longer told apart. */
const most = 1e12;

/** Evidence for each of {@link sizes}, in one direction. */
type Gathered = readonly number[];
const none: Gathered = sizes.map(() => 0);

/** Evidence in both directions. */
interface Sides {
  readonly up: Gathered;
  readonly down: Gathered;
}

/** What is known of a series after some nights. */
export interface Watch {
  readonly level: Level;
  /** Of first runs. */
  readonly first: Sides;
  /** Of reruns. */
  readonly reruns: Sides;
  /** The last night's, from the level before it; null while the level is being learnt. */
  readonly last: Deviation | null;
  readonly lastRerun: Deviation | null;
}

export const unwatched: Watch = {
  level: level([], rules.pin),
  first: { up: none, down: none },
  reruns: { up: none, down: none },
  last: null,
  lastRerun: null,
};

/**
 * One night more. Evidence is gathered as in a Shiryaev–Roberts e-detector (J. Shin, A. Ramdas, A. Rinaldo, NEJSDS 2 (2024)
 * 229): before every night the change may have begun, so 1 is added, and the night multiplies by an e-value, whose expectation
 * is at most 1 while nothing changes. It is exp(δz − δ²/2) with the change sought, δ, in standard errors of this night.
 * The expected number of nights until the mean over δ exceeds A by chance is therefore at least A.
 *
 * Reruns gather in the same way in the nights that have one. In others, the first run can only lessen their evidence.
 */
export function watch(so: Watch, night: Night, own: Rules): Watch {
  const next = follow(so.level, night, own);
  if (so.level.nights < leastNights) return { ...unwatched, level: next };
  const last = deviationFrom(so.level, night);
  const lastRerun = night.confirmation === undefined ? null : deviationFrom(so.level, night.confirmation);
  const typical = typicalDeviation(so.level);
  const gather = (side: 'up' | 'down', { reruns, first } = so) => ({
    first: first[side].map((evidence, size) =>
      Math.min(most, (evidence + 1) * Math.min(mostOfFirstRun, eValue(last, side, size, typical))),
    ),
    reruns: reruns[side].map((evidence, size) =>
      lastRerun === null
        ? evidence * Math.min(1, eValue(last, side, size, typical))
        : Math.min(most, (evidence + 1) * Math.min(own.mostPerNight, eValue(lastRerun, side, size, typical))),
    ),
  });
  const [up, down] = [gather('up'), gather('down')];
  return {
    level: next,
    first: { up: up.first, down: down.first },
    reruns: { up: up.reruns, down: down.reruns },
    last,
    lastRerun,
  };
}

function eValue(deviation: Deviation, side: 'up' | 'down', size: number, typical: number): number {
  const delta = ((sizes[size] ?? 1) * typical) / deviation.se;
  return Math.exp(delta * deviation[side] - delta ** 2 / 2);
}

/** What all nights of the current level say. */
export function watchAll({ against, nights, accepted }: Series): Watch {
  return levelNights({ nights, ...(accepted && { accepted }) }).reduce(
    (so, night) => watch(so, night, rules[against]),
    unwatched,
  );
}

/** Mean over the sizes of change. */
export function evidenceOf(gathered: Gathered): number {
  return gathered.reduce((sum, one) => sum + one, 0) / gathered.length;
}

/** The stronger direction, and its evidence. */
export function stronger({ up, down }: Sides): { readonly side: 'up' | 'down'; readonly evidence: number } {
  const [above, below] = [evidenceOf(up), evidenceOf(down)];
  return above >= below ? { side: 'up', evidence: above } : { side: 'down', evidence: below };
}
