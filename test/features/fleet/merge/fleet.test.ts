import { describe, expect, test } from 'vitest';
import { loadWorkloadIds } from '../../../../src/core/config/workload-ids.ts';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import type { FleetAnalysis } from '../../../../src/features/fleet/merge/fleet-analysis.ts';
import { type Fleet, fleetSchema } from '../../../../src/features/fleet/merge/fleet-record.ts';
import { withoutNames } from '../../../../src/features/fleet/merge/withhold-names.ts';
import { runtimeFacts } from '../../../support/records.ts';
import { alikeHosts, madeFleet } from './made-fleet.ts';

const shipped = { workloads: new Set(loadWorkloadIds()), profiles: new Set(['default']) };

/** Facts that stay as they are, and the ids of facts, which are the program's. */
const hardware = new Set(['cpu', 'cpus', 'memory', 'smt', 'load', 'cgroup', 'engine', 'fact']);

/** Names that the hosts of an estimate have in common. */
const namesOfAll = new Set(['runtime', 'baseline', 'profile', 'workload', 'params']);

const codes = ({ told }: Fleet) => told.map(({ code }) => code);
const leftOut = ({ told }: Fleet) => told.filter(({ kind }) => kind === 'left-out');
const categoryOf = ({ categories }: Fleet, runtime: string, category = 'startup') =>
  categories.filter((each) => each.runtime === runtime && each.category === category);

