import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { outcomeOfEvidence } from '../../src/core/measure/execute/outcome.ts';
import { asMessage } from '../../src/core/model/failure/said.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import type { Figure, MarkName, ToolOutput } from '../../src/core/model/trial/trial.ts';
import { unitSchema } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { damagedText } from './mutations.ts';
import { type Ending, type FuzzTarget, parsing, target } from './target.ts';

const fixtures = join(import.meta.dirname, '../fixtures/tools');

/** Folders of captured output whose name does not hold the workload's. */
const folders: Readonly<Record<string, readonly string[]>> = {
  'io/fsync': ['fio-fsync'],
  'app/postgres': ['pgbench'],
  'app/redis': ['redis-benchmark'],
  'network/redis': ['redis-benchmark'],
  'app/sqlite': ['sqlite3'],
  'app/haproxy': ['wrk-haproxy'],
  'app/nginx': ['wrk-nginx'],
  'network/http': ['wrk'],
  'isolation/facts': ['isolation'],
};

/** What programs print that print one line. */
const lines = ['ocibench\n', 'up\n', 'idle\n', 'started\n', 'ready\n', ''];

function capturedBy(id: string): readonly string[] {
  const [category = '', name = ''] = id.split('/');
  const all = readdirSync(fixtures);
  const own =
    folders[id] ?? all.filter((folder) => folder === name || folder.startsWith(`${category}-${name}`));
  const chosen = own.length > 0 ? own : all.filter((folder) => folder.startsWith(category));
  const printed = (chosen.length > 0 ? chosen : all).flatMap((folder) =>
    readdirSync(join(fixtures, folder)).map((file) => readFileSync(join(fixtures, folder, file), 'utf8')),
  );
  // What containers say that print only that they live.
  return own.length > 0 ? printed : [...lines, ...lines, ...printed.slice(0, 2)];
}

const amount = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: 1, max: 1e11, noNaN: true }) },
  fc.constantFrom(0, 1, -1, 1e-300, 5e-324, 1e300, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53),
);
const figure: fc.Arbitrary<Figure> = fc.oneof(
  { weight: 4, arbitrary: amount.map((value) => ({ value, source: 'x' })) },
  fc.constant({ absent: 'not read' }),
);
const figureIds = [
  'limits.cpus',
  'limits.memory',
  'limits.pids',
  'throttle.periods',
  'throttle.throttled_periods',
  'throttle.time',
  'sandboxes.count',
  'sandboxes.available',
  'sandboxes.charged',
  'sandboxes.footprint',
  'sandboxes.idle_cpu',
  'sandboxes.idle_engine_cpu',
  'sandboxes.idle_time',
];
const cgroupIds = [
  'cpu.usage',
  'memory.peak',
  'io.read_bytes',
  'io.write_bytes',
  'io.read_ops',
  'memory.oom_kills',
];

/** Marks in the order of a life: those of every life, and between them those that the workload's steps set. */
function marksOf(workload: Workload, params: Params): readonly MarkName[] {
  const names = (workload.steps?.(params) ?? []).flatMap((step) => [
    `${step.do}-begin`,
    `${step.do}-end`,
    ...('mark' in step ? [step.mark] : []),
    ...('name' in step ? [`${step.name}-begin`, `${step.name}-output`, `${step.name}-end`] : []),
  ]);
  const before = ['create-begin', 'create-end', 'start-begin', 'start-end', 'first-output'];
  return [...new Set([...before, ...names, 'exit', 'remove-begin', 'remove-end'])];
}

/** Sound most of the time, so that what is damaged elsewhere is really reached. */
function mostly<T>(sound: fc.Arbitrary<T>, wild: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: sound }, { weight: 1, arbitrary: wild });
}

