import type {
  ExportedFile,
  HistoryExportSource,
} from '../../../../../src/features/nightly/history/exports/exporter.ts';
import type {
  AlarmLine,
  HeadlineLine,
  HistoryLine,
} from '../../../../../src/features/nightly/history/record.ts';
import { countedLines } from '../../../../../src/features/nightly/history/recorded-series.ts';
import { headlineLine, nightLine } from '../../../../support/history-lines.ts';

/** The day that is so many nights after the first one. */
export const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);

/** A headline of the night of a day, as a change of another one. */
export type Change = Partial<HeadlineLine>;

/** Nights from the first on, each with these figures; figures scatter by 1 %. */
export function nights(count: number, figures: readonly Change[] = [{}]): readonly HistoryLine[] {
  return Array.from({ length: count }, (_, n) => [
    ...figures.map((change) => {
      const { estimate = 1 } = change;
      const own = estimate * Math.exp(0.01 * Math.sin(7 * n));
      return headlineLine(day(n), {
        ...change,
        estimate: own,
        low: own * 0.98,
        high: own * 1.02,
        logError: 0.01,
      });
    }),
    nightLine(day(n), { headlines: figures.length }),
  ]).flat();
}

/** What exporters are given of these lines. */
export function sourceOf(
  lines: readonly HistoryLine[],
  { open = [], ...changes }: Partial<HistoryExportSource> & { readonly open?: readonly AlarmLine[] } = {},
): HistoryExportSource {
  const history = countedLines([...lines, ...open]);
  return { history, host: 'h1', open, unread: [], gate: [], since: null, ...changes };
}

/** The text of an export; empty without one. */
export function contentOf({ content }: ExportedFile): string {
  return content ?? '';
}

/** Names that others could give a runtime, to break out of a format. */
export const hostile: readonly string[] = [
  ']]><x>',
  '"/><failure message="',
  '&lt;&#0;',
  '\u0000\u001b[31m\u0085\ufffe\ud800',
  'a\n::error::b\r\nc',
  '| b | <script>alert(1)</script> [x](javascript:y)',
  '=1+1',
  '../../etc/passwd',
  '__proto__',
  '{x="y"} 1\n# EOF',
  '%0A::warning::x',
];
