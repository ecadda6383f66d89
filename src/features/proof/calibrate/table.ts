import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Translate } from '../../../report/context.ts';
import {
  type Block,
  type Inline,
  paragraph,
  type Text,
  type Tone,
  text,
  titled,
} from '../../../report/document/document.ts';
import {
  formatEstimate,
  formatPercent,
  formatRatio,
  formatRatioInterval,
  formatValue,
} from '../../../report/document/format.ts';
import { groupBy } from '../../../report/document/labels.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { unavailableItems } from '../../../report/findings/unavailable.ts';
import { renderTerminal } from '../../../report/renderers/terminal.ts';
import type { Paint } from '../../../report/renderers/terminal-text.ts';
import { words as shared } from '../../../report/words/common.ts';
import { wasBusyMessage } from './busy-host.ts';
import type { Calibration, CalibrationCheck, CalibrationVerdict } from './calibration.ts';

const words = messages('table.calibration', {
  what: 'injection',
  injected: 'injected',
  measured: 'measured [{confidence} interval]',
  allowed: 'allowed',
  pairs: 'pairs',
  orMore: 'or more',
  emulated: '! emulated processor',
  emulatedMeaning: 'counts hold, but times are those of this emulation',
  emulatedGuest: '! emulated guest',
  emulatedGuestMeaning: 'counts hold, but times and memory of {runtime} are those of this emulation',
  notes: 'notes',
  notCalibrated: 'not calibrated',
  fix: 'fix',
  counts: '{pass} passed, {fail} failed, {inconclusive} inconclusive, {absent} absent',
});

const verdictNames: Readonly<Record<CalibrationVerdict, Message>> = messages('table.calibration.verdict', {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: 'inconclusive',
  absent: 'absent',
});

/** Signs beside the words, so that no meaning depends on colour alone. */
const signs: Readonly<Record<CalibrationVerdict, readonly [sign: string, tone: Tone]>> = {
  pass: ['✓', 'good'],
  fail: ['✗', 'bad'],
  inconclusive: ['?', 'other'],
  absent: ['–', 'quiet'],
};

/** Maximum width of the table, columns. */
const width = 110;

type CalibrationTableInput = Pick<Calibration, 'checks' | 'runtimes' | 'busy'> & {
  readonly host: Pick<Calibration['host'], 'emulation'>;
};

/** Table of a calibration's checks by runtime, followed by the reasons for absent figures. */
export function calibrationTable(
  calibration: CalibrationTableInput,
  lang: Lang = 'en',
  paint?: Paint,
): string {
  const { checks, host, busy } = calibration;
  const t: Translate = (message) => translate(message, lang);
  const colon = t(shared.colon);
  const count = (verdict: CalibrationVerdict) => checks.filter((check) => check.verdict === verdict).length;
  const counts = words.counts({
    pass: count('pass'),
    fail: count('fail'),
    inconclusive: count('inconclusive'),
    absent: count('absent'),
  });
  const mark = (sign: Message, by: string, meaning: Message): Block =>
    paragraph(
      { kind: 'text', text: t(sign), tone: 'other' },
      text(` (${terminalText(by, 60)})${colon}${t(meaning)}`),
    );
  const emulated: readonly Block[] = [
    ...(host.emulation === null ? [] : [mark(words.emulated, host.emulation, words.emulatedMeaning)]),
    ...calibration.runtimes.flatMap(({ entry, vm }) => {
      const runtime = terminalText(entry.name, 60);
      return vm?.emulation
        ? [mark(words.emulatedGuest, vm.emulation, words.emulatedGuestMeaning({ runtime }))]
        : [];
    }),
  ];
  // Where all is decided, it did not matter.
  const wasBusy: readonly Block[] =
    busy === null || count('inconclusive') + count('fail') === 0
      ? []
      : [paragraph(text(t(wasBusyMessage(busy))))];
  const blocks = [
    checkTable(checks, lang),
    ...emulated,
    ...wasBusy,
    ...titled(2, t(words.notes), notes(checks, lang)),
    ...titled(2, t(words.notCalibrated), unavailableItems(calibration.runtimes, words.fix, lang)),
    paragraph(text(t(counts))),
  ];
  return renderTerminal([blocks], { lang, width, paint });
}

function checkTable(checks: readonly CalibrationCheck[], lang: Lang): Block {
  const verdictOf = ({ verdict }: CalibrationCheck): Inline => {
    const [sign, tone] = signs[verdict];
    return { kind: 'verdict', text: translate(verdictNames[verdict], lang), sign, tone };
  };
  return tableOf(
    groupBy(checks, ({ runtime }) => runtime).flatMap((own) => [
      { over: terminalText(own[0]?.runtime ?? '', 60) },
      ...own,
    ]),
    [
      [words.what, (check) => quoted(check, 'title', lang, (title) => terminalText(title, 60))],
      [words.injected, (check) => injectedText(check, lang), 'right'],
      [words.measured({ confidence: formatPercent(0.95, lang) }), (check) => measuredText(check, lang)],
      [words.allowed, (check) => toleranceText(check, lang), 'right'],
      [words.pairs, ({ n }) => String(n), 'right'],
      ['', verdictOf],
    ],
    lang,
  );
}

/** Reasons for absent figures: each distinct reason with its metrics and runtimes. */
function notes(checks: readonly CalibrationCheck[], lang: Lang): readonly Text[] {
  const noted = checks.filter(({ note }) => note !== '');
  return groupBy(noted, ({ note }) => note).flatMap((own): readonly Text[] => {
    const [first] = own;
    if (first === undefined) return [];
    const names = (key: 'metric' | 'runtime') => [...new Set(own.map((check) => check[key]))].join(', ');
    return [
      [
        text(`${names('metric')} (${names('runtime')})${translate(shared.colon, lang)}`),
        quoted(first, 'note', lang, (note) => terminalText(note, 400)),
      ],
    ];
  });
}

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
  if (relation === 'at-least') {
    const orMore = translate(words.orMore, lang);
    return tolerance === 0 ? orMore : `−${formatValue(tolerance, unit, lang)} ${orMore}`;
  }
  return `±${scale === 'ratio' ? formatPercent(tolerance, lang) : formatValue(tolerance, unit, lang)}`;
}
