import { readFileSync } from 'node:fs';
import { hodgesLehmann } from '../../src/core/analyze/stats/hodges-lehmann.ts';
import { presetDefaults } from '../../src/core/config/resolve.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { aaControl } from '../../src/core/model/cell.ts';
import { categorySchema } from '../../src/core/model/metric.ts';
import { seededRandom } from '../../src/core/model/prng.ts';
import { gaussian } from '../../test/core/analyze/simulated-run.ts';
import { type Arm, baseline, type Shape, type SimulatedSubject, subjectName } from './shape.ts';

/** Wall time of a trial under runc; the run of inputs/spreads.csv took 0.9 s a trial in the mean. */
const trialMs: Readonly<Record<string, number>> = {
  startup: 250,
  memory: 400,
  syscall: 800,
  network: 700,
  app: 800,
};

/** As in that run. */
const gvisorSlowdown = 2.4;

/** The workloads of `quick`. */
const ofQuick = new Set([
  ...['startup/echo ', 'memory/idle ', 'syscall/stress-ng ', 'io/fio op=randread;target=bind'],
]);

const workloads = new Map((await loadWorkloads([])).map((workload) => [workload.id, workload]));

/** Mean half-width of a 95 % interval of eight values of unit spread. */
const eightWide = (() => {
  const random = seededRandom('eight');
  const widths = Array.from({ length: 4000 }, () => {
    const { low, high } = hodgesLehmann(
      Array.from({ length: 8 }, () => gaussian(random)),
      0.95,
    );
    return ((high ?? 0) - (low ?? 0)) / 2;
  });
  return widths.reduce((sum, width) => sum + width, 0) / widths.length;
})();

type Row = (name: string) => string;

function rowsOf(file: string): readonly Row[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return (name) => fields[names.indexOf(name)] ?? '';
  });
}

/** The rows of one subject, by runtime and metric. */
function subjectOf(own: readonly Row[]): SimulatedSubject | null {
  const [first] = own;
  const workload = workloads.get(first?.('workload') ?? '');
  if (first === undefined || workload === undefined || first('category') === 'isolation') return null;
  const category = categorySchema.parse(first('category'));
  const find = (runtime: string, metric: string | undefined) =>
    own.find((row) => row('runtime') === runtime && row('metric') === metric);
  const metric = workload.metrics[0]?.id;
  const spreadOf = (runtime: string) => {
    const row = find(runtime, metric);
    const [low, high] = [Number(row?.('ratio_ci_low')), Number(row?.('ratio_ci_high'))];
    return low > 0 && high > 0 ? Math.log(high / low) / 2 / eightWide : null;
  };
  const costMs = trialMs[category] ?? 600;
  const noise = (spreadOf('crun') ?? 0.1) / Math.SQRT2;
  const gvisors = ['runsc', 'runsc-ptrace'].flatMap((runtime): Arm[] => {
    const spread = spreadOf(runtime);
    if (spread === null) return [];
    const truth = Math.log(Number(find(runtime, metric)?.('ratio')));
    const extra = Math.sqrt(Math.max(spread ** 2 - noise ** 2, (noise / 2) ** 2));
    return [{ runtime, noise: extra, costMs: gvisorSlowdown * costMs, truth }];
  });
  return {
    ...{ workload: workload.id, params: first('params'), category, target: workload.precision },
    arms: [
      { runtime: baseline, noise, costMs, truth: 0 },
      { runtime: 'crun', noise, costMs, truth: 0 },
      ...gvisors,
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

function withRuntimes(subject: SimulatedSubject, leftOut: string): SimulatedSubject {
  return { ...subject, arms: subject.arms.filter(({ runtime }) => runtime !== leftOut) };
}

const all = [
  ...Map.groupBy(rowsOf(`${import.meta.dirname}/inputs/spreads.csv`), (row) =>
    subjectName({ workload: row('workload'), params: row('params') }),
  ).values(),
].flatMap((own) => subjectOf(own) ?? []);

/** Subjects, noise and ratios of inputs/spreads.csv, but for crun, which costs what runc does. */
export const standard: Shape = {
  name: 'standard',
  budgetMs: presetDefaults.standard.maxTimeMs,
  subjects: withControl(all),
};

/** What `quick` holds of it, with one gVisor. */
export const quick: Shape = {
  name: 'quick',
  budgetMs: presetDefaults.quick.maxTimeMs,
  subjects: withControl(
    all
      .filter((subject) => ofQuick.has(subjectName(subject)))
      .map((subject) => withRuntimes(subject, 'runsc-ptrace')),
  ),
};
