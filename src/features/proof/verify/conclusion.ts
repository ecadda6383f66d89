import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Verification, VerifiedState } from './verification.ts';

const text = messages('verified', {
  changed:
    '{n, plural, one {{file} does not match the manifest} other {{n} files do not match the manifest, the first is {file}}}',
  gone: '{n, plural, one {{file} is in the manifest but missing} other {{n} files are in the manifest but missing, the first is {file}}}',
  differs:
    '{n, plural, one {{file} does not follow from the records: it was changed, or another version of ocibench wrote it} other {{n} files do not follow from the records, the first is {file}: they were changed, or another version of ocibench wrote them}}',
  notMade:
    '{n, plural, one {{file} was not written} other {{n} files were not written, the first is {file}}}',
  otherVersion:
    'another version of ocibench ({writer}) computed its figures, which this one ({reader}) cannot recompute; manifest and records were checked',
  version: '{ocibench}, figures {figures}',
});

/** Findings of a verification. */
interface VerificationFindings
  extends Pick<Verification, 'files' | 'follows' | 'manifest' | 'host' | 'missing'> {
  /** Version that wrote the run. `own`: this version. */
  readonly writer: Version;
  readonly reader: Version;
}

/** A version of ocibench. Between releases the number stays the same, but `figures` changes with the analysis. */
interface Version {
  readonly ocibench: string;
  /** `figures` of its analysis.json; null if there is none. */
  readonly figures: string | null;
}

/** State of a run, and the reasons, most serious first. */
export function conclusionOf(found: VerificationFindings): Pick<Verification, 'state' | 'reasons'> {
  const { manifest, files, missing, host, writer, reader } = found;
  const named = (status: string) => manifest.files.filter((file) => file.status === status);
  const changed = [...named('unreadable'), ...named('changed')];
  const gone = named('missing');
  const differ = files.filter(({ status }) => status === 'differs' || status === 'unfounded');
  const notMade = found.follows
    ? []
    : files.filter((file) => file.status === 'missing' && !isLater(file.path));
  const isOther =
    writer.ocibench !== reader.ocibench || (writer.figures !== null && writer.figures !== reader.figures);
  const foreign = isOther && changed.length === 0;
  const groups: readonly (readonly [VerifiedState, readonly Message[]])[] = [
    [
      'edited',
      several(
        changed.map(({ name }) => name),
        text.changed,
      ),
    ],
    [
      foreign ? 'other-version' : 'edited',
      several(
        differ.map(({ path }) => path),
        foreign
          ? () => text.otherVersion({ writer: versionText(writer), reader: versionText(reader) })
          : text.differs,
      ),
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
      // Another version may make other files.
      foreign && differ.length > 0 ? 'other-version' : 'incomplete',
      several(
        notMade.map(({ path }) => path),
        text.notMade,
      ),
    ],
  ];
  // Problems of the records outrank `other-version`: they are problems whichever version made the figures.
  const order: readonly VerifiedState[] = ['edited', 'incomplete', 'other-version'];
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

function versionText({ ocibench, figures }: Version): Message {
  return text.version({ ocibench, figures: figures ?? '?' });
}

function several(
  names: readonly string[],
  say: (values: { readonly n: number; readonly file: Message }) => Message,
): readonly Message[] {
  const [first] = names;
  return first === undefined ? [] : [say({ n: names.length, file: external(first) })];
}
