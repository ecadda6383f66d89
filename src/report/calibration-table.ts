import Table from 'cli-table3';
import type { Calibration, CalibrationCheck, CalibrationVerdict } from '../model/calibration.ts';
import { borderless } from './borderless.ts';
import { formatEstimate, formatRatio, formatRatioInterval, formatValue } from './format.ts';
import { terminalText } from './sanitize.ts';

/** Said by a word and a sign, so that nothing depends on colour. */
const verdictTexts: Readonly<Record<CalibrationVerdict, string>> = {
  pass: '✓ pass',
  fail: '✗ FAIL',
  inconclusive: '? inconclusive',
  absent: '– absent',
};

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
const verdictStyles: Readonly<Record<CalibrationVerdict, Style>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  absent: 'dim',
};

function injectedText({ injected, scale, unit }: CalibrationCheck): string {
  if (injected === null) return '';
  return scale === 'ratio' ? formatRatio(injected, 'en') : formatValue(injected, unit, 'en');
}

function measuredText({ measured, low, high, scale, unit }: CalibrationCheck): string {
  if (measured === null) return '';
  if (scale === 'difference') return formatEstimate({ value: measured, low, high }, unit, 'en');
  const interval = low === null || high === null ? '' : ` ${formatRatioInterval(measured, low, high, 'en')}`;
  return `${formatRatio(measured, 'en')}${interval}`;
}

function toleranceText({ tolerance, relation, scale, unit }: CalibrationCheck): string {
  if (relation === 'at-least')
    return tolerance === 0 ? 'or more' : `−${formatValue(tolerance, unit, 'en')} or more`;
  return `±${scale === 'ratio' ? `${(tolerance * 100).toFixed(0)}%` : formatValue(tolerance, unit, 'en')}`;
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
  paint: (style: Style, text: string) => string = (_, text) => text,
): string {
  const table = new Table({
    head: ['what was injected', 'injected', 'measured [95% interval]', 'allowed', 'pairs', ''],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: borderless,
    colAligns: ['left', 'right', 'left', 'right', 'right', 'left'],
  });
  for (const [runtime, own] of Map.groupBy(checks, (check) => check.runtime)) {
    table.push([{ colSpan: 6, content: paint('bold', terminalText(runtime, 60)) }]);
    for (const check of own)
      table.push([
        `  ${terminalText(check.title, 60)}`,
        injectedText(check),
        measuredText(check),
        toleranceText(check),
        check.n,
        paint(verdictStyles[check.verdict], verdictTexts[check.verdict]),
      ]);
  }
  const notes = [
    ...Map.groupBy(
      checks.filter(({ note }) => note !== ''),
      ({ note }) => note,
    ),
  ].map(
    ([note, own]) =>
      `  ${[...new Set(own.map(({ metric }) => metric))].join(', ')} (${[...new Set(own.map(({ runtime }) => runtime))].join(', ')}): ${terminalText(note, 400)}`,
  );
  const gone = runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'available'
      ? []
      : [
          `  ${terminalText(entry.name, 60)}: ${terminalText(preflight.reason)}\n    fix: ${terminalText(preflight.fix)}`,
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
          `${paint('yellow', '! emulated processor')} (${terminalText(host.emulation, 60)}): counts hold here too, times are of this emulation`,
        ]),
    ...(notes.length === 0 ? [] : [`${paint('bold', 'notes')}\n${notes.join('\n')}`]),
    ...(gone.length === 0 ? [] : [`${paint('bold', 'not calibrated')}\n${gone.join('\n')}`]),
    summaryLine(checks),
  ].join('\n');
}

function summaryLine(checks: readonly CalibrationCheck[]): string {
  const count = (verdict: CalibrationVerdict) => checks.filter((check) => check.verdict === verdict).length;
  return `${count('pass')} passed, ${count('fail')} failed, ${count('inconclusive')} inconclusive, ${count('absent')} absent`;
}
