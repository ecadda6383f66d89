import { describe, expect, test } from 'vitest';
import { type AnalyzeInput, analyze } from '../../../../src/core/analyze/analyze.ts';
import { studentQuantile } from '../../../../src/core/analyze/stats/distributions.ts';
import { holm } from '../../../../src/core/analyze/stats/holm.ts';
import { middleMean } from '../../../../src/core/analyze/stats/middle-mean.ts';
import type { CategoryEstimate } from '../../../../src/core/model/analysis/analysis.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { categorySchema, type Measurement } from '../../../../src/core/model/workload/metric.ts';
import { cell, lineWorkload, measurement, runRecord, trialRecord } from '../../../support/records.ts';
import { gaussian } from '../simulated-run.ts';

const lower = { id: 'call.cost', unit: 'ns/op', better: 'lower', description: '' } as const;
const time = { id: 'trial.wall', unit: 'ns', better: 'lower', description: '' } as const;
const bytes = { id: 'memory.held', unit: 'bytes', better: 'lower', description: '' } as const;
const higher = { id: 'call.rate', unit: 'ops/s', better: 'higher', description: '' } as const;
const neither = { id: 'call.count', unit: 'count', better: 'neither', description: '' } as const;

/** What a workload measures, and its log ratio to the baseline: runtime → effect. */
interface Plan {
  readonly workload: string;
  readonly metric?: typeof lower | typeof higher | typeof neither | typeof time | typeof bytes;
  readonly effects: Readonly<Record<string, number>>;
  readonly noise?: number;
  readonly blocks?: number;
  /** Blocks in which a runtime's trial fails. */
  readonly failed?: Readonly<Record<string, readonly number[]>>;
  readonly changes?: Partial<Measurement['cell']>;
}

function measurementsOf(plans: readonly Plan[], seed: string): Measurement[] {
  const random = seededRandom(seed);
  return plans.flatMap(
    ({ workload, metric = lower, effects, noise = 0.02, blocks = 10, failed = {}, changes }) =>
      Array.from({ length: blocks }, (_, i) => i + 1).flatMap((block) =>
        Object.entries({ runc: 0, ...effects }).map(([runtime, effect]) => {
          const { id, unit, better } = metric;
          const fails = failed[runtime]?.includes(block) === true;
          const value = fails ? null : 1000 * Math.exp(effect + noise * gaussian(random));
          const place = { profile: 'default', layer: 'docker', workload, params: '' } as const;
          return measurement(runtime, block, value, {
            trialId: `${workload}-${runtime}-${block}-${changes?.layer ?? ''}`,
            cell: { ...place, runtime, ...changes },
            category: categorySchema.parse(workload.split('/')[0]),
            ...(fails ? {} : { metric: id, unit, better }),
          });
        }),
      ),
  );
}

function estimate(
  plans: readonly Plan[],
  more: Partial<AnalyzeInput> & { readonly seed?: string } = {},
): CategoryEstimate[] {
  const { run = runRecord(), seed = 'categories', trials = [] } = more;
  const measurements = more.measurements ?? measurementsOf(plans, seed);
  const workloads = plans.map(({ workload, metric = lower }) => lineWorkload(workload, [metric]));
  return [...analyze({ run, measurements, workloads, trials }).categories];
}

const one = (estimates: readonly CategoryEstimate[]): CategoryEstimate => {
  expect(estimates).toHaveLength(1);
  return estimates[0] as CategoryEstimate;
};

