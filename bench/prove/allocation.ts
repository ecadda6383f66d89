import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { baselineValues } from '../../src/analyze/baseline-values.ts';
import { pairedRatio } from '../../src/analyze/ratio.ts';
import { type Pairs, relativeHalfWidth, settledBy, shiftOf } from '../../src/analyze/settled.ts';
import { hodgesLehmann } from '../../src/analyze/stats/hodges-lehmann.ts';
import { studentTwoSided } from '../../src/analyze/stats/student-t.ts';
import { loadWorkloads } from '../../src/config/workloads.ts';
import { type Random, seededRandom } from '../../src/model/prng.ts';
import { decide } from '../../src/plan/sampling.ts';
import { openSubject, type SubjectProgress } from '../../src/plan/subject-progress.ts';
import { gaussian } from '../../test/analyze/simulated-run.ts';

/** Which sampling policy gives the most right verdicts in the same wall time? Shapes come from the reference run. */

const practical = 0.05;
const confidence = 0.95;

/** One cell of a shape. */
interface Arm {
  readonly runtime: string;
  /** Standard deviation of the logarithm of its values. */
  readonly noise: number;
  readonly costMs: number;
  /** Logarithm of its true ratio to the baseline. */
  readonly truth: number;
}

interface Shape {
  readonly name: string;
  readonly budgetMs: number;
  readonly subjects: readonly {
    readonly name: string;
    readonly category: string;
    readonly target: number;
    readonly arms: readonly Arm[];
  }[];
}

/** How blocks are given out. */
interface Policy {
  readonly name: string;
  readonly minBlocks: number;
  readonly maxBlocks: number;
  readonly clear: boolean;
  readonly widestTarget: number;
  readonly after: boolean;
  /** Blocks of the A/A arm: all, the first `minBlocks`, or none. */
  readonly second: 'all' | 'first' | 'none';
  readonly proportional: boolean;
}

const was: Policy = {
  ...{ name: 'as it was', minBlocks: 8, maxBlocks: 20, clear: false, widestTarget: 1, after: false },
  ...{ second: 'all', proportional: false },
};
const open = { ...was, name: '+ minimum 6, time is the limit', minBlocks: 6, maxBlocks: 200 };
const clear = { ...open, name: '+ clear cells close', clear: true };
const narrow = { ...clear, name: '+ targets at most 3 %', widestTarget: 0.03 };
const after = { ...narrow, name: '+ two blocks after the target', after: true };
const first: Policy = { ...after, name: '+ A/A arm in the first 6 blocks', second: 'first' };
const policies: readonly Policy[] = [
  ...[was, open, clear, narrow, after, first],
  { ...after, name: '  (no A/A arm)', second: 'none' },
  { ...first, name: '+ blocks by noise and cost', proportional: true },
];

/** Name of the A/A arm where it stays. */
const secondArm = 'again';

/** Values of one run: subject → runtime → block → value. */
type Values = Map<string, Map<string, Map<number, number>>>;

/** Normal noise, with one value in ten from a wider one: variance 1. */
function scatter(random: Random): number {
  return gaussian(random) * (random() < 0.1 ? 1.9 : 0.842);
}

function progressOf(shape: Shape, policy: Policy, values: Values): readonly SubjectProgress[] {
  return shape.subjects.map(({ name, target, arms }) => {
    const own = values.get(name);
    const second = own?.get('runc#2') ?? new Map<number, number>();
    const baseline = baselineValues(own?.get('runc') ?? new Map(), second);
    return {
      ...{ subject: name, blocks: own?.get('runc')?.size ?? 0, maxBlocks: 999, alive: true },
      cells: arms.map(({ runtime, costMs }) => ({
        cell: {
          // What is compared stays as long as its subject; the A/A arm does not.
          runtime: policy.second === 'all' ? runtime.replace('runc#2', secondArm) : runtime,
          ...{ profile: 'default', layer: 'docker' as const, workload: name, params: '' },
        },
        costMs,
        givenUp: false,
        standing: runtime.startsWith('runc')
          ? undefined
          : standingOf(own?.get(runtime), baseline, target, policy),
      })),
    };
  });
}

