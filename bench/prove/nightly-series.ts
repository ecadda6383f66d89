import type { ReferenceKind } from '../../src/features/nightly/history/series.ts';
import { measured } from '../../test/core/analyze/stats/simulated-category.ts';

/** A simulated series. */
export interface Cell {
  readonly id: string;
  readonly runtime: string;
  readonly category: string;
  readonly against: ReferenceKind;
  /** Of a category: the series of its subjects, from whose blocks it follows. */
  readonly members?: readonly Cell[];
  /** Standard deviation of a block's log ratio (of `null`: of its log value); of a category, of its quietest subject. */
  readonly deviation: number;
  /** How much the state of the host moves this subject, as a factor: memory hardly. */
  readonly sensitivity: number;
}

/** Subjects of each category. */
const subjects: Readonly<Record<string, number>> = {
  startup: 7,
  app: 4,
  io: 4,
  network: 2,
  syscall: 4,
  cpu: 1,
  memory: 3,
};
export const runtimes = ['runc', 'crun', 'runsc'];

/** Of the measured deviations, spread evenly over the subjects. */
function deviationsOf(category: string): number[] {
  const all = (measured.find(([name]) => name === category)?.[1] ?? []).toSorted((a, b) => a - b);
  const n = subjects[category] ?? 0;
  return Array.from({ length: n }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / n)] ?? 0);
}

/** 25 subjects under three runtimes: 75 series to the pin, 50 to the baseline, 25 absolute ones. */
export const subjectSeries: readonly Cell[] = Object.keys(subjects).flatMap((category) =>
  deviationsOf(category).flatMap((deviation, i) => {
    const sensitivity =
      category === 'memory' ? 0.1 : 0.3 + (1.2 * i) / Math.max(1, (subjects[category] ?? 1) - 1);
    const cell = (runtime: string, against: ReferenceKind, factor: number): Cell => ({
      id: `${category}/${i} ${runtime} ${against}`,
      runtime,
      category,
      against,
      deviation: factor * deviation,
      sensitivity,
    });
    return [
      ...runtimes.map((runtime) => cell(runtime, 'pin', runtime === 'runsc' ? 1.2 : 1)),
      cell('crun', 'baseline', 1),
      cell('runsc', 'baseline', 1.1),
      cell('runc', 'null', Math.SQRT1_2),
    ];
  }),
);

/** Of each category with several subjects: 18 series to the pin, 12 to the baseline. */
const categorySeries: readonly Cell[] = [
  ...Map.groupBy(subjectSeries, ({ category, runtime, against }) => `${category} ${runtime} ${against}`),
].flatMap(([id, members]): readonly Cell[] => {
  const [first] = members;
  if (first === undefined || members.length < 2 || first.against === 'null') return [];
  const mean = members.reduce((sum, { sensitivity }) => sum + sensitivity, 0) / members.length;
  return [{ ...first, id, members, sensitivity: mean }];
});

export const allSeries: readonly Cell[] = [...subjectSeries, ...categorySeries];

/** The series whose blocks are measured: itself, or the subjects of a category. */
export const membersOf = (cell: Cell): readonly Cell[] => cell.members ?? [cell];
