import type { SummaryRow } from '../../model/analysis.ts';
import { manySubjects } from '../category-summary.ts';
import { hasValue, rawRatio } from '../comparison.ts';
import { type ReportContext, unavailableRuntimes } from '../context.ts';
import {
  type Block,
  code,
  heading,
  type Inline,
  paragraph,
  quote,
  sentence,
  strong,
  type Text,
  text,
} from '../document.ts';
import { ofEmulatedGuest } from '../emulation.ts';
import { formatCount, formatEstimate, formatRatio, formatRatioInterval } from '../format.ts';
import { groupBy, otherMetric, subjectLabel } from '../labels.ts';
import { metricLabel } from '../messages/index.ts';
import { inShortBlocks } from './in-short.ts';
import { summaryBlocks } from './summary.ts';

/**
 * The run in a few sentences, then the headline rows one by one, each with its uncertainty; equivalent and inconclusive are
 * said as such. Many subjects are summed up in a table instead.
 */
export function answersSection(context: ReportContext): readonly Block[] {
  const { m, rows } = context;
  const gone = unavailableRuntimes(context);
  // Facts have a section of their own.
  const headlines = rows.filter(
    (row) => row.headline && !gone.includes(row.runtime) && row.category !== 'isolation',
  );
  const groups = groupBy(headlines, subjectLabel).filter((group) => group.some(hasValue));
  return [
    heading(2, m.answersHeading, 'answers'),
    ...(groups.length === 0 ? [paragraph(text(m.nothingMeasured))] : []),
    ...inShortBlocks(context),
    ...(groups.length > manySubjects
      ? summaryBlocks(headlines, context)
      : groups.flatMap((group) => answers(group, context))),
  ];
}

function answers(group: readonly SummaryRow[], context: ReportContext): readonly Block[] {
  const { m, analysis, lang } = context;
  const first = group.find(hasValue);
  if (first === undefined) return [];
  const baseline = group.find((row) => row.runtime === analysis.baseline);
  const value =
    baseline !== undefined && hasValue(baseline)
      ? m.answerBaseline(
          `${baseline.runtime}${m.colon}${formatEstimate({ value: baseline.median, low: baseline.ciLow, high: baseline.ciHigh }, baseline.unit, lang)}`,
        )
      : '';
  const items = group.filter((row) => row !== baseline).map((row) => answer(row, first, context));
  return [
    paragraph(strong(subjectLabel(first)), text(` (${metricLabel(first.metric, m)}${value})`)),
    ...(items.length === 0 ? [] : [{ kind: 'list', items } as const]),
  ];
}

function answer(row: SummaryRow, title: SummaryRow, context: ReportContext): Text {
  const { m, analysis } = context;
  const besides = [otherMetric(row, title, m), ofEmulatedGuest(row, analysis) ? m.emulatedGuest : ''];
  const about = besides.filter((words) => words !== '').join(', ');
  const end = row.failures > 0 ? ` (${m.failedCount(row.failures)}).` : '.';
  if (row.n === 0)
    return [
      code(row.runtime),
      text(`${m.answerUnavailable}${row.note === '' ? '.' : m.colon}`),
      ...note(row),
    ];
  return [code(row.runtime), text(`${about === '' ? '' : ` (${about})`}${claim(row, context)}${end}`)];
}

function note(row: SummaryRow): readonly Inline[] {
  return row.note === '' ? [] : [quote(sentence(row.note))];
}

function claim(row: SummaryRow, { m, analysis, lang, band }: ReportContext): string {
  const raw = rawRatio(row);
  if (raw === null) return m.answerNoRatio;
  const ratio = formatRatio(raw.ratio, lang);
  const interval =
    raw.low === null || raw.high === null
      ? m.noInterval
      : formatRatioInterval(raw.ratio, raw.low, raw.high, lang);
  switch (row.verdict) {
    case 'equivalent':
      return m.answerEquivalent(band, ratio, interval, analysis.baseline);
    case 'faster':
    case 'slower':
    case 'less':
    case 'more': {
      const sentence =
        row.unit === 'ns' || row.unit === 'ns/op'
          ? m.answerTime
          : row.unit === 'ops/s' || row.unit === 'bytes/s'
            ? m.answerRate
            : m.answerAmount;
      return sentence(ratio, interval, analysis.baseline);
    }
    default:
      return m.answerInconclusive(ratio, interval, formatCount(row.pairs, lang));
  }
}