describe('the estimate of a category', () => {
  const syscalls: Plan[] = [
    { workload: 'syscall/a', effects: { crun: 0.18 } },
    { workload: 'syscall/b', effects: { crun: 0.2 }, blocks: 8 },
    { workload: 'syscall/c', metric: higher, effects: { crun: -0.22 } },
  ];

  test('is the mean cost of its subjects, rates inverted, with the extremes of its rows', () => {
    const found = one(estimate(syscalls));
    expect(found).toMatchObject({
      runtime: 'crun',
      category: 'syscall',
      layer: 'docker',
      subjects: 3,
      blocks: 10,
      verdict: 'slower',
    });
    expect(found.cost).toBeGreaterThan(Math.exp(0.18));
    expect(found.cost).toBeLessThan(Math.exp(0.22));
    const [low, high] = [found.low ?? Number.NaN, found.high ?? Number.NaN];
    expect(low).toBeLessThan(found.cost);
    expect(high).toBeGreaterThan(found.cost);
    expect(found.low90).toBeGreaterThan(low);
    expect(found.high90).toBeLessThan(high);
    // Equally far from the estimate on the scale of logs.
    expect(low * high).toBeCloseTo(found.cost ** 2, 12);
    expect(found.smallest.workload).toBe('syscall/a');
    expect(found.largest.workload).toBe('syscall/c');
    expect(found.largest.cost).toBeGreaterThan(1);
    expect(found.largest.low).toBeLessThan(found.largest.high ?? Number.NaN);
  });

  test('is the middle: the lowest and the highest weigh nothing, the others the same, whatever their noise', () => {
    const plans = [
      [-3, 0],
      [0.1, 0],
      [0.2, 1e-9],
      [0.6, 1e-3],
      [3, 0],
    ].map(([crun = 0, noise = 0], at): Plan => ({ workload: `cpu/${at}`, effects: { crun }, noise }));
    expect(Math.log(one(estimate(plans)).cost)).toBeCloseTo((0.1 + 0.2 + 0.6) / 3, 3);
  });

  test('of two subjects there is none; they are corrected as one question', () => {
    const plans = ['a', 'b'].map(
      (name): Plan => ({ workload: `cpu/${name}`, effects: { crun: 0.3 }, noise: 0.1 }),
    );
    expect(estimate(plans)).toEqual([]);
    const measurements = measurementsOf(plans, 'two');
    const workloads = plans.map(({ workload }) => lineWorkload(workload));
    const { rows, categories } = analyze({ run: runRecord(), measurements, workloads });
    expect(categories).toEqual([]);
    const own = rows.filter(({ runtime, headline, p }) => runtime === 'crun' && headline && p !== null);
    const ps = own.map(({ p }) => p ?? Number.NaN).toSorted((a, b) => a - b);
    // Simes: the smaller p twice, or the larger once; two thirds of the level are for categories.
    const simes = Math.min(2 * (ps[0] ?? 1), ps[1] ?? 1);
    expect(own.map(({ verdict }) => verdict)).toEqual(['slower', 'slower']);
    expect(Math.min(...own.map(({ pAdjusted }) => pAdjusted ?? 1))).toBeCloseTo(1.5 * simes, 12);
  });

  test('holds tests of one quantity: what is measured in another has a row only', () => {
    const some = { crun: 0.3 };
    const found = estimate([
      { workload: 'memory/a', metric: bytes, effects: some },
      { workload: 'memory/rate', metric: higher, effects: some },
      { workload: 'startup/bytes', metric: bytes, effects: some },
    ]);
    expect(one(found)).toMatchObject({ category: 'memory', subjects: 1, smallest: { workload: 'memory/a' } });
  });

  test('tells the subjects that stand apart, the farthest first', () => {
    const of = (effects: readonly number[]) =>
      one(estimate(effects.map((crun, at) => ({ workload: `cpu/${at}`, effects: { crun } }))));
    const found = of([0.1, 0.11, 0.12, 0.13, 0.14, -0.6, 1.2]);
    expect(found.apart?.map(({ workload }) => workload)).toEqual(['cpu/6', 'cpu/5']);
    expect(found.apart?.[0]).toEqual(found.largest);
    expect(found.apart?.[1]).toEqual(found.smallest);
    // Less than a factor of 1.25 is not apart, however alike the others are; nor where all differ as much.
    expect(of([0.1, 0.101, 0.102, 0.103, 0.3]).apart).toEqual([]);
    expect(of([0, 0.3, 0.6, 0.9, 1.2]).apart).toEqual([]);
    expect(one(estimate([{ workload: 'cpu/a', effects: { crun: 1 } }]))).not.toHaveProperty('apart');
  });

  test('whose interval reaches the middle does not stand apart', () => {
    const quiet = [0.1, 0.11, 0.12, 0.13].map(
      (crun, at): Plan => ({ workload: `cpu/${at}`, effects: { crun } }),
    );
    const found = one(estimate([...quiet, { workload: 'cpu/noisy', effects: { crun: 0.6 }, noise: 1.5 }]));
    expect(Math.abs(Math.log(found.largest.cost / found.cost))).toBeGreaterThan(Math.log(1.25));
    expect(found.largest).toMatchObject({ workload: 'cpu/noisy' });
    expect(found.apart).toEqual([]);
  });

  test('that one subject carries claims nothing, and names it', () => {
    const of = (effects: readonly number[]) =>
      one(estimate(effects.map((crun, at) => ({ workload: `cpu/${at}`, effects: { crun }, noise: 0.001 }))));
    const found = of([-0.05, 0.1, 0.5]);
    expect(found).toMatchObject({ verdict: 'inconclusive', carriedBy: { workload: 'cpu/2', params: '' } });
    expect(found.pAdjusted).toBeLessThan(0.001);
    // The others come to 0.025. Had they come to 0.055, which is beyond the band, none would carry the claim; nor with one more.
    const beyond = of([0.01, 0.1, 0.5]);
    expect(beyond.verdict).toBe('slower');
    expect(beyond).not.toHaveProperty('carriedBy');
    const borne = of([-0.05, 0.1, 0.1, 0.5]);
    expect(borne.verdict).toBe('slower');
    expect(borne).not.toHaveProperty('carriedBy');
    // What is no claim is carried by none.
    const same = of([-0.06, 0.01, 0.06]);
    expect(same.verdict).toBe('equivalent');
    expect(same).not.toHaveProperty('carriedBy');
  });

  test('shows how far its subjects differ', () => {
    const alike = one(estimate(syscalls));
    const apart = one(
      estimate([
        { workload: 'syscall/a', effects: { crun: 0 } },
        { workload: 'syscall/b', effects: { crun: 0.2 } },
        { workload: 'syscall/c', effects: { crun: 0.4 } },
      ]),
    );
    expect(alike.tau).toBeLessThan(1.06);
    // The standard deviation of three values 0.2 apart.
    expect(Math.log(apart.tau)).toBeCloseTo(0.2, 1);
    // What they cost is known, however far they differ: tau is beside the interval, not in it.
    expect((apart.high ?? Number.NaN) / (apart.low ?? Number.NaN)).toBeLessThan(1.06);
  });

  test.each([lower, higher])('of one subject is its row, of $better values', (metric) => {
    const plan: Plan = { workload: 'cpu/a', metric, effects: { crun: 0.2 }, noise: 0.2, blocks: 14 };
    const measurements = measurementsOf([plan], 'one');
    const workloads = [lineWorkload('cpu/a', [metric])];
    const { rows, categories } = analyze({ run: runRecord(), measurements, workloads });
    const found = one(categories);
    const row = rows.find(
      ({ runtime, workload, headline }) => headline && runtime === 'crun' && workload === 'cpu/a',
    );
    expect(found).toMatchObject({ subjects: 1, tau: 1, blocks: 14, p: row?.p, pAdjusted: row?.pAdjusted });
    expect(found.smallest).toEqual(found.largest);
    expect(found.verdict).toBe(row?.verdict);
    const { cost, low, high } = found.smallest;
    expect(found.cost).toBeCloseTo(cost, 12);
    expect(found.low).toBeCloseTo(low ?? Number.NaN, 12);
    expect(found.high).toBeCloseTo(high ?? Number.NaN, 12);
    const ends = [row?.ratio90Low ?? Number.NaN, row?.ratio90High ?? Number.NaN];
    expect([found.low90, found.high90]).toEqual(
      (metric === lower ? ends : [1 / (ends[1] ?? 1), 1 / (ends[0] ?? 1)]).map((end) =>
        expect.closeTo(end, 12),
      ),
    );
    expect(found.needs?.blocks).toBe(row?.needs?.blocks);
  });

  test('of memory is less or more', () => {
    const of = (effect: number) =>
      one(estimate([{ workload: 'memory/a', metric: bytes, effects: { crun: effect } }])).verdict;
    expect(of(-0.3)).toBe('less');
    expect(of(0.3)).toBe('more');
    expect(of(0)).toBe('equivalent');
  });

  test('is equivalent by its 90 % interval, and undecided where that is wider than the band', () => {
    expect(one(estimate([{ workload: 'cpu/a', effects: { crun: 0 } }])).verdict).toBe('equivalent');
    expect(one(estimate([{ workload: 'cpu/a', effects: { crun: 0 }, noise: 0.3 }])).verdict).toBe(
      'inconclusive',
    );
  });

  test('claims nothing below the practical threshold', () => {
    const found = one(estimate([{ workload: 'cpu/a', effects: { crun: 0.04 }, noise: 0.005 }]));
    expect(found.pAdjusted).toBeLessThan(0.05);
    expect(found.low).toBeGreaterThan(1);
    expect(found.verdict).toBe('equivalent');
  });

  test('answers what few of its subjects answer alone', () => {
    const noisy = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
      (name): Plan => ({
        workload: `startup/${name}`,
        metric: time,
        effects: { crun: -0.13 },
        noise: 0.13,
        blocks: 8,
      }),
    );
    const measurements = measurementsOf(noisy, 'together');
    const workloads = noisy.map(({ workload }) => lineWorkload(workload, [time]));
    const { rows } = analyze({ run: runRecord(), measurements, workloads });
    const claimed = rows.filter(({ verdict }) => verdict === 'faster');
    expect(claimed.length).toBeLessThan(noisy.length / 2);
    expect(one(estimate(noisy, { measurements })).verdict).toBe('faster');
  });
});

