import { estimateOf, pooled } from './dating.ts';
import { evidenceOf, levelNights, type Side, type Watch, watchAll } from './detector.ts';
import { leastNights, suspectFrom } from './rules.ts';
import type { Night, OpenAlarm, Series } from './series.ts';

/** Nights that say where a series is now. */
const latest = 3;

/** Where a series with an alarm lies that nobody has accepted. */
interface Standing {
  /** `returned`: the last nights are nearer to the level before the change than to the change. */
  readonly kind: 'standing' | 'returned';
  /** Logarithm of how far the last nights lie off the level before the change, and its standard error. */
  readonly change: number;
  readonly se: number;
  /** Nights since the change began. */
  readonly nights: number;
}

/** `since`: the nights from the alarm's first one on; at least one. */
function standingOf({ level }: Watch, since: readonly Night[], open: OpenAlarm): Standing {
  const nights = since.slice(-latest);
  const now = pooled(
    nights.map((night) => {
      const { log, variance } = estimateOf(night);
      return { log, variance: variance + level.tauSquared };
    }),
  );
  const change = now.log - level.log;
  const se = Math.sqrt(now.variance + 1 / level.weight);
  const back = nights.length > 1 && Math.abs(change) + 2 * se < Math.abs(open.change) / 2;
  return { kind: back ? 'returned' : 'standing', change, se, nights: since.length };
}

/** What the nights so far say of a series. */
export type Finding =
  /** Too few nights to know the level. */
  | { readonly kind: 'learning'; readonly nights: number; readonly least: number }
  | ({ readonly kind: 'quiet' | 'suspect' } & Evidence)
  /** It has alarmed already, and nobody has accepted the change. */
  | Standing;

/** By how much the last night lies off the level, and what all nights since a change could have begun say. */
interface Evidence {
  readonly side: Side;
  /** Of an e-detector: by chance it reaches A once in at least A nights. */
  readonly evidence: number;
  /** Of the last night: logarithm, and its standard error. */
  readonly change: number;
  readonly se: number;
}

/** Is there reason to measure the series again tonight? From the whole history, O(nights). */
export function detect(series: Series): Finding {
  const { open } = series;
  const since = open === undefined ? [] : levelNights(series).filter(({ night }) => night >= open.since);
  const watched = watchAll(series);
  return open === undefined || since.length === 0 ? findingOf(watched) : standingOf(watched, since, open);
}

/** The same of nights already gone through. */
export function findingOf({ first, all, level }: Watch): Finding {
  if (first === null) return { kind: 'learning', nights: level.nights, least: leastNights };
  const [up, down] = [evidenceOf(all.up), evidenceOf(all.down)];
  const evidence = Math.max(up, down);
  return {
    kind: evidence >= suspectFrom ? 'suspect' : 'quiet',
    side: up >= down ? 'up' : 'down',
    evidence,
    change: first.change,
    se: first.se,
  };
}

/**
 * The suspects of a night that there is time to measure again: the strongest first, as many as have `most` cells together. What a
 * category and its subjects share is measured once. The strongest one is measured again however many cells it has.
 */
export function worthRerun<Of extends { readonly finding: Finding; readonly cells: readonly string[] }>(
  series: readonly Of[],
  most: number,
): Of[] {
  const suspects = series
    .flatMap((one) => (one.finding.kind === 'suspect' ? [{ one, evidence: one.finding.evidence }] : []))
    .toSorted((a, b) => b.evidence - a.evidence);
  const chosen = new Set<string>();
  return suspects.flatMap(({ one }) => {
    const all = new Set([...chosen, ...one.cells]);
    if (chosen.size > 0 && all.size > most) return [];
    for (const cell of one.cells) chosen.add(cell);
    return [one];
  });
}
