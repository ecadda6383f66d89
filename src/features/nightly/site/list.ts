import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { swatch } from '../../../report/renderers/html/inlines.ts';
import { htmlText } from '../../../report/sanitize.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { metricName } from '../../../report/words/metric.ts';
import { changeSign, figureText } from './figure-text.ts';
import type { HostView, SeriesView } from './series-view.ts';
import { directionWords, stateSigns, stateWords } from './words.ts';

const [width, height, margin] = [120, 24, 3];

/** Sparkline of the last nights, with a dot at the last figure; without axes: it shows the course, not amounts. */
function svgSpark({ recorded, state }: SeriesView, nights: number): string {
  const values = recorded.lines.slice(-nights).map(({ estimate }) => Math.log(estimate));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A minimum span keeps a steady series flat, instead of magnifying its noise.
  const span = Math.max(most - least, 0.02);
  const middle = (most + least) / 2;
  const x = (i: number) =>
    width - margin - (values.length - 1 - i) * ((width - 2 * margin) / Math.max(1, nights - 1));
  const y = (value: number) => height / 2 - ((value - middle) / span) * (height - 2 * margin);
  const points = values.map((value, i) => `${Math.round(x(i))} ${round(y(value))}`);
  const last = values.at(-1);
  const dot =
    last === undefined
      ? ''
      : `<circle class="${state.kind}" cx="${width - margin}" cy="${round(y(last))}" r="2.5"/>`;
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true"><path d="M${points.join('L')}"/>${dot}</svg>`;
}

const round = (value: number) => Math.round(10 * value) / 10;

const words = messages('dashboard.list', {
  caption: 'Series of host {host}',
  series: 'series',
  nights: 'last {n} nights',
  figure: 'newest figure, 95% interval',
  state: 'state',
  older: 'night of {night}',
  moved: 'changed: {direction}',
});

/** Number of nights in a sparkline. */
const sparkNights = 60;

/** Table of the series of a host, by category. `arms`: names in the order of their colours. */
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

interface RowOptions {
  readonly arms: readonly string[];
  /** Newest night of all series. */
  readonly newest: string;
  readonly lang: Lang;
}

function rowOf(view: SeriesView, { arms, newest, lang }: RowOptions): string {
  const { slug, arm, subject, line, state, recorded } = view;
  const t = (message: Message) => translate(message, lang);
  const said =
    state.kind === 'moved' && state.direction !== null && state.change !== null
      ? `${changeSign([state.change])} ${t(words.moved({ direction: directionWords[state.direction] }))}`
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

/** Is there no reason to look at the series? */
function isCalm({ state: { kind } }: SeriesView): boolean {
  return kind === 'steady' || kind === 'learning';
}
