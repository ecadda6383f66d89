import type { AlarmLine, HeadlineLine } from '../model/history.ts';

/** Something that is another version than before. */
export type Change = AlarmLine['cause']['changed'][number];

type Program = HeadlineLine['provenance']['runtime'];

/** Names of what is recorded, in the order of lists. */
const names = {
  kernel: 'kernel',
  cpu: 'CPU',
  microcode: 'microcode',
  mitigations: 'mitigations',
  governor: 'governor',
  cgroup: 'cgroups',
  engine: 'engine',
  engineVersion: 'Docker',
  containerd: 'containerd',
  harness: 'ocibench',
  image: 'image',
  workload: 'workload',
} as const;

const digits = 12;

/** What changed from one night of a series to another: `runc: 1.1.15 → 1.3.6`. Of the same version, the checksums are told. */
export function changesBetween(before: HeadlineLine, after: HeadlineLine): readonly Change[] {
  const [was, is] = [before.provenance, after.provenance];
  const others = Object.entries(names).flatMap(([key, what]): readonly Change[] => {
    const [old, now] = [was[key as keyof typeof names], is[key as keyof typeof names]];
    return old === now ? [] : [{ what, was: shortened(key, old), is: shortened(key, now) }];
  });
  return [
    ...changeOfProgram(after.runtime, was.runtime, is.runtime),
    ...(after.reference === null || was.reference === null || is.reference === null
      ? []
      : changeOfProgram(after.reference, was.reference, is.reference)),
    ...others,
  ];
}

/** Digests are long, and their beginning tells them apart. */
function shortened(key: string, value: string | null): string {
  return key === 'image' ? (value ?? '–').slice(0, digits) : (value ?? '–');
}

function changeOfProgram(what: string, was: Program, is: Program): readonly Change[] {
  const sidecars = (was.sidecars ?? null) !== (is.sidecars ?? null);
  if (was.sha256 === is.sha256 && !sidecars) return [];
  const both = (program: Program) =>
    [program.version, digest(program.sha256), ...(sidecars ? [digest(program.sidecars)] : [])].join(' ');
  return was.version === is.version || was.version === null || is.version === null
    ? [{ what, was: both(was), is: both(is) }]
    : [{ what, was: was.version, is: is.version }];
}

const digest = (sha256: string | null | undefined) => `sha256 ${sha256?.slice(0, digits) ?? '–'}`;

/**
 * The first of these nights, which end tonight, from which on everything was as it is tonight; with what changed in it. null: nothing
 * that is recorded changed in them.
 */
export function lastChange(
  lines: readonly HeadlineLine[],
): { readonly line: HeadlineLine; readonly changes: readonly Change[] } | null {
  for (let at = lines.length - 1; at > 0; at--) {
    const [before, after] = [lines[at - 1], lines[at]];
    if (before === undefined || after === undefined) return null;
    const changes = changesBetween(before, after);
    if (changes.length > 0) return { line: after, changes };
  }
  return null;
}
