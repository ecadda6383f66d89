import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Badge, type Block, heading, paragraph, text } from '../../../report/document.ts';
import { formatInstant } from '../../../report/format.ts';
import type { AlarmLine } from '../history/record.ts';
import type { SiteInput } from './data.ts';
import { isDisturbed, statusWord } from './months.ts';
import type { HostView } from './series-view.ts';
import { directionWords, pageTitle } from './words.ts';

const words = messages('dashboard.summary', {
  nothing: 'No night has been measured yet.',
  steady: 'No change: {n, plural, one {1 series is at its level} other {{n} series are at their level}}.',
  learning:
    'No alarm; {n, plural, one {1 series is still learning its} other {{n} series are still learning their}} level.',
  alarms: '{n, plural, one {1 open alarm} other {{n} open alarms}}: {alarms}.',
  moved: '{who} {direction} since {since}',
  others: '{n, plural, one {1 more} other {{n} more}}',
  about: 'Host {host}; last night {last}, {status}. Written by ocibench {version}, {at}.',
  open: '{n, plural, =0 {no open alarm} one {1 open alarm} other {{n} open alarms}}',
  lastNight: 'last night {status}',
  nights: '{measured} of the last {days} nights measured',
  disturbed: '{n, plural, one {1 of them} other {{n} of them}} disturbed',
  suspects: '{n, plural, one {1 suspect} other {{n} suspects}}',
  damaged: '{n, plural, one {1 line} other {{n} lines}} of the history skipped',
});
const who = messages('dashboard.who', {
  runtime: '{runtimes}',
  engine: 'the engine',
  kernel: 'the kernel',
  host: 'the host',
  unknown: 'engine, kernel or host',
});

/** Number of last nights that the badges summarize. */
const lookBack = 30;

/** Alarms that nobody has accepted, the newest first. */
function openAlarmsOf({ alarms, accepted }: HostView): readonly AlarmLine[] {
  return alarms.filter(({ id }) => !accepted.has(id));
}

/** The culprit of an alarm in words: runtimes by name, or what they run on. */
export function whoMoved({ cause, series }: AlarmLine, { series: all }: HostView): Message {
  if (cause.kind !== 'runtime') return who[cause.kind];
  const moved = new Set(series.map((each) => each.series));
  const runtimes = all.filter(({ recorded }) => moved.has(recorded.id)).map(({ line }) => line.runtime);
  const names = [...new Set(runtimes)];
  return who.runtime({ runtimes: listed(names.length === 0 ? [series[0]?.series ?? ''] : names, 'and') });
}

/** Title, summary of the nights, and doubts. */
export function summaryBlocks(hosts: readonly HostView[], input: SiteInput, lang: Lang): readonly Block[] {
  const t = (message: Message) => translate(message, lang);
  const [first] = hosts;
  const title = heading(1, t(pageTitle));
  if (first === undefined) return [title, { kind: 'lead', text: t(words.nothing) }];
  const last = first.nights.at(-1);
  const about = words.about({
    host: first.host,
    last: last === undefined ? '–' : formatInstant(last.at),
    status: last === undefined ? '–' : statusWord(last.status, lang),
    version: input.version,
    at: formatInstant(input.at),
  });
  return [
    title,
    // Non-breaking hyphens keep dates on one line.
    { kind: 'lead', text: t(leadOf(hosts)).replaceAll(/(?<=\d)-(?=\d)/g, '\u2011') },
    paragraph(text(t(about))),
    { kind: 'badges', items: badges(hosts, input, lang) },
  ];
}

/** Maximum number of alarms that the first sentence names. */
const toldAlarms = 3;

function leadOf(hosts: readonly HostView[]): Message {
  const open = hosts.flatMap((view) => openAlarmsOf(view).map((alarm) => ({ alarm, view })));
  if (open.length > 0) {
    const newest = open.toSorted((a, b) => (a.alarm.at < b.alarm.at ? 1 : -1));
    const told = newest.slice(0, toldAlarms).map(({ alarm, view }) =>
      words.moved({
        who: whoMoved(alarm, view),
        since: alarm.since,
        direction: directionWords[alarm.direction],
      }),
    );
    const more = open.length - told.length;
    const items = [...told, ...(more > 0 ? [words.others({ n: more })] : [])];
    return words.alarms({ n: open.length, alarms: listed(items, 'semicolon') });
  }
  const states = hosts.flatMap(({ series }) => series.map(({ state }) => state.kind));
  const learning = states.filter((kind) => kind === 'learning').length;
  if (states.length === 0) return words.nothing;
  return learning > 0 ? words.learning({ n: learning }) : words.steady({ n: states.length });
}

function badges(hosts: readonly HostView[], { damaged }: SiteInput, lang: Lang): readonly Badge[] {
  const t = (message: Message) => translate(message, lang);
  const open = hosts.flatMap(openAlarmsOf).length;
  const last = hosts[0]?.nights.at(-1);
  const recent = hosts[0]?.nights.slice(-lookBack) ?? [];
  const measured = recent.filter(({ status }) => status === 'measured');
  const disturbed = measured.filter(isDisturbed).length;
  const suspects = hosts.flatMap(({ series }) =>
    series.filter(({ state }) => state.kind === 'suspect'),
  ).length;
  const badge = (isGood: boolean, message: Message, href: string): Badge => ({
    ...(isGood ? ({ tone: 'good', sign: '✔' } as const) : ({ tone: 'care', sign: '!' } as const)),
    text: t(message),
    href,
  });
  const plain = (message: Message, href: string): Badge => ({
    tone: 'plain',
    sign: '',
    text: t(message),
    href,
  });
  return [
    badge(open === 0, words.open({ n: open }), '#alarms'),
    ...(last === undefined
      ? []
      : [
          badge(
            last.status === 'measured',
            words.lastNight({ status: statusWord(last.status, lang) }),
            '#nights',
          ),
        ]),
    plain(words.nights({ measured: measured.length, days: recent.length }), '#nights'),
    ...(disturbed === 0 ? [] : [plain(words.disturbed({ n: disturbed }), '#nights')]),
    ...(suspects === 0 ? [] : [plain(words.suspects({ n: suspects }), '#series-list')]),
    ...(damaged.length === 0 ? [] : [badge(false, words.damaged({ n: damaged.length }), '#damaged')]),
  ];
}