describe('estimates of a run', () => {
  const plans: Plan[] = [
    { workload: 'startup/a', metric: time, effects: { crun: -0.2, runsc: 0.7 } },
    { workload: 'cpu/a', effects: { crun: 0.01, runsc: 0.02 } },
    { workload: 'syscall/a', effects: { crun: 0.03, runsc: 1.7 }, noise: 0.3 },
  ];

  test('are in the order of the runtimes and of the categories, corrected for each runtime', () => {
    const found = estimate(plans);
    expect(found.map(({ runtime, category }) => `${runtime} ${category}`)).toEqual([
      'crun startup',
      'crun syscall',
      'crun cpu',
      'runsc startup',
      'runsc syscall',
      'runsc cpu',
    ]);
    const ofEach = [found.slice(0, 3), found.slice(3)];
    expect(found.map(({ pAdjusted }) => pAdjusted)).toEqual(
      ofEach.flatMap((own) => holm(own.map(({ p }) => p ?? Number.NaN)).map((p) => Math.min(1, 1.5 * p))),
    );
  });

  test('are apart by layer and by engine', () => {
    const found = estimate([
      { workload: 'cpu/a', effects: { crun: 0.2 } },
      { workload: 'cpu/a', effects: { crun: 0.4 }, changes: { layer: 'oci' } },
      { workload: 'cpu/a', effects: { crun: 0.6 }, changes: { engine: 'other' } },
    ]);
    expect(found.map(({ layer, engine, cost }) => [layer, engine, Math.round(10 * Math.log(cost))])).toEqual([
      ['docker', undefined, 2],
      ['oci', undefined, 4],
      ['docker', 'other', 6],
    ]);
  });

  test('leave out what costs nothing, has no direction, too few blocks, no ratio or too many failures', () => {
    const some = { crun: 0.2 };
    expect(
      estimate([
        { workload: 'isolation/a', effects: some },
        { workload: 'cpu/count', metric: neither, effects: some },
        { workload: 'io/few', effects: some, blocks: 5 },
        { workload: 'app/failing', effects: some, failed: { crun: [3, 7] } },
        { workload: 'network/failing', effects: some, failed: { runc: [3, 7] } },
        { workload: 'memory/negative', effects: { crun: Number.NEGATIVE_INFINITY } },
      ]),
    ).toEqual([]);
    const kept = estimate([{ workload: 'app/once', effects: some, failed: { crun: [3] } }]);
    expect(one(kept).blocks).toBe(9);
  });

  test('are finite numbers or none, whatever the values are', () => {
    const extreme = (half: number, noise: number) =>
      estimate([{ workload: 'cpu/a', effects: { runc: -half, crun: half }, noise }]);
    expect(extreme(380, 1)).toEqual([]);
    const wide = one(extreme(330, 80));
    expect(wide.cost).toBeGreaterThan(1e200);
    expect(wide.high).toBeNull();
    expect(wide.largest.high).toBeNull();
    expect(wide.verdict).toBe('slower');
  });

  test('are wider where the baseline differs from itself', () => {
    const apart = ['cpu/a', 'cpu/b', 'cpu/c'].map(
      (workload): Plan => ({ workload, effects: { crun: 0.01, 'runc#2': 0.3 }, noise: 0.02 }),
    );
    const measurements = measurementsOf(apart, 'apart');
    const workloads = apart.map(({ workload }) => lineWorkload(workload));
    const { categories, aaCheck } = analyze({ run: runRecord(), measurements, workloads });
    const widening = aaCheck?.widening ?? 1;
    expect(widening).toBeGreaterThan(2);
    const found = one(categories);
    const logsOf = (workload: string) => {
      const of = (runtime: string, block: number) =>
        Math.log(
          measurements.find(
            (each) =>
              each.cell.workload === workload && each.cell.runtime === runtime && each.block === block,
          )?.value ?? Number.NaN,
        );
      return new Map(
        Array.from({ length: 10 }, (_, i) => {
          const block = i + 1;
          return [block, of('crun', block) - (of('runc', block) + of('runc#2', block)) / 2];
        }),
      );
    };
    const { standardError, df } = middleMean(apart.map(({ workload }) => logsOf(workload)));
    const half = -studentQuantile(0.025, df) * standardError * widening;
    expect(Math.log((found.high ?? Number.NaN) / (found.low ?? Number.NaN)) / 2).toBeCloseTo(half, 10);
  });
});

