import { joined, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import {
  type Block,
  code,
  type Fold,
  link,
  number,
  paragraph,
  picture,
  quiet,
  text,
} from '../../../report/document/document.ts';
import { subjectLabel } from '../../../report/document/labels.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import { directionWords, formatWholeChange } from '../history/alarm-text.ts';
import type { AlarmLine } from '../history/record.ts';
import { anchorSeries, type HostNights, nameComparison } from './host-nights.ts';
import type { RunLinks } from './nights.ts';

const words = messages('nights.alarm', {
  title: '{night}, {who}: {direction}',
  gist: '{n, plural, one {1 series} other {{n} series}}',
  accepted: 'accepted',
  changed: 'Changed at the same time: {what}',
  one: '{what}: {was} → {is}',
  unchanged: 'No recorded version or setting changed at the same time.',
  since: 'First night of the new level: {since}. Alarm {id}, run ',
  acceptedWhy: 'Accepted as the new level: {why}',
  acceptIt: '@(nightly accept {id} --why "…")',
  accept: 'Not accepted. To accept the new level: ',
  series: 'series',
  change: 'change, 95% interval',
  course: 'course',
});
const who = messages('nights.who', {
  runtime: '{runtimes}',
  engine: 'the engine',
  kernel: 'the kernel',
  host: 'the host',
  unknown: 'engine, kernel or host',
});

/** The culprit of an alarm in words: runtimes by name, or what they run on. */
export function nameCulprit({ cause, series }: AlarmLine, { series: all }: HostNights): Message {
  if (cause.kind !== 'runtime') return who[cause.kind];
  const moved = new Set(series.map((each) => each.series));
  const runtimes = all.flatMap(({ line }) => (moved.has(line.series) ? [line.runtime] : []));
  const names = runtimes.length === 0 ? [series[0]?.series ?? ''] : [...new Set(runtimes)];
  return who.runtime({ runtimes: listed(names, 'and') });
}

/** An alarm, open unless it is accepted: what moved, what changed at the same time, and the evidence. */
export function alarmFold(alarm: AlarmLine, view: HostNights, lang: Lang, links: RunLinks): Fold {
  const t = (message: Message) => translate(message, lang);
  const { id, night, direction, since, cause, series, run } = alarm;
  const why = view.accepted.get(id);
  const gist = words.gist({ n: series.length });
  const changed = cause.changed.map((one) => words.one(one));
  const what = changed.length === 0 ? words.unchanged : words.changed({ what: listed(changed, 'semicolon') });
  const href = links.get(run);
  return {
    kind: 'section',
    title: t(words.title({ night, who: nameCulprit(alarm, view), direction: directionWords[direction] })),
    gist: [text(t(why === undefined ? gist : joined([gist, words.accepted], 'semicolon')))],
    open: why === undefined,
    blocks: [
      paragraph(text(t(what))),
      evidence(alarm, view, lang),
      {
        kind: 'paragraph',
        text: [text(t(words.since({ since, id }))), href === undefined ? text(run) : link(run, href)],
        quiet: true,
      },
      why === undefined
        ? paragraph(text(t(words.accept)), code(t(words.acceptIt({ id }))))
        : quiet(t(words.acceptedWhy({ why }))),
    ],
  };
}

function evidence({ host, series }: AlarmLine, { series: all }: HostNights, lang: Lang): Block {
  const lines = new Map(all.map(({ line }) => [line.series, line]));
  const nameOf = (moved: string) => {
    const line = lines.get(moved);
    return line === undefined
      ? moved
      : link(`${nameComparison(line)}, ${subjectLabel(line)}`, `#${anchorSeries(line)}`);
  };
  return tableOf(
    series,
    [
      [words.series, (moved) => nameOf(moved.series)],
      [
        words.change,
        ({ change: ratio, low, high }) => number(formatWholeChange({ ratio, low, high }, lang), ratio),
        'right',
      ],
      [words.course, (moved) => picture(anchorSeries({ host, series: moved.series }))],
    ],
    lang,
  );
}
