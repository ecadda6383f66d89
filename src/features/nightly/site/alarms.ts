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
  quiet,
  text,
} from '../../../report/document.ts';
import { formatCount, formatNumberShort } from '../../../report/format.ts';
import { tableOf } from '../../../report/table-of.ts';
import type { AlarmLine } from '../history/record.ts';
import { changeSign, changeText } from './figure-text.ts';
import type { HostView } from './series-view.ts';
import { whoMoved } from './summary.ts';
import { directionWords } from './words.ts';

const words = messages('dashboard.alarm', {
  title: '{night}, {who}: {sign} {direction}',
  gist: '{changes} in {n, plural, one {1 series} other {{n} series}}',
  accepted: 'accepted',
  changed: 'Changed at the same time: {what}',
  one: '{what}: {was} → {is}',
  unchanged: 'No recorded version or setting changed at the same time.',
  since: 'First night of the new level: {since}. Alarm {id}.',
  acceptedWhy: 'Accepted as the new level: {why}',
  acceptIt: '@(nightly accept {id} --why "…")',
  accept: 'Not accepted. To accept the new level:',
  series: 'series',
  change: 'change, 95% interval',
  chance: 'p at most',
  nights: 'nights compared',
  evidence: 'Evidence of alarm {id}',
  none: 'No alarms yet.',
});

/** The alarms of a host, newest first: what moved, the cause, and the evidence. */
export function alarmBlocks(view: HostView, lang: Lang): readonly Block[] {
  if (view.alarms.length === 0) return [quiet(translate(words.none, lang))];
  return view.alarms.map((alarm) => alarmFold(alarm, view, lang));
}

function alarmFold(alarm: AlarmLine, view: HostView, lang: Lang): Fold {
  const t = (message: Message) => translate(message, lang);
  const { id, night, direction, since, cause, series } = alarm;
  const why = view.accepted.get(id);
  const title = words.title({
    sign: changeSign(series.map(({ change }) => change)),
    night,
    who: whoMoved(alarm, view),
    direction: directionWords[direction],
  });
  const gist = words.gist({ changes: rangeOf(alarm, lang), n: series.length });
  const changed = cause.changed.map((one) => words.one(one));
  return {
    kind: 'section',
    title: t(title),
    id: `alarm-${id.replaceAll(/[^0-9-]/g, '-')}`,
    gist: [text(t(why === undefined ? gist : joined([gist, words.accepted], 'semicolon')))],
    open: why === undefined,
    blocks: [
      paragraph(
        text(
          changed.length === 0
            ? t(words.unchanged)
            : t(words.changed({ what: listed(changed, 'semicolon') })),
        ),
      ),
      evidence(alarm, view, lang),
      quiet(t(words.since({ since, id }))),
      why === undefined
        ? paragraph(text(`${t(words.accept)} `), code(t(words.acceptIt({ id }))))
        : quiet(t(words.acceptedWhy({ why }))),
    ],
  };
}

/** The change as `+10.2%`; for several series, the range from smallest to largest. */
function rangeOf({ series }: AlarmLine, lang: Lang): string {
  const show = (ratio: number) => changeText({ ratio, low: null, high: null }, lang);
  const changes = series.map(({ change }) => change);
  const [least, most] = [show(Math.min(...changes)), show(Math.max(...changes))];
  return least === most ? least : `${least} … ${most}`;
}

function evidence({ id, series }: AlarmLine, view: HostView, lang: Lang): Block {
  const known = new Map(view.series.map((one) => [one.recorded.id, one]));
  const name = (moved: string) => {
    const one = known.get(moved);
    return one === undefined ? moved : link(`${one.arm}, ${one.subject}`, `#${one.slug}`);
  };
  return tableOf(
    series,
    [
      [words.series, (moved) => name(moved.series)],
      [
        words.change,
        ({ change: ratio, low, high }) => number(changeText({ ratio, low, high }, lang), ratio),
        'right',
      ],
      [words.chance, ({ p }) => number(chanceText(p, lang), p), 'right'],
      [words.nights, ({ nights }) => number(formatCount(nights, lang), nights), 'right'],
    ],
    lang,
    words.evidence({ id }),
  );
}

/** Smaller p values are shown as below this one. */
const tiny = 1e-6;

function chanceText(p: number, lang: Lang): string {
  return p < tiny ? `< ${formatNumberShort(tiny, lang)}` : formatNumberShort(Number(p.toPrecision(2)), lang);
}