describe('the baseline', () => {
  // The second arm is e^0.2 above the first in every block.
  const plans: Plan[] = [{ workload: 'cpu/a', effects: { crun: 0.2, 'runc#2': 0.2 }, noise: 0.001 }];

  test('is the mean of logs of both arms', () => {
    expect(Math.log(one(estimate(plans)).cost)).toBeCloseTo(0.1, 2);
  });
});

describe('of a run that was extended', () => {
  const plan: Plan = { workload: 'cpu/a', effects: { crun: 0.1 }, noise: 0.1, blocks: 40 };
  const part = 'crun|default|docker|cpu/a|';
  const extended = (fromBlock: number, cells: readonly string[]) =>
    runRecord({ extensions: [{ fromBlock, startedAt: '', cells: [...cells], maxTimeMs: 1 }] });
  const inBlocks = (plans: readonly Plan[], isIn: (block: number) => boolean) =>
    one(
      estimate(plans, {
        measurements: measurementsOf(plans, 'categories').filter(({ block }) => isIn(block)),
      }),
    );

  test('a part of the category does not test it: p is of the blocks before, the estimate of all', () => {
    const plans = [plan, { ...plan, workload: 'cpu/b' }, { ...plan, workload: 'cpu/c' }];
    const all = one(estimate(plans));
    const found = one(estimate(plans, { run: extended(11, [part]) }));
    expect(found.cost).toBe(all.cost);
    expect(found.low).toBe(all.low);
    expect(found.p).toBe(inBlocks(plans, (block) => block < 11).p);
    expect(found.p).not.toBe(all.p);
  });

  test('the whole category is tested with the blocks of the extension, at a quarter of the level', () => {
    const found = one(estimate([plan], { run: extended(11, [part]) }));
    const later = inBlocks([plan], (block) => block >= 11);
    expect(inBlocks([plan], (block) => block < 11).p).toBeGreaterThan(4 * (later.p ?? 1));
    expect(found.p).toBeCloseTo(4 * (later.p ?? 1), 12);
    expect(found.pAdjusted).toBeCloseTo(4 * (later.p ?? 1), 12);
  });

  test('too few blocks before test nothing; the extension alone does', () => {
    const large = { ...plan, effects: { crun: 1 }, blocks: 9 };
    expect(estimate([large], { run: extended(4, []) })).toEqual([]);
    const later = inBlocks([large], (block) => block >= 4);
    expect(one(estimate([large], { run: extended(4, [part]) })).p).toBeCloseTo(4 * (later.p ?? 1), 12);
  });
});

