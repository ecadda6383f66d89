import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type Cell, defaultLayer } from '../../../core/model/trial/cell.ts';
import { subjectLabel } from '../../../report/document/labels.ts';
import type { OtherFigures, Verification, VerifiedState } from './verification.ts';

const text = messages('verified', {
  changed:
    '{n, plural, one {{file} does not match the manifest} other {{n} files do not match the manifest, the first is {file}}}',
  gone: '{n, plural, one {{file} is in the manifest but missing} other {{n} files are in the manifest but missing, the first is {file}}}',
  differs:
    '{n, plural, one {{file} does not follow from the records: it was changed, or another version of ocibench wrote it} other {{n} files do not follow from the records, the first is {file}: they were changed, or another version of ocibench wrote them}}',
  notMade:
    '{n, plural, one {{file} was not written} other {{n} files were not written, the first is {file}}}',
});

/** Findings of a verification. */
type VerificationFindings = Pick<
  Verification,
  'files' | 'follows' | 'manifest' | 'host' | 'missing' | 'otherFigures'
>;

/** State of a run, and the reasons, most serious first. */
export function conclusionOf(found: VerificationFindings): Pick<Verification, 'state' | 'reasons'> {
  const { manifest, files, missing, host, otherFigures } = found;
  const named = (status: string) => manifest.files.filter((file) => file.status === status);
  const changed = [...named('unreadable'), ...named('changed')];
  const gone = named('missing');
  const differ = files.filter(({ status }) => status === 'differs' || status === 'unfounded');
  const notMade = found.follows
    ? []
    : files.filter((file) => file.status === 'missing' && !isLater(file.path));
  const groups: readonly (readonly [VerifiedState, readonly Message[]])[] = [
    [
      'edited',
      several(
        changed.map(({ name }) => name),
        text.changed,
      ),
    ],
    [
      'edited',
      // Those that another version made are told beside the state: they say nothing of the records.
      otherFigures === undefined
        ? several(
            differ.map(({ path }) => path),
            text.differs,
          )
        : [],
    ],
    [
      'incomplete',
      [
        ...missing,
        ...several(
          gone.map(({ name }) => name),
          text.gone,
        ),
      ],
    ],
    [
      'incomplete',
      // Another version may make other files.
      otherFigures === undefined
        ? several(
            notMade.map(({ path }) => path),
            text.notMade,
          )
        : [],
    ],
  ];
  const order: readonly VerifiedState[] = ['edited', 'incomplete'];
  const states = new Set(groups.filter(([, reasons]) => reasons.length > 0).map(([state]) => state));
  const state =
    order.find((each) => states.has(each)) ?? (host.isHere ? 'measured-here' : 'measured-elsewhere');
  return { state, reasons: groups.flatMap(([, reasons]) => reasons) };
}

/** Is the measurement valid in this state? */
export function holds(state: VerifiedState): boolean {
  return state === 'measured-here' || state === 'measured-elsewhere';
}

/** Is this a file of a report or chart? `run --set report=false` leaves them out, and they can be made later. */
export function isLater(path: string): boolean {
  return path.startsWith('charts/') || path.endsWith('/report.md') || path.endsWith('/report.html');
}

/**
 * The figures of another version, where they differ from this one's: only if the manifest has no changed file, since a changed one is
 * edited whoever wrote it. null otherwise.
 */
export function otherFiguresOf(
  { manifest, files }: Pick<Verification, 'manifest' | 'files'>,
  versions: Pick<OtherFigures, 'writer' | 'reader'>,
  verdicts: Pick<OtherFigures, 'verdicts' | 'differ'>,
): OtherFigures | null {
  const { writer, reader } = versions;
  const isOther =
    writer.ocibench !== reader.ocibench || (writer.figures !== null && writer.figures !== reader.figures);
  const isChanged = manifest.files.some(({ status }) => status === 'changed' || status === 'unreadable');
  const isSame = files.every(
    ({ status, path }) => status === 'follows' || (status === 'missing' && isLater(path)),
  );
  return isOther && !isChanged && !isSame ? { ...versions, ...verdicts } : null;
}

/** An analysis with its verdicts, which may be some that this version does not know. */
interface JudgedAnalysis {
  readonly rows: readonly (Cell & { readonly headline: boolean; readonly verdict: string })[];
  readonly categories: readonly {
    readonly runtime: string;
    readonly category: string;
    readonly layer: string;
    readonly engine?: string | undefined;
    readonly profile?: string | undefined;
    readonly verdict: string;
  }[];
}

/** The comparisons and categories whose verdicts differ between a published analysis and that of this version. */
export function compareVerdicts(
  published: JudgedAnalysis | null,
  made: JudgedAnalysis,
): Pick<OtherFigures, 'verdicts' | 'differ'> {
  const now = verdictsIn(made);
  const both = [...(published === null ? [] : verdictsIn(published))].flatMap(([what, was]) => {
    const is = now.get(what);
    return is === undefined ? [] : [{ what, was, is }];
  });
  return { verdicts: both.length, differ: both.filter(({ was, is }) => was !== is) };
}

/** Name of a comparison or category → its verdict. */
function verdictsIn({ rows, categories }: JudgedAnalysis): ReadonlyMap<string, string> {
  const compared = rows.filter(
    ({ headline, verdict }) => headline && !/^(?:baseline|unavailable)$/.test(verdict),
  );
  return new Map([
    ...compared.map((row) => [`${row.runtime}, ${subjectLabel(row)}`, row.verdict] as const),
    ...categories.map((each) => {
      const place = [each.layer, each.engine, each.profile].filter(
        (part) => part !== undefined && part !== defaultLayer,
      );
      return [[`${each.runtime}, ${each.category}`, ...place].join(' '), each.verdict] as const;
    }),
  ]);
}

function several(
  names: readonly string[],
  say: (values: { readonly n: number; readonly file: Message }) => Message,
): readonly Message[] {
  const [first] = names;
  return first === undefined ? [] : [say({ n: names.length, file: external(first) })];
}
