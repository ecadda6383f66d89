import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { numberLocales } from '../../../core/messages/number.ts';
import { formatEstimate, formatPercent, formatRatioEstimate } from '../../../report/document/format.ts';
import type { AlarmLine, HeadlineLine } from './record.ts';
import type { SeriesChange } from './series-state.ts';

/** Status of a night in words. */
export const statusWords = messages('history.status', {
  measured: 'measured',
  interrupted: 'interrupted',
  skipped: 'skipped',
  failed: 'failed',
});

/** The ratio with its interval; for the pinned baseline's own series, the value. */
export function estimateText({ against, estimate, low, high, unit }: HeadlineLine, lang: Lang): string {
  return against === 'none'
    ? formatEstimate({ value: estimate, low, high }, unit, lang)
    : formatRatioEstimate({ ratio: estimate, low, high }, lang);
}

const causes = messages('history.cause', {
  runtime: 'this runtime changed',
  engine: 'the engine changed',
  kernel: 'the kernel changed',
  host: 'the host changed',
  unknown: 'cause unknown',
});
/** Direction of a change in one word. */
export const directionWords = messages('history.direction', {
  better: 'better',
  worse: 'worse',
  other: 'different',
});
const alarms = messages('history.alarm', {
  title: 'alarm {id}: {direction}; {cause}, since the night of {since}',
  changed: '  changed that night: {what}: {was} → {is}',
  unchanged: '  no recorded version or setting changed that night',
  moved: '  {series}: {change} [{low}, {high}]',
  more: '  and {n} more',
});

/** A change as `+9.5%`. */
export function formatChange(ratio: number, lang: Lang): string {
  return `${ratio >= 1 ? '+' : ''}${formatPercent(ratio - 1, lang, 1)}`;
}

/** A change with its interval as `+9.5% [+8.0%, +11.0%]`. */
export function formatWholeChange({ ratio, low, high }: SeriesChange, lang: Lang): string {
  const [change, from, to] = [ratio, low, high].map((one) => formatChange(one, lang));
  return `${change} [${from}${numberLocales[lang].separator}${to}]`;
}

/** One line: what moved, and since when. */
export function alarmTitle({ id, since, direction, cause }: AlarmLine): Message {
  return alarms.title({ id, since, direction: directionWords[direction], cause: causes[cause.kind] });
}

/**
 * Lines of an alarm: what moved, since when, by how much, and which versions changed. `most`: series and changes to list;
 * further series are counted.
 */
export function alarmLines(alarm: AlarmLine, most: number = Number.POSITIVE_INFINITY): readonly Message[] {
  const changed = alarm.cause.changed.slice(0, most);
  const series = alarm.series.slice(0, most);
  const n = alarm.series.length - series.length;
  return [
    alarmTitle(alarm),
    ...(changed.length === 0 ? [alarms.unchanged] : changed.map((each) => alarms.changed(each))),
    ...series.map((each) =>
      alarms.moved({
        series: each.series,
        change: formatChange(each.change, 'en'),
        low: formatChange(each.low, 'en'),
        high: formatChange(each.high, 'en'),
      }),
    ),
    ...(n > 0 ? [alarms.more({ n })] : []),
  ];
}