function marksWith(names: readonly MarkName[]): fc.Arbitrary<Evidence['marks']> {
  const times = fc.array(amount, { minLength: names.length, maxLength: names.length });
  const marks = (chosen: readonly MarkName[], instants: readonly number[]) =>
    chosen.map((name, i) => ({ name, atNs: Math.abs(instants[i] ?? 0) }));
  return mostly(
    times.map((instants) =>
      marks(
        names,
        instants.map(Math.abs).toSorted((a, b) => a - b),
      ),
    ),
    fc.tuple(fc.subarray([...names]), times).map(([chosen, instants]) => marks(chosen, instants)),
  );
}

function evidenceFor(workload: Workload, params: Params, texts: readonly string[]): fc.Arbitrary<Evidence> {
  const good = fc.constantFrom(...texts);
  const damaged = damagedText(good);
  const output = fc.record({
    stdout: fc.oneof(good, { weight: 2, arbitrary: damaged }),
    stderr: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, good, damaged),
    truncated: mostly(fc.constant(false), fc.boolean()),
  });
  const names = (workload.steps?.(params) ?? []).flatMap((step) => ('name' in step ? [step.name] : []));
  const outputs = Object.fromEntries(names.map((name) => [name, output]));
  const marks = marksWith(marksOf(workload, params));
  const window = fc.record({
    source: fc.constantFrom('stamps' as const, 'steps' as const),
    containerNs: amount,
    hostNs: amount,
    uncertaintyNs: amount,
    cpuNs: mostly<number | null>(amount, fc.constant(null)),
    engineCpuNs: mostly<number | null>(amount, fc.constant(null)),
  });
  const figures = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, figure]));
  const cgroup = fc.record({
    source: fc.constantFrom('v2' as const, 'v1' as const),
    path: fc.constant('/x'),
    figures: fc.record(figures(cgroupIds)),
  });
  const wild = fc.constantFrom(null, 0, 1, 2, 3, 137, 143, 255);
  return fc
    .record({
      output,
      marks,
      exitCode: mostly<number | null>(fc.constantFrom(...(workload.exitCodes ?? [0])), wild),
      oomKilled: fc.option(fc.boolean()),
      outputs: mostly<Record<string, ToolOutput>>(fc.record(outputs), fc.constant({})),
      window: mostly<Evidence['window']>(window, fc.constant(null)),
      copies: fc.array(fc.record({ index: fc.nat({ max: 9 }), marks }), { maxLength: 5 }),
      figures: mostly<Evidence['figures']>(fc.record(figures(figureIds)), fc.constant({})),
      cgroup: mostly<Evidence['cgroup']>(cgroup, fc.constant(null)),
    })
    .map(({ output: printed, ...rest }) => ({ ...printed, ...rest }));
}

function judged(workload: Workload, params: Params, evidence: Evidence): Ending {
  const outcome = outcomeOfEvidence({ workload, params }, evidence, null);
  if (!['ok', 'failed', 'unsupported'].includes(outcome.status))
    throw new Error(`an outcome ${outcome.status}`);
  return parsing(() => {
    for (const { metric, unit, value } of workload.parse(evidence, params)) {
      if (!Number.isFinite(value)) throw new Error(`${metric} is ${value}`);
      if (metric === '' || !unitSchema.safeParse(unit).success) throw new Error(`${metric} in ${unit}`);
    }
    for (const { id, value } of workload.facts?.(evidence, params) ?? [])
      if (id === '' || typeof asMessage(value).text !== 'string')
        throw new Error(`the fact ${id} is no text`);
  });
}

/** The parser of every workload that is shipped, with what its tool printed under some runtime, damaged. */
export async function toolTargets(): Promise<readonly FuzzTarget[]> {
  const workloads = await loadWorkloads();
  return workloads.map((workload) => {
    const texts = capturedBy(workload.id);
    const declared = Object.values(workload.presets).flat();
    const cases = fc
      .constantFrom(...(declared.length > 0 ? declared : [{}]))
      .chain((params) => evidenceFor(workload, params, texts).map((evidence) => ({ params, evidence })));
    return target(`output of ${workload.id}`, cases, ({ params, evidence }) =>
      judged(workload, params, evidence),
    );
  });
}
