import { describe, expect, test } from 'vitest';
import { loadWorkloadIds } from '../../../../src/core/config/workload-ids.ts';
import { translate } from '../../../../src/core/messages/translate.ts';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { outlyingRuns } from '../../../../src/features/fleet/merge/fleet.ts';
import type { FleetAnalysis } from '../../../../src/features/fleet/merge/fleet-analysis.ts';
import { type Fleet, fleetSchema } from '../../../../src/features/fleet/merge/fleet-record.ts';
import { contradictionOf } from '../../../../src/features/fleet/merge/made-again.ts';
import { biweight } from '../../../../src/features/fleet/merge/stats/biweight.ts';
import { withoutNames } from '../../../../src/features/fleet/merge/withhold-names.ts';
import { fleetBlocks } from '../../../../src/features/fleet/report/blocks.ts';
import { fleetCsv } from '../../../../src/features/fleet/report/csv.ts';
import { leadOf } from '../../../../src/features/fleet/report/lead.ts';
import { fleetTable } from '../../../../src/features/fleet/report/terminal.ts';
import { renderMarkdown } from '../../../../src/report/renderers/markdown.ts';
import { alikeHosts, type MadeHost, madeFleet, madeRun } from './made-fleet.ts';

const shipped = { workloads: new Set(loadWorkloadIds()), profiles: new Set(['default']) };

const codes = ({ told }: Fleet) => told.map(({ code }) => code);
const toldOf = ({ told }: Fleet, wanted: string) => told.find(({ code }) => code === wanted);
const startup = ({ categories }: Fleet, runtime: string) => {
  const found = categories.find((each) => each.runtime === runtime && each.category === 'startup');
  if (found === undefined) throw new Error(`no startup of ${runtime}`);
  return found;
};
const lead = (fleet: Fleet) => leadOf(fleet, 'en').map((message) => translate(message, 'en'));
const page = (fleet: Fleet, forClass = false) =>
  renderMarkdown(fleetBlocks(fleet, { lang: 'en', charts: [], forClass }), 'en', '');
const problemsOf = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    if (error instanceof OcibenchError)
      return [
        error.message,
        ...error.problems.map(({ file, key, message }) => `${file} ${key} ${message}`),
      ].join('\n');
  }
  throw new Error('nothing was refused');
};

/** 65 hosts on which crun costs about 0.94; one of them says that everything costs 8 times as much. */
const crunHosts = (bad: number | null): MadeHost[] =>
  alikeHosts(65).map((host, at) => ({
    ...host,
    crun: 0.94 * ((host.runsc ?? 2) / 2) ** 0.4 * (at === bad ? 8 : 1),
    runsc: (host.runsc ?? 2) * (at === bad ? 8 : 1),
  }));

