import type { Lang } from '../../../core/messages/message.ts';
import { metricName } from '../../../report/words/metric.ts';
import { changesBetween } from '../history/changes.ts';
import { level } from '../history/level.ts';
import type { HeadlineLine } from '../history/record.ts';
import type { RecordedSeries } from '../history/recorded-series.ts';
import { rules } from '../history/rules.ts';
import { segmentsOf } from '../history/segments.ts';
import type { DashboardData, LevelPart, Mark, NightMark, SeriesHead } from './data.ts';
import { findingText } from './finding-text.ts';
import { isDisturbed } from './nights.ts';
import type { HostView, SeriesView } from './series-view.ts';

/** The levels of a series one after the other: each segment has its own, and so has what follows an alarm. */
export function levelParts({ nights, lines, against, accepted, open }: RecordedSeries): readonly LevelPart[] {
  const changes = [...(accepted ?? []), ...(open === undefined ? [] : [open.since])];
  const parts: LevelPart[] = [];
  let place = 0;
  for (const segment of segmentsOf(nights)) {
    const starts = segment.nights.flatMap(({ night }, i) => {
      const before = segment.nights[i - 1]?.night;
      const begins = changes.some((since) => since <= night && (before === undefined || since > before));
      return i === 0 || begins ? [i] : [];
    });
    starts.forEach((start, i) => {
      const own = segment.nights.slice(start, starts[i + 1]);
      const [first, last] = [lines[place + start], lines[place + start + own.length - 1]];
      if (first === undefined || last === undefined) return;
      const value = Math.exp(level(own, rules[against]).log);
      parts.push({ from: first.at, to: last.at, nights: own.length, value });
    });
    place += segment.nights.length;
  }
  return parts;
}

/** The nights of a series in which something was another version than the night before. */
export function marksOf(lines: readonly HeadlineLine[]): readonly Mark[] {
  return lines.flatMap((line, i): readonly Mark[] => {
    const before = lines[i - 1];
    if (before === undefined) return [];
    const changes = changesBetween(before, line).map(({ name, before: was, after: is }) => ({
      ...{ what: name, was, is },
    }));
    const kind = before.key === line.key ? 'version' : 'segment';
    if (kind === 'version' && changes.length === 0) return [];
    return [{ at: line.at, night: line.night, kind, changes }];
  });
}

/** What the script needs of a series before it loads any night. */
export function headOf(view: SeriesView, lang: Lang): SeriesHead {
  const { slug, arm, subject, line, state, alarms, control, recorded } = view;
  const { host, series, metric, category, against, unit, better } = line;
  return {
    ...{ slug, host, name: series, arm, subject, metric: metricName(metric, lang) },
    ...{ category, against, unit, better, control },
    state: { kind: state.kind, direction: state.direction },
    finding: findingText(view, lang),
    levels: levelParts(recorded),
    marks: marksOf(recorded.lines),
    alarms,
  };
}

/** The nights of a host, as the pictures of its series show them. */
export function nightMarks({ host, nights }: HostView): DashboardData['nights'] {
  return nights.map(
    (night): NightMark => ({
      ...{ host, at: night.at, night: night.night, status: night.status, reason: night.reason },
      disturbed: isDisturbed(night),
    }),
  );
}
