import { readFileSync } from 'node:fs';
import { median } from 'simple-statistics';
import { presetDefaults } from '../../src/core/config/presets.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { aaControl, formatParams } from '../../src/core/model/trial/cell.ts';
import { type Category, categorySchema } from '../../src/core/model/workload/metric.ts';
import { type Arm, baseline, type Shape, type SimulatedSubject, subjectName } from './shape.ts';

/** The two gVisors of the reference run that a simulated one has; other runs have one. */
const gvisors = ['runsc', 'runsc-2024'];

const workloads = new Map((await loadWorkloads([])).map((workload) => [workload.id, workload]));

/** The tests of a preset that have a cost, by name, as the program has them. */
export const testsOf = (preset: 'quick' | 'standard'): ReadonlySet<string> =>
  new Set(
    [...workloads.values()]
      .filter(({ metrics: [first] }) => first !== undefined && first.better !== 'neither')
      .flatMap(({ id, presets }) =>
        presets[preset].map((params) => subjectName({ workload: id, params: formatParams(params) })),
      ),
  );

type Row = (name: string) => string;

function rowsOf(name: string): readonly Row[] {
  const text = readFileSync(`${import.meta.dirname}/inputs/${name}.csv`, 'utf8');
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return (field) => fields[names.indexOf(field)] ?? '';
  });
}

/** What simulations take from one recorded run. */
interface Inputs {
  readonly cells: readonly Row[];
  /** Category → recorded residuals, in units of the scatter of their cell. */
  readonly residuals: ReadonlyMap<string, readonly number[]>;
}

/** Reads the two tables of a recorded run, whose names begin with `prefix`. */
function readInputs(prefix: string): Inputs {
  const byCategory = Map.groupBy(rowsOf(`${prefix}residuals`), (row) => row('category'));
  const residuals = new Map(
    [...byCategory].map(([category, own]) => [category, own.map((row) => Number(row('residual')))]),
  );
  return { cells: rowsOf(`${prefix}cells`), residuals };
}

const reference = readInputs('');

/** How recorded values of a category lie about the medians of their cells, in units of their scatter. */
export function recordedResiduals(category: string): readonly number[] {
  return reference.residuals.get(category) ?? [];
}

/** The scatter of the pairs of a category under a runtime: the median of its cells. */
function usualDeviation({ cells }: Inputs, category: string, runtime: string): number {
  const own = cells.filter((row) => row('category') === category && row('runtime') === runtime);
  return median(own.map((row) => Number(row('pair_deviation'))));
}

/** The cells of one subject. */
function subjectOf(inputs: Inputs, own: readonly Row[]): SimulatedSubject | null {
  const [first] = own;
  const workload = workloads.get(first?.('workload') ?? '');
  if (first === undefined || workload === undefined) return null;
  const category: Category = categorySchema.parse(first('category'));
  const find = (runtime: string) => own.find((row) => row('runtime') === runtime);
  // A scatter from some ten pairs is itself uncertain: halfway to that of its category.
  const spreadOf = (row: Row) =>
    Math.sqrt(Number(row('pair_deviation')) * usualDeviation(inputs, category, row('runtime')));
  const [native, crun] = [find(baseline), find('crun')];
  if (native === undefined || crun === undefined) return null;
  const noise = spreadOf(crun) / Math.SQRT2;
  const shape = inputs.residuals.get(category) ?? [];
  const armOf = (row: Row, arm: Pick<Arm, 'runtime' | 'noise' | 'truth'>): Arm => ({
    ...arm,
    residuals: shape,
    costMs: Number(row('cost_ms')),
  });
  return {
    workload: workload.id,
    params: first('params'),
    category,
    target: workload.precision,
    arms: [
      armOf(native, { runtime: baseline, noise, truth: 0 }),
      armOf(crun, { runtime: 'crun', noise, truth: 0 }),
      ...gvisors.flatMap((runtime): Arm[] => {
        const row = find(runtime);
        if (row === undefined) return [];
        const extra = Math.sqrt(Math.max(spreadOf(row) ** 2 - noise ** 2, (noise / 2) ** 2));
        return [armOf(row, { runtime, noise: extra, truth: Number(row('log_cost')) })];
      }),
    ],
  };
}

/** One subject of each category has the A/A arm, as in a run. */
function withControl(subjects: readonly SimulatedSubject[]): readonly SimulatedSubject[] {
  const seen = new Set<string>();
  return subjects.map((subject) => {
    const [own] = subject.arms;
    if (seen.has(subject.category) || own === undefined) return subject;
    seen.add(subject.category);
    return { ...subject, arms: [...subject.arms, { ...own, runtime: aaControl(baseline) }] };
  });
}

function without(subject: SimulatedSubject, leftOut: string): SimulatedSubject {
  return { ...subject, arms: subject.arms.filter(({ runtime }) => runtime !== leftOut) };
}

/** A preset's subjects as they were recorded. */
function recordedSubjects(inputs: Inputs, preset: 'quick' | 'standard'): readonly SimulatedSubject[] {
  const tests = testsOf(preset);
  const bySubject = Map.groupBy(inputs.cells, (row) =>
    subjectName({ workload: row('workload'), params: row('params') }),
  );
  const all = [...bySubject.values()].flatMap((own) => subjectOf(inputs, own) ?? []);
  return all.filter((subject) => tests.has(subjectName(subject)));
}

/** Subjects, costs of trials, noise and costs of gVisor of inputs/cells.csv; crun costs what runc does. */
export const standard: Shape = {
  name: 'standard',
  budgetMs: presetDefaults.standard.maxTimeMs,
  subjects: withControl(recordedSubjects(reference, 'standard')),
};

/** What `quick` holds of it, with Debian's gVisor. */
export const quick: Shape = {
  name: 'quick',
  budgetMs: presetDefaults.quick.maxTimeMs,
  subjects: withControl(recordedSubjects(reference, 'quick').map((subject) => without(subject, 'runsc'))),
};

/** `quick` as it was recorded on a host that others used: its costs, noise and costs of gVisor. */
export const quickDisturbed: Shape = {
  ...quick,
  name: 'quick, disturbed',
  subjects: withControl(recordedSubjects(readInputs('disturbed-'), 'quick')),
};
