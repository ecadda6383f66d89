import { messages } from '../../../../core/messages/define.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { junitXml, type TestCase, type TestOutcome } from '../../../../report/renderers/junit.ts';
import { alarmLines, estimateText, statusWords } from '../alarm-text.ts';
import type { HeadlineLine, NightLine } from '../record.ts';
import { judgeSeries, type SeriesState } from '../series-state.ts';
import type { HistoryExporter } from './exporter.ts';
import { gateSuite } from './gate-suite.ts';
import { newestNight, tellVerdict } from './newest-night.ts';

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
  const { unread, gate } = source;
  if (newest === null) return { name: 'junit.xml', content: null };
  const { night, series, missing } = newest;
  const cases = [
    nightCase(night),
    ...series.map(seriesCase),
    ...missing.map((line): TestCase => {
      const message = translate(words.missing({ night: line.night }), 'en');
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
  const suites = [suite, ...(gate.length === 0 ? [] : [gateSuite(gate, night)])];
  return { name: 'junit.xml', content: junitXml(suites) };
};

/** Class name of a series, by which CI services group tests. */
function classOf({ category, runtime }: HeadlineLine): string {
  return `ocibench.${category}.${runtime.replaceAll('.', '_')}`;
}

function nightCase({ status, reason }: NightLine): TestCase {
  const message = `${translate(statusWords[status], 'en')}${reason === '' ? '' : `: ${reason}`}`;
  const kinds = { measured: 'passed', skipped: 'skipped', interrupted: 'error', failed: 'error' } as const;
  const kind = kinds[status];
  return {
    name: translate(words.night, 'en'),
    classname: 'ocibench.night',
    outcome: kind === 'passed' ? { kind } : { kind, message, type: status, text: '' },
    output: message,
  };
}

function seriesCase(state: SeriesState): TestCase {
  const { line } = state;
  const said = translate(tellVerdict(state), 'en');
  return {
    name: line.series,
    classname: classOf(line),
    outcome: outcomeOf(state, said),
    output: [estimateText(line, 'en'), said].join('; '),
  };
}

function outcomeOf(state: SeriesState, message: string): TestOutcome {
  const verdict = judgeSeries(state);
  switch (verdict.kind) {
    case 'learning':
    case 'wide':
    case 'left':
      return { kind: 'skipped', message, type: 'cannot-tell', text: '' };
    case 'moved': {
      const { direction: type } = verdict;
      if (type === 'better') return { kind: 'passed' };
      const lines = state.alarm === null ? [] : alarmLines(state.alarm);
      return { kind: 'failure', message, type, text: lines.map((line) => translate(line, 'en')).join('\n') };
    }
    default:
      return { kind: 'passed' };
  }
}
