import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { AnalysisContext } from '../../context.ts';
import { formatEstimate, formatValue } from '../../document/format.ts';
import { subjectLabel } from '../../document/labels.ts';
import {
  cpuOfStart,
  type FirstAnswer,
  firstAnswer,
  furtherIdle,
  rowConclusion,
} from '../../findings/category-findings.ts';
import { needsText } from '../../findings/open-rows.ts';
import { remarks } from '../../findings/remarks.ts';
import { costRatio } from '../../findings/row-guards.ts';
import { differenceText } from '../../tables/direct-table.ts';
import { ratioText } from './category-sentences.ts';

const words = messages('section.inShort', {
  against: '{value} against {baseline}',
  more: ', {difference} more',
  less: ', {difference} less',
  difference: ', difference {difference}',
  remark: '; {text}',
});

const startup = messages('section.inShort.startup', {
  told: 'A plain start ({workload}): {values}{difference}.',
  worse: 'A plain start ({workload}) is slower: {ratio}, {values}{difference}{remarks}.',
  better: 'A plain start ({workload}) is faster: {ratio}, {values}{difference}{remarks}.',
  equivalent:
    'A plain start ({workload}) shows no difference from {baseline} within ±{band}: {ratio}, {values}{remarks}.',
  undecided: 'A plain start ({workload}) is inconclusive: {ratio}, {values}{remarks}.',
  cpu: 'CPU time of that start, engine included: {ratio}, {values} (descriptive, not tested for significance).',
});

const memory = messages('section.inShort.memory', {
  told: 'An idle container ({workload}): {values}{difference}{further}.',
  worse: 'An idle container uses {difference} more memory ({values}{remarks}){further}.',
  better: 'An idle container uses {difference} less memory ({values}{remarks}){further}.',
  byRatio: 'An idle container uses {ratio} the memory ({values}{remarks}){further}.',
  equivalent:
    'The memory of an idle container is within ±{band} of {baseline}’s: {ratio}, {values}{remarks}{further}.',
  undecided: 'The memory of an idle container is inconclusive: {ratio}, {values}{remarks}{further}.',
});

/** What follows the price of the first idle container. */
const further = messages('section.inShort.further', {
  same: ' if it is the first on the host; for each additional one, the difference is {size}',
  more: ' if it is the first on the host; each additional one uses {size} more',
  less: ' if it is the first on the host; each additional one uses {size} less',
  values: '; each additional one: {values}',
});

/**
 * Sentences on the plain start and the idle container of one runtime. `told`: rows whose ratio and verdict were already given
 * as those of a whole category.
 */
export function firstSentences(
  runtime: string,
  told: ReadonlySet<SummaryRow | null>,
  context: AnalysisContext,
): readonly Message[] {
  const { rows, analysis } = context;
  const answer = (question: 'startup' | 'memory') => firstAnswer(rows, question, runtime, analysis.baseline);
  const [start, idle] = [answer('startup'), answer('memory')];
  return [
    ...(start === null
      ? []
      : [
          told.has(start.row) ? startup.told(valuesAlone(start, context)) : startupSentence(start, context),
          ...cpuSentence(start, context),
        ]),
    ...(idle === null
      ? []
      : [
          told.has(idle.row) && !isClaimedBySize(idle)
            ? memory.told({ ...valuesAlone(idle, context), further: furtherText(idle, false, context) })
            : memorySentence(idle, context),
        ]),
  ];
}

/** The sentence on the idle container, where the price of each further one is known too; else null. */
export function idlePrice(runtime: string, context: AnalysisContext): Message | null {
  const idle = firstAnswer(context.rows, 'memory', runtime, context.analysis.baseline);
  return idle === null || furtherText(idle, false, context) === '' ? null : memorySentence(idle, context);
}

/** True if a sentence needs no ratio, since it claims a difference of known size. */
function isClaimedBySize({ row }: FirstAnswer): boolean {
  const conclusion = rowConclusion(row);
  return row.difference !== undefined && (conclusion === 'worse' || conclusion === 'better');
}

/** Values and difference of a sentence without a ratio; just a claimed difference is worded as more or less. */
function valuesAlone(answer: FirstAnswer, context: AnalysisContext) {
  const { row } = answer;
  const conclusion = rowConclusion(row);
  const isClaim = conclusion === 'worse' || conclusion === 'better';
  const size = claimedDifference(answer, context);
  const signed = differenceText(row, context.lang);
  const by = conclusion === 'worse' ? words.more : words.less;
  const claimed = size === null ? '' : by({ difference: size });
  const plain = signed === null ? '' : words.difference({ difference: signed });
  return {
    workload: subjectLabel(row),
    values: valuesOf(answer, context),
    difference: isClaim ? claimed : plain,
  };
}

