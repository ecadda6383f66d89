import Table from 'cli-table3';
import type { Lang } from '../messages/message.ts';
import type { Calibration, CalibrationCheck, CalibrationVerdict } from '../model/calibration.ts';
import { borderless } from './borderless.ts';
import { formatEstimate, formatPercent, formatRatio, formatRatioInterval, formatValue } from './format.ts';
import { messages } from './messages/index.ts';
import { inLanguage } from './phrases/phrase.ts';
import { terminalText } from './sanitize.ts';

/** Beside the word, so that nothing depends on colour. */
const signs: Readonly<Record<CalibrationVerdict, string>> = {
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  absent: '–',
};

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
const verdictStyles: Readonly<Record<CalibrationVerdict, Style>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  absent: 'dim',
};

function injectedText({ injected, scale, unit }: CalibrationCheck, lang: Lang): string {
  if (injected === null) return '';
  return scale === 'ratio' ? formatRatio(injected, lang) : formatValue(injected, unit, lang);
}

function measuredText({ measured, low, high, scale, unit }: CalibrationCheck, lang: Lang): string {
  if (measured === null) return '';
  if (scale === 'difference') return formatEstimate({ value: measured, low, high }, unit, lang);
  const interval = low === null || high === null ? '' : ` ${formatRatioInterval(measured, low, high, lang)}`;
  return `${formatRatio(measured, lang)}${interval}`;
}

function toleranceText({ tolerance, relation, scale, unit }: CalibrationCheck, lang: Lang): string {
  const m = messages(lang);
  if (relation === 'at-least')
    return tolerance === 0
      ? m.calibration.orMore
      : `−${formatValue(tolerance, unit, lang)} ${m.calibration.orMore}`;
  return `±${scale === 'ratio' ? formatPercent(tolerance, lang) : formatValue(tolerance, unit, lang)}`;
}

/** The checks of a calibration, by runtime, and under them why figures are absent. At most 110 columns. */
export function calibrationTable(
  {
    checks,
    runtimes,
    host,
  }: Pick<Calibration, 'checks' | 'runtimes'> & {
    readonly host: Pick<Calibration['host'], 'emulation'>;
  },
  lang: Lang = 'en',
  paint: (style: Style, text: string) => string = (_, text) => text,
): string {
  const m = messages(lang);
  const told = (text: string, most?: number) => terminalText(inLanguage(text, lang), most);
  const table = new Table({
    head: [
      m.calibration.what,
      m.calibration.injected,
      m.calibration.measured(formatPercent(0.95, lang)),
      m.calibration.allowed,
      m.calibration.pairs,
      '',
    ],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: borderless,
    colAligns: ['left', 'right', 'left', 'right', 'right', 'left'],
  });
  for (const [runtime, own] of Map.groupBy(checks, (check) => check.runtime)) {
    table.push([{ colSpan: 6, content: paint('bold', terminalText(runtime, 60)) }]);
    for (const check of own)
      table.push([
        `  ${told(check.title, 60)}`,
        injectedText(check, lang),
        measuredText(check, lang),
        toleranceText(check, lang),
        check.n,
        paint(
          verdictStyles[check.verdict],
          `${signs[check.verdict]} ${m.calibration.verdict[check.verdict]}`,
        ),
      ]);
  }
  const notes = [
    ...Map.groupBy(
      checks.filter(({ note }) => note !== ''),
      ({ note }) => note,
    ),
  ].map(
    ([note, own]) =>
      `  ${[...new Set(own.map(({ metric }) => metric))].join(', ')} (${[...new Set(own.map(({ runtime }) => runtime))].join(', ')})${m.colon}${told(note, 400)}`,
  );
  const gone = runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'available'
      ? []
      : [
          `  ${terminalText(entry.name, 60)}${m.colon}${told(preflight.reason)}\n    ${told(`fix: ${preflight.fix}`)}`,
        ],
  );
  return [
    `${table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')}`,
    ...(host.emulation === null
      ? []
      : [
          `${paint('yellow', m.calibration.emulated)} (${terminalText(host.emulation, 60)})${m.colon}${m.calibration.emulatedMeaning}`,
        ]),
    ...(notes.length === 0 ? [] : [`${paint('bold', m.calibration.notes)}\n${notes.join('\n')}`]),
    ...(gone.length === 0 ? [] : [`${paint('bold', m.calibration.notCalibrated)}\n${gone.join('\n')}`]),
    summaryLine(checks, lang),
  ].join('\n');
}

function summaryLine(checks: readonly CalibrationCheck[], lang: Lang): string {
  const count = (verdict: CalibrationVerdict) => checks.filter((check) => check.verdict === verdict).length;
  const m = messages(lang);
  return m.calibration.counts(count('pass'), count('fail'), count('inconclusive'), count('absent'));
}
