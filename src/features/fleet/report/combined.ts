import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { number, paragraph, text } from '../../../report/document/document.ts';
import { formatConfidence, formatCount, formatInstant } from '../../../report/document/format.ts';
import { subjectLabel } from '../../../report/document/labels.ts';
import { tableOf, wrap } from '../../../report/document/make-table.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { renderTerminal } from '../../../report/renderers/terminal.ts';
import type { Paint } from '../../../report/renderers/terminal-text.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { words as shared } from '../../../report/words/common.ts';
import { metricName } from '../../../report/words/metric.ts';
import type { Combined, CombinedCategory, CombinedComparison } from '../merge/combined-record.ts';
import { estimateColumns } from './tables.ts';

const words = messages('table.combined', {
  lead: '{n} sessions of {host}, {from} to {to}: {runs}.',
  although: 'although {key} was {was} and is {is}',
  comparisons: 'Workloads',
  categories: 'Categories',
  sessions: 'sessions',
  tau: 'sessions differ by',
  differ: 'do sessions differ?',
  intervals: 'Intervals at {confidence} over sessions.',
  few: 'Two sessions show little of how sessions differ, so the spread of all comparisons of a runtime counts too. It hardly shows a session that shifts them all. With five sessions or more, each comparison uses only its own spread.',
  once: 'Not combined: {n} {n, plural, one {comparison that only one session has} other {comparisons that only one session has}}.',
  some: '{n} {n, plural, one {comparison is} other {comparisons are}} missing from some sessions.',
  unfinished: '{runs} did not end as planned; the data measured {n, plural, one {counts} other {count}}.',
});

type Line = CombinedCategory | (CombinedComparison & { readonly cost: number });

/** Runs of one host as one answer, for a terminal. */
export function combinedTable(
  combined: Combined,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const { baseline, categories } = combined;
  const comparisons = combined.comparisons.map((of) => ({ ...of, cost: of.ratio }));
  const said = (messages: readonly Message[]) =>
    messages.map((each) => paragraph(text(translate(each, 'en'))));
  const columns = estimateColumns<Line>(
    {
      what: [shared.workload, nameOf, wrap(60, 20)],
      count: [words.sessions, ({ sessions }) => number(formatCount(sessions, 'en'), sessions), 'right'],
      cost: shared.ratioWithInterval({ baseline: terminalText(baseline, 30) }),
      spread: words.tau,
      differ: words.differ,
    },
    [],
    'en',
  );
  const rows = [
    { over: words.comparisons },
    ...comparisons,
    ...(categories.length === 0 ? [] : [{ over: words.categories }]),
    ...categories,
  ];
  return renderTerminal([said(leadOf(combined)), [tableOf(rows, columns, 'en')], said(notesOf(combined))], {
    lang: 'en',
    width,
    paint,
  });
}

function nameOf(of: Line): string {
  if ('workload' in of)
    return `${terminalText(subjectLabel(of), 80)} (${terminalText(metricName(of.metric, 'en'), 40)})`;
  const name = translate(categoryNames[of.category], 'en');
  return [name, ...(of.engine === undefined ? [] : [terminalText(of.engine, 40)])].join(', ');
}

/** What was combined, and what of it was accepted. */
function leadOf({ sessions, host, accepted }: Combined): readonly Message[] {
  const day = (at: number) => formatInstant(sessions.at(at)?.startedAt ?? '');
  return [
    words.lead({
      n: sessions.length,
      host: terminalText(host.hostname, 60),
      from: terminalText(day(0), 40),
      to: terminalText(day(-1), 40),
      runs: runsOf(sessions),
    }),
    ...accepted.map(({ key, was, is }) =>
      words.although({ key: terminalText(key, 60), was: terminalText(was, 60), is: terminalText(is, 60) }),
    ),
  ];
}

function notesOf({ sessions, comparisons, once, some, thresholds }: Combined): readonly Message[] {
  const unfinished = sessions.filter(({ status }) => status !== 'complete');
  return [
    words.intervals({ confidence: formatConfidence(thresholds.confidence, 'en') }),
    ...(comparisons.some((each) => each.sessions === 2) ? [words.few] : []),
    ...(unfinished.length === 0
      ? []
      : [words.unfinished({ runs: runsOf(unfinished), n: unfinished.length })]),
    ...(some === 0 ? [] : [words.some({ n: some })]),
    ...(once === 0 ? [] : [words.once({ n: once })]),
  ];
}

function runsOf(sessions: Combined['sessions']): string {
  return sessions.map(({ runId }) => terminalText(runId, 60)).join(', ');
}