/**
 * The price of each further idle container, as observed: where the sentence claims the size of the first one's difference, as such a
 * difference, else the two values. Empty where it was not measured for both.
 */
function furtherText(
  { row }: FirstAnswer,
  isSize: boolean,
  { rows, analysis, lang }: AnalysisContext,
): Message | '' {
  const found = furtherIdle(rows, row);
  const [own, base] = [row.runtime, analysis.baseline].map((name) =>
    found.find(({ runtime }) => runtime === name),
  );
  if (own === undefined || base === undefined) return '';
  const shown = (value: number) => formatValue(value, own.unit, lang);
  if (!isSize)
    return further.values({
      values: words.against({ value: shown(own.median), baseline: shown(base.median) }),
    });
  const more = own.median - base.median;
  const isSame = more === 0 || more > 0 === (rowConclusion(row) === 'worse');
  return further[isSame ? 'same' : more > 0 ? 'more' : 'less']({ size: shown(Math.abs(more)) });
}

function startupSentence(answer: FirstAnswer, context: AnalysisContext): Message {
  const { band, analysis } = context;
  const conclusion = rowConclusion(answer.row);
  const difference = claimedDifference(answer, context);
  const by = conclusion === 'worse' ? words.more : words.less;
  return startup[conclusion]({
    workload: subjectLabel(answer.row),
    ratio: ratioText(answer.cost, context),
    baseline: analysis.baseline,
    values: valuesOf(answer, context),
    difference: difference === null ? '' : by({ difference }),
    remarks: besides(answer, context),
    band,
  });
}

/** Ratio and values of the start's CPU time; none where it was not counted for both. */
function cpuSentence(start: FirstAnswer, context: AnalysisContext): readonly Message[] {
  const cpu = cpuOfStart(context.rows, start.baseline);
  const of = ({ runtime }: SummaryRow) => cpu.find((row) => row.runtime === runtime);
  const [row, baseline] = [of(start.row), of(start.baseline)];
  const cost = row === undefined ? null : costRatio(row);
  if (row === undefined || baseline === undefined || cost === null) return [];
  const values = valuesOf({ row, baseline, cost }, context);
  return [startup.cpu({ ratio: ratioText(cost, context), values })];
}

function memorySentence(answer: FirstAnswer, context: AnalysisContext): Message {
  const { band, analysis } = context;
  const conclusion = rowConclusion(answer.row);
  const difference = claimedDifference(answer, context);
  const isClaim = conclusion === 'worse' || conclusion === 'better';
  return memory[isClaim && difference === null ? 'byRatio' : conclusion]({
    difference: difference ?? '',
    values: valuesOf(answer, context),
    ratio: ratioText(answer.cost, context),
    baseline: analysis.baseline,
    remarks: besides(answer, context),
    band,
    further: furtherText(answer, isClaim && difference !== null, context),
  });
}

/** `452 ms against 167 ms` */
function valuesOf({ row, baseline }: FirstAnswer, { lang }: AnalysisContext): Message {
  return words.against({
    value: formatValue(row.median, row.unit, lang),
    baseline: formatValue(baseline.median, baseline.unit, lang),
  });
}

/** Size of the difference with its interval, for a row with a claim; null if it was not recorded. */
function claimedDifference({ row }: FirstAnswer, { lang }: AnalysisContext): string | null {
  if (row.difference === undefined) return null;
  const { estimate, low, high } = row.difference;
  const ends = low === null || high === null ? [] : [low, high];
  const turned = estimate < 0 ? ends.map((end) => -end).toReversed() : ends;
  const [from = null, to = null] = turned;
  return formatEstimate({ value: Math.abs(estimate), low: from, high: to }, row.unit, lang);
}

/** Limits of the verdict, and the effort that would decide it. */
function besides({ row }: FirstAnswer, { lang, t }: AnalysisContext): string {
  const texts = remarks(row, lang).map(({ full }) => full);
  const all = row.needs === undefined ? texts : [...texts, needsText(row.needs, lang)];
  return all.map((text) => t(words.remark({ text }))).join('');
}
