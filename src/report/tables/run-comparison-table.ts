import { messages } from '../../core/messages/define.ts';
import type { Lang } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import type { HeadlineChange, RunComparison } from '../../core/model/run/run-comparison.ts';
import { usualSpread } from '../../core/model/run/session-spread.ts';
import { type Block, paragraph, text } from '../document/document.ts';
import { formatPercent, formatRatio, formatRatioEstimate, formatValue } from '../document/format.ts';
import { subjectLabel } from '../document/labels.ts';
import { tableOf, wrap } from '../document/make-table.ts';
import { terminalText } from '../document/sanitize.ts';
import { renderTerminal, tableWidth } from '../renderers/terminal.ts';
import { words as shared } from '../words/common.ts';
import { metricName } from '../words/metric.ts';
import { verdictNames } from '../words/verdict.ts';

const words = messages('table.comparison', {
  runs: '{after} compared with {before}',
  although: 'accepted difference: {key} was {was} and is {is}',
  before: 'before',
  after: 'after',
  change: 'after ÷ before',
  counts:
    '{all} {all, plural, one {result} other {results}} in both runs: {claimed} changed, {equivalent} no difference, {inconclusive} inconclusive.',
  neighbours:
    'No change is claimed for {workloads}: memory by PSS depends on other sandboxes on the host ({was} before, {is} after).',
  unknown: 'unknown',
  usual:
    'Every interval and p-value includes what sessions of the same software usually differ by, {spread}. To use this host’s own, give  @(compare --sessions FILE)  the file of  @(fleet combine RUN RUN).',
  sessions:
    'Every interval and p-value includes the variance between sessions, from {n} runs.{unknown, plural, =0 {} one { For {unknown} change it is unknown: nothing is claimed.} other { For {unknown} changes it is unknown: nothing is claimed.}}',
  unmatched: '{n} {n, plural, one {result is} other {results are}} in only one of the runs.',
});

/** Changes between two runs for a terminal: every claimed change, and the number of others. */
export function runComparisonTable(found: RunComparison, lang: Lang): string {
  return renderTerminal([comparisonBlocks(found, lang)], { lang, width: tableWidth });
}

/** True for a change that is claimed. */
export function isClaimed({ verdict }: Pick<HeadlineChange, 'verdict'>): boolean {
  return verdict !== 'equivalent' && verdict !== 'inconclusive';
}

/** Number of claimed changes. */
export function claimedChanges({ changes }: RunComparison): number {
  return changes.filter(isClaimed).length;
}

/** Changes between two runs as blocks. */
export function comparisonBlocks(found: RunComparison, lang: Lang): readonly Block[] {
  const { before, after, accepted, changes } = found;
  const claimed = changes.filter(isClaimed);
  const runs = [
    words.runs({ before: terminalText(before, 60), after: terminalText(after, 60) }),
    ...accepted.map(({ key, was, is }) =>
      words.although({ key: terminalText(key, 60), was: terminalText(was, 60), is: terminalText(is, 60) }),
    ),
  ];
  const sentences = [words.counts(countsOf(changes)), ofSessions(found, lang), ...exceptions(found)];
  const paragraphs = (messages: typeof runs) =>
    messages.map((message) => paragraph(text(translate(message, lang))));
  return [
    ...paragraphs(runs),
    ...(claimed.length === 0 ? [] : [changeTable(claimed, found.baseline, lang)]),
    ...paragraphs(sentences),
  ];
}

function countsOf(changes: readonly HeadlineChange[]) {
  const count = (verdict: HeadlineChange['verdict']) =>
    changes.filter((change) => change.verdict === verdict).length;
  return {
    all: changes.length,
    claimed: changes.filter(isClaimed).length,
    equivalent: count('equivalent'),
    inconclusive: count('inconclusive'),
  };
}

/** Whether the errors hold what differs between two sessions. */
function ofSessions({ sessions }: RunComparison, lang: Lang) {
  return sessions === undefined
    ? words.usual({ spread: `±${formatPercent(usualSpread - 1, lang)}` })
    : words.sessions({ n: sessions.runs.length, unknown: sessions.unknown });
}

/** Notes on rows that could not be compared. */
function exceptions({ neighbours, unmatched }: RunComparison) {
  return [
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

function changeTable(changes: readonly HeadlineChange[], baseline: string, lang: Lang): Block {
  const value = (one: number, { basis, unit }: HeadlineChange) =>
    basis === 'relative' ? formatRatio(one, lang) : formatValue(one, unit, lang);
  const about = (change: HeadlineChange) => {
    const relative = change.basis === 'relative' ? `, ÷ ${terminalText(baseline, 30)}` : '';
    const metric = `${terminalText(metricName(change.metric, lang), 40)}${relative}`;
    return `${terminalText(subjectLabel(change), 80)} (${metric})`;
  };
  return tableOf(
    changes,
    [
      [shared.runtime, ({ runtime }) => terminalText(runtime, 60), wrap(20, 12)],
      [shared.workload, about, wrap(60, 25)],
      [words.before, (change) => value(change.before, change), wrap(12, 9)],
      [words.after, (change) => value(change.after, change), wrap(12, 9)],
      [
        words.change,
        ({ ratio, low, high }) => (ratio === null ? '' : formatRatioEstimate({ ratio, low, high }, lang)),
        wrap(20, 14),
      ],
      [shared.verdict, ({ verdict }) => verdictNames[verdict], wrap(20, 9)],
    ],
    lang,
  );
}