describe('one bad host of 65', () => {
  const clean = madeFleet(crunHosts(null));
  const fleet = madeFleet(crunHosts(40));

  test('decides nothing: costs, intervals, spreads and verdicts are those without it', () => {
    for (const runtime of ['crun', 'runsc']) {
      const [with1, without] = [startup(fleet, runtime), startup(clean, runtime)];
      expect(with1.verdict).toBe(runtime === 'crun' ? 'faster' : 'slower');
      for (const key of [
        'cost',
        'low',
        'high',
        'low90',
        'high90',
        'predictedLow',
        'predictedHigh',
        'tau',
      ] as const)
        expect((with1[key] ?? 0) / (without[key] ?? 1), key).toBeCloseTo(1, 1.5);
    }
    expect(fleetSchema.parse(fleet)).toEqual(fleet);
    expect(fleet.outliers.map(({ host }) => fleet.hosts[host]?.name)).toContain('cn41');
  });

  test('the mean, which it moves, stands beside with the host that moves it', () => {
    const { mean, setAside, cost } = startup(fleet, 'crun');
    expect(mean.verdict).toBe('inconclusive');
    expect(mean.cost / cost).toBeCloseTo(8 ** (1 / 65), 2);
    expect((mean.high ?? 0) / (mean.low ?? 1)).toBeGreaterThan(1.1);
    expect(setAside.map((host) => fleet.hosts[host]?.name)).toEqual(['cn41']);
    const said = lead(fleet).join(' ');
    expect(said).toMatch(
      /The plain mean of all hosts gives another verdict for .*crun.*\. No weight there, because too far .*: cn41\./,
    );
    expect(page(fleet)).toContain('| plain mean |');
    expect(fleetTable(fleet, { lang: 'en' }).replaceAll(/\s+/g, ' ')).toContain(
      'too far from the others: cn41.',
    );
  });

  test('of a fleet without one, no mean is shown beside', () => {
    expect(page(clean)).not.toContain('| plain mean |');
    expect(lead(clean).join(' ')).not.toContain('plain mean');
    expect(startup(clean, 'crun').setAside).toEqual([]);
  });

  test('CSV has the robust figure where the mean was, and the mean behind', () => {
    const [head = '', ...lines] = fleetCsv(fleet).split('\n');
    const column = (name: string) => head.split(',').indexOf(name);
    const row = lines.find((line) => /^fleet,,crun,,docker,,,,startup,/.test(line))?.split(',') ?? [];
    expect(row[column('verdict')]).toBe('faster');
    expect(row[column('mean_verdict')]).toBe('inconclusive');
    expect(Number(row[column('cost')])).toBeLessThan(Number(row[column('mean')]));
    expect(row[column('set_aside')]).toBe('1');
  });

  test('without names, it is the same host', () => {
    const bare = withoutNames(fleet, 'en', shipped);
    const { setAside, votes } = startup(bare, 'crun');
    expect(votes.find(({ host }) => host === setAside[0])?.cost).toBeGreaterThan(6);
    expect(page(bare, true)).not.toMatch(/cn\d/);
  });
});

test('of three hosts, none can be told to be the bad one: the centre is the mean', () => {
  const { cost, mean, setAside } = startup(
    madeFleet([{ name: 'a' }, { name: 'b' }, { name: 'c', runsc: 16 }]),
    'runsc',
  );
  expect(cost).toBe(mean.cost);
  expect(cost).toBeCloseTo(4);
  expect(setAside).toEqual([]);
});

test('two bad hosts of eight do not hide each other', () => {
  const fleet = madeFleet(alikeHosts(8, (at) => (at < 2 ? { runsc: 16 + at } : {})));
  const { cost, verdict, setAside } = startup(fleet, 'runsc');
  expect([Math.round(cost), verdict]).toEqual([2, 'slower']);
  expect(setAside.map((host) => fleet.hosts[host]?.name)).toEqual(['cn1', 'cn2']);
  const apart = new Set(fleet.outliers.map(({ host }) => fleet.hosts[host]?.name));
  expect(apart).toEqual(new Set(['cn1', 'cn2']));
  expect(fleet.outliers[0]?.others).toBeCloseTo(2, 0);
});

