import { messages } from '../../../../core/messages/define.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { alarmLines, estimateText, statusWords } from '../alarm-text.ts';
import type { NightLine } from '../record.ts';
import { type HistoryExporter, type HistoryExportSource, leftOut, oneFile } from './exporter.ts';
import { gateSuite, junitXml, type TestCase, type TestOutcome } from './junit-xml.ts';
import { newestNight, type SeriesTonight, verdictOf } from './newest-night.ts';

const words = messages('history.junit', {
  night: 'the night was measured',
  missing: 'not measured tonight; last in the night of {night}',
});

/**
 * The newest night as tests: the night itself, and each series. A series fails while it has an unaccepted change that still
 * stands, unless the change is for the better. It is skipped if the guard cannot judge it.
 */
export const junit: HistoryExporter = (source) => {
  const newest = newestNight(source);
  const { unread, gate, lang } = source;
  if (newest === null) return oneFile('junit.xml', null, leftOut.noNight);
  const { night, series, missing } = newest;
  const cases = [
    nightCase(night, source),
    ...series.map((each) => seriesCase(each, source)),
    ...missing.map((line): TestCase => {
      const message = translate(words.missing({ night: line.night }), lang);
      return {
        name: line.series,
        classname: classOf(line),
        outcome: { kind: 'skipped', message, type: 'missing', text: '' },
        output: '',
      };
    }),
  ];
  const remarks = unread.map(({ said }) => said).join('\n');
  const suite = { name: 'ocibench nightly', at: night.at, seconds: night.minutes * 60, cases, remarks };
  const suites = [suite, ...(gate.length === 0 ? [] : [gateSuite(gate, night, lang)])];
  return oneFile('junit.xml', junitXml(suites));
};

/** Class name of a series, by which CI services group tests. */
function classOf({ category, runtime }: SeriesTonight['line']): string {
  return `ocibench.${category}.${runtime.replaceAll('.', '_')}`;
}

function nightCase({ status, reason }: NightLine, { lang }: HistoryExportSource): TestCase {
  const message = `${translate(statusWords[status], lang)}${reason === '' ? '' : `: ${reason}`}`;
  const kinds = { measured: 'passed', skipped: 'skipped', interrupted: 'error', failed: 'error' } as const;
  const kind = kinds[status];
  return {
    name: translate(words.night, lang),
    classname: 'ocibench.night',
    outcome: kind === 'passed' ? { kind } : { kind, message, type: status, text: '' },
    output: message,
  };
}

function seriesCase(series: SeriesTonight, { lang }: HistoryExportSource): TestCase {
  const { line } = series;
  const said = [estimateText(line, lang), translate(verdictOf(series, lang).said, lang)].join('; ');
  return {
    name: line.series,
    classname: classOf(line),
    outcome: outcomeOf(series, lang),
    output: said,
  };
}

function outcomeOf(series: SeriesTonight, lang: HistoryExportSource['lang']): TestOutcome {
  const { kind, direction, said } = verdictOf(series, lang);
  const message = translate(said, lang);
  if (kind === 'cannot-tell') return { kind: 'skipped', message, type: 'cannot-tell', text: '' };
  if (kind === 'holds' || direction === 'better' || direction === null) return { kind: 'passed' };
  const lines = series.alarm === null ? [] : alarmLines(series.alarm, lang);
  const text = lines.map((line) => translate(line, lang)).join('\n');
  return { kind: 'failure', message, type: direction, text };
}
