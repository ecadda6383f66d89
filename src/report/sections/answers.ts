import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { SummaryRow } from '../../core/model/analysis.ts';
import { manySubjects } from '../category-summary.ts';
import { hasValue, rawRatio } from '../comparison.ts';
import { type ReportContext, unavailableRuntimes } from '../context.ts';
import { differenceText } from '../direct-table.ts';
import {
  type Block,
  chapter,
  code,
  list,
  paragraph,
  sentence,
  strong,
  type Text,
  text,
} from '../document.ts';
import { ofEmulatedGuest } from '../emulation.ts';
import { formatCount, formatEstimate, formatRatio, formatRatioInterval } from '../format.ts';
import { groupBy, otherMetric, subjectLabel } from '../labels.ts';
import { nothingMeasured } from '../nothing-measured.ts';
import { quoted } from '../quotes.ts';
import { isSurvivorsOnly, remarks, unconfirmed } from '../remarks.ts';
import { words as shared } from '../words/common.ts';
import { metricName } from '../words/metric.ts';
import { verdictNames } from '../words/verdict.ts';
import { inShortBlocks } from './answers/in-short.ts';
import { openQuestions } from './answers/open-questions.ts';
import { summaryBlocks } from './answers/summary.ts';
import type { Section } from './section.ts';

const words = messages('section.answers', {
  title: 'In short',
  noRatio: ' could not be compared',
  unavailable: ' could not be measured',
  time: ' takes {ratio}× as long as {baseline} {interval}',
  rate: ' reaches {ratio}× the rate of {baseline} {interval}',
  amount: ' needs {ratio}× as much as {baseline} {interval}',
  equivalent: ' is equivalent to {baseline}: the difference is within ±{band} ({ratio}× {interval})',
  inconclusive:
    ' is inconclusive: {ratio}× {interval} after {pairs} pairs neither shows nor rules out a difference that matters',
  unconfirmed: ' is inconclusive: {ratio}× {interval}',
  difference: '{colon}{verdict}, by a difference of {difference} (values of zero or below have no ratio)',
});

/**
 * The run in a few sentences, then each headline row with its uncertainty; equivalent and inconclusive results are
 * named as such. Many subjects are summarised in a table instead.
 */
export default {
  id: 'answers',
  order: 350,
  blocks(context) {
    const { rows, t } = context;
    const gone = unavailableRuntimes(context);
    // Facts have their own section.
    const headlines = rows.filter(
      (row) => row.headline && !gone.includes(row.runtime) && row.category !== 'isolation',
    );
    const groups = groupBy(headlines, subjectLabel).filter((group) => group.some(hasValue));
    const blocks = [
      ...(groups.length === 0
        ? nothingMeasured(context.run, context.analysis).map((said) => paragraph(text(t(said))))
        : []),
      ...inShortBlocks(context),
      ...openQuestions(context),
      ...(groups.length > manySubjects
        ? summaryBlocks(headlines, context)
        : groups.flatMap((group) => answers(group, context))),
    ];
    return [chapter({ title: t(words.title), id: 'answers' }, blocks)];
  },
} satisfies Section;

function answers(group: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { analysis, lang, t } = context;
  const first = group.find(hasValue);
  if (first === undefined) return [];
  const baseline = group.find((row) => row.runtime === analysis.baseline);
  const value =
    baseline !== undefined && hasValue(baseline)
      ? `, ${baseline.runtime}${t(shared.colon)}${formatEstimate({ value: baseline.median, low: baseline.ciLow, high: baseline.ciHigh }, baseline.unit, lang)}`
      : '';
  const items = group.filter((row) => row !== baseline).map((row) => answer(row, first, context));
  return [
    paragraph(strong(subjectLabel(first)), text(` (${metricName(first.metric, lang)}${value})`)),
    ...list(items),
  ];
}

function answer(row: SummaryRow, title: SummaryRow, context: ReportContext): Text {
  const { analysis, lang, t } = context;
  if (row.n === 0)
    return [
      code(row.runtime),
      text(`${t(words.unavailable)}${row.note === '' ? '.' : t(shared.colon)}`),
      ...(row.note === '' ? [] : [quoted(row, 'note', lang, sentence)]),
    ];
  const besides = [
    otherMetric(row, title, lang),
    ofEmulatedGuest(row, analysis) ? t(shared.emulatedGuest) : '',
  ].filter((one) => one !== '');
  const about = besides.length === 0 ? '' : ` (${besides.join(', ')})`;
  const known = remarks(row, lang).map(({ full }) => t(full));
  const remarked = known.length === 0 ? '' : ` (${known.join(t(shared.semicolon))})`;
  return [code(row.runtime), text(`${about}${t(claim(row, context))}${remarked}.`)];
}

function claim(row: SummaryRow, { analysis, lang, band, t }: ReportContext): Message {
  const raw = rawRatio(row);
  if (raw === null) {
    const difference = differenceText(row, lang);
    const verdict = verdictNames[row.verdict];
    return difference === null
      ? words.noRatio
      : words.difference({ difference, verdict, colon: shared.colon });
  }
  const { baseline } = analysis;
  const ratio = formatRatio(raw.ratio, lang).replace(/×$/, '');
  const interval =
    raw.low === null || raw.high === null
      ? t(shared.noInterval)
      : formatRatioInterval(raw.ratio, raw.low, raw.high, lang);
  switch (row.verdict) {
    case 'equivalent':
      return words.equivalent({ band, ratio, interval, baseline });
    case 'faster':
    case 'slower':
    case 'less':
    case 'more':
      return words[kindOf(row)]({ ratio, interval, baseline });
    default:
      if (unconfirmed(row, lang).length > 0 || isSurvivorsOnly(row))
        return words.unconfirmed({ ratio, interval });
      return words.inconclusive({ ratio, interval, pairs: formatCount(row.pairs, lang) });
  }
}

function kindOf({ unit }: SummaryRow): 'time' | 'rate' | 'amount' {
  if (unit === 'ns' || unit === 'ns/op') return 'time';
  return unit === 'ops/s' || unit === 'bytes/s' ? 'rate' : 'amount';
}
