import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Spec } from '../../../report/charts/grammar/chart.ts';
import { cheaper, dearer, soft } from '../../../report/charts/grammar/theme.ts';
import {
  anchor,
  type Block,
  type Fold,
  type Inline,
  lineBreak,
  number,
  picture,
  type Text,
  type Tone,
  text,
} from '../../../report/document/document.ts';
import { subjectLabel } from '../../../report/document/labels.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { metricName } from '../../../report/words/metric.ts';
import { directionWords, estimateText, formatWholeChange } from '../history/alarm-text.ts';
import { judgeSeries, type SeriesState } from '../history/series-state.ts';
import { anchorSeries, type HostNights, nameComparison } from './host-nights.ts';
import { sparkline } from './sparkline.ts';

const words = messages('nights.series', {
  gist: '{n, plural, one {1 series} other {{n} series}}: {states}',
  count: '{n} {state}',
  subject: '{subject}: {metric}',
  compared: 'compared',
  state: 'state',
  change: 'change from its level, 95% interval',
  course: 'last {n} nights',
  figure: 'newest figure, 95% interval',
  older: 'night of {night}',
});
const states = messages('nights.state', {
  moved: 'changed',
  returned: 'back, but not accepted',
  suspect: 'suspect',
  wide: 'inconclusive',
  steady: 'steady',
  learning: 'learning',
  gone: 'no longer measured',
});
type StateKind = keyof typeof states;
/** Signs beside the words, so that no meaning depends on colour. */
const signs: Readonly<Record<StateKind, string>> = {
  moved: '≠',
  returned: '↺',
  suspect: '?',
  wide: '?',
  steady: '≈',
  learning: '…',
  gone: '–',
};
const tones = { better: 'good', worse: 'bad', other: 'other' } as const;
const dots = { better: cheaper, worse: dearer, other: soft } as const;

/** Number of nights in a picture. */
const places = 60;

function kindOf(state: SeriesState): StateKind {
  if (!state.isRecent) return 'gone';
  const { kind } = judgeSeries(state);
  return kind === 'left' ? 'suspect' : kind;
}

/** The series of a host, a fold and a table for each category; open where something changed. */
export function seriesFolds({ series }: HostNights, lang: Lang): readonly Fold[] {
  const t = (message: Message) => translate(message, lang);
  return [...Map.groupBy(series, ({ line }) => line.category)].map(([category, own]) => {
    const kinds = own.map(kindOf);
    const counts = (Object.keys(states) as StateKind[]).flatMap((kind) => {
      const n = kinds.filter((each) => each === kind).length;
      return n === 0 ? [] : [words.count({ n, state: states[kind] })];
    });
    return {
      kind: 'section',
      title: t(categoryNames[category]),
      gist: [text(t(words.gist({ n: own.length, states: listed(counts) })))],
      open: kinds.some((kind) => kind === 'moved' || kind === 'returned'),
      blocks: [seriesTable(own, lang)],
    };
  });
}

/** Series by test: the state, change, course and newest figure of each comparison. */
function seriesTable(series: readonly SeriesState[], lang: Lang): Block {
  const newest = series
    .map(({ line }) => line.night)
    .toSorted()
    .at(-1);
  const tests = Map.groupBy(series, ({ line }) => `${subjectLabel(line)} ${line.metric}`);
  const rows = [...tests.values()].flatMap((own) =>
    own.flatMap((one, i) => (i === 0 ? [{ over: subjectOf(one, lang) }, one] : [one])),
  );
  return tableOf(
    rows,
    [
      [words.compared, ({ line }) => anchor(nameComparison(line), anchorSeries(line))],
      [words.state, (one) => stateOf(one, lang)],
      [words.change, (one) => changeOf(one, lang), 'right'],
      [words.course({ n: places }), ({ line }) => picture(anchorSeries(line))],
      [words.figure, (one) => figureOf(one, newest, lang), 'right'],
    ],
    lang,
  );
}

function subjectOf({ line }: SeriesState, lang: Lang): Message {
  return words.subject({ subject: subjectLabel(line), metric: metricName(line.metric, lang) });
}

function stateOf(state: SeriesState, lang: Lang): Inline {
  const kind = kindOf(state);
  const verdict = judgeSeries(state);
  const said = (word: Message, sign: string, tone: Tone) =>
    ({ kind: 'verdict', text: translate(word, lang), sign, tone }) as const;
  if (kind !== 'moved' || verdict.kind !== 'moved') return said(states[kind], signs[kind], 'quiet');
  const { direction, change } = verdict;
  return said(directionWords[direction], change.ratio > 1 ? '▲' : '▼', tones[direction]);
}

function changeOf(state: SeriesState, lang: Lang): Inline | null {
  const verdict = judgeSeries(state);
  if (verdict.kind === 'learning') return null;
  return number(formatWholeChange(verdict.change, lang), verdict.change.ratio);
}

/** The newest figure; of an older night than the `newest` one with its night. */
function figureOf({ line }: SeriesState, newest: string | undefined, lang: Lang): Text {
  const figure = number(estimateText(line, lang), line.estimate);
  if (line.night === newest) return [figure];
  return [figure, lineBreak, text(translate(words.older({ night: line.night }), lang))];
}

/** Name → picture of the course of a series: the nights, and the level that they are compared with. */
export function drawCourses({ series }: HostNights): readonly (readonly [name: string, spec: Spec])[] {
  return series.map((state) => {
    const verdict = judgeSeries(state);
    const values = state.series.lines.slice(-places).map(({ estimate }) => Math.log(estimate));
    const change = verdict.kind === 'learning' ? null : Math.log(verdict.change.ratio);
    const level = change === null ? null : Math.log(state.line.estimate) - change;
    const dot = verdict.kind === 'moved' ? dots[verdict.direction] : soft;
    return [anchorSeries(state.line), sparkline({ values, places, level, dot })];
  });
}
