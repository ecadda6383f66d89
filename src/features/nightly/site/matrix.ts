import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, type MatrixCell, text } from '../../../report/document.ts';
import { categoryOrder } from '../../../report/labels.ts';
import { categoryNames } from '../../../report/words/category.ts';
import type { StateKind } from './data.ts';
import { changeSign, changeText } from './figure-text.ts';
import type { HostView, SeriesView } from './series-view.ts';
import { kindNames, stateSigns, stateWords } from './words.ts';

const words = messages('dashboard.matrix', {
  caption: 'State of every runtime and category after the last night',
  corner: 'comparison',
  moved: '{n} of {all} changed',
  suspects: '{n, plural, one {1 suspect} other {{n} suspects}}',
  learning: '{nights} of {least} nights',
  absent: 'not measured',
  series: '{n, plural, one {1 series} other {{n} series}}',
});

/** States by gravity: a cell shows the first one that any of its series has. */
const gravest: readonly StateKind[] = ['moved', 'returned', 'learning', 'steady', 'gone'];

/** Ratios at which a cell becomes one shade darker. */
const shades = [1.1, 1.25];

/** Matrix of arms by categories; each cell shows the gravest state of its series. */
export function stateMatrix({ series }: HostView, lang: Lang): Block {
  const t = (message: Message) => translate(message, lang);
  const categories = categoryOrder.filter((each) => series.some(({ line }) => line.category === each));
  const inCategory = Map.groupBy(series, ({ line }) => line.category);
  return {
    kind: 'matrix',
    caption: t(words.caption),
    corner: t(words.corner),
    columns: categories.map((category) => ({
      title: t(categoryNames[category]),
      about: t(words.series({ n: inCategory.get(category)?.length ?? 0 })),
    })),
    rows: armsInOrder(series).map((own) => ({
      runtime: own[0]?.arm ?? '',
      about: own[0] === undefined ? '' : t(kindNames[own[0].line.against]),
      cells: categories.map((category) =>
        cellOf(
          own.filter(({ line }) => line.category === category),
          lang,
        ),
      ),
    })),
  };
}

/** Arms in order: runtimes against their pins first, then those that watch engine, kernel and host. */
function armsInOrder(series: readonly SeriesView[]): readonly (readonly SeriesView[])[] {
  const kinds = ['pin', 'baseline', 'none'];
  return [...Map.groupBy(series, ({ arm }) => arm).values()].toSorted(
    ([a], [b]) => kinds.indexOf(a?.line.against ?? '') - kinds.indexOf(b?.line.against ?? ''),
  );
}

const distance = ({ state: { change } }: SeriesView) => Math.abs(Math.log(change ?? 1));

/** Shows suspects as steady: chance makes some every night, and only reruns tell. */
const calmly = (kind: StateKind): StateKind => (kind === 'suspect' ? 'steady' : kind);

function cellOf(series: readonly SeriesView[], lang: Lang): MatrixCell {
  const t = (message: Message) => translate(message, lang);
  const kind = gravest.find((each) => series.some(({ state }) => calmly(state.kind) === each));
  const alike = series
    .filter(({ state }) => calmly(state.kind) === kind)
    .toSorted((a, b) => distance(b) - distance(a));
  const [worst] = alike;
  if (kind === undefined || worst === undefined)
    return { tone: { kind: 'absent' }, lines: [[text(t(words.absent))]], href: '#series-list' };
  const { finding, change } = worst.state;
  const suspects = series.filter(({ state }) => state.kind === 'suspect').length;
  const shown =
    kind === 'moved' && change !== null ? changeText({ ratio: change, low: null, high: null }, lang) : null;
  return {
    tone: toneOf(worst),
    lines: [
      [text(`${signOf(worst)} ${shown ?? t(stateWords[kind])}`)],
      ...(kind === 'moved'
        ? [[text(t(words.moved({ n: alike.length, all: series.length })))], [text(worst.subject)]]
        : [[text(t(words.series({ n: series.length })))]]),
      ...(finding.kind === 'learning'
        ? [[text(t(words.learning({ nights: finding.nights, least: finding.least })))]]
        : []),
      ...(suspects === 0 ? [] : [[text(t(words.suspects({ n: suspects })))]]),
    ],
    href: `#${worst.slug}`,
  };
}

function signOf({ state: { kind, change } }: SeriesView): string {
  return kind === 'moved' && change !== null ? changeSign([change]) : stateSigns[calmly(kind)];
}

function toneOf(view: SeriesView): MatrixCell['tone'] {
  const { kind, direction } = view.state;
  if (kind === 'gone') return { kind: 'absent' };
  if (calmly(kind) === 'steady') return { kind: 'equivalent' };
  if (kind !== 'moved' || direction === null || direction === 'other') return { kind: 'undecided' };
  const size = Math.exp(distance(view));
  const level = size >= (shades[1] ?? 0) ? 3 : size >= (shades[0] ?? 0) ? 2 : 1;
  return { kind: direction, level };
}
