import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, code, heading, list, paragraph, text } from '../../../report/document.ts';
import { BlockRenderer } from '../../../report/renderers/html/blocks.ts';
import { answerText, historyAnswer } from '../history/answer.ts';
import type { History } from '../history/recorded-series.ts';
import { alarmBlocks } from './alarms.ts';
import { htmlCalendar } from './calendar.ts';
import type { SiteInput } from './data.ts';
import { htmlSeriesList } from './list.ts';
import { stateMatrix } from './matrix.ts';
import { nightsTable } from './months.ts';
import type { HostView, SeriesArm } from './series-view.ts';
import { summaryBlocks } from './summary.ts';

const words = messages('dashboard.overview', {
  state: 'Current state',
  alarms: 'Alarms',
  nights: 'Nights',
  everyNight: 'All nights, and why some were not measured',
  series: 'Series',
  damaged: 'Skipped lines of the history',
  damagedLine: '{file}, line {line}: {why}',
  otherHost: 'Host {host}',
  first: 'To measure the first night:',
  measure: '@(nightly)',
});

interface OverviewOptions {
  readonly input: SiteInput;
  readonly arms: readonly SeriesArm[];
  readonly lang: Lang;
}

/** The page without the views of single series: headings for the table of contents, and the HTML. */
export function overview(
  hosts: readonly HostView[],
  { input, arms, lang }: OverviewOptions,
): { readonly headings: readonly Block[]; readonly content: string } {
  const t = (message: Message) => translate(message, lang);
  const renderer = new BlockRenderer({ lang, svgs: {}, page: { runtimes: arms } });
  const html = (blocks: readonly Block[]) => renderer.blocks(blocks);
  const names = arms.map(({ name }) => name);
  /** Repeats a part for each host, with the host's name above it if there are several. */
  const each = (part: (view: HostView) => string) =>
    hosts
      .map((view) =>
        hosts.length === 1
          ? part(view)
          : `${html([heading(3, t(words.otherHost({ host: view.host })))])}\n${part(view)}`,
      )
      .join('\n');
  const everyNight = (view: HostView): Block => ({
    kind: 'section',
    title: t(words.everyNight),
    open: false,
    blocks: [nightsTable(view, lang)],
  });
  const lines = input.damaged.map(({ file, line, why }) => [
    text(t(words.damagedLine({ file, line: String(line), why }))),
  ]);
  const ofNights: readonly Part[] = [
    [
      'state',
      words.state,
      () => each((view) => html([...answerBlocks(input.history, view.host, lang), stateMatrix(view, lang)])),
    ],
    ['alarms', words.alarms, () => each((view) => html(alarmBlocks(view, lang)))],
    [
      'nights',
      words.nights,
      () => each((view) => `${htmlCalendar(view, lang)}\n${html([everyNight(view)])}`),
    ],
    ['series-list', words.series, () => each((view) => htmlSeriesList(view, names, lang))],
  ];
  const parts: readonly Part[] = [
    ...(hosts.length === 0 ? [] : ofNights),
    ...(lines.length === 0 ? [] : [['damaged', words.damaged, () => html(list(lines))] satisfies Part]),
  ];
  const first = paragraph(text(`${t(words.first)} `), code(t(words.measure)));
  const headings = parts.map(([id, title]) => heading(2, t(title), id));
  return {
    headings,
    content: [
      html([...summaryBlocks(hosts, input, lang), ...(hosts.length === 0 ? [first] : [])]),
      ...parts.map(([id, title, content]) => `${html([heading(2, t(title), id)])}\n${content()}`),
    ].join('\n'),
  };
}

/** What the history says of a host: what is steady, what changed under it, and what could be found. */
function answerBlocks(history: History, host: string, lang: Lang): readonly Block[] {
  const lines = answerText(historyAnswer(history, host), lang);
  return list(lines.map((line) => [text(translate(line, lang))]));
}

/** A part of the page: its anchor, title and content. */
type Part = readonly [id: string, title: Message, content: () => string];
