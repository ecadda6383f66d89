import { messages } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { plainText } from '../../../../report/sanitize.ts';
import { alarmLines, alarmTitle, statusWords } from '../alarm-text.ts';
import { type HistoryExporter, type HistoryExportSource, leftOut, oneFile } from './exporter.ts';
import { newestNight } from './newest-night.ts';

const words = messages('history.annotations', {
  more: '{n} more: @(nightly show)',
  night: 'Night of {night}: {status}: {reason}',
});

/** Title of the annotations. */
const title = 'ocibench nightly';

/** An annotation of GitHub Actions. */
interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** Series listed in an annotation, which shows only a few lines. */
const mostSeries = 30;

/** Number of annotations per level that GitHub shows for a step. */
const mostOfLevel = 10;

/**
 * Workflow commands that GitHub Actions shows as annotations: open alarms (a change for the worse is an error), a newest night
 * that was not measured, and lines of the history that cannot be read.
 */
export const githubAnnotations: HistoryExporter = (source) => {
  const say = (message: Message) => translate(message, source.lang);
  const all = [...alarms(source, say), ...nightOf(source, say), ...unreadLines(source)];
  const lines = (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const own = all.filter((each) => each.level === level);
    if (own.length <= mostOfLevel) return own;
    const n = own.length - mostOfLevel + 1;
    const more = { level, title, message: say(words.more({ n })) };
    return [...own.slice(0, mostOfLevel - 1), more];
  });
  return oneFile('annotations.txt', lines.map(commandOf).join(''));
};

type Say = (message: Message) => string;

function alarms({ open, lang }: HistoryExportSource, say: Say): readonly Annotation[] {
  const levels = { worse: 'error', other: 'error', better: 'notice' } as const;
  return open.toReversed().map((alarm) => ({
    level: levels[alarm.direction],
    title: say(alarmTitle(alarm)),
    message: alarmLines(alarm, lang, mostSeries).slice(1).map(say).join('\n'),
  }));
}

function nightOf(source: HistoryExportSource, say: Say): readonly Annotation[] {
  const newest = newestNight(source);
  if (newest === null) return [{ level: 'warning', title, message: say(leftOut.noNight) }];
  const { night, status, reason } = newest.night;
  if (status === 'measured') return [];
  const message = say(words.night({ night, status: statusWords[status], reason }));
  return [{ level: status === 'skipped' ? 'notice' : 'warning', title, message }];
}

function unreadLines({ unread }: HistoryExportSource): readonly Annotation[] {
  return unread.map(({ file, line, said }) => ({
    level: 'warning',
    title,
    message: said,
    file,
    ...(line === null ? {} : { line }),
  }));
}

/** A workflow command on one line. Escaping keeps quoted text from starting another command. */
function commandOf({ level, title, message, file, line }: Annotation): string {
  const properties = Object.entries({ title, file, line }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  );
  return `::${level} ${properties.join(',')}::${data(message)}\n`;
}

/** Escapes the text of a command as actions/toolkit does. */
function data(text: string): string {
  return text.split('\n').map(plainText).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