describe('what an inconclusive category needs', () => {
  const plan: Plan = { workload: 'cpu/a', effects: { crun: 0.1 }, noise: 0.3, blocks: 8 };
  const plans = [plan, { ...plan, workload: 'cpu/b' }, { ...plan, workload: 'cpu/c' }];
  const trial = (runtime: string, workload: string, ms: number) =>
    trialRecord({ cell: cell(runtime, workload), iterationNs: ms * 1e6 });

  test('is the blocks to ±5 % at its own error, and the time of all its subjects', () => {
    const found = one(estimate(plans));
    expect(found.verdict).toBe('inconclusive');
    const { needs } = found;
    expect(needs).toMatchObject({ halfWidth: 0.05, until: 'cpu:crun', moreMs: null });
    // With the half-width h at n blocks, about n·(h/log 1.05)² are needed; t is smaller then.
    const half = Math.log((found.high ?? 0) / (found.low ?? 1)) / 2;
    const guess = 8 * (half / Math.log(1.05)) ** 2;
    expect(needs?.blocks).toBeLessThan(guess);
    expect(needs?.blocks).toBeGreaterThan(0.5 * guess);
    const trials = plans.flatMap(({ workload }) => [
      trial('runc', workload, 100),
      trial('crun', workload, 50),
    ]);
    expect(one(estimate(plans, { trials })).needs?.moreMs).toBe((needs?.moreBlocks ?? 0) * 450);
    expect(one(estimate(plans, { trials: trials.slice(1) })).needs?.moreMs).toBeNull();
  });

  test('is nothing where the interval is that narrow, or there is a verdict', () => {
    expect(one(estimate([{ ...plan, effects: { crun: 0.049 }, noise: 0.005 }]))).not.toHaveProperty('needs');
    expect(one(estimate([{ ...plan, effects: { crun: 1 }, noise: 0.05 }]))).not.toHaveProperty('needs');
  });
});
