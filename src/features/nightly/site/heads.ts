import { joined } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { metricName } from '../../../report/words/metric.ts';
import { findableText } from '../history/answer.ts';
import { changesBetween } from '../history/changes.ts';
import { segmentsOf } from '../history/detector.ts';
import { level } from '../history/level.ts';
import type { HeadlineLine } from '../history/record.ts';
import type { RecordedSeries } from '../history/recorded-series.ts';
import { rules } from '../history/rules.ts';
import { beginsAt, comparisonKey } from '../history/series.ts';
import type { DashboardData, LevelPart, NightMark, SeriesHead, SeriesMark } from './data.ts';
import { bareFigure, changeText, figureText } from './figure-text.ts';
import { isDisturbed } from './months.ts';
import type { HostView, SeriesView } from './series-view.ts';
import { directionWords } from './words.ts';

const words = messages('dashboard.finding', {
  last: 'Last measured in the night of {night}: {value}.',
  steady: 'Steady: {change} relative to its level, which chance explains.',
  suspect: 'Suspect: {change} relative to its level, not confirmed.',
  learning: 'Learning its level: {nights} of {least} nights.',
  moved: 'Alarm {id}, {direction}: {change} relative to the previous level, since the night of {since}.',
  stands: 'It persists: the last nights are at {change}.',
  returned: 'The last nights are back at the previous level.',
  again: 'The last night differs from the new level: there may be another change.',
  gone: 'The last nights did not measure it.',
  nights: '{n, plural, one {1 night} other {{n} nights}} from {from} to {to}, figures from {low} to {high}.',
});

/** State of a series in sentences; also the text alternative of its picture. */
function findingText(view: SeriesView, lang: Lang): string {
  const { line, state, recorded } = view;
  const figure = (value: number) => bareFigure({ ...line, estimate: value }, lang);
  const estimates = recorded.lines.map(({ estimate }) => estimate);
  const said = stateSentences(view, lang);
  // An alarm comes first.
  const isAlarmed = state.finding.kind === 'standing' || state.finding.kind === 'returned';
  const sentences: readonly Message[] = [
    ...(isAlarmed ? said : []),
    words.last({ night: line.night, value: figureText(line, lang) }),
    ...(isAlarmed ? [] : said),
    ...(state.kind === 'gone' ? [words.gone] : []),
    ...(state.steps === null ? [] : [findableText(state.steps, lang)]),
    words.nights({
      n: recorded.lines.length,
      from: recorded.lines[0]?.night ?? line.night,
      to: line.night,
      low: figure(Math.min(...estimates)),
      high: figure(Math.max(...estimates)),
    }),
  ];
  return translate(joined(sentences, 'space'), lang);
}

function stateSentences(
  { state: { finding, change: ratio }, alarms }: SeriesView,
  lang: Lang,
): readonly Message[] {
  if (finding.kind === 'learning') return [words.learning({ nights: finding.nights, least: finding.least })];
  const change = changeText({ ratio: ratio ?? 1, low: null, high: null }, lang);
  if (finding.kind === 'quiet') return [words.steady({ change })];
  if (finding.kind === 'suspect') return [words.suspect({ change })];
  const open = alarms.filter(({ accepted }) => !accepted);
  const alarm = open.find(({ id }) => 'alarm' in finding && id === finding.alarm) ?? open.at(-1);
  if (alarm === undefined) return [];
  const { id, since, direction } = alarm;
  return [
    words.moved({
      id,
      since,
      direction: directionWords[direction],
      change: changeText({ ratio: alarm.change, low: alarm.low, high: alarm.high }, lang),
    }),
    finding.kind === 'returned' ? words.returned : words.stands({ change }),
    ...('again' in finding && finding.again !== null ? [words.again] : []),
  ];
}

/** The levels of a series in order: a new one begins with each segment, and with the change of each alarm. */
export function levelParts({ nights, lines, against, moves = [] }: RecordedSeries): readonly LevelPart[] {
  const parts: LevelPart[] = [];
  let place = 0;
  for (const segment of segmentsOf(nights)) {
    const changes = moves.map((move) => beginsAt(segment.nights, move));
    const starts = segment.nights.flatMap((_, i) => (i === 0 || changes.includes(i) ? [i] : []));
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

/** The nights of a series with version changes since the night before. */
export function marksOf(lines: readonly HeadlineLine[]): readonly SeriesMark[] {
  return lines.flatMap((line, i): readonly SeriesMark[] => {
    const before = lines[i - 1];
    if (before === undefined) return [];
    const changes = changesBetween(before, line).map(({ name, before: was, after: is }) => ({
      what: name,
      was,
      is,
    }));
    const kind = comparisonKey(before) === comparisonKey(line) ? 'version' : 'segment';
    if (kind === 'version' && changes.length === 0) return [];
    return [{ at: line.at, night: line.night, kind, changes }];
  });
}

/** Data of a series that the script needs before it loads any night. */
export function headOf(view: SeriesView, lang: Lang): SeriesHead {
  const { slug, arm, subject, line, state, alarms, control, recorded } = view;
  const { host, series, metric, category, against, unit, better } = line;
  return {
    slug,
    host,
    name: series,
    arm,
    subject,
    metric: metricName(metric, lang),
    category,
    against,
    unit,
    better,
    control,
    state: { kind: state.kind, direction: state.direction },
    finding: findingText(view, lang),
    levels: levelParts(recorded),
    marks: marksOf(recorded.lines),
    alarms,
  };
}

/** The nights of a host, for the pictures of its series. */
export function nightMarks({ host, nights }: HostView): DashboardData['nights'] {
  return nights.map(
    (night): NightMark => ({
      host,
      at: night.at,
      night: night.night,
      status: night.status,
      reason: night.reason,
      disturbed: isDisturbed(night),
    }),
  );
}
