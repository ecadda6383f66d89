import { listed as listedWords } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { verdictSchema } from '../../../core/model/analysis/analysis.ts';
import { code, lineBreak, paragraph, text } from '../../../report/document/document.ts';
import { tableOf, wrap } from '../../../report/document/make-table.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import { csvOf } from '../../../report/tables/csv.ts';
import { words as shared } from '../../../report/words/common.ts';
import { verdictNames } from '../../../report/words/verdict.ts';
import type { OtherFigures, Submission, Verification, VerifiedFile } from './verification.ts';

const words = messages('table.verification', {
  run: '{run}: {trials, plural, one {{trials} recorded trial} other {{trials} recorded trials}}, analysed again',
  torn: '{file}: a crash cut off its last line, which is left out',
  follow: '{n, plural, one {{n} file follows} other {{n} files follow}} from the records, byte for byte.',
  missing: 'missing: {path}',
  unfounded: 'follows from no record: {path}',
  differs: 'differs: {path}, {at}: published {published}, recomputed {records}',
  otherwise: 'These files were changed, or another version of ocibench wrote them. To write them again:',
  again: '@(report {run})',
  whole: 'MANIFEST.sha256: all files are unchanged.',
  noManifest: 'MANIFEST.sha256 is missing, because the run was cut off.',
  manifestFile: 'MANIFEST.sha256, {name}: {status}',
  lacks: 'missing: {what}',
  here: 'the host: this one',
  hereByFacts: 'the host: this one, by name, processor and memory; the record has no host id',
  elsewhere: 'the host: another one ({id})',
  elsewhereByFacts: 'the host: another one; the record has no host id',
  conclusion: 'Conclusion: {state}',
  otherFigures:
    'Its figures were made by another version, {writer}; they are not checked. With those of this one, {reader}, {differ} of {verdicts} verdicts differ{colon}',
  version: '{ocibench} (figures {figures})',
  verdict: '{what}: {was}, now {is}',
  more: 'and {n} more',
  origin: 'run',
  host: 'host',
  begun: 'begun (UTC)',
  preset: 'preset',
  trials: 'trials',
  state: 'conclusion',
  why: 'why',
  count: '{state}: {n}',
  counts: '{n, plural, one {one run} other {{n} runs}}: {states}.',
  noSignature: 'A manifest is not a signature. Invented records with new checksums are not found.',
});

const states: Readonly<Record<Submission['state'], Message>> = messages('verified.state', {
  'measured-here': 'measured here',
  'measured-elsewhere': 'measured elsewhere',
  edited: 'edited',
  incomplete: 'incomplete',
  copied: 'copied',
  unreadable: 'unreadable',
});

const fileStates: Readonly<Record<Verification['manifest']['files'][number]['status'], Message>> = messages(
  'verified.file',
  {
    whole: 'unchanged',
    changed: 'changed',
    missing: 'missing',
    added: 'not in the manifest',
    unreadable: 'not a list of checksums',
  },
);

/** Maximum number of listed entries of a kind. */
const listed = 20;

/** A verification for a terminal: manifest, missing parts, differing files, and the conclusion. */
export function verificationTable(found: Verification, lang: Lang): string {
  const { runId, trials, torn, files, follows, manifest, missing, state, otherFigures } = found;
  const run = terminalText(runId, 60);
  const others = files.filter(({ status }) => status !== 'follows');
  const lines = [
    words.run({ run, trials }),
    ...torn.map((file) => words.torn({ file: terminalText(file, 60) })),
    // Files of another version differ; a chart without records is of none.
    ...some(
      otherFigures === undefined ? others : others.filter(({ status }) => status === 'unfounded'),
      line,
    ),
    words.follow({ n: files.length - others.length }),
    ...(follows || otherFigures !== undefined ? [] : [words.otherwise]),
    ...(manifest.state === 'missing' ? [words.noManifest] : []),
    ...(manifest.state === 'whole' ? [words.whole] : []),
    ...some(manifest.files, ({ name, status }) =>
      words.manifestFile({ name: terminalText(name, 100), status: fileStates[status] }),
    ),
    ...some(missing, (what) => words.lacks({ what })),
    hostLine(found),
    words.conclusion({ state: states[state] }),
    ...(otherFigures === undefined ? [] : figuresLines(otherFigures)),
  ];
  const t = (message: Message) => translate(message, lang);
  const again = [lineBreak, code(t(words.again({ run })))];
  const blocks = lines.map((message) =>
    paragraph(text(t(message)), ...(message === words.otherwise ? again : [])),
  );
  return renderTerminal([blocks], { lang, width: tableWidth });
}

