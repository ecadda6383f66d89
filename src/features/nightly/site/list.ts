import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { swatch } from '../../../report/renderers/html/inlines.ts';
import { htmlText } from '../../../report/sanitize.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { metricName } from '../../../report/words/metric.ts';
import { figureText } from './figure-text.ts';
import type { HostView, SeriesView } from './series-view.ts';
import { svgSpark } from './spark.ts';
import { directionSigns, directionWords, stateSigns, stateWords } from './words.ts';

const words = messages('dashboard.list', {
  caption: 'Series of host {host}',
  series: 'series',
  nights: 'last {n} nights',
  figure: 'newest figure, 95 % interval',
  state: 'state',
  older: 'night of {night}',
  moved: 'moved: {direction}',
});

/** Nights that a small picture shows. */
const sparkNights = 60;

/** Every series of a host in a line, by category. `arms`: in the order of their colours. */
export function htmlSeriesList({ host, series }: HostView, arms: readonly string[], lang: Lang): string {
  const t = (message: Message) => htmlText(translate(message, lang));
  const caption = t(words.caption({ host }));
  const titles = [words.series, words.nights({ n: sparkNights }), words.figure, words.state];
  const head = titles.map(
    (title) => `<th scope="col"${title === words.figure ? ' class="number"' : ''}>${t(title)}</th>`,
  );
  const newest =
    series
      .map(({ line }) => line.night)
      .toSorted()
      .at(-1) ?? '';
  const bodies = [...Map.groupBy(series, ({ line }) => line.category)].map(
    ([category, own]) =>
      `<tbody>\n<tr class="group"><th colspan="${titles.length}" scope="rowgroup">${t(categoryNames[category])}</th></tr>\n${own
        .map((view) => rowOf(view, { arms, newest, lang }))
        .join('\n')}\n</tbody>`,
  );
  return `<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="series">
<caption class="unseen">${caption}</caption>
<thead><tr>${head.join('')}</tr></thead>
${bodies.join('\n')}
</table></div>`;
}

interface RowOf {
  readonly arms: readonly string[];
  /** The newest night of all. */
  readonly newest: string;
  readonly lang: Lang;
}

function rowOf(view: SeriesView, { arms, newest, lang }: RowOf): string {
  const { slug, arm, subject, line, state, recorded } = view;
  const t = (message: Message) => translate(message, lang);
  const said =
    state.kind === 'moved' && state.direction !== null
      ? `${directionSigns[state.direction]} ${t(words.moved({ direction: directionWords[state.direction] }))}`
      : `${stateSigns[state.kind]} ${t(stateWords[state.kind])}`;
  const search = [recorded.id, t(categoryNames[line.category]), t(stateWords[state.kind])]
    .join(' ')
    .toLowerCase();
  const older =
    line.night === newest
      ? ''
      : ` <span class="about">${htmlText(t(words.older({ night: line.night })))}</span>`;
  const tone = state.kind === 'moved' ? (state.direction ?? 'other') : state.kind;
  return `<tr id="${slug}" data-search="${htmlText(search)}" data-kind="${line.against}"${isCalm(view) ? '' : ' data-moved'}>
<th scope="row"><a href="#${slug}">${swatch(arms.indexOf(arm))}<span class="subject">${htmlText(subject)}</span></a> <span class="about"><span class="arm">${htmlText(arm)}</span> <span class="metric">${htmlText(metricName(line.metric, lang))}</span></span></th>
<td class="spark">${svgSpark(view, sparkNights)}</td>
<td class="number">${htmlText(figureText(line, lang))}${older}</td>
<td><span class="state ${tone}">${htmlText(said)}</span></td></tr>`;
}

/** Has it done nothing that is worth a look? */
function isCalm({ state: { kind } }: SeriesView): boolean {
  return kind === 'steady' || kind === 'learning';
}
