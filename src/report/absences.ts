import { messages } from '../core/messages/define.ts';
import { translate } from '../core/messages/translate.ts';
import type { Analysis } from '../core/model/analysis.ts';
import type { RunRecord } from '../core/model/run.ts';
import { type Translate, unavailableRuntimes } from './context.ts';
import { type Block, heading, list, type Text, text } from './document.ts';
import { groupBy, subjectLabel } from './labels.ts';
import { quoted } from './quotes.ts';
import { type TerminalOptions, terminalLines } from './renderers/terminal.ts';
import { terminalText } from './sanitize.ts';
import { unavailableItems } from './unavailable.ts';
import { words as shared } from './words/common.ts';

const words = messages('table', {
  moreAbsent: 'and {n} more {n, plural, one {reason} other {reasons}}: see report.md',
});

/**
 * Lists runtimes that cannot run here, and cells without any value (those of one runtime and reason together); after
 * `room` lines only the number of remaining reasons.
 */
export function absences(
  run: RunRecord,
  analysis: Analysis,
  options: TerminalOptions,
  room: number,
): readonly Block[] {
  const t: Translate = (message) => translate(message, options.lang);
  const all = [
    ...unavailableItems(run.runtimes, shared.fix, options.lang),
    ...emptyCells(run, analysis, options),
  ];
  if (all.length === 0) return [];
  const shown = all.filter((_, i) => terminalLines(list(all.slice(0, i + 1)), options).length <= room - 2);
  const n = all.length - shown.length;
  const items = n === 0 ? shown : [...shown, [text(t(words.moreAbsent({ n })))]];
  return [heading(2, t(shared.notMeasured)), ...list(items)];
}

function emptyCells(run: RunRecord, analysis: Analysis, { lang }: TerminalOptions): readonly Text[] {
  const gone = new Set(unavailableRuntimes({ run }));
  const empty = analysis.rows.filter(
    (row) => row.n === 0 && !gone.has(row.runtime) && (row.headline || row.metric === null),
  );
  return groupBy(empty, (row) => JSON.stringify([row.runtime, row.note])).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subjects = [...new Set(group.map(subjectLabel))];
    const n = subjects.length;
    const named = n > 2 ? translate(shared.subjects({ count: String(n), n }), lang) : subjects.join(', ');
    return [
      [
        text(`${terminalText(first.runtime, 40)}, ${terminalText(named, 240)}`),
        text(translate(shared.colon, lang)),
        quoted(first, 'note', lang),
      ],
    ];
  });
}
