import type { Forecast, ForecastSubject } from '../app/measure/forecast.ts';
import { listed, quantity } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { defaultLayer } from '../core/model/trial/cell.ts';
import { type Block, paragraph, text } from '../report/document/document.ts';
import { tableOf, wrap } from '../report/document/make-table.ts';
import { formatLimit } from '../report/progress/lines.ts';
import { renderTerminal, type TerminalOptions } from '../report/renderers/terminal.ts';

const words = messages('forecast', {
  schedule:
    '{subjects, plural, one {{subjects} test} other {{subjects} tests}} under {runtimes}: {trials} {trials, plural, one {container} other {containers}} per block, {min}–{max} blocks after the warm-up, {limit} at most (preset {preset}, seed {seed})',
  subject: 'test',
  runtimes: 'runtimes',
  block: 'per block',
  unknown: '?',
  notMeasured: '{runtime} cannot run {n} of them: {reason}',
  seconds: '{n} s',
  estimate: 'estimate: {min} to {max}, from earlier trials in {runs}; assumes that every runtime works',
  limitOnly: 'estimate: {max} at most (preset or --max-time); no earlier run here covers all of these trials',
  onTop: 'plus the start of the engine and one container per runtime, some seconds each',
  build: 'to build first, from Debian packages, about half a minute each: {images}',
  cached: 'images already cached: {images}',
  ofEngine: 'images that the engine must already have: {images}',
  disk: 'disk: {min} to {max} of records, and about 2 MiB of reports and charts, in {out} ({free} free)',
  diskUnknown: 'disk: some MiB of records, reports and charts, in {out} ({free} free)',
  nothing: 'Nothing was started (--dry-run).',
});

const mib = (bytes: number) => quantity(bytes / 2 ** 20, 'MiB', bytes < 100 * 2 ** 20 ? 1 : 0);

/** What `run --dry-run` found, for a terminal. */
export function forecastText(forecast: Forecast, options: TerminalOptions): string {
  const say = (message: Message) => translate(message, options.lang);
  const line = (message: Message) => paragraph(text(say(message)));
  return renderTerminal(
    [
      [line(scheduleLine(forecast, options))],
      [subjectTable(forecast.subjects, options)],
      unsupportedLines(forecast.subjects, say).map(line),
      [
        ...timeLines(forecast, options).map(line),
        ...imageLines(forecast).map(line),
        line(diskLine(forecast)),
      ],
      [line(words.nothing)],
    ],
    options,
  );
}

function scheduleLine(
  { config, runtimes, subjects, trialsPerBlock }: Forecast,
  { lang }: TerminalOptions,
): Message {
  const { minBlocks: min, maxBlocks: max, maxTimeMs, preset, seed } = config;
  return words.schedule({
    subjects: subjects.length,
    runtimes: listed(
      runtimes.map(({ entry }) => entry.name),
      'and',
    ),
    trials: trialsPerBlock,
    min,
    max,
    limit: formatLimit(maxTimeMs, lang),
    preset,
    seed: String(seed),
  });
}

function subjectTable(subjects: readonly ForecastSubject[], { lang }: TerminalOptions): Block {
  const name = ({ workload, params, layer, engine = '', profile = '' }: ForecastSubject) =>
    [workload, params, layer === defaultLayer ? '' : layer, engine, profile]
      .filter((part) => part !== '')
      .join(' ');
  return tableOf(
    subjects,
    [
      [words.subject, name, wrap(36, 16)],
      [words.runtimes, ({ runtimes }) => runtimes.join(', '), wrap(48, 20)],
      [words.block, (subject) => (subject.runtimes.length === 0 ? '' : blockTime(subject)), 'right'],
    ],
    lang,
  );
}

function blockTime({ blockMs }: ForecastSubject): Message {
  return blockMs === null ? words.unknown : words.seconds({ n: quantity(blockMs / 1000, '', 1) });
}

/** Why runtimes cannot run subjects, each reason once. */
function unsupportedLines(
  subjects: readonly ForecastSubject[],
  say: (message: Message) => string,
): readonly Message[] {
  const all = subjects.flatMap(({ unsupported }) => unsupported);
  const groups = Map.groupBy(all, ({ runtime, reason }) => `${runtime} ${say(reason)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [words.notMeasured({ ...first, n: group.length })];
  });
}

function timeLines({ time, costsFrom, subjects }: Forecast, { lang }: TerminalOptions): readonly Message[] {
  const max = formatLimit(time.maxMs, lang);
  const isKnown = subjects.every(({ blockMs }) => blockMs !== null);
  return [
    isKnown
      ? words.estimate({ min: formatLimit(time.minMs, lang), max, runs: listed(costsFrom, 'and') })
      : words.limitOnly({ max }),
    words.onTop,
  ];
}

function imageLines({ images }: Forecast): readonly Message[] {
  const named = (wanted: readonly Forecast['images'][number][]) => ({
    images: listed(wanted.map(({ image }) => image)),
  });
  const groups = [
    [words.build, images.filter(({ isBuilt }) => !isBuilt)],
    [words.cached, images.filter(({ isBuilt, bytes }) => isBuilt && bytes !== null)],
    [words.ofEngine, images.filter(({ isBuilt, bytes }) => isBuilt && bytes === null)],
  ] as const;
  return groups.flatMap(([say, wanted]) => (wanted.length === 0 ? [] : [say(named(wanted))]));
}

function diskLine({ disk: { out, results, free } }: Forecast): Message {
  const place = { out, free: free === null ? '?' : mib(free) };
  return results === null
    ? words.diskUnknown(place)
    : words.disk({ ...place, min: mib(results.min), max: mib(results.max) });
}