function standingOf(
  runtime: ReadonlyMap<number, number> | undefined,
  baseline: ReadonlyMap<number, number>,
  ownTarget: number,
  policy: Policy,
): SubjectProgress['cells'][number]['standing'] {
  const pairs: Pairs = [...(runtime ?? [])].map(([block, value]) => [value, baseline.get(block) ?? 0]);
  if (pairs.length < policy.minBlocks) return { width: null, shift: null, settled: null };
  const shift = shiftOf(pairs, confidence);
  const target = Math.min(ownTarget, policy.widestTarget);
  const width = shift === null ? null : relativeHalfWidth(shift) / target;
  const rule = { confidence, target, practical: policy.clear ? practical : null };
  const reached = !policy.after && width !== null && width <= 1 ? 'precise' : null;
  return { width, shift, settled: reached ?? settledBy(pairs, rule) };
}

function simulate(
  shape: Shape,
  policy: Policy,
  random: Random,
): { values: Values; spentMs: number; blocks: number } {
  const values: Values = new Map(
    shape.subjects.map(({ name, arms }) => [name, new Map(arms.map(({ runtime }) => [runtime, new Map()]))]),
  );
  const limits = { ...policy, baseline: 'runc', maxTimeMs: shape.budgetMs };
  // The warm-up block.
  let spentMs = shape.subjects.flatMap(({ arms }) => arms).reduce((sum, { costMs }) => sum + costMs, 0);
  for (let block = 1; ; block++) {
    const states = progressOf(shape, policy, values).map((subject) => openSubject(subject, limits));
    const decision = decide(
      policy.proportional ? states : states.map((state) => ({ ...state, share: null })),
      limits,
      spentMs,
    );
    if (decision.kind === 'stop') return { values, spentMs, blocks: block - 1 };
    for (const { subject, open: cells } of states) {
      if (!decision.subjects.includes(subject)) continue;
      const arms = shape.subjects.find(({ name }) => name === subject)?.arms ?? [];
      for (const { cell, costMs } of cells) {
        const name = cell.runtime.replace(secondArm, 'runc#2');
        const arm = arms.find(({ runtime }) => runtime === name);
        if (arm === undefined) continue;
        values
          .get(subject)
          ?.get(name)
          ?.set(block, Math.exp(arm.truth + arm.noise * noiseFactor * scatter(random)));
        spentMs += (costMs ?? 0) * Math.exp(0.1 * gaussian(random));
      }
    }
  }
}

/** p of the two-sided paired t test of log ratios. */
function pairedT(logs: readonly number[]): number {
  const n = logs.length;
  if (n < 6) return 1;
  const mean = logs.reduce((sum, value) => sum + value, 0) / n;
  const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return studentTwoSided(mean / Math.sqrt(variance / n), n - 1);
}

/** Those of `ps` that Benjamini & Hochberg reject at `level`. */
function rejected(ps: readonly number[], level: number): ReadonlySet<number> {
  const order = ps.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const last = order.findLastIndex(({ p }, rank) => p <= ((rank + 1) / ps.length) * level);
  return new Set(order.slice(0, last + 1).map(({ index }) => index));
}

interface Judged {
  readonly runtime: string;
  readonly category: string;
  readonly truth: number;
  readonly verdict: 'below' | 'above' | 'equivalent' | 'inconclusive';
}

