import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { heading, number, paragraph, runtimeName, text } from '../../../../report/document.ts';
import {
  formatConfidence,
  formatCount,
  formatInstant,
  formatNumberShort,
  formatPercent,
  formatRatioEstimate,
} from '../../../../report/format.ts';
import { subjectLabel } from '../../../../report/labels.ts';
import { renderTerminal, tableWidth } from '../../../../report/renderers/terminal.ts';
import type { Paint } from '../../../../report/renderers/terminal-text.ts';
import { terminalText } from '../../../../report/sanitize.ts';
import { type TableColumn, tableOf, wrap } from '../../../../report/table-of.ts';
import { categoryNames } from '../../../../report/words/category.ts';
import { words as shared } from '../../../../report/words/common.ts';
import { metricName } from '../../../../report/words/metric.ts';
import { verdictInline } from '../../../../report/words/verdict.ts';
import type { Combined, CombinedCategory, CombinedComparison } from '../combined-record.ts';

const words = messages('table.combined', {
  lead: '{n} sessions of {host}, {from} to {to}: {runs}.',
  although: 'although {key} was {was} and is {is}',
  comparisons: 'Workloads',
  categories: 'Categories',
  category: 'category',
  sessions: 'sessions',
  width: 'combined, best alone',
  widths: '±{combined}, ±{one}',
  tau: 'sessions differ by',
  differ: 'Q (df), p',
  q: '{q} ({df}), {p}',
  small: '< 0.001',
  intervals:
    'Intervals at {confidence} over sessions. Beside their half-widths: the narrowest of a single session, which does not include differences between sessions. Q, its degrees of freedom and p test whether sessions differ by more than their noise.',
  few: 'Two sessions show little of how sessions differ, so the spread of all comparisons of a runtime counts too. It hardly shows a session that shifts them all. With five sessions or more, each comparison uses only its own spread.',
  once: 'Not combined: {n} {n, plural, one {comparison that only one session has} other {comparisons that only one session has}}.',
  some: '{n} {n, plural, one {comparison is} other {comparisons are}} missing from some sessions.',
  unfinished: '{runs} did not end as planned; the data measured {n, plural, one {counts} other {count}}.',
});

/** Runs of one host as one answer, for a terminal. */
export function combinedTable(
  combined: Combined,
  {
    lang,
    width = tableWidth,
    paint,
  }: { readonly lang: Lang; readonly width?: number; readonly paint?: Paint },
): string {
  const t = (message: Message) => translate(message, lang);
  const { comparisons, categories } = combined;
  const label = (of: CombinedComparison) =>
    `${terminalText(subjectLabel(of), 80)} (${terminalText(metricName(of.metric, lang), 40)})`;
  return renderTerminal(
    [
      leadOf(combined).map((message) => paragraph(text(t(message)))),
      [
        heading(2, t(words.comparisons)),
        tableOf(
          comparisons,
          columns(combined, shared.workload, label, ({ ratio }) => ratio, lang),
          lang,
        ),
      ],
      ...(categories.length === 0
        ? []
        : [
            [
              heading(2, t(words.categories)),
              tableOf(
                categories,
                columns<CombinedCategory>(
                  combined,
                  words.category,
                  ({ category, engine }) =>
                    [
                      t(categoryNames[category]),
                      ...(engine === undefined ? [] : [terminalText(engine, 40)]),
                    ].join(', '),
                  ({ cost }) => cost,
                  lang,
                ),
                lang,
              ),
            ],
          ]),
      notesOf(combined, lang).map((message) => paragraph(text(t(message)))),
    ],
    { lang, width, paint },
  );
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
      runs: sessions.map(({ runId }) => terminalText(runId, 60)).join(', '),
    }),
    ...accepted.map(({ key, was, is }) =>
      words.although({ key: terminalText(key, 60), was: terminalText(was, 60), is: terminalText(is, 60) }),
    ),
  ];
}

function notesOf(
  { sessions, comparisons, once, some, thresholds }: Combined,
  lang: Lang,
): readonly Message[] {
  const unfinished = sessions.filter(({ status }) => status !== 'complete');
  return [
    words.intervals({ confidence: formatConfidence(thresholds.confidence, lang) }),
    ...(comparisons.some((each) => each.sessions === 2) ? [words.few] : []),
    ...(unfinished.length === 0
      ? []
      : [
          words.unfinished({
            runs: unfinished.map(({ runId }) => terminalText(runId, 60)).join(', '),
            n: unfinished.length,
          }),
        ]),
    ...(some === 0 ? [] : [words.some({ n: some })]),
    ...(once === 0 ? [] : [words.once({ n: once })]),
  ];
}

function columns<T extends CombinedComparison | CombinedCategory>(
  { baseline }: Combined,
  title: Message,
  label: (of: T) => string,
  ratioOf: (of: T) => number,
  lang: Lang,
): readonly TableColumn<T>[] {
  const t = (message: Message) => translate(message, lang);
  const percent = (part: number) => formatPercent(part, lang, part < 0.0995 ? 1 : 0);
  const shownP = (p: number) =>
    p < 0.001 ? t(words.small) : formatNumberShort(Number(p.toPrecision(2)), lang);
  return [
    [shared.runtime, ({ runtime }) => runtimeName(terminalText(runtime, 60)), wrap(20, 10)],
    [title, label, wrap(60, 20)],
    [words.sessions, ({ sessions }) => number(formatCount(sessions, lang), sessions), 'right'],
    [
      shared.ratioWithInterval({ baseline: terminalText(baseline, 30) }),
      (of) => formatRatioEstimate({ ratio: ratioOf(of), low: of.low, high: of.high }, lang),
      wrap(20, 18),
    ],
    [
      words.width,
      ({ halfWidth, narrowest }) => words.widths({ combined: percent(halfWidth), one: percent(narrowest) }),
    ],
    [words.tau, ({ tau }) => number(percent(tau - 1), tau), 'right'],
    [
      words.differ,
      ({ q, qDf, differP }) =>
        words.q({ q: formatNumberShort(Number(q.toFixed(1)), lang), df: qDf, p: shownP(differP) }),
      wrap(18, 14),
    ],
    [shared.verdict, (of) => verdictInline({ verdict: of.verdict, ratio: ratioOf(of) }, t)],
  ];
}
