import { messages } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { formatChange } from '../alarm-text.ts';
import type { HeadlineLine, NightLine } from '../record.ts';
import { evaluateSeries, judgeSeries, type SeriesState } from '../series-state.ts';
import type { HistoryExportSource } from './exporter.ts';

/** The newest night of a host. */
export interface NewestNight {
  readonly night: NightLine;
  /** Series that it measured; empty if it was skipped or failed. */
  readonly series: readonly SeriesState[];
  /** Series that the last earlier measured night has, and this one lacks. */
  readonly missing: readonly HeadlineLine[];
}

/** The newest night of the host; null if it has none. */
export function newestNight({
  history,
  host,
}: Pick<HistoryExportSource, 'history' | 'host'>): NewestNight | null {
  const nights = history.nights.filter((line) => line.host === host && line.stage === 'night');
  const night = nights.at(-1);
  if (night === undefined) return null;
  const all = evaluateSeries(history, host);
  const measured = (run: string | null): readonly SeriesState[] =>
    run === null ? [] : all.filter(({ series }) => series.lines.some((line) => line.run === run));
  const series = measured(night.run);
  const before = nights.findLast((each) => each !== night && each.headlines > 0);
  const ids = new Set(series.map(({ line }) => line.series));
  const missing = series.length === 0 ? [] : measured(before?.run ?? null).map(({ line }) => line);
  return { night, series, missing: missing.filter((line) => !ids.has(line.series)) };
}

const words = messages('history.verdict', {
  learning: 'its level is not known yet: {n} of {least} nights',
  steady: 'steady',
  wide: 'inconclusive: {low} to {high} relative to its level',
  suspect: 'suspect, not confirmed',
  left: 'suspect, not measured again',
  moved: '{change}, alarm {id}',
  returned: 'back at its level; alarm {id} is not accepted',
});

/** The verdict on a series in words. */
export function tellVerdict(state: SeriesState): Message {
  const verdict = judgeSeries(state);
  const id = state.alarm?.id ?? '';
  switch (verdict.kind) {
    case 'learning':
      return words.learning({ n: verdict.nights, least: verdict.least });
    case 'wide': {
      const { low, high } = verdict.change;
      return words.wide({ low: formatChange(low, 'en'), high: formatChange(high, 'en') });
    }
    case 'moved':
      return words.moved({ change: formatChange(verdict.change.ratio, 'en'), id });
    case 'returned':
      return words.returned({ id });
    default:
      return words[verdict.kind];
  }
}