describe('hosts that are alike', () => {
  const fleet = madeFleet(alikeHosts(6));

  test('have one vote each, and a claim', () => {
    expect(fleetSchema.parse(fleet)).toEqual(fleet);
    expect(fleet.hosts.map(({ name }) => name)).toEqual(['cn1', 'cn2', 'cn3', 'cn4', 'cn5', 'cn6']);
    const [runsc] = categoryOf(fleet, 'runsc');
    expect(runsc).toMatchObject({ verdict: 'slower', baseline: 'runc' });
    expect(runsc?.cost).toBeCloseTo(2, 0);
    expect(runsc?.votes).toHaveLength(6);
    const { predictedLow, low, high, predictedHigh } = runsc ?? {};
    expect([predictedLow, low, high, predictedHigh]).toEqual(
      [predictedLow, low, high, predictedHigh].toSorted((a, b) => Number(a) - Number(b)),
    );
    expect(categoryOf(fleet, 'crun')[0]?.verdict).toBe('faster');
    expect(fleet.comparisons).toHaveLength(4);
    expect(codes(fleet)).toEqual(['fleet.madeAgain']);
    expect(fleet.outliers).toEqual([]);
  });

  test('the order in which they are named does not matter', () => {
    expect(madeFleet(alikeHosts(6).toReversed())).toEqual(fleet);
  });

  test('below three, nothing is claimed, and that is told', () => {
    const two = madeFleet(alikeHosts(2));
    expect(new Set(two.categories.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    expect(codes(two)).toContain('fleet.few');
    expect(madeFleet(alikeHosts(1)).categories[0]?.low).toBeNull();
  });
});

describe('one measurement has one vote', () => {
  test('the same run twice counts once, and is told', () => {
    const [first = { name: '' }, ...rest] = alikeHosts(4);
    const fleet = madeFleet([first, { ...first, source: { origin: 'backup/cn1' } }, ...rest]);
    expect(fleet.hosts).toHaveLength(4);
    expect(codes(fleet)).toEqual(['fleet.again', 'fleet.madeAgain']);
    expect(fleet.told[0]?.origins).toEqual(['in/cn1/run', 'backup/cn1']);
  });

  test('the same records under another host are left out', () => {
    const fleet = madeFleet(
      alikeHosts(4, (at) => (at === 3 ? { source: { records: 'records of cn1 ' } } : {})),
    );
    expect(fleet.hosts).toHaveLength(3);
    expect(leftOut(fleet)).toMatchObject([{ code: 'fleet.copied', origins: ['in/cn4/run', 'in/cn1/run'] }]);
  });

  test('a run and what was published of it count once', () => {
    const [first = { name: '' }, ...rest] = alikeHosts(4);
    const fleet = madeFleet([
      { ...first, source: { pseudonym: 'p1' } },
      { ...first, name: 'host-p1', id: 'p1', runId: 'run-cn1' },
      ...rest,
    ]);
    expect(fleet.hosts.map(({ name }) => name)).toEqual(['cn1', 'cn2', 'cn3', 'cn4']);
    expect(codes(fleet)).toEqual(['fleet.again', 'fleet.madeAgain']);
  });

  test('several runs of a host are its mean', () => {
    const fleet = madeFleet([
      { name: 'a', runsc: 1 },
      { name: 'a', runsc: 4, runId: 'run-a2' },
      { name: 'b', runsc: 8 },
    ]);
    expect(fleet.hosts.map(({ runs }) => runs.length)).toEqual([2, 1]);
    const [runsc] = categoryOf(fleet, 'runsc');
    expect(runsc?.votes.map(({ cost }) => Math.round(cost))).toEqual([2, 8]);
    expect(runsc?.cost).toBeCloseTo(4);
    expect(codes(fleet)).toContain('fleet.severalRuns');
  });
});

describe('whose run it is', () => {
  test('two hosts of one name in two clusters are two, and are numbered', () => {
    const fleet = madeFleet([
      { name: 'cn1', id: 'x' },
      { name: 'cn1', id: 'y', runId: 'run-2' },
      { name: 'cn2' },
    ]);
    expect(fleet.hosts.map(({ name }) => name)).toEqual(['cn1 (1)', 'cn1 (2)', 'cn2']);
    expect(codes(fleet)).toContain('fleet.sameName');
  });

  test('a run without id is of the host with its name, processor and memory', () => {
    const fleet = madeFleet([
      { name: 'cn1' },
      { name: 'cn1', id: null, runId: 'older' },
      { name: 'cn2', id: null },
    ]);
    expect(fleet.hosts.map(({ runs, known }) => [runs.length, known])).toEqual([
      [2, 'id'],
      [1, 'facts'],
    ]);
    expect(codes(fleet)).toContain('fleet.noId');
  });

  test('it is left out where two hosts could be it', () => {
    const fleet = madeFleet([
      { name: 'cn1', id: 'x' },
      { name: 'cn1', id: 'y', runId: 'run-2' },
      { name: 'cn1', id: null, runId: 'older' },
    ]);
    expect(fleet.hosts).toHaveLength(2);
    expect(leftOut(fleet).map(({ code }) => code)).toEqual(['fleet.ambiguous']);
  });
});

describe('what cannot be compared stands apart, and is told', () => {
  test('other definitions of a workload', () => {
    const fleet = madeFleet(alikeHosts(7, (at) => (at < 4 ? {} : { definition: 'd2' })));
    expect(categoryOf(fleet, 'runsc').map(({ variant, votes }) => [variant, votes.length])).toEqual([
      [1, 4],
      [2, 3],
    ]);
    expect(fleet.comparisons.map(({ definition }) => definition)).toContain('d2');
    expect(codes(fleet)).toEqual(['fleet.madeAgain', 'fleet.variants', 'fleet.categories']);
  });

  test('other baselines', () => {
    const fleet = madeFleet(alikeHosts(6, (at) => (at < 4 ? {} : { baseline: 'crun' })));
    expect(codes(fleet)).toContain('fleet.baselines');
    expect(new Set(fleet.categories.map(({ baseline }) => baseline))).toEqual(new Set(['runc', 'crun']));
  });

  test.each([
    ['fleet.incomplete', { status: 'interrupted' }],
    ['fleet.resumed', { resumed: 2 }],
    [
      'fleet.extended',
      { extensions: [{ fromBlock: 9, startedAt: '2026-01-02T00:00:00Z', cells: ['a'], maxTimeMs: 1 }] },
    ],
  ] as const)('%s is told, and the host counts', (code, change) => {
    const run = structuredClone(change) as Partial<RunRecord>;
    const fleet = madeFleet(alikeHosts(4, (at) => (at === 0 ? { run } : {})));
    expect(codes(fleet)).toContain(code);
    expect(fleet.hosts).toHaveLength(4);
  });
});

describe('hosts that stand apart', () => {
  const far = alikeHosts(10, (at) => ({
    kernel: at === 6 ? '5.4.0-1' : '6.12.48-cloud',
    ...(at === 6 ? { runsc: 4 } : {}),
  }));

  test('are found, with what differs about them', () => {
    const { outliers, hosts, categories } = madeFleet(far);
    expect([...new Set(outliers.map(({ host }) => hosts[host]?.name))]).toEqual(['cn7']);
    expect(new Set(outliers.map(({ category }) => categories[category]?.runtime))).toEqual(
      new Set(['runsc']),
    );
    expect(outliers[0]?.differs).toContainEqual({
      fact: 'kernel',
      value: '5.4',
      others: '6.12',
      alone: true,
    });
    expect(outliers[0]?.cost).toBeCloseTo(4);
  });

  test('a host is none whose own noise explains it', () => {
    const noisy = far.map((host) => (host.runsc === 4 ? { ...host, noise: 3 } : host));
    expect(madeFleet(noisy).outliers).toEqual([]);
  });

  test('a host is none within the practical band', () => {
    const exact = alikeHosts(10, (at) => ({ runsc: at === 6 ? 2.06 : 2 + at * 1e-4, noise: 1e-4 }));
    expect(madeFleet(exact).outliers).toEqual([]);
    const beyond = alikeHosts(10, (at) => ({ runsc: at === 6 ? 2.2 : 2 + at * 1e-4, noise: 1e-4 }));
    expect(madeFleet(beyond).outliers).not.toEqual([]);
  });
});

describe('without names', () => {
  const named = madeFleet(
    alikeHosts(5, (at) => ({ source: { report: `../cn${at}/report.html` } })),
    'in/cn3/run',
  );
  const fleet = withoutNames(named, 'en', shipped);

  test('nothing leads to a host, and the own one is still known', () => {
    expect(fleetSchema.parse(fleet)).toEqual(fleet);
    expect(JSON.stringify(fleet)).not.toMatch(/cn\d|run-cn|report\.html/);
    const cost = (of: Fleet) => categoryOf(of, 'runsc')[0]?.votes.find(({ host }) => host === of.own)?.cost;
    expect(cost(fleet)).toBe(cost(named));
    expect(fleet.own).not.toBeNull();
  });

  test('nor does what somebody chose, unless several chose it; versions and hardware stay', () => {
    const ada = {
      kernel: '6.8.0-45-generic-ada',
      run: {
        runtimes: ['runc', 'crun', 'ada'].map((name) => ({
          ...runtimeFacts(name),
          family: 'runsc',
          version: '1.1.15+ada',
        })),
      },
      figures: (analysis: FleetAnalysis): FleetAnalysis => ({
        ...analysis,
        rows: analysis.rows.map((row) => ({
          ...row,
          ...(row.runtime === 'runsc' ? { runtime: 'ada', workload: 'ada/secret', profile: 'ada' } : {}),
        })),
        categories: analysis.categories.map((of) => ({
          ...of,
          ...(of.runtime === 'runsc' ? { runtime: 'ada' } : {}),
        })),
      }),
    };
    const all = madeFleet(alikeHosts(4, (at) => (at === 0 ? ada : { kernel: '6.12-zen-team' })));
    expect(JSON.stringify(all)).toContain('ada');
    const bare = withoutNames(all, 'en', shipped);
    expect(fleetSchema.parse(bare)).toEqual(bare);
    expect(JSON.stringify(bare)).not.toContain('ada');
    expect(bare.runtimes.map(({ name }) => name)).toContain('runsc, own name 1');
    expect(bare.comparisons.map(({ workload }) => workload)).toContain('own workload 1');
    const facts = bare.hosts.map((host) => host.facts);
    expect(facts.map(({ release }) => release)).toContain('6.8.0-45-…');
    expect(facts.map(({ os }) => os)).toEqual(all.hosts.map((host) => host.facts.os));
    // What several have is nobody's own.
    expect(facts.map(({ release }) => release)).toContain('6.12-zen-team');
    expect(facts.map((own) => own['runtime.runsc, own name 1'])).toContain('1.1.15+…');
    expect(facts.map(({ cpu }) => cpu)).toEqual(all.hosts.map((host) => host.facts.cpu));
  });

  test('nor does a name in any text that a record can hold, unless several hosts have it', () => {
    const lost = { kind: 'runtime', runtimes: ['kata'], workloads: ['w'], code: 'c', reason: 'r', fix: 'f' };
    const far = madeFleet(alikeHosts(10, (at) => (at === 6 ? { runsc: 4, kernel: '5.4.0-1' } : {})));
    const whole = JSON.parse(
      JSON.stringify({ ...far, missing: [{ ...lost, hosts: [0], others: ['o'] }] }),
    ) as Fleet;
    const planted: string[] = [];
    const leaks: string[] = [];
    /** Puts a name in place of each text in turn, where the schema takes it. */
    const plant = (at: Record<string, unknown>, isShared: boolean) => {
      for (const [key, value] of Object.entries(at)) {
        if (typeof value === 'object' && value !== null) plant(value as Record<string, unknown>, isShared);
        if (typeof value !== 'string' || hardware.has(key) || (isShared && namesOfAll.has(key))) continue;
        at[key] = 'Lovelace';
        if (fleetSchema.safeParse(whole).success) {
          planted.push(key);
          if (JSON.stringify(withoutNames(whole, 'en', shipped)).includes('Lovelace')) leaks.push(key);
        }
        at[key] = value;
      }
    };
    for (const [key, of] of Object.entries(whole))
      if (Array.isArray(of)) plant(of as never, key === 'categories' || key === 'comparisons');
    expect(leaks).toEqual([]);
    expect(planted.length).toBeGreaterThan(200);
  });

  test('two values stay two, whatever stands for them; what no ASCII letter is written with is a word, too', () => {
    const kernels = ['6.8.0-ada', '6.8.0-jammy', '6.8.0-Ⓐⓓⓐ', '6.8.0-20231234'];
    const all = madeFleet(alikeHosts(4, (at) => ({ kernel: kernels[at] ?? '' })));
    const releases = withoutNames(all, 'en', shipped).hosts.map(({ facts }) => facts.release);
    expect(releases.toSorted()).toEqual(['6.8.0-…', '6.8.0-… (2)', '6.8.0-… (3)', '6.8.0-… (4)']);
  });

  test('the numbers are the order of the costs, not of the names', () => {
    const costs = categoryOf(fleet, 'runsc')[0]?.votes.map(({ cost }) => cost);
    expect(costs).toEqual(costs?.toSorted((a, b) => a - b));
    expect(fleet.hosts.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((n) => `machine ${n}`));
  });
});
