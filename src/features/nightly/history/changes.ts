import type { Side } from './detector.ts';
import type { HeadlineLine, NightProvenance } from './record.ts';
import type { Against } from './series.ts';

/** A series that is watched. */
export interface Watched {
  readonly id: string;
  /** Whose program it is about; of `null`, the baseline. */
  readonly runtime: string;
  readonly against: Against;
}

/** A series that alarms tonight. */
export interface Moved extends Watched {
  readonly side: Side;
}

/** What is no longer as it was before the change began. */
export interface ProvenanceChange {
  readonly part: 'runtime' | 'engine' | 'kernel' | 'host';
  /** Of a runtime: which one. */
  readonly runtime?: string;
  /** What it is, as in `runc` or `containerd`; before and after, as in `1.3.1`. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** Why series moved. */
export interface Culprit {
  /** `several`: more than one of engine, kernel and host changed, and these series cannot tell them apart. */
  readonly kind: 'runtime' | 'engine' | 'kernel' | 'host' | 'several';
  /** Of a runtime: which one. */
  readonly runtime?: string;
  /** What changed of it. Nothing: no recorded fact explains the move. */
  readonly changes: readonly ProvenanceChange[];
  readonly moved: readonly Moved[];
  /** Number of watched series of the kinds that moved, those of other runtimes included: few of many make a doubtful culprit. */
  readonly of: number;
}

/**
 * Who is it? A pin is a copy: where a runtime moved against its own pin, it is that runtime, whatever else changed. Pins do not
 * change: where they moved, alone or against each other, it is what they run on.
 */
export function classify(
  moved: readonly Moved[],
  watched: readonly Watched[],
  changes: readonly ProvenanceChange[],
): Culprit[] {
  const against = Object.groupBy(moved, (series) => (series.against === 'pin' ? 'pin' : 'ground'));
  const runtimes = [...Map.groupBy(against.pin ?? [], ({ runtime }) => runtime)];
  const ofRuntimes = runtimes.map(([runtime, own]): Culprit => {
    const mine = changes.filter((change) => change.part === 'runtime' && change.runtime === runtime);
    const of = watched.filter((series) => series.against === 'pin' && series.runtime === runtime).length;
    return { kind: 'runtime', runtime, changes: mine, moved: own, of };
  });
  return against.ground === undefined
    ? ofRuntimes
    : [...ofRuntimes, ground(against.ground, watched, changes)];
}

/** What the runtimes run on. */
function ground(
  moved: readonly Moved[],
  watched: readonly Watched[],
  changes: readonly ProvenanceChange[],
): Culprit {
  const own = changes.filter(({ part }) => part !== 'runtime');
  const [part, ...others] = new Set(own.map((change) => change.part));
  const kind = others.length > 0 ? 'several' : (part ?? 'host');
  const kinds = new Set(moved.map(({ against }) => against));
  const of = watched.filter(({ against }) => kinds.has(against)).length;
  return { kind: kind === 'runtime' ? 'host' : kind, changes: own, moved, of };
}

/** Something that is another version than before. Another workload or image is another comparison, and moves nothing. */
export type Change = Omit<ProvenanceChange, 'part'> & {
  readonly part: ProvenanceChange['part'] | 'workload';
};

type Program = NightProvenance['runtime'];

/** What is recorded beside programs, in the order of lists: what it belongs to, and its name. */
const facts: readonly (readonly [
  key: Exclude<keyof NightProvenance, 'runtime' | 'reference'>,
  part: Change['part'],
  name: string,
])[] = [
  ['kernel', 'kernel', 'kernel'],
  ['cpu', 'host', 'CPU'],
  ['microcode', 'host', 'microcode'],
  ['mitigations', 'host', 'mitigations'],
  ['governor', 'host', 'governor'],
  ['cgroup', 'host', 'cgroups'],
  ['engine', 'engine', 'engine'],
  ['engineVersion', 'engine', 'Docker'],
  ['containerd', 'engine', 'containerd'],
  // It starts the embedded engine, and times what happens.
  ['harness', 'engine', 'ocibench'],
  ['image', 'workload', 'image'],
  ['workload', 'workload', 'workload'],
  ['profile', 'workload', 'profile'],
];

/** Digits of a digest that are told. */
const digits = 12;

/** What changed from one night of a series to another: `runc: 1.1.15 → 1.3.6`. Of the same version, the checksums are told. */
export function changesBetween(before: HeadlineLine, after: HeadlineLine): readonly Change[] {
  const [was, is] = [before.provenance, after.provenance];
  const others = facts.flatMap(([key, part, name]): readonly Change[] => {
    const [old, now] = [was[key] ?? '–', is[key] ?? '–'];
    const short = (value: string) => (key === 'image' ? value.slice(0, digits) : value);
    return old === now ? [] : [{ part, name, before: short(old), after: short(now) }];
  });
  const { reference } = after;
  return [
    ...changeOfProgram(after.runtime, was.runtime, is.runtime),
    ...(reference === null ? [] : changeOfProgram(reference, was.reference, is.reference)),
    ...others,
  ];
}

function changeOfProgram(runtime: string, was: Program | null, is: Program | null): readonly Change[] {
  if (was === null || is === null) return [];
  const sidecars = (was.sidecars ?? null) !== (is.sidecars ?? null);
  if (was.sha256 === is.sha256 && !sidecars) return [];
  const told = (program: Program) =>
    was.version !== is.version && was.version !== null && is.version !== null
      ? (program.version ?? '')
      : [
          program.version ?? '–',
          digest(program.sha256),
          ...(sidecars ? [digest(program.sidecars)] : []),
        ].join(' ');
  return [{ part: 'runtime', runtime, name: runtime, before: told(was), after: told(is) }];
}

const digest = (sha256: string | null | undefined) => `sha256 ${sha256?.slice(0, digits) ?? '–'}`;
