import { external, listed } from '../../../core/messages/compose.ts';
import { message, messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import {
  type Badge,
  type Block,
  chapter,
  heading,
  paragraph,
  quiet,
  text,
  titled,
} from '../../../report/document/document.ts';
import { formatInstant } from '../../../report/document/format.ts';
import { directionWords, statusWords } from '../history/alarm-text.ts';
import { answerText, historyAnswer } from '../history/answer.ts';
import type { UnreadEntry } from '../history/exports/exporter.ts';
import type { History } from '../history/recorded-series.ts';
import { alarmFold, nameCulprit } from './alarms.ts';
import type { HostNights } from './host-nights.ts';
import { nightsTable, type RunLinks } from './nights.ts';
import { seriesFolds } from './series-table.ts';

export const reportTitle = message('nights.title', 'Nights of container runtimes');

const words = messages('nights', {
  nothing: 'No night has been measured yet.',
  steady: 'No change: {n, plural, one {1 series is at its level} other {{n} series are at their level}}.',
  learning:
    'No alarm; {n, plural, one {1 series is still learning its} other {{n} series are still learning their}} level.',
  open: '{n, plural, one {1 open alarm} other {{n} open alarms}}: {alarms}.',
  moved: '{who} {direction} since {since}',
  about: 'Host {host}; last night {last}, {status}. Written by ocibench {version}, {at}.',
  openAlarms: '{n, plural, =0 {no open alarm} one {1 open alarm} other {{n} open alarms}}',
  lastNight: 'last night {status}',
  measured: '{measured} of the last {days} nights measured',
  alarms: 'Alarms',
  noAlarm: 'No alarms yet.',
  series: 'Series',
  answer: 'What the nights say',
  nights: 'Nights',
  host: 'Host {host}',
});

/** What the report of a history shows beside the history. */
export interface NightsInput {
  readonly history: History;
  readonly unread: readonly UnreadEntry[];
  /** Time of writing; ISO 8601, UTC. */
  readonly at: string;
  readonly version: string;
  readonly links: RunLinks;
  readonly lang: Lang;
}

/** Number of last nights that the badges summarize. */
const lookBack = 30;
/** Number of alarms that the first sentence names. */
const toldAlarms = 3;

/** The report of a history: the finding, then of each host its alarms, its series and its nights. */
export function reportBlocks(hosts: readonly HostNights[], input: NightsInput): readonly Block[] {
  const { unread, lang } = input;
  const t = (said: Message) => translate(said, lang);
  const items = unread.map(({ said }) => [text(said)]);
  const doubts: readonly Block[] = items.length === 0 ? [] : [{ kind: 'warning', items, folded: true }];
  const [first] = hosts;
  if (first === undefined)
    return [heading(1, t(reportTitle)), { kind: 'lead', text: t(words.nothing) }, ...doubts];
  return [
    heading(1, t(reportTitle)),
    // Non-breaking hyphens keep dates on one line.
    { kind: 'lead', text: t(leadOf(hosts)).replaceAll(/(?<=\d)-(?=\d)/g, '\u2011') },
    paragraph(text(t(aboutOf(first, input)))),
    { kind: 'badges', items: badgesOf(hosts, first, lang) },
    ...doubts,
    ...hosts.flatMap((host, i) => [
      ...(hosts.length === 1 ? [] : [heading(2, t(words.host({ host: host.host })), `host-${i + 1}`)]),
      ...hostBlocks(host, i === 0 ? '' : `-${i + 1}`, input),
    ]),
  ];
}

/** `suffix`: of the anchors of this host. */
function hostBlocks(of: HostNights, suffix: string, { history, links, lang }: NightsInput): readonly Block[] {
  const t = (said: Message) => translate(said, lang);
  const answer = historyAnswer(history, of.host, of.series);
  const answers = answerText(answer, lang).map((said) => [text(t(said))]);
  const alarms = of.alarms.map((alarm) => alarmFold(alarm, of, lang, links));
  return [
    heading(2, t(words.alarms), `alarms${suffix}`),
    ...(alarms.length === 0 ? [quiet(t(words.noAlarm))] : alarms),
    heading(2, t(words.series), `series${suffix}`),
    ...seriesFolds(of, lang),
    ...titled(2, t(words.answer), answers, `answer${suffix}`),
    chapter({ title: t(words.nights), id: `nights${suffix}` }, [
      nightsTable(of.nights.toReversed(), lang, links),
    ]),
  ];
}

const openOf = ({ alarms, accepted }: HostNights) => alarms.filter(({ id }) => !accepted.has(id));

function leadOf(hosts: readonly HostNights[]): Message {
  const open = hosts
    .flatMap((host) => openOf(host).map((alarm) => ({ alarm, host })))
    .toSorted((a, b) => (a.alarm.at < b.alarm.at ? 1 : -1));
  if (open.length > 0) {
    const told = open.slice(0, toldAlarms).map(({ alarm, host }) => {
      const { since, direction } = alarm;
      return words.moved({ who: nameCulprit(alarm, host), since, direction: directionWords[direction] });
    });
    const more = open.length > told.length ? [external('…')] : [];
    return words.open({ n: open.length, alarms: listed([...told, ...more], 'semicolon') });
  }
  const findings = hosts.flatMap(({ series }) => series.map(({ finding }) => finding.kind));
  const learning = findings.filter((kind) => kind === 'learning').length;
  if (findings.length === 0) return words.nothing;
  return learning > 0 ? words.learning({ n: learning }) : words.steady({ n: findings.length });
}

function aboutOf({ host, last }: HostNights, { version, at }: NightsInput): Message {
  const status = statusWords[last.status];
  return words.about({ host, last: formatInstant(last.at), status, version, at: formatInstant(at) });
}

function badgesOf(hosts: readonly HostNights[], { nights, last }: HostNights, lang: Lang): readonly Badge[] {
  const badge = (said: Message, href: string, isGood?: boolean): Badge => ({
    tone: isGood === undefined ? 'plain' : isGood ? 'good' : 'care',
    sign: isGood === undefined ? '' : isGood ? '✔' : '!',
    text: translate(said, lang),
    href,
  });
  const open = hosts.flatMap(openOf).length;
  const recent = nights.slice(-lookBack);
  const measured = recent.filter(({ status }) => status === 'measured').length;
  return [
    badge(words.openAlarms({ n: open }), '#alarms', open === 0),
    badge(words.lastNight({ status: statusWords[last.status] }), '#nights', last.status === 'measured'),
    badge(words.measured({ measured, days: recent.length }), '#nights'),
  ];
}