/** Verdicts by the paired t test, families of runtime and category (Benjamini & Bogomolov), and the 90 % interval. */
function judge(shape: Shape, values: Values): readonly Judged[] {
  const comparisons = shape.subjects.flatMap(({ name, category, arms }) => {
    const own = values.get(name);
    const baseline = baselineValues(own?.get('runc') ?? new Map(), own?.get('runc#2') ?? new Map());
    return arms
      .filter(({ runtime }) => !runtime.startsWith('runc'))
      .map(({ runtime, truth }) => {
        const cell = own?.get(runtime) ?? new Map<number, number>();
        const logs = [...cell].map(([block, value]) => Math.log(value / (baseline.get(block) ?? 1)));
        const at = (level: number) => pairedRatio(cell, baseline, level);
        return { runtime, category, truth, p: pairedT(logs), wide: at(0.95), narrow: at(0.9) };
      });
  });
  const families = [
    ...Map.groupBy(comparisons, ({ runtime, category }) => `${runtime}/${category}`).values(),
  ];
  const simes = families.map((members) => {
    const sorted = members.map(({ p }) => p).toSorted((a, b) => a - b);
    return Math.min(...sorted.map((p, rank) => (p * sorted.length) / (rank + 1)));
  });
  const selected = rejected(simes, 0.05);
  return families.flatMap((members, index) => {
    const level = (0.05 * selected.size) / families.length;
    const claimed = selected.has(index)
      ? rejected(
          members.map(({ p }) => p),
          level,
        )
      : new Set<number>();
    return members.map(({ runtime, category, truth, wide, narrow }, at) => {
      const { ratio, low, high } = wide;
      const band = Math.log1p(practical);
      const inside = Math.log(narrow.low ?? 0) >= -band && Math.log(narrow.high ?? 9) <= band;
      const beyond = Math.abs(Math.log(ratio ?? 1)) > band && ((low ?? 0) > 1 || (high ?? 9) < 1);
      const side = (ratio ?? 1) > 1 ? 'above' : 'below';
      const verdict = inside ? 'equivalent' : beyond && claimed.has(at) ? side : 'inconclusive';
      return { runtime, category, truth, verdict } as const;
    });
  });
}

function isRight({ truth, verdict }: Judged): boolean {
  if (Math.abs(truth) < Math.log1p(practical)) return verdict === 'equivalent';
  return verdict === (truth > 0 ? 'above' : 'below');
}

function isFalse({ truth, verdict }: Judged): boolean {
  const claim = verdict === 'above' || verdict === 'below';
  return claim && (truth === 0 || verdict !== (truth > 0 ? 'above' : 'below'));
}

/** Wall time of a trial under runc; the reference run took 0.9 s a trial in the mean, and 2.4 times as long under runsc. */
const trialMs: Readonly<Record<string, number>> = {
  startup: 250,
  memory: 400,
  syscall: 800,
  network: 700,
  app: 800,
};

const headlines = new Map((await loadWorkloads([])).map((workload) => [workload.id, workload]));

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

/** The reference run's subjects with their noise and costs. `truthOf`: the assumed true ratio of crun. */
function reference(truthOf: (category: string) => number): Shape['subjects'] {
  const [head = '', ...lines] = readFileSync('results/reference/summary.csv', 'utf8').trim().split('\n');
  const names = head.split(',');
  const rows = lines.map((line) => {
    const fields = line.split(',');
    return (name: string) => fields[names.indexOf(name)] ?? '';
  });
  const groups = Map.groupBy(rows, (row) => `${row('workload')} ${row('params')}`);
  return [...groups].flatMap(([name, own]) => {
    const category = own[0]?.('category') ?? '';
    const workload = headlines.get(own[0]?.('workload') ?? '');
    if (category === 'isolation' || workload === undefined) return [];
    const find = (runtime: string, metric: string | undefined) =>
      own.find((row) => row('runtime') === runtime && row('metric') === metric);
    const [{ id: today = '' } = {}] = workload.metrics;
    const metric = find('crun', today) === undefined ? workload.formerHeadline : today;
    const spreadOf = (runtime: string) => {
      const row = find(runtime, metric);
      const [low, high] = [Number(row?.('ratio_ci_low')), Number(row?.('ratio_ci_high'))];
      return low > 0 && high > 0 ? Math.log(high / low) / 2 / eightWide : null;
    };
    const costOf = (runtime: string) => (trialMs[category] ?? 600) * (runtime.startsWith('runsc') ? 2.4 : 1);
    const noise = (spreadOf('crun') ?? 0.1) / Math.SQRT2;
    const others = ['runsc', 'runsc-ptrace'].flatMap((runtime) => {
      const spread = spreadOf(runtime);
      if (spread === null) return [];
      const ratio = Number(find(runtime, metric)?.('ratio'));
      const extra = Math.sqrt(Math.max(spread ** 2 - noise ** 2, (noise / 2) ** 2));
      return [{ runtime, noise: extra, costMs: costOf(runtime), truth: Math.log(ratio) }];
    });
    const runc = { noise, costMs: costOf('runc'), truth: 0 };
    const crun = { runtime: 'crun', noise, costMs: costOf('crun'), truth: Math.log(truthOf(category)) };
    return [
      {
        ...{ name, category, target: workload.precision },
        arms: [{ runtime: 'runc', ...runc }, crun, ...others],
      },
    ];
  });
}

