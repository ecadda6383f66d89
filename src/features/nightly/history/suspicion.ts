import { alarmFrom, leastNights, rerunsOfWeek, suspectFrom } from './alarm-thresholds.ts';
import { estimateOf, pooled } from './dating.ts';
import {
  type ChangeSide,
  type DetectorState,
  evidenceOf,
  movesNow,
  segmentsOf,
  watchAll,
} from './detector.ts';
import { beginsAt, type Move, type Night, type NightSeries, openMove } from './series.ts';

/** Number of last nights that give the current value of a series. */
const latest = 3;

/** State of a series that has an unaccepted alarm. */
interface AlarmState {
  /** `returned`: the last nights are closer to the level before the change than to the changed level. */
  readonly kind: 'standing' | 'returned';
  /** Difference of the logarithm between the last nights and the level before the change, with its standard error. */
  readonly change: number;
  readonly se: number;
  /** Id of the alarm; null if it is not known. */
  readonly alarm: string | null;
  /** Nights since the change began. */
  readonly nights: number;
  /** The last night against the changed level, where it suggests another change. */
  readonly again: DeviationEvidence | null;
}

/** `before`: the level before the change; `since`: the nights from its first night on, at least one. */
function standingOf(
  { level }: DetectorState,
  since: readonly Night[],
  { change: moved }: Move,
): Omit<AlarmState, 'again' | 'alarm'> {
  const nights = since.slice(-latest);
  const now = pooled(
    nights.map((night) => {
      const { log, variance } = estimateOf(night);
      return { log, variance: variance + level.tauSquared };
    }),
  );
  const change = now.log - level.log;
  const se = Math.sqrt(now.variance + 1 / level.weight);
  const back = nights.length > 1 && Math.abs(change) + 2 * se < Math.abs(moved) / 2;
  return { kind: back ? 'returned' : 'standing', change, se, nights: since.length };
}

/** State of a series after its nights so far. */
export type SeriesFinding =
  /** Too few nights to know the level. */
  | { readonly kind: 'learning'; readonly nights: number; readonly least: number }
  | ({ readonly kind: 'quiet' | 'suspect' } & DeviationEvidence)
  /** The series has an unaccepted alarm. */
  | AlarmState;

/** Deviation of the last night from the level, and the accumulated evidence of a change. */
interface DeviationEvidence {
  readonly side: ChangeSide;
  /** Value of the e-detector: chance reaches A at most once in A nights on average. */
  readonly evidence: number;
  /** Deviation of the last night's logarithm from the level, and its standard error. */
  readonly change: number;
  readonly se: number;
}

/** State of a series from its whole history; `suspect`: measure it again tonight. `state`: that of its detector. O(nights). */
export function detect(series: NightSeries, state = watchAll(series)): SeriesFinding {
  const moves = movesNow(series);
  const open = openMove({ moves });
  const finding = findingOf(state);
  const last = segmentsOf(series.nights).at(-1)?.nights ?? [];
  const since = open === undefined ? [] : last.slice(beginsAt(last, open));
  if (open === undefined || since.length === 0 || since.length === last.length) return finding;
  const { nights } = series;
  const before = watchAll({
    ...series,
    nights: nights.slice(0, nights.length - since.length),
    moves: moves.slice(0, moves.indexOf(open)),
  });
  return {
    ...standingOf(before, since, open),
    alarm: open.id ?? null,
    again: finding.kind === 'suspect' ? finding : null,
  };
}

/** Why the last night of a series is worth measuring again; null where it is not. */
export function suspicionOf(finding: SeriesFinding): DeviationEvidence | null {
  if (finding.kind === 'suspect') return finding;
  return finding.kind === 'standing' || finding.kind === 'returned' ? finding.again : null;
}

/** The state from an already computed `DetectorState`. */
export function findingOf({ first, all, level }: DetectorState): SeriesFinding {
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

/** A suspect, or a series that is none. */
interface Suspect {
  readonly finding: SeriesFinding;
  /** The cells that its rerun measures. */
  readonly cells: readonly string[];
  /** Its reruns in the six days before that showed nothing. */
  readonly reruns: number;
}

/** What becomes of the suspects of a night. */
interface RerunChoice<Of> {
  /** Those to measure again. */
  readonly again: readonly Of[];
  /** Those that the time does not suffice for. */
  readonly left: readonly Of[];
  /** Those whose reruns of this week confirmed nothing: they are noisy, and not measured again. */
  readonly noisy: readonly Of[];
}

/** Odds against a change of one series in one night, before any evidence. */
const priorOdds = 1000;

/**
 * Chooses the suspects to measure again: those whose evidence suffices for an alarm, then the others, first those whose rerun
 * has the best chance, for its cells, to find a change. Up to
 * `most` distinct cells are measured together; a cell that a category shares with its subjects counts once. The first one is
 * always included, whatever its number of cells. A series has {@link rerunsOfWeek} reruns in seven nights, unless its evidence
 * suffices for an alarm.
 */
export function worthRerun<Of extends Suspect>(series: readonly Of[], most: number): RerunChoice<Of> {
  const suspects = series
    .flatMap((one) => {
      const suspicion = suspicionOf(one.finding);
      if (suspicion === null) return [];
      const { evidence } = suspicion;
      const isSure = evidence >= alarmFrom.all ? 1 : 0;
      const gain = evidence / (priorOdds + evidence) / Math.min(one.cells.length, most);
      return [{ one, evidence, gain: isSure + gain }];
    })
    .toSorted((a, b) => b.gain - a.gain);
  const chosen = new Set<string>();
  const [again, left, noisy]: [Of[], Of[], Of[]] = [[], [], []];
  for (const { one, evidence } of suspects) {
    const all = new Set([...chosen, ...one.cells]);
    if (one.reruns >= rerunsOfWeek && evidence < alarmFrom.all) noisy.push(one);
    else if (chosen.size > 0 && all.size > most) left.push(one);
    else {
      for (const cell of one.cells) chosen.add(cell);
      again.push(one);
    }
  }
  return { again, left, noisy };
}
