import { tellable } from './alarm-thresholds.ts';
import { type DetectorState, watchAll } from './detector.ts';
import { z95 } from './level.ts';
import type { AlarmLine, HeadlineLine } from './record.ts';
import {
  type History,
  openAlarms,
  type RecordedSeries,
  recentRuns,
  recordedSeries,
} from './recorded-series.ts';
import { type Direction, directionOf } from './series.ts';
import { detect, type SeriesFinding } from './suspicion.ts';

/** A series after its newest night. */
export interface SeriesState {
  readonly series: RecordedSeries;
  /** Line of its newest night. */
  readonly line: HeadlineLine;
  /** Whether it was measured again in that night. */
  readonly rerun: boolean;
  /** Whether one of the last nights measured it. */
  readonly isRecent: boolean;
  readonly detector: DetectorState;
  readonly finding: SeriesFinding;
  /** Its unaccepted alarm; null: none. */
  readonly alarm: AlarmLine | null;
}

/** Evaluates every series of a host. */
export function evaluateSeries(history: History, host: string): readonly SeriesState[] {
  const recent = recentRuns(history, host);
  const open = openAlarms(history).filter((alarm) => alarm.host === host);
  return recordedSeries(history, host).flatMap((series): readonly SeriesState[] => {
    const line = series.lines.at(-1);
    if (line === undefined) return [];
    const detector = watchAll(series);
    const finding = detect(series, detector);
    const own = open.filter((each) => each.series.some((moved) => moved.series === series.id));
    const alarm = own.find(({ id }) => 'alarm' in finding && id === finding.alarm) ?? own.at(-1);
    return [
      {
        series,
        line,
        rerun: series.nights.at(-1)?.confirmation !== undefined,
        isRecent: recent.has(line.run),
        detector,
        finding,
        alarm: alarm ?? null,
      },
    ];
  });
}

/** A ratio to a level, with a 95 % interval. */
export interface SeriesChange {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Verdict of the guard on a series; `change`: its deviation from the level. */
export type SeriesVerdict =
  /** Too few nights to know the level. */
  | { readonly kind: 'learning'; readonly nights: number; readonly least: number }
  | {
      /**
       * `wide`: its newest figure is too uncertain to tell. `left`: suspect, and not measured again. `returned`: it has an
       * unaccepted alarm, and the last nights are back at the level before it.
       */
      readonly kind: 'steady' | 'wide' | 'suspect' | 'left' | 'returned';
      readonly change: SeriesChange;
    }
  /** It has an unaccepted alarm, and the change still stands. */
  | { readonly kind: 'moved'; readonly change: SeriesChange; readonly direction: Direction };

/** The verdict on a series. */
export function judgeSeries({
  line,
  rerun,
  finding,
}: Pick<SeriesState, 'line' | 'rerun' | 'finding'>): SeriesVerdict {
  if (finding.kind === 'learning') return finding;
  const { change: log, se } = finding;
  const [low, high] = [log - z95 * se, log + z95 * se];
  const change = { ratio: Math.exp(log), low: Math.exp(low), high: Math.exp(high) };
  switch (finding.kind) {
    case 'quiet':
      return { kind: Math.max(-low, high) <= tellable ? 'steady' : 'wide', change };
    case 'suspect':
      return { kind: rerun ? 'suspect' : 'left', change };
    case 'returned':
      return { kind: 'returned', change };
    case 'standing':
      return { kind: 'moved', change, direction: directionOf(line, log) };
  }
}