/** Gives one subject of each category the A/A arm, as a run does. */
function withSecond(subjects: Shape['subjects']): Shape['subjects'] {
  const seen = new Set<string>();
  return subjects.map((subject) => {
    if (seen.has(subject.category)) return subject;
    seen.add(subject.category);
    const [runc] = subject.arms;
    return runc === undefined
      ? subject
      : { ...subject, arms: [...subject.arms, { ...runc, runtime: 'runc#2' }] };
  });
}

/** What `quick` measures: one subject of a category, and one sandbox only. */
const inQuick = new Set([
  ...['startup/echo ', 'memory/idle ', 'syscall/stress-ng ', 'io/fio op=randread;target=bind'],
]);

function quick(truthOf: (category: string) => number): Shape['subjects'] {
  return reference(truthOf)
    .filter(({ name }) => inQuick.has(name))
    .map((subject) => ({
      ...subject,
      arms: subject.arms.filter(({ runtime }) => runtime !== 'runsc-ptrace'),
    }));
}

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    only: { type: 'string', default: '' },
    /** Factor of all noise: 1 is that of the reference run's host. */
    noise: { type: 'string', default: '1' },
  },
});
const noiseFactor = Number(flags.noise);
const runs = Number(flags.runs);
const start = (ratio: number) => (category: string) => (category === 'startup' ? ratio : 1);
const quickMs = 120_000;
/** What warm-up and eight whole blocks took in the reference run. */
const standardMs = 20 * 60_000;
const shapes: readonly Shape[] = [
  { name: 'quick, crun starts 0.85×', budgetMs: quickMs, subjects: withSecond(quick(start(0.85))) },
  { name: 'quick, crun = runc', budgetMs: quickMs, subjects: withSecond(quick(() => 1)) },
  { name: 'quick, crun 1.10×', budgetMs: quickMs, subjects: withSecond(quick(() => 1.1)) },
  { name: 'standard, crun starts 0.80×', budgetMs: standardMs, subjects: withSecond(reference(start(0.8))) },
  { name: 'standard, crun 1.30×', budgetMs: standardMs, subjects: withSecond(reference(() => 1.3)) },
];

for (const shape of shapes.filter(({ name }) => name.includes(flags.only))) {
  const isQuick = shape.name.startsWith('quick');
  console.log(`\n${shape.name}: ${shape.subjects.length} subjects, ${shape.budgetMs / 1000} s, ${runs} runs`);
  console.log('crun right | start | syscall |  io  | runsc right | false run |   s  | blocks | policy');
  for (const policy of policies) {
    const limits = policy === was ? { maxBlocks: isQuick ? 12 : 20, minBlocks: isQuick ? 7 : 8 } : {};
    const arms = (subject: Shape['subjects'][number]) =>
      policy.second === 'none' ? subject.arms.filter(({ runtime }) => runtime !== 'runc#2') : subject.arms;
    const own = {
      ...shape,
      subjects: shape.subjects.map((subject) => ({ ...subject, arms: arms(subject) })),
    };
    const random = seededRandom(`${shape.name}`);
    const all: Judged[] = [];
    let [spent, blocks, wrong] = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const end = simulate(own, { ...policy, ...limits }, random);
      const judged = judge(own, end.values);
      all.push(...judged);
      spent += end.spentMs / 1000 / runs;
      blocks += end.blocks / runs;
      if (judged.some(isFalse)) wrong += 1 / runs;
    }
    const share = (keep: (row: Judged) => boolean) => {
      const kept = all.filter(keep);
      return `${((100 * kept.filter(isRight).length) / kept.length).toFixed(1).padStart(5)} %`;
    };
    const crun = (category: string) => share((row) => row.runtime === 'crun' && row.category === category);
    console.log(
      [
        ` ${share(({ runtime }) => runtime === 'crun')} `,
        ...['startup', 'syscall', 'io'].map(crun),
        `  ${share(({ runtime }) => runtime.startsWith('runsc'))}  `,
        ` ${(100 * wrong).toFixed(1).padStart(5)} % `,
        spent.toFixed(0).padStart(5),
        blocks.toFixed(1).padStart(6),
        policy.name,
      ].join(' | '),
    );
  }
}