/** The first entries, and the number of further ones. */
function some<T>(entries: readonly T[], say: (entry: T) => Message): readonly Message[] {
  const shown = entries.slice(0, listed).map(say);
  return entries.length > listed ? [...shown, words.more({ n: entries.length - listed })] : shown;
}

/** Which version made the figures, and which verdicts are others with this one. */
function figuresLines({ writer, reader, verdicts, differ }: OtherFigures): readonly Message[] {
  const version = ({ ocibench, figures }: OtherFigures['writer']) =>
    words.version({ ocibench: terminalText(ocibench, 40), figures: terminalText(figures ?? '–', 40) });
  return [
    words.otherFigures({
      writer: version(writer),
      reader: version(reader),
      verdicts,
      differ: differ.length,
      colon: differ.length === 0 ? '.' : shared.colon,
    }),
    ...some(differ, ({ what, was, is }) =>
      words.verdict({
        what: terminalText(what, 160),
        was: verdictText(was),
        is: verdictText(is),
      }),
    ),
  ];
}

/** A verdict in words; one that this version does not know, as it stands. */
function verdictText(verdict: string): Message | string {
  const known = verdictSchema.safeParse(verdict);
  return known.success ? verdictNames[known.data] : terminalText(verdict, 40);
}

function hostLine({ host }: Verification): Message {
  if (host.by === 'facts') return host.isHere ? words.hereByFacts : words.elsewhereByFacts;
  return host.isHere ? words.here : words.elsewhere({ id: terminalText(host.id ?? '', 20) });
}

function line({ path, status, difference }: VerifiedFile): Message {
  const name = terminalText(path, 100);
  if (status === 'unfounded') return words.unfounded({ path: name });
  if (difference === null) return words.missing({ path: name });
  const { at, published, records } = difference;
  return words.differs({
    path: name,
    at: terminalText(at, 80),
    published: terminalText(published, 80),
    records: terminalText(records, 80),
  });
}

/** Several runs, one per line, with totals by state. */
export function submissionsTable(
  submissions: readonly Submission[],
  { lang, width }: { readonly lang: Lang; readonly width: number },
): string {
  const say = (message: Message) => translate(message, lang);
  const table = tableOf(
    submissions,
    [
      [words.origin, ({ origin }) => terminalText(origin, 200), wrap(34, 16)],
      [words.host, ({ host }) => terminalText(host ?? '–', 20), wrap(13)],
      [
        words.begun,
        ({ startedAt }) => terminalText(startedAt?.slice(0, 16).replace('T', ' ') ?? '–', 16),
        wrap(16),
      ],
      [words.preset, ({ preset }) => preset ?? '–', wrap(10)],
      [
        words.trials,
        ({ state, trials }) => (state === 'unreadable' ? '–' : String(trials)),
        { align: 'right', ...wrap(6) },
      ],
      [words.state, ({ state }) => states[state], wrap(18)],
      [
        words.why,
        ({ reasons: [first] }) => (first === undefined ? '' : terminalText(say(first), 200)),
        wrap(44, 20),
      ],
    ],
    lang,
  );
  const byState = Map.groupBy(submissions, ({ state }) => state);
  const counts = [...byState].map(([state, own]) => words.count({ n: own.length, state: states[state] }));
  return renderTerminal(
    [
      [table],
      [
        paragraph(text(say(words.counts({ n: submissions.length, states: listedWords(counts) })))),
        paragraph(text(say(words.noSignature))),
      ],
    ],
    { lang, width },
  );
}

/** Several runs as CSV, with every reason. */
export function submissionsCsv(submissions: readonly Submission[], lang: Lang): string {
  return csvOf(submissions, [
    ['origin', ({ origin }) => origin],
    ['host', ({ host }) => host],
    ['run_id', ({ runId }) => runId],
    ['started_at', ({ startedAt }) => startedAt],
    ['preset', ({ preset }) => preset],
    ['runtimes', ({ runtimes }) => runtimes.join(' ')],
    ['trials', ({ trials }) => trials],
    ['manifest', ({ manifest }) => manifest],
    ['state', ({ state }) => state],
    ['reasons', ({ reasons }) => reasons.map((reason) => translate(reason, lang)).join('; ')],
  ]);
}
