import { messages } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import type { Change, EffectChange, RunComparison } from '../core/model/run-comparison.ts';
import type { Translate } from './context.ts';
import { type Block, paragraph, type Text, text } from './document.ts';
import { effectWords } from './effects.ts';
import { leftOutSentences } from './effects-left-out.ts';
import { formatRatio, formatRatioEstimate, formatValue } from './format.ts';
import { subjectLabel } from './labels.ts';
import { renderTerminal, tableWidth } from './renderers/terminal.ts';
import { terminalText } from './sanitize.ts';
import { words as shared } from './words/common.ts';
import { metricName } from './words/metric.ts';
import { verdictNames } from './words/verdict.ts';

const words = messages('table.comparison', {
  runs: '{after} against {before}',
  although: 'although {key} was {was} and is {is}',
  before: 'before',
  after: 'after',
  change: 'after ÷ before',
  option: 'option',
  counts:
    '{all} {all, plural, one {headline} other {headlines}} in both runs: {claimed} changed, {equivalent} equivalent, {inconclusive} inconclusive.',
  otherFigures: '{workload} is not compared: its figure was {was} and is now {is}.',
  neighbours:
    'Of {workloads} no change is claimed: memory by PSS depends on the sandboxes of others on the host ({was} before, {is} after).',
  unknown: 'unknown',
  effects:
    '{all} {all, plural, one {effect} other {effects}} of options told by both runs: {claimed} changed, {equivalent} equivalent, {inconclusive} inconclusive.',
  unmatched: '{n} {n, plural, one {cell has} other {cells have}} values in one of the runs only.',
});

/** Changes between two runs for a terminal: every claimed change, and the number of others. */
export function runComparisonTable(found: RunComparison, lang: Lang): string {
  return renderTerminal([comparisonBlocks(found, lang)], { lang, width: tableWidth });
}

/** True for a change that is claimed. */
export function isClaimed({ verdict }: Pick<Change, 'verdict'>): boolean {
  return verdict !== 'equivalent' && verdict !== 'inconclusive';
}

/** Number of claimed changes, those of effects among them. */
export function claimedChanges({ changes, effects = [] }: RunComparison): number {
  return [...changes, ...effects].filter(isClaimed).length;
}

/** The same as blocks. */
export function comparisonBlocks(found: RunComparison, lang: Lang): readonly Block[] {
  const { before, after, accepted, changes } = found;
  const claimed = changes.filter(isClaimed);
  const runs = [
    words.runs({ before: terminalText(before, 60), after: terminalText(after, 60) }),
    ...accepted.map(({ key, was, is }) =>
      words.although({ key: terminalText(key, 60), was: terminalText(was, 60), is: terminalText(is, 60) }),
    ),
  ];
  const sentences = [words.counts(countsOf(changes)), ...exceptions(found, lang)];
  const paragraphs = (messages: typeof runs) =>
    messages.map((message) => paragraph(text(translate(message, lang))));
  return [
    ...paragraphs(runs),
    ...(claimed.length === 0 ? [] : [changeTable(claimed, found.baseline, lang)]),
    ...paragraphs(sentences),
    ...effectBlocks(found, lang),
  ];
}

function countsOf(changes: readonly Pick<Change, 'verdict'>[]) {
  const count = (verdict: Change['verdict']) => changes.filter((change) => change.verdict === verdict).length;
  return {
    all: changes.length,
    claimed: changes.filter(isClaimed).length,
    equivalent: count('equivalent'),
    inconclusive: count('inconclusive'),
  };
}

/** What changed of the effects of options; empty where neither run has a design. */
function effectBlocks({ effects, effectsLeftOut }: RunComparison, lang: Lang): readonly Block[] {
  if (effects === undefined) return [];
  const claimed = effects.filter(isClaimed);
  const sentences = [words.effects(countsOf(effects)), ...leftOutSentences(effectsLeftOut ?? [])];
  return [
    ...(claimed.length === 0 ? [] : [effectChangeTable(claimed, lang)]),
    ...sentences.map((message) => paragraph(text(translate(message, lang)))),
  ];
}

/** Lines on what could not be compared. */
function exceptions({ otherFigures, neighbours, unmatched }: RunComparison, lang: Lang) {
  return [
    ...otherFigures.map(({ workload, was, is }) =>
      words.otherFigures({
        workload: terminalText(workload, 60),
        was: metricName(was, lang),
        is: metricName(is, lang),
      }),
    ),
    ...(neighbours === null
      ? []
      : [
          words.neighbours({
            workloads: terminalText(neighbours.workloads.join(', '), 200),
            was: neighbours.was ?? words.unknown,
            is: neighbours.is ?? words.unknown,
          }),
        ]),
    ...(unmatched === 0 ? [] : [words.unmatched({ n: unmatched })]),
  ];
}

function changeTable(changes: readonly Change[], baseline: string, lang: Lang): Block {
  const t: Translate = (message) => translate(message, lang);
  return {
    kind: 'table',
    columns: [
      column(t(shared.runtime), 20, 12),
      column(t(shared.workload), 60, 25),
      column(t(words.before), 12, 9),
      column(t(words.after), 12, 9),
      column(t(words.change), 20, 14),
      column(t(shared.verdict), 20, 9),
    ],
    rows: changes.map((change): readonly Text[] => {
      const { unit, basis, metric } = change;
      const value = (one: number) =>
        basis === 'relative' ? formatRatio(one, lang) : formatValue(one, unit, lang);
      const relative = basis === 'relative' ? `, ÷ ${terminalText(baseline, 30)}` : '';
      const about = `${terminalText(metricName(metric, lang), 40)}${relative}`;
      return [
        [text(terminalText(change.runtime, 60))],
        [text(`${terminalText(subjectLabel(change), 80)} (${about})`)],
        [text(value(change.before))],
        [text(value(change.after))],
        ...changeCells(change, lang),
      ];
    }),
  };
}

/** Each value is the ratio of an option's value to its reference. */
function effectChangeTable(changes: readonly EffectChange[], lang: Lang): Block {
  const t: Translate = (message) => translate(message, lang);
  return {
    kind: 'table',
    columns: [
      column(t(words.option), 32, 20),
      column(t(shared.workload), 48, 20),
      column(t(words.before), 12, 8),
      column(t(words.after), 12, 8),
      column(t(words.change), 20, 14),
      column(t(shared.verdict), 20, 9),
    ],
    rows: changes.map((change): readonly Text[] => [
      [text(terminalText(`${change.design}: ${t(effectWords(change))}`, 100))],
      [
        text(
          `${terminalText(subjectLabel(change), 80)} (${terminalText(metricName(change.metric, lang), 40)})`,
        ),
      ],
      [text(formatRatio(change.before, lang))],
      [text(formatRatio(change.after, lang))],
      ...changeCells(change, lang),
    ]),
  };
}

function column(title: string, max: number, min: number) {
  return { title, align: 'left', fit: { how: 'wrap', max, min } } as const;
}

/** after ÷ before with its interval, and the verdict. */
function changeCells(
  { ratio, low, high, verdict }: Pick<Change, 'ratio' | 'low' | 'high' | 'verdict'>,
  lang: Lang,
): readonly Text[] {
  const shown = ratio === null ? '' : formatRatioEstimate({ ratio, low, high }, lang);
  return [[text(shown)], [text(translate(verdictNames[verdict], lang))]];
}
