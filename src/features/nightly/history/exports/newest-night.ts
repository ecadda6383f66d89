import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { formatChange } from '../alarm-text.ts';
import { z95 } from '../level.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../record.ts';
import { type RecordedSeries, recordedSeries } from '../recorded-series.ts';
import { tellable } from '../rules.ts';
import { type Direction, directionOf } from '../series.ts';
import { detect, type SeriesFinding } from '../suspicion.ts';
import type { HistoryExportSource } from './exporter.ts';

/** A series in the newest night. */
export interface SeriesTonight {
  readonly line: HeadlineLine;
  /** Whether it was measured again tonight. */
  readonly rerun: boolean;
  readonly finding: SeriesFinding;
  /** Its unaccepted alarm; null: none. */
  readonly alarm: AlarmLine | null;
}

/** The newest night of a host. */
export interface NewestNight {
  readonly night: NightLine;
  /** Series that it measured; empty if it was skipped or failed. */
  readonly series: readonly SeriesTonight[];
  /** Series that the last earlier measured night has, and this one lacks. */
  readonly missing: readonly HeadlineLine[];
}

/** The newest night of the host; null if it has none. */
export function newestNight({ history, host, open }: HistoryExportSource): NewestNight | null {
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
      const finding = detect(series);
      const own = open.filter((each) => each.series.some((moved) => moved.series === series.id));
      const alarm = own.find(({ id }) => 'alarm' in finding && id === finding.alarm) ?? own.at(-1);
      const rerun = series.nights.at(-1)?.confirmation !== undefined;
      return line === undefined ? [] : [{ line, rerun, finding, alarm: alarm ?? null }];
    }),
    missing:
      tonight.length === 0
        ? []
        : measured(before?.run ?? null)
            .filter(({ id }) => !ids.has(id))
            .flatMap(({ lines }) => lines.at(-1) ?? []),
  };
}

/** The figures of the newest night; empty if it was skipped or failed: an older night is not a new data point. */
export function measuredTonight(source: HistoryExportSource): readonly HeadlineLine[] {
  const run = nightsOf(source).at(-1)?.run ?? null;
  return source.history.headlines.filter(
    (line) => line.host === source.host && line.stage === 'night' && line.run === run,
  );
}

function nightsOf({ history, host }: Pick<HistoryExportSource, 'history' | 'host'>): readonly NightLine[] {
  return history.nights.filter((line) => line.host === host && line.stage === 'night');
}

const words = messages('history.verdict', {
  learning: 'its level is not known yet: {n} of {least} nights',
  quiet: 'steady',
  wide: 'inconclusive: {low} to {high} relative to its level',
  suspect: 'suspect, not confirmed',
  left: 'suspect, not measured again',
  moved: '{change}, alarm {id}',
  returned: 'back at its level; alarm {id} is not accepted',
});

/** Verdict of the guard on a series tonight. */
interface Verdict {
  /** `moved`: the series has an unaccepted alarm, and the change still stands. */
  readonly kind: 'holds' | 'moved' | 'cannot-tell';
  /** Direction of the move; null unless `moved`. */
  readonly direction: Direction | null;
  readonly said: Message;
}

/** The verdict on a series. */
export function verdictOf({ line, rerun, finding, alarm }: SeriesTonight, lang: Lang): Verdict {
  const holds = (said: Message): Verdict => ({ kind: 'holds', direction: null, said });
  const cannotTell = (said: Message): Verdict => ({ kind: 'cannot-tell', direction: null, said });
  const id = alarm?.id ?? '';
  switch (finding.kind) {
    case 'learning': {
      const { nights: n, least } = finding;
      return cannotTell(words.learning({ n, least }));
    }
    case 'quiet': {
      const { change, se } = finding;
      if (Math.abs(change) + z95 * se <= tellable) return holds(words.quiet);
      const [low, high] = [change - z95 * se, change + z95 * se].map((end) =>
        formatChange(Math.exp(end), lang),
      );
      return cannotTell(words.wide({ low: low ?? '', high: high ?? '' }));
    }
    case 'suspect':
      return rerun ? holds(words.suspect) : cannotTell(words.left);
    case 'returned':
      return holds(words.returned({ id }));
    case 'standing': {
      const change = formatChange(Math.exp(finding.change), lang);
      const direction = directionOf(line, finding.change);
      return { kind: 'moved', direction, said: words.moved({ change, id }) };
    }
  }
}