describe('--without', () => {
  const hosts = alikeHosts(6, (at) => (at === 4 ? { runsc: 16, crun: 7 } : {}));

  test.each([
    ['its name', 'cn5:the disk is failing: replaced on Monday', 'the disk is failing: replaced on Monday'],
    ['the id of a run', 'run-cn5:broken', 'broken'],
    ['its path', 'in/cn5', null],
  ])(
    'by %s: the host has no vote, stands among the hosts, and is told with the reason',
    (_how, asked, reason) => {
      const fleet = madeFleet(hosts, null, [asked]);
      expect(fleetSchema.parse(fleet)).toEqual(fleet);
      expect(fleet.hosts[4]).toMatchObject({ name: 'cn5', without: { reason } });
      expect(fleet.categories.every(({ votes }) => votes.every(({ host }) => host !== 4))).toBe(true);
      expect(startup(fleet, 'runsc').cost).toBeCloseTo(2, 0);
      expect(startup(fleet, 'runsc')).toEqual({
        ...startup(madeFleet(hosts.filter(({ name }) => name !== 'cn5')), 'runsc'),
        votes: expect.anything(),
      });
      const told = toldOf(fleet, reason === null ? 'fleet.withoutReason' : 'fleet.without');
      expect(told).toMatchObject({ kind: 'note', origins: ['in/cn5/run'] });
      expect(told?.message).toContain('cn5');
      expect(told?.message).toContain(reason ?? 'without a reason');
      expect(lead(fleet)).toContain('Without one host: cn5.');
      const shown = page(fleet);
      expect(shown).toContain('5 runs of 5 hosts, without one host');
      expect(shown).toContain(reason === null ? 'no vote' : `no vote: ${reason}`);
    },
  );

  test('a name with a colon is a name, before it is a name and a reason', () => {
    const odd = [...alikeHosts(4), { name: 'cn1:x' }];
    const fleet = madeFleet(odd, null, ['cn1:x']);
    expect(fleet.hosts.filter(({ without }) => without !== undefined).map(({ name }) => name)).toEqual([
      'cn1:x',
    ]);
    expect(fleet.hosts.find(({ name }) => name === 'cn1')?.without).toBeUndefined();
  });

  test('below three hosts with a vote, nothing is claimed', () => {
    const fleet = madeFleet(alikeHosts(4), null, ['cn1', 'cn2']);
    expect(toldOf(fleet, 'fleet.few')?.message).toContain('2 hosts');
    expect(new Set(fleet.categories.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
  });

  test('what names no host is refused with the nearest names, and so is what names several, or all', () => {
    expect(problemsOf(() => madeFleet(hosts, null, ['cn55:why', 'cn1']))).toMatch(
      /no merged host\ncn55:why --without .*the nearest: cn5/,
    );
    expect(problemsOf(() => madeFleet(hosts, null, ['nobody']))).toContain('cn1, cn2, cn3');
    expect(problemsOf(() => madeFleet(hosts, null, ['']))).toContain('--without names no merged host');
    expect(problemsOf(() => madeFleet(hosts, null, ['in']))).toContain('of several hosts: cn1, cn2');
    expect(problemsOf(() => madeFleet(hosts, null, ['cn1', 'cn2', 'cn3', 'cn4', 'cn5', 'cn6']))).toContain(
      'leaves no host',
    );
  });

  test('without names, neither the host nor the reason, which may name it, is said', () => {
    const fleet = withoutNames(madeFleet(hosts, null, ['cn5:cn5 is Mary’s']), 'en', shipped);
    expect(JSON.stringify(fleet)).not.toMatch(/cn\d|Mary/);
    expect(fleet.hosts.map(({ without }) => without)).toEqual([
      ...Array(5).fill(undefined),
      { reason: null },
    ]);
    expect(page(fleet, true)).toContain('Without one host: machine 6.');
  });
});

/** An analysis in which crun’s start has another ratio, or another cost. */
const crunIs =
  (where: 'rows' | 'categories', change: Record<string, number>) =>
  (analysis: FleetAnalysis): FleetAnalysis => ({
    ...analysis,
    [where]: analysis[where].map((each) =>
      each.runtime === 'crun' && each.category === 'startup' ? { ...each, ...change } : each,
    ),
  });

describe('impossible figures', () => {
  test.each([
    ['a negative ratio', 'rows', { ratio: -3 }, 'crun docker startup/echo = -3'],
    ['a ratio of 0', 'rows', { ratio: 0 }, 'crun docker startup/echo = 0'],
    ['an end that no ratio has', 'rows', { ratioCiHigh: 1e308 }, 'crun docker startup/echo = 1e+308'],
    ['a figure that is none', 'rows', { ratio: Number.NaN }, 'crun docker startup/echo = NaN'],
    [
      'an infinite one',
      'rows',
      { ratioCiLow: Number.NEGATIVE_INFINITY },
      'crun docker startup/echo = -Infinity',
    ],
    ['a cost of 1e308', 'categories', { cost: 1e308 }, 'crun docker startup = 1e+308'],
    ['a cost of 1e-7', 'categories', { cost: 1e-7 }, 'crun docker startup = 1e-7'],
    ['a negative end', 'categories', { low: -1 }, 'crun docker startup = -1'],
  ] as const)('%s: the host is named with it and has no vote there', (_what, where, change, figure) => {
    const fleet = madeFleet(alikeHosts(5, (at) => (at === 2 ? { figures: crunIs(where, change) } : {})));
    expect(fleetSchema.parse(fleet)).toEqual(fleet);
    const told = toldOf(fleet, 'fleet.impossible');
    expect(told).toMatchObject({ kind: 'left-out', origins: ['in/cn3/run'] });
    expect(told?.message).toContain('cn3 has impossible figures, and no vote');
    expect(told?.message).toContain(figure);
    const hostsOf = (runtime: string, from: Fleet['categories'] | Fleet['comparisons']) =>
      from
        .filter((each) => each.runtime === runtime && each.category === 'startup')
        .map(({ votes }) => votes.length);
    expect(hostsOf('crun', fleet.categories)).toEqual([4]);
    expect(hostsOf('crun', fleet.comparisons)).toEqual([where === 'rows' ? 4 : 5]);
    expect(hostsOf('runsc', fleet.categories)).toEqual([5]);
    expect(page(fleet)).toContain('one item left out');
  });

  test('costs at the edge of what is possible count', () => {
    const fleet = madeFleet(
      alikeHosts(3, () => ({ figures: crunIs('categories', { cost: 1e-6, low: 1e-6, high: 1e6 }) })),
    );
    expect(codes(fleet)).not.toContain('fleet.impossible');
  });

  test('a run of nothing else is left out with them', () => {
    const figures = (analysis: FleetAnalysis) => ({
      ...analysis,
      rows: analysis.rows.map((row) => ({ ...row, ratio: 1e308 })),
    });
    const fleet = madeFleet(alikeHosts(4, (at) => (at === 0 ? { figures } : {})));
    expect(fleet.hosts).toHaveLength(3);
    expect(toldOf(fleet, 'fleet.unusable')).toMatchObject({ kind: 'left-out', origins: ['in/cn1/run'] });
    expect(toldOf(fleet, 'fleet.unusable')?.message).toContain('= 1e+308');
  });

  test('of many, the first are named and the others counted', () => {
    const figures = (analysis: FleetAnalysis) => ({
      ...analysis,
      rows: Array.from({ length: 3000 }, (_, at) => ({
        ...(analysis.rows[0] as FleetAnalysis['rows'][number]),
        workload: `startup/w${at}`,
        ratio: -at,
      })),
    });
    const fleet = madeFleet(alikeHosts(4, (at) => (at === 0 ? { figures } : {})));
    const { message = '' } = toldOf(fleet, 'fleet.unusable') ?? {};
    expect(message).toContain('+2988');
    expect(message.length).toBeLessThan(1000);
  });

  test('such a run is among those that are made again, and is contradicted by records that say another', () => {
    const [bad, ...rest] = alikeHosts(4, (at) =>
      at === 0 ? { figures: crunIs('rows', { ratio: -3 }) } : {},
    ).map(madeRun);
    if (bad === undefined) throw new Error('no run');
    const usual = { practical: 0.05, alpha: 0.05 };
    expect(outlyingRuns([bad, ...rest], usual)).toEqual([bad]);
    const [honest] = alikeHosts(4).map(madeRun);
    if (honest === undefined) throw new Error('no run');
    expect(contradictionOf(bad, honest)).toEqual({
      what: 'crun docker startup/echo',
      published: -3,
      records: expect.closeTo(0.9),
    });
    expect(contradictionOf(bad, bad)).toBeNull();
  });

  test('without names, whose they are is told to the teacher alone', () => {
    const named = madeFleet(
      alikeHosts(5, (at) => (at === 2 ? { figures: crunIs('rows', { ratio: -3 }) } : {})),
    );
    const fleet = withoutNames(named, 'en', shipped);
    expect(codes(fleet)).toContain('fleet.withheldFigures');
    expect(JSON.stringify(fleet)).not.toMatch(/cn\d/);
  });
});

describe('architectures', () => {
  // The image of several architectures has one digest.
  const hosts = alikeHosts(9, (at) => (at < 5 ? { arch: 'x64' } : { arch: 'arm64', crun: 1.3 }));
  const fleet = madeFleet(hosts);

  test('stand by themselves, though image and definition are the same, and it is told', () => {
    const crun = fleet.categories.filter(
      ({ runtime, category }) => runtime === 'crun' && category === 'startup',
    );
    expect(crun.map(({ arch, votes, cost }) => [arch, votes.length, Number(cost.toFixed(2))])).toEqual([
      ['arm64', 4, 1.3],
      ['x64', 5, 0.9],
    ]);
    expect(fleet.comparisons.every(({ votes }) => votes.length < 6)).toBe(true);
    expect(toldOf(fleet, 'fleet.architectures')?.message).toMatch(/arm64, x64.*are not combined/);
    expect(fleetSchema.parse(fleet)).toEqual(fleet);
  });

  test('each has its sentence, its rows, and its name in them', () => {
    const said = lead(fleet);
    expect(said).toContainEqual(
      expect.stringMatching(/^On 5 hosts, crun \(x64\) costs 0\.90× relative to runc in both categories;/),
    );
    expect(said).toContainEqual(
      expect.stringMatching(/^On 4 hosts, crun \(arm64\) costs 1\.30× relative to runc in both categories;/),
    );
    expect(page(fleet)).toContain('Startup (arm64)');
    expect(fleetCsv(fleet)).toContain('arm64');
  });

  test('work that differs within one is numbered there', () => {
    const odd = madeFleet(hosts.map((host, at) => (at === 0 ? { ...host, definition: 'd2' } : host)));
    expect(
      odd.categories
        .filter(({ runtime, category }) => runtime === 'crun' && category === 'startup')
        .map(({ arch, variant, votes }) => [arch, variant, votes.length]),
    ).toEqual([
      ['arm64', undefined, 4],
      ['x64', 1, 4],
      ['x64', 2, 1],
    ]);
  });

  test('one architecture is not named', () => {
    const alike = madeFleet(alikeHosts(4));
    expect(alike.categories.every(({ arch }) => arch === undefined)).toBe(true);
    expect(lead(alike).join(' ')).not.toContain('x86_64');
  });
});

describe('hosts of two kinds', () => {
  test.each([
    [[0, 0, 0, 0, 0, 0, 0.3, 0.3, 0.3, 0.3, 0.3, 3]],
    [[0, 0, 0, 0, 0, 0.3, 0.3, 3, 3, 3]],
    [[0.001, 0.002, 0, -0.001, 0, 0, 0.3, 0.301, 0.299, 0.3, 0.302, 3]],
  ])('and bad ones beside them have a centre: %j', (values) => {
    const { estimate, standardError } = biweight(values, { noise: 0.005, near: Math.log1p(0.05) });
    expect(estimate).toBeGreaterThanOrEqual(Math.min(...values));
    expect(estimate).toBeLessThan(0.31);
    expect(standardError).toBeGreaterThanOrEqual(0);
  });

  test('nothing is claimed of them, nor foretold of another host', () => {
    const hosts = alikeHosts(11, (at) => ({ runsc: at < 6 ? 1 : 1.35, noise: 0.005 }));
    const { categories } = madeFleet(hosts);
    const own = categories.filter(({ runtime }) => runtime === 'runsc');
    expect(own.length).toBeGreaterThan(0);
    for (const each of own) {
      expect(each.setAside).toHaveLength(5);
      expect(each).toMatchObject({
        verdict: 'inconclusive',
        p: null,
        predictedLow: null,
        predictedHigh: null,
      });
    }
  });
});
