import { describe, expect, test } from 'vitest';
import { type AnalyzeInput, analyze } from '../../../../src/core/analyze/analyze.ts';
import { correct } from '../../../../src/core/analyze/claims/correction.ts';
import { headlineFamily } from '../../../../src/core/analyze/claims/families.ts';
import { looksOf } from '../../../../src/core/analyze/claims/looks.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import {
  type Category,
  categorySchema,
  type Measurement,
} from '../../../../src/core/model/workload/metric.ts';
import {
  cell,
  lineWorkload,
  measurement,
  runRecord,
  runSubject,
  runtimeFacts,
} from '../../../support/records.ts';
import { gaussian } from '../simulated-run.ts';

const subjects = ['startup/a', 'startup/b', 'cpu/a', 'io/a', 'io/b', 'io/c', 'memory/a'];
const workloads = subjects.map((id) => lineWorkload(id));

/** Two groups of values under gVisor, and twenty of its metrics: as much as a runtime can add to a run. */
function input(runtimes: readonly string[], extended: boolean): AnalyzeInput {
  const names = ['runc', 'runc#2', ...runtimes];
  const measurements = subjects.flatMap((workload) =>
    names.flatMap((runtime) => {
      // Each cell has values of its own, whatever else is in the run.
      const random = seededRandom(`${workload} ${runtime}`);
      const effect = runtime.startsWith('runsc') ? 1 : runtime === 'crun' ? -0.12 : 0;
      return Array.from({ length: 20 }, (_, i) => i + 1).flatMap((block): Measurement[] => {
        const of = (metric: string, value: number) =>
          measurement(runtime, block, value, {
            trialId: `${workload}-${runtime}-${block}`,
            cell: cell(runtime, workload),
            category: categorySchema.parse(workload.split('/')[0]),
            metric,
          });
        const groups = runtime.startsWith('runsc') && block % 2 === 0 ? 0.8 : 0;
        const value = 100 * Math.exp(effect + groups + 0.1 * gaussian(random));
        return [
          of('call.cost', value),
          ...['cpu.usage', 'memory.peak', 'io.read'].map((metric) =>
            of(metric, 50 * Math.exp(effect / 2 + 0.1 * gaussian(random))),
          ),
        ];
      });
    }),
  );
  const crun = subjects.map((workload) => `crun|default|docker|${workload}|`);
  const extension = {
    fromBlock: 13,
    startedAt: '',
    maxTimeMs: 1,
    cells: [
      ...crun,
      ...runtimes.filter((name) => name !== 'crun').map((name) => `${name}|default|docker|io/a|`),
    ],
  };
  const run = runRecord({
    runtimes: ['runc', ...runtimes].map((name) => runtimeFacts(name)),
    subjects: subjects.map((workload) =>
      runSubject(workload, { category: categorySchema.parse(workload.split('/')[0]) }),
    ),
    ...(extended ? { extensions: [extension] } : {}),
  });
  return { run, measurements, workloads };
}

describe('what a run says of a runtime', () => {
  test.each([
    { what: 'a run', extended: false },
    { what: 'a run that was extended', extended: true },
  ])('is the same beside any other runtime: $what', ({ extended }) => {
    const of = (runtimes: readonly string[]) => {
      const { rows, categories } = analyze(input(runtimes, extended));
      const isOfCrun = ({ runtime }: { readonly runtime: string }) => runtime === 'crun';
      return JSON.stringify([rows.filter(isOfCrun), categories.filter(isOfCrun)]);
    };
    const alone = of(['crun']);
    expect(JSON.parse(alone)[0].length).toBeGreaterThan(20);
    expect(of(['crun', 'runsc'])).toBe(alone);
    expect(of(['runsc-2024', 'crun', 'runsc'])).toBe(alone);
  });
});

describe('corrected p', () => {
  const looks = looksOf(runRecord());
  const [look] = looks;
  if (look === undefined) throw new Error('a run has a look');
  const row = (category: Category, p: number, place: number | null) => ({
    tests: [{ look, p, family: headlineFamily({ runtime: 'crun', category, layer: 'docker' }, 1) }],
    category: place,
  });
  const categoryOf = (p: number, onlyRow: number | null = null) => ({
    tests: [{ look, p, family: { name: 'headline/crun', headline: false } }],
    onlyRow,
  });
  const ps = (all: readonly ({ readonly p: number } | null)[]) => all.map((one) => one?.p ?? null);

  test('of a row waits for its category, unless the row stands among all', () => {
    const rows = [row('io', 0.001, 0), row('io', 0.02, 0), row('app', 0.001, 1), row('app', 0.3, 1)];
    const found = correct(rows, [categoryOf(0.01), categoryOf(0.4)], looks, 0.05);
    // Categories by Holm at two thirds of alpha: 0.01·2·1.5 and 0.4·1.5. Rows by Benjamini and Bogomolov: 0.002, 0.02, 0.002, 0.3;
    // all four by Holm at a third of alpha: 0.012, 0.12, 0.012, 0.9.
    expect(ps(found.categories)).toEqual([0.03, 0.6].map((p) => expect.closeTo(p, 12)));
    expect(ps(found.rows)).toEqual([0.012, 0.03, 0.012, 0.6].map((p) => expect.closeTo(p, 12)));
  });

  test('of a row that no category counts needs to stand among all', () => {
    const found = correct([row('io', 0.01, 0), row('io', 0.02, null)], [categoryOf(0.001)], looks, 0.05);
    expect(ps(found.rows)).toEqual([0.02, 0.06].map((p) => expect.closeTo(p, 12)));
  });

  test('of a category of one row is that of the row', () => {
    const rows = [row('io', 0.01, 0), row('cpu', 0.04, 1)];
    const found = correct(rows, [categoryOf(0.01, 0), categoryOf(0.04, 1)], looks, 0.05);
    expect(found.categories).toEqual(found.rows);
    expect(ps(found.rows)).toEqual([0.03, 0.06].map((p) => expect.closeTo(p, 12)));
  });

  test('of what has no categories is by families alone', () => {
    const found = correct([row('io', 0.01, null), row('io', 0.02, null)], [], looks, 0.05);
    expect(ps(found.rows)).toEqual([0.02, 0.02]);
  });

  test('of nothing tested is nothing', () => {
    expect(correct([{ tests: [], category: null }], [], looks, 0.05).rows).toEqual([null]);
  });
});
