import { type Direction, directionOf } from '../history/direction.ts';
import type { RecordedSeries } from '../history/recorded-series.ts';
import { detect, type Finding } from '../history/suspicion.ts';
import type { StateKind } from './data.ts';

/** How a series is after the last night. */
export interface SeriesState {
  readonly kind: StateKind;
  /** Which way it lies off its level; null where that says nothing. */
  readonly direction: Direction | null;
  /** How far, as a ratio; null likewise. */
  readonly change: number | null;
  readonly finding: Finding;
}

/** Of the last nights, so many have to have missed a series before it counts as gone. */
export const recentNights = 7;

/** `recent`: the last runs of the host. */
export function stateOf(series: RecordedSeries, recent: ReadonlySet<string>): SeriesState {
  const line = series.lines.at(-1);
  const finding = detect(series);
  const change = finding.kind === 'learning' ? null : Math.exp(finding.change);
  const kind = line === undefined || !recent.has(line.run) ? 'gone' : kindOf(finding);
  const says = kind === 'moved' || kind === 'suspect';
  return {
    kind,
    finding,
    change,
    direction:
      says && line !== undefined && finding.kind !== 'learning' ? directionOf(line, finding.change) : null,
  };
}

function kindOf({ kind }: Finding): Exclude<StateKind, 'gone'> {
  if (kind === 'standing') return 'moved';
  return kind === 'quiet' ? 'steady' : kind;
}
