import { lookup } from '../../../core/model/nearest.ts';
import type { ChangeSide } from './detector.ts';
import type { HeadlineLine, NightProvenance } from './record.ts';
import type { ReferenceKind } from './series.ts';

/** A series that is watched. */
export interface WatchedSeries {
  readonly id: string;
  /** Runtime of the series; the baseline if `against` is `null`. */
  readonly runtime: string;
  readonly against: ReferenceKind;
}

/** A series that alarms tonight. */
export interface MovedSeries extends WatchedSeries {
  readonly side: ChangeSide;
}

/** A recorded version that changed when the series moved. */
export interface ProvenanceChange {
  readonly part: 'runtime' | 'engine' | 'kernel' | 'host';
  /** Present if `part` is `runtime`: its name. */
  readonly runtime?: string;
  /** Name such as `runc` or `containerd`; `before` and `after` are such as `1.3.1`. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The probable cause of moves, and the series it explains. */
export interface Culprit {
  /** `several`: more than one of engine, kernel and host changed, and these series cannot tell them apart. */
  readonly kind: 'runtime' | 'engine' | 'kernel' | 'host' | 'several';
  /** Present if `kind` is `runtime`: its name. */
  readonly runtime?: string;
  /** Its recorded changes; empty if no recorded fact explains the move. */
  readonly changes: readonly ProvenanceChange[];
  readonly moved: readonly MovedSeries[];
  /** Number of watched series that this culprit could move. If few of them moved, it is doubtful. */
  readonly of: number;
}

/**
 * Finds the culprits. A pin is an unchanged copy: if a runtime moved against its own pin, the culprit is that runtime, whatever
 * else changed. If pins moved, alone or against each other, the culprit is what they run on.
 */
export function classify(
  moved: readonly MovedSeries[],
  watched: readonly WatchedSeries[],
  changes: readonly ProvenanceChange[],
): Culprit[] {
  const against = Object.groupBy(moved, (series) => (series.against === 'pin' ? 'pin' : 'ground'));
  const runtimes = [...Map.groupBy(against.pin ?? [], ({ runtime }) => runtime)];
  const ofRuntimes = runtimes.map(([runtime, own]): Culprit => {
    const mine = changes.filter((change) => change.part === 'runtime' && change.runtime === runtime);
    const of = watched.filter((series) => series.against === 'pin' && series.runtime === runtime).length;
    // A program that is another one than its copy can take a new kernel otherwise: then this is what is on record.
    const told = mine.length > 0 ? mine : changes.filter(({ part }) => part !== 'runtime');
    return { kind: 'runtime', runtime, changes: told, moved: own, of };
  });
  return against.ground === undefined
    ? ofRuntimes
    : [...ofRuntimes, ground(against.ground, watched, changes)];
}

/** The culprit among engine, kernel and host, for moves of pins. */
function ground(
  moved: readonly MovedSeries[],
  watched: readonly WatchedSeries[],
  changes: readonly ProvenanceChange[],
): Culprit {
  const own = changes.filter(({ part }) => part !== 'runtime');
  const [part, ...others] = new Set(own.map((change) => change.part));
  const kind = others.length > 0 ? 'several' : (part ?? 'host');
  const kinds = new Set(moved.map(({ against }) => against));
  const of = watched.filter(({ against }) => kinds.has(against)).length;
  return { kind: kind === 'runtime' ? 'host' : kind, changes: own, moved, of };
}

/** A version that differs from the night before. A changed workload or image starts a new comparison, and is not a culprit. */
export type VersionChange = Omit<ProvenanceChange, 'part'> & {
  readonly part: ProvenanceChange['part'] | 'workload';
};

type Program = NightProvenance['runtime'];

/** Recorded facts other than runtimes' programs, in the order of lists: field, part, name. */
const facts: readonly (readonly [
  key: Exclude<keyof NightProvenance, 'runtime' | 'reference' | 'daemon' | 'cpus'>,
  part: VersionChange['part'],
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
  // ocibench counts as engine: it starts the embedded engine, and takes the times.
  ['harness', 'engine', 'ocibench'],
  ['image', 'workload', 'image'],
  ['workload', 'workload', 'workload'],
  ['profile', 'workload', 'profile'],
];

/** Digits of a digest that are shown. */
const digits = 12;

/** Changes between two nights of a series, such as `runc: 1.1.15 → 1.3.6`. If the versions are equal, shows the checksums. */
export function changesBetween(before: HeadlineLine, after: HeadlineLine): readonly VersionChange[] {
  const [was, is] = [before.provenance, after.provenance];
  const others = facts.flatMap(([key, part, name]): readonly VersionChange[] => {
    const [old, now] = [was[key] ?? '–', is[key] ?? '–'];
    const short = (value: string) => (key === 'image' ? value.slice(0, digits) : value);
    return old === now ? [] : [{ part, name, before: short(old), after: short(now) }];
  });
  const { reference } = after;
  const resized: readonly VersionChange[] =
    was.cpus === undefined || is.cpus === undefined || was.cpus === is.cpus
      ? []
      : [{ part: 'host', name: 'CPUs', before: String(was.cpus), after: String(is.cpus) }];
  // A setting that one of the nights lacks was not known then: that is no change.
  const names = Object.keys(was.daemon ?? {}).filter((name) => is.daemon?.[name] !== undefined);
  const settings = names.flatMap((name): readonly VersionChange[] => {
    const [old, now] = [was.daemon, is.daemon].map((daemon) => lookup(daemon ?? {}, name) ?? '–');
    return old === now ? [] : [{ part: 'engine', name, before: old ?? '–', after: now ?? '–' }];
  });
  return [
    ...changeOfProgram(after.runtime, was.runtime, is.runtime),
    ...(reference === null ? [] : changeOfProgram(reference, was.reference, is.reference)),
    ...others,
    ...resized,
    ...settings,
  ];
}

function changeOfProgram(runtime: string, was: Program | null, is: Program | null): readonly VersionChange[] {
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
