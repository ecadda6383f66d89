import type { ProvenanceChange } from './classification.ts';
import type { HeadlineLine, NightProvenance } from './record.ts';

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
