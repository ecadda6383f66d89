import { listed, quantity } from '../../../core/messages/compose.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import {
  type Block,
  code,
  heading,
  type Inline,
  quiet,
  runtimeName,
  strong,
  type Text,
  text,
  titled,
} from '../../../report/document/document.ts';
import { formatInstant } from '../../../report/document/format.ts';
import { type TableColumn, tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { composeFileFor } from '../carry-out.ts';
import { emulatorOf } from '../guests.ts';
import { type MoveRecord, type MoveVerdict, movingTo, runs } from '../record.ts';
import { costBlocks } from './costs.ts';
import { dataShown } from './data.ts';
import { leadNotes, leadsOf } from './lead.ts';
import { pageWords as words } from './page-words.ts';
import { sinceBlocks } from './since.ts';

const signs = { moves: '✓', cannot: '✗', stays: '=', 'not-tried': '–', unknown: '?' } as const;
const names = {
  moves: words.moves,
  cannot: words.cannot,
  stays: words.isStaying,
  'not-tried': words.isNotTried,
  unknown: words.isUnknown,
} as const;
const tones = {
  moves: 'good',
  cannot: 'bad',
  stays: 'other',
  'not-tried': 'other',
  unknown: 'other',
} as const;

/** What is against a service under a runtime, and what to do. */
const against = (
  of: { readonly service: string; readonly runtime: string },
  why: Inline,
  fix: Inline,
): Text => [
  strong(plainText(of.service)),
  text(' · '),
  runtimeName(plainText(of.runtime)),
  text(': '),
  why,
  ...(fix.text === '' ? [] : [text(' → '), fix]),
];

/** `runsc release-20240729.0 (systrap)` */
function versionShown({ entry, version, platform }: MoveRecord['runtimes'][number]): string {
  const own = version?.replace(/ version /, ' ') ?? entry.name;
  const named = own.includes(entry.name) ? own : `${entry.name} (${own})`;
  return plainText(platform === null ? named : `${named} (${platform})`);
}

/** The answer of a move as groups of blocks, for the terminal and the page. */
export function moveBlocks(move: MoveRecord, lang: Lang): readonly (readonly Block[])[] {
  const t = (message: Message) => translate(message, lang);
  const { host, engine, targets, verdicts, obstacles, stack } = move;
  const services = stack.services.map(({ service }) => service);
  const say = (record: MoveVerdict, field: 'why' | 'fix') => quoted(record, field, lang, plainText);
  return [
    [
      heading(1, t(words.title({ stack: plainText(stack.name) }))),
      ...leadsOf(move, lang).map((lead): Block => ({ kind: 'lead', text: lead })),
      ...missing(move, lang).map((of): Block => ({ kind: 'paragraph', text: of })),
      quiet(
        t(
          words.origin({
            kernel: plainText(host.kernel),
            cpu: plainText(host.cpuModel),
            cpus: host.cpus,
            date: formatInstant(move.startedAt),
            hypervisor: host.hypervisor === null ? '' : `, ${plainText(host.hypervisor)}`,
            docker: plainText(engine.version),
            runtimes: listed(move.runtimes.map(versionShown)),
            given: dataShown(move),
            up: quantity(move.upSeconds ?? 3, 's'),
          }),
        ),
      ),
    ],
    [
      heading(2, t(words.verdicts), 'verdicts'),
      tableOf(
        services,
        [
          [words.service, plainText],
          ...targets.map(
            (runtime): TableColumn<string> => [
              plainText(runtime),
              (service) => verdictShown(verdicts, service, runtime, t),
              { runtime: plainText(runtime) },
            ],
          ),
        ],
        lang,
      ),
    ],
    ...sinceBlocks(move, lang),
    ...costBlocks(move, lang),
    titled(2, t(words.next), nextItems(move, t), 'next'),
    titled(
      2,
      t(words.reasons),
      verdicts
        .filter(({ why }) => why !== '')
        .map((each) => against(each, say(each, 'why'), say(each, 'fix'))),
      'reasons',
    ),
    titled(
      2,
      t(words.reading),
      obstacles
        .filter(({ kind }) => kind === 'differs')
        .map((each) =>
          against(each, quoted(each, 'message', lang, plainText), quoted(each, 'fix', lang, plainText)),
        ),
      'reading',
    ),
    titled(2, t(words.logs), logItems(move, t), 'logs'),
  ];
}

function withFix(record: NonNullable<MoveRecord['noCost']>, lang: Lang): Text {
  const [why, fix] = [quoted(record, 'why', lang, plainText), quoted(record, 'fix', lang, plainText)];
  return fix.text === '' ? [why] : [why, text(' → '), fix];
}

/** What the answer lacks, and what it does not say. */
function missing(move: MoveRecord, lang: Lang): readonly Text[] {
  const { noCost, outOfTime, interrupted, targets } = move;
  const say = (message: Message) => text(translate(message, lang));
  return [
    ...leadNotes(move, lang).map((note) => [say(note)]),
    ...(noCost === undefined ? [] : [[say(words.noCosts), ...withFix(noCost, lang)]]),
    ...targets.flatMap((runtime) => {
      const by = emulatorOf(move, runtime);
      return by === null ? [] : [[say(words.emulated({ runtime: plainText(runtime), by: plainText(by) }))]];
    }),
    ...(outOfTime ? [[say(words.outOfTime)]] : []),
    ...(interrupted ? [[say(words.interrupted)]] : []),
  ];
}

function verdictShown(
  verdicts: readonly MoveVerdict[],
  service: string,
  runtime: string,
  t: (message: Message) => string,
): Inline | null {
  const found = verdicts.find((each) => each.service === service && each.runtime === runtime);
  if (found === undefined) return null;
  const { verdict } = found;
  return { kind: 'verdict', text: t(names[verdict]), sign: signs[verdict], tone: tones[verdict] };
}

/** The files beside the page, and what they are for. */
function nextItems(
  { targets, verdicts, cost }: MoveRecord,
  t: (message: Message) => string,
): readonly Text[] {
  const moving = targets.filter((target) => movingTo(verdicts, target).length > 0);
  const measured = cost === undefined ? [] : moving;
  return [
    ...moving.map((runtime) => words.nextCompose({ file: composeFileFor(runtime) })),
    ...(measured.length === 0 ? [] : [words.nextPlan({ file: 'services.yaml' })]),
  ].map((message): Text => [text(t(message))]);
}

/** Last lines of services that failed. */
function logItems({ trials }: MoveRecord, t: (message: Message) => string): readonly Text[] {
  return trials.flatMap(({ under, runtime, services }) =>
    services
      .filter(({ log, outcome }) => log !== '' && !runs(outcome))
      .map(({ service, log }): Text => {
        const n = under.length;
        const where = (n === 0 ? words.underBaseline : words.tried)({ n, runtime: plainText(runtime) });
        return [
          strong(plainText(service)),
          text(`, ${t(where)}: `),
          code(plainText(log.split('\n').slice(-3).join(' ⏎ '))),
        ];
      }),
  );
}
