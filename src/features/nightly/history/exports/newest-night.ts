import type { AlarmLine, HeadlineLine, NightLine } from '../record.ts';
import { type RecordedSeries, recordedSeries } from '../recorded-series.ts';
import { detect, type Finding } from '../suspicion.ts';
import type { ExportSource } from './exporter.ts';

/** What the newest night says of a series. */
export interface SeriesTonight {
  readonly line: HeadlineLine;
  readonly finding: Finding;
  /** The alarm about it that nobody has accepted; null: none. */
  readonly alarm: AlarmLine | null;
}

/** The newest night of a host. */
export interface NewestNight {
  readonly night: NightLine;
  /** What it measured; nothing where it was skipped or failed. */
  readonly series: readonly SeriesTonight[];
  /** What the night before it that measured anything has, and this one has not. */
  readonly missing: readonly HeadlineLine[];
}

/** The newest night of the host; null where it has none. */
export function newestNight({ history, host, open }: ExportSource): NewestNight | null {
  const nights = nightsOf({ history, host });
  const night = nights.at(-1);
  if (night === undefined) return null;
  const all = recordedSeries(history, host);
  const measured = (run: string | null): readonly RecordedSeries[] =>
    run === null ? [] : all.filter(({ lines }) => lines.some((line) => line.run === run));
  const tonight = measured(night.run);
  const before = nights.findLast((each) => each !== night && each.headlines > 0);
  const ids = new Set(tonight.map(({ id }) => id));
  return {
    night,
    series: tonight.flatMap((series) => {
      const line = series.lines.at(-1);
      const alarm = open.findLast((each) => each.series.some((moved) => moved.series === series.id));
      return line === undefined ? [] : [{ line, finding: detect(series), alarm: alarm ?? null }];
    }),
    missing:
      tonight.length === 0
        ? []
        : measured(before?.run ?? null)
            .filter(({ id }) => !ids.has(id))
            .flatMap(({ lines }) => lines.at(-1) ?? []),
  };
}

/** The figures of the newest night; none where it was skipped or failed: an older night is no new point. */
export function measuredTonight(source: ExportSource): readonly HeadlineLine[] {
  const run = nightsOf(source).at(-1)?.run ?? null;
  return source.history.headlines.filter(
    (line) => line.host === source.host && line.stage === 'night' && line.run === run,
  );
}

function nightsOf({ history, host }: Pick<ExportSource, 'history' | 'host'>): readonly NightLine[] {
  return history.nights.filter((line) => line.host === host && line.stage === 'night');
}
