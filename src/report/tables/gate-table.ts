import { messages } from '../../core/messages/define.ts';
import type { Lang } from '../../core/messages/message.ts';
import { localized } from '../../core/messages/record.ts';
import { translate } from '../../core/messages/translate.ts';
import type { GateReport, GateResult, GateVerdict } from '../../core/model/analysis/gate.ts';
import { type Block, type Inline, paragraph, type Tone, text } from '../document/document.ts';
import { formatEstimate, formatRatioEstimate } from '../document/format.ts';
import { tableOf, wrap } from '../document/make-table.ts';
import { terminalText } from '../document/sanitize.ts';
import { renderTerminal, tableWidth } from '../renderers/terminal.ts';
import type { Paint } from './terminal-summary.ts';

/** The figure that a limit was compared with, and its interval; null if there is none. */
export function gateFigure({ estimate, interval, unit }: GateResult, lang: Lang): string | null {
  if (estimate === null) return null;
  const { low, high } = interval ?? { low: null, high: null };
  return unit === null
    ? formatRatioEstimate({ ratio: estimate, low, high }, lang)
    : formatEstimate({ value: estimate, low, high }, unit, lang);
}

const words = messages('table.gate', {
  verdict: 'gate',
  limit: 'limit',
  figure: 'figure, 95% interval',
  why: 'why',
  counts:
    '{run}: {holds} {holds, plural, one {holds} other {hold}}, {broken} {broken, plural, one {fails} other {fail}}, {unknown} inconclusive.',
});
const verdicts = messages('gateVerdict', {
  holds: 'holds',
  broken: 'fails',
  'cannot-tell': 'inconclusive',
});

const shown: Readonly<Record<GateVerdict, { readonly sign: string; readonly tone: Tone }>> = {
  holds: { sign: '✓', tone: 'good' },
  broken: { sign: '✗', tone: 'bad' },
  'cannot-tell': { sign: '?', tone: 'other' },
};

/** Verdicts on every limit, for a terminal. */
export function gateTable(
  report: GateReport,
  {
    lang,
    paint,
    width = tableWidth,
  }: { readonly lang: Lang; readonly paint?: Paint; readonly width?: number },
): string {
  return renderTerminal([gateBlocks(report, lang)], { lang, width, paint });
}

/** One row per limit. */
function gateBlocks({ run, results }: GateReport, lang: Lang): readonly Block[] {
  const count = (verdict: GateVerdict) => results.filter((result) => result.verdict === verdict).length;
  const counts = words.counts({
    run: terminalText(run, 60),
    holds: count('holds'),
    broken: count('broken'),
    unknown: count('cannot-tell'),
  });
  return [
    tableOf(
      results,
      [
        [words.verdict, (result) => verdictInline(result, lang), wrap(15, 15)],
        [words.limit, ({ expression }) => terminalText(expression, 200), wrap(50, 24)],
        [words.figure, (result) => gateFigure(result, lang) ?? '–', wrap(26, 18)],
        [words.why, (result) => terminalText(localized(result, 'message', lang).text, 400), wrap(60, 24)],
      ],
      lang,
    ),
    paragraph(text(translate(counts, lang))),
  ];
}

function verdictInline({ verdict }: GateResult, lang: Lang): Inline {
  return { kind: 'verdict', text: translate(verdicts[verdict], lang), ...shown[verdict] };
}
