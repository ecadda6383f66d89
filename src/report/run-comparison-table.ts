import Table from 'cli-table3';
import type { Lang } from '../messages/message.ts';
import type { Change, RunComparison } from '../model/run-comparison.ts';
import { borderless } from './borderless.ts';
import { formatRatio, formatRatioInterval, formatValue } from './format.ts';
import { subjectLabel } from './labels.ts';
import { type Messages, messages, metricLabel } from './messages/index.ts';
import { terminalText } from './sanitize.ts';
import { wrapText } from './wrap.ts';

/** What changed between two runs: every claimed change, and how many others there are. At most 100 columns. */
export function runComparisonTable(found: RunComparison, lang: Lang): string {
  const m = messages(lang);
  const claimed = found.changes.filter(
    ({ verdict }) => verdict !== 'equivalent' && verdict !== 'inconclusive',
  );
  const count = (verdict: Change['verdict']) =>
    found.changes.filter((change) => change.verdict === verdict).length;
  const lines = [
    m.comparedRuns(terminalText(found.before, 60), terminalText(found.after, 60)),
    ...found.accepted.map(({ key, was, is }) =>
      m.comparedAlthough(terminalText(key, 60), terminalText(was, 60), terminalText(is, 60)),
    ),
    ...(claimed.length === 0 ? [] : ['', table(claimed, found.baseline, m, lang)]),
    '',
    m.comparedCounts(found.changes.length, claimed.length, count('equivalent'), count('inconclusive')),
  ];
  for (const { workload, was, is } of found.otherFigures)
    lines.push(m.comparedOtherFigures(terminalText(workload, 60), metricLabel(was, m), metricLabel(is, m)));
  if (found.neighbours !== null) {
    const { workloads, was, is } = found.neighbours;
    lines.push(m.comparedNeighbours(terminalText(workloads.join(', '), 200), was, is));
  }
  if (found.unmatched > 0) lines.push(m.comparedUnmatched(found.unmatched));
  return lines.flatMap((line) => (line.includes('\n') ? line : wrapText(line, 100))).join('\n');
}

function table(changes: readonly Change[], baseline: string, m: Messages, lang: Lang): string {
  const made = new Table({
    head: [m.runtime, m.workload, m.comparedBefore, m.comparedAfter, m.comparedChange, m.verdictHead],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    chars: borderless,
    colWidths: [13, 34, 11, 11, 20, 10],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  for (const change of changes) {
    const { ratio, low, high, unit, basis } = change;
    const value = (one: number) =>
      basis === 'relative' ? `${formatRatio(one, lang)}` : formatValue(one, unit, lang);
    const interval =
      ratio === null || low === null || high === null
        ? ''
        : ` ${formatRatioInterval(ratio, low, high, lang)}`;
    made.push([
      terminalText(change.runtime, 60),
      `${terminalText(subjectLabel(change), 80)} (${terminalText(metricLabel(change.metric, m), 40)}${basis === 'relative' ? `, ÷ ${terminalText(baseline, 30)}` : ''})`,
      value(change.before),
      value(change.after),
      ratio === null ? '' : `${formatRatio(ratio, lang)}${interval}`,
      m.verdict[change.verdict],
    ]);
  }
  return made.toString();
}
