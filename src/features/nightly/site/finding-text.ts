import { joined } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { bareFigure, changeText, figureText } from './figure-text.ts';
import type { SeriesView } from './series-view.ts';
import { directionWords } from './words.ts';

const words = messages('dashboard.finding', {
  last: 'In the night of {night} it was {value}.',
  steady: 'Against its level that is {change}: no more than chance.',
  suspect: 'Against its level that is {change}: suspect, and no rerun has confirmed it.',
  learning: 'Its level is being learnt: {nights} of {least} nights.',
  moved: 'Alarm {id}, {direction}: {change} against the level before, since the night of {since}.',
  stands: 'It still stands: the last nights lie at {change}.',
  returned: 'The last nights are back at the level before.',
  gone: 'The last nights have not measured it.',
  nights:
    '{n, plural, one {1 night} other {{n} nights}} from {from} to {to}, the figures between {low} and {high}.',
});

/** What the nights of a series say, in sentences: beside its picture, and in its place for those who do not see it. */
export function findingText(view: SeriesView, lang: Lang): string {
  const { line, state, recorded } = view;
  const figure = (value: number) => bareFigure({ ...line, estimate: value }, lang);
  const estimates = recorded.lines.map(({ estimate }) => estimate);
  const said = stateSentences(view, lang);
  // What has alarmed comes first.
  const isAlarmed = state.finding.kind === 'standing' || state.finding.kind === 'returned';
  const sentences: readonly Message[] = [
    ...(isAlarmed ? said : []),
    words.last({ night: line.night, value: figureText(line, lang) }),
    ...(isAlarmed ? [] : said),
    ...(state.kind === 'gone' ? [words.gone] : []),
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
  const alarm = alarms.findLast(({ accepted }) => !accepted);
  if (alarm === undefined) return [];
  const { id, since, direction } = alarm;
  return [
    words.moved({
      ...{ id, since, direction: directionWords[direction] },
      change: changeText({ ratio: alarm.change, low: alarm.low, high: alarm.high }, lang),
    }),
    finding.kind === 'returned' ? words.returned : words.stands({ change }),
  ];
}
