import { messages } from '../core/messages/define.ts';
import type { AnalysisContext } from './context.ts';
import { type Block, code, lineBreak, paragraph, text } from './document.ts';
import { briefSubject, commonParams } from './labels.ts';
import { extending, needsText, openRows } from './needs.ts';
import { type TerminalOptions, terminalLines } from './renderers/terminal.ts';
import { terminalText } from './sanitize.ts';
import { words as shared } from './words/common.ts';

const words = messages('table', {
  openRow: '? {runtime}, {subject}: {needs}{more}',
  moreOpen: '; {n} more in report.md',
});

const maxLines = 4;

/**
 * What the inconclusive headline needs that can be answered first, and the command, where that fits into four lines: it stays on one, which the terminal breaks.
 * Nothing where no headline says it.
 */
export function terminalNeeds(context: AnalysisContext, options: TerminalOptions): readonly Block[] {
  const { rows, run, lang, t } = context;
  const open = openRows(rows);
  const [first] = open;
  if (first === undefined) return [];
  const dropped = commonParams(rows.filter(({ headline }) => headline));
  const about = words.openRow({
    runtime: terminalText(first.runtime, 24),
    subject: terminalText(briefSubject(first, dropped), 40),
    needs: needsText(first.needs, lang),
    more: open.length === 1 ? '' : words.moreOpen({ n: open.length - 1 }),
  });
  const command = t(extending(run, first.needs));
  const withCommand = [paragraph(text(`${t(about)}${t(shared.colon).trimEnd()}`), lineBreak, code(command))];
  const lines = terminalLines(withCommand, options).map(({ length }) => Math.ceil(length / options.width));
  const fits = lines.reduce((sum, n) => sum + n, 0) <= maxLines;
  return fits ? withCommand : [paragraph(text(`${t(about)}.`))];
}
