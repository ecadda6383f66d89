import { describe, expect, test } from 'vitest';
import { derive } from '../../../../src/core/analyze/values/derive.ts';
import { effectiveTrials } from '../../../../src/core/analyze/values/effective-trial.ts';
import { ParseError } from '../../../../src/core/model/trial/parser-output.ts';
import type { TrialOutcome, TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import type { ParsedValue } from '../../../../src/core/model/workload/metric.ts';
import type { Workload } from '../../../../src/core/model/workload/workload.ts';
import { cell, lineWorkload, output, runRecord, trialRecord } from '../../../support/records.ts';

const calls = lineWorkload('syscall/calls');

function deriveAll(trials: readonly TrialRecord[], workloads: readonly Workload[] = [calls]) {
  return derive({ run: runRecord(), trials, workloads });
}

/** metric → value of a single trial. */
function valuesOf(trial: TrialRecord, workload: Workload = calls): Record<string, number | null> {
  return Object.fromEntries(deriveAll([trial], [workload]).map((row) => [row.metric ?? 'none', row.value]));
}

function workloadReturning(values: readonly ParsedValue[]): Workload {
  return { ...calls, parse: () => values };
}

describe('a trial that ended well', () => {
  test('gives one row per parsed value, with its place in the run', () => {
    expect(deriveAll([trialRecord({ block: 3, position: 2 })])).toEqual([
      {
        runId: 'run-1',
        trialId: 'b3-runc-syscall/calls',
        block: 3,
        position: 2,
        phase: 'measure',
        cell: cell('runc'),
        category: 'syscall',
        metric: 'call.cost',
        unit: 'ns/op',
        better: 'lower',
        value: 100,
        outcome: 'ok',
      },
    ]);
  });

  test('keeps its phase, so that warm-up is distinguishable', () => {
    expect(deriveAll([trialRecord({ block: 0 })]).map((row) => row.phase)).toEqual(['warmup']);
  });

  test('without any value keeps a row', () => {
    expect(deriveAll([trialRecord({ output: output('') })])).toMatchObject([
      { metric: null, unit: null, better: null, value: null, outcome: 'ok' },
    ]);
  });

  test('parses with the parameters as declared, numbers as numbers', () => {
    const seen: unknown[] = [];
    const workload: Workload = {
      ...calls,
      presets: { quick: [{ threads: 4, mode: 'seq' }], standard: [], full: [] },
      parse: (_, params) => {
        seen.push(params);
        return [];
      },
    };
    deriveAll(
      [
        trialRecord({ cell: cell('runc', 'syscall/calls', 'mode=seq;threads=4') }),
        trialRecord({ block: 2, cell: cell('runc', 'syscall/calls', 'mode=rnd;threads=8') }),
      ],
      [workload],
    );
    expect(seen).toEqual([
      { threads: 4, mode: 'seq' },
      { threads: '8', mode: 'rnd' },
    ]);
  });
});

describe('hostile output makes the trial failed', () => {
  const fast: ParsedValue = { metric: 'call.cost', unit: 'ns/op', better: 'lower', value: 1 };
  test.each<[string, Workload, string, RegExp]>([
    [
      'that the parser refuses',
      lineWorkload('syscall/calls', []),
      'parse-failed',
      /unexpected line: call.cost 100/,
    ],
    ['with NaN', workloadReturning([{ ...fast, value: Number.NaN }]), 'value-impossible', /call.cost is NaN/],
    [
      'with infinity',
      workloadReturning([{ ...fast, value: Infinity }]),
      'value-impossible',
      /call.cost is Infinity/,
    ],
    [
      'that is beyond anything measured',
      workloadReturning([{ ...fast, value: 1e300 }]),
      'value-impossible',
      /call.cost is 1e\+300/,
    ],
    [
      'that is as good as nothing',
      workloadReturning([{ ...fast, value: 5e-324 }]),
      'value-impossible',
      /call.cost is 5e-324/,
    ],
    ['that repeats a metric', workloadReturning([fast, fast]), 'value-impossible', /reported twice/],
    [
      'in another unit',
      workloadReturning([{ ...fast, unit: 'ns' }]),
      'value-impossible',
      /in ns, but .* declares ns\/op/,
    ],
    [
      'that breaks the parser',
      {
        ...calls,
        parse: () => {
          throw new TypeError('x is undefined');
        },
      },
      'parser-broken',
      /parser of syscall\/calls failed: x is undefined/,
    ],
    [
      'of a workload that no longer exists',
      lineWorkload('syscall/other'),
      'workload-unknown',
      /no workload syscall\/calls/,
    ],
  ])('%s', (_, workload, code, message) => {
    const [effective] = effectiveTrials([trialRecord()], [workload]);
    expect(effective?.outcome).toMatchObject({ status: 'failed', step: 'parse', error: { code } });
    expect(effective?.outcome.status === 'failed' && effective.outcome.error.message).toMatch(message);
    expect(deriveAll([trialRecord()], [workload])).toMatchObject([
      { metric: null, value: null, outcome: 'failed' },
    ]);
  });

  test('and what it tells all the same is kept, without totals of the work that it did not do', () => {
    const share: ParsedValue = { metric: 'call.share', unit: 'ratio', better: 'higher', value: 0.5 };
    const units: ParsedValue = { metric: 'work.units', unit: 'count', better: 'neither', value: 10 };
    const failing = (values: readonly ParsedValue[]): Workload => ({
      ...calls,
      parse: () => {
        throw new ParseError('half of it failed', { values, facts: [{ id: 'why', value: 'no' }] });
      },
    });
    const trial = trialRecord({
      cgroup: {
        source: 'v2',
        path: '/t',
        figures: { 'cpu.usage': { value: 800, source: 't' }, 'memory.peak': { value: 4096, source: 't' } },
      },
      engineCpu: { value: 200, source: 't' },
    });
    const [effective] = effectiveTrials([trial], [failing([share, units])]);
    expect(effective).toMatchObject({ outcome: { status: 'failed' }, facts: [{ id: 'why' }] });
    expect(deriveAll([trial], [failing([share, fast, units])])).toMatchObject([
      { metric: 'call.share', value: 0.5, outcome: 'failed' },
      { metric: 'work.units', value: 10, outcome: 'failed' },
      { metric: 'work.cpu', value: 100, outcome: 'failed' },
    ]);
    expect(deriveAll([trial], [failing([{ ...share, value: Number.NaN }])])).toMatchObject([
      { metric: null, value: null, outcome: 'failed' },
    ]);
  });

  test('and what it printed cannot write to a terminal or fill the report', () => {
    const printed = `\u001b[2J\u202e${'A'.repeat(5000)}`;
    const [effective] = effectiveTrials([trialRecord({ output: output(printed) })], [calls]);
    const message = effective?.outcome.status === 'failed' ? effective.outcome.error.message : '';
    expect(message).toMatch(/^unexpected line: \[2J A+…$/);
    expect(message).toHaveLength(300);
  });
});

test.each<[TrialOutcome]>([
  [{ status: 'failed', step: 'start', error: { code: 'start-failed', message: 'no' } }],
  [{ status: 'timed-out', step: 'run', limitMs: 1000 }],
  [{ status: 'interrupted' }],
  [{ status: 'unsupported', reason: 'no network' }],
])('a trial with outcome $status keeps one row without value', (outcome) => {
  expect(deriveAll([trialRecord({ outcome })])).toMatchObject([
    { metric: null, unit: null, better: null, value: null, outcome: outcome.status },
  ]);
});

test('output that could not be read then is read by the parser of today', () => {
  const outcome: TrialOutcome = {
    status: 'failed',
    step: 'parse',
    error: { code: 'parse-failed', message: 'old' },
  };
  expect(deriveAll([trialRecord({ outcome })])).toMatchObject([
    { metric: 'call.cost', value: 100, outcome: 'ok' },
  ]);
});

describe('of several attempts of a trial', () => {
  const attempt = (n: number, outcome: TrialOutcome, value = 100) =>
    trialRecord({ attempt: n, outcome, output: output(`call.cost ${value}\n`) });
  const interrupted: TrialOutcome = { status: 'interrupted' };
  const failed: TrialOutcome = {
    status: 'failed',
    step: 'run',
    error: { code: 'exit-code', message: 'exit code 1' },
  };
  const ok: TrialOutcome = { status: 'ok' };

  test('the last one that was not interrupted counts', () => {
    expect(deriveAll([attempt(1, interrupted), attempt(2, ok, 7)])).toMatchObject([
      { value: 7, outcome: 'ok' },
    ]);
    expect(deriveAll([attempt(1, ok, 7), attempt(2, interrupted)])).toMatchObject([
      { value: 7, outcome: 'ok' },
    ]);
    expect(deriveAll([attempt(1, ok, 7), attempt(2, failed)])).toMatchObject([
      { value: null, outcome: 'failed' },
    ]);
    expect(deriveAll([attempt(1, failed), attempt(2, ok, 8), attempt(3, interrupted)])).toMatchObject([
      { value: 8 },
    ]);
  });

  test('interrupted ones alone are one interrupted trial', () => {
    expect(deriveAll([attempt(1, interrupted), attempt(2, interrupted)])).toMatchObject([
      { outcome: 'interrupted' },
    ]);
  });
});

describe('startup phases', () => {
  const startup = lineWorkload('startup/hello', []);
  const marks: TrialRecord['marks'] = [
    { name: 'create-begin', atNs: 0 },
    { name: 'create-end', atNs: 10 },
    { name: 'start-begin', atNs: 12 },
    { name: 'first-output', atNs: 90 },
    { name: 'start-end', atNs: 100 },
    { name: 'exit', atNs: 130 },
    { name: 'remove-begin', atNs: 140 },
    { name: 'remove-end', atNs: 200 },
  ];
  const trial = (changes: Partial<TrialRecord>) =>
    trialRecord({ cell: cell('runc', 'startup/hello'), output: output(''), marks, ...changes });

  test('are differences of marks', () => {
    expect(valuesOf(trial({}), startup)).toEqual({
      'startup.to_output': 90,
      'startup.create': 10,
      'startup.start': 88,
      'startup.first_output': 78,
      'startup.run': 40,
      'startup.remove': 60,
      'startup.total': 200,
    });
  });

  test('are absent with their marks', () => {
    const without = marks.filter((mark) => mark.name !== 'first-output' && mark.name !== 'remove-end');
    expect(Object.keys(valuesOf(trial({ marks: without }), startup))).toEqual([
      'startup.create',
      'startup.start',
    ]);
  });

  test('are absent where exit overtook the output', () => {
    const overtaken = marks.map((mark) => (mark.name === 'exit' ? { ...mark, atNs: 80 } : mark));
    expect(valuesOf(trial({ marks: overtaken }), startup)).not.toHaveProperty('startup.run');
  });

  test('belong to startup workloads only', () => {
    expect(valuesOf(trialRecord({ marks }))).toEqual({ 'call.cost': 100 });
  });
});

describe('resource figures', () => {
  const cgroup = (figures: NonNullable<TrialRecord['cgroup']>['figures']): TrialRecord['cgroup'] => ({
    source: 'v2',
    path: '/t',
    figures,
  });
  const read = (value: number) => ({ value, source: 'f' });

  test('are taken with the unit of their definition; absent ones stay absent', () => {
    const rows = deriveAll([
      trialRecord({
        cgroup: cgroup({
          'cpu.usage': read(5000),
          'memory.peak': { absent: 'no memory controller' },
          'pids.peak': read(0),
          'no.such.metric': read(1),
        }),
        engineCpu: read(700),
      }),
    ]);
    expect(rows.map((row) => [row.metric, row.unit, row.better, row.value])).toEqual([
      ['call.cost', 'ns/op', 'lower', 100],
      ['cpu.usage', 'ns', 'lower', 5000],
      ['pids.peak', 'count', 'lower', 0],
      ['engine.cpu', 'ns', 'lower', 700],
      ['total.cpu', 'ns', 'lower', 5700],
    ]);
  });

  test.each([
    [cgroup({ 'cpu.usage': read(5) }), { absent: 'remote engine' }],
    [cgroup({ 'cpu.usage': { absent: 'gone' } }), read(7)],
    [null, read(7)],
  ])('give no total without both parts (%#)', (group, engineCpu) => {
    expect(valuesOf(trialRecord({ cgroup: group, engineCpu }))).not.toHaveProperty('total.cpu');
  });

  test('are none where each trial holds as many sandboxes as fit', () => {
    const density = lineWorkload('density/idle');
    const trial = trialRecord({
      cell: cell('runc', 'density/idle'),
      cgroup: cgroup({ 'cpu.usage': read(5000) }),
      engineCpu: read(700),
    });
    expect(Object.keys(valuesOf(trial, density))).toEqual(['call.cost']);
  });

  test('do not replace what the tool itself reported under the same name', () => {
    const own = lineWorkload('syscall/calls', [
      { id: 'cpu.usage', unit: 'ns', better: 'lower', description: '' },
    ]);
    const trial = trialRecord({ output: output('cpu.usage 1\n'), cgroup: cgroup({ 'cpu.usage': read(2) }) });
    expect(deriveAll([trial], [own]).map((row) => [row.metric, row.value])).toEqual([['cpu.usage', 1]]);
  });
});

describe('process memory', () => {
  type Usage = TrialRecord['processes'][number];
  const process = (role: Usage['role'], pssBytes: number | null, inCgroup = true): Usage => ({
    pid: 1,
    ppid: 0,
    comm: role,
    role,
    inCgroup,
    cpuNs: null,
    pssBytes,
    pssShmemBytes: null,
    pssAnonBytes: null,
  });
  const pssOf = (processes: readonly Usage[]) => {
    const { 'call.cost': _, ...pss } = valuesOf(trialRecord({ processes: [...processes] }));
    return pss;
  };

  test('of a role of another version is kept under the name that it has there', () => {
    expect(pssOf([process('netd', 40, false), process('workload', 2)])).toEqual({
      'pss.netd': 40,
      'pss.outside': 40,
      'pss.total': 42,
      'pss.workload': 2,
    });
  });

  test('is summed by role, in total without the daemons, and outside the cgroup', () => {
    expect(
      pssOf([
        process('sentry', 100),
        process('gofer', 20),
        process('gofer', 30),
        process('shim', 7, false),
        process('dockerd', 1000, false),
        process('containerd', 500, false),
      ]),
    ).toEqual({
      'pss.containerd': 500,
      'pss.dockerd': 1000,
      'pss.gofer': 50,
      'pss.outside': 7,
      'pss.sentry': 100,
      'pss.shim': 7,
      'pss.total': 157,
    });
  });

  describe('that no process maps', () => {
    const shared = (inCgroup: boolean, pssShmemBytes: number | null): Usage => ({
      ...process(inCgroup ? 'sentry' : 'shim', 100, inCgroup),
      pssShmemBytes,
    });
    const footprint = (processes: readonly Usage[], shmemAtSnapshotBytes: number | null) => {
      const values = valuesOf(trialRecord({ processes: [...processes], shmemAtSnapshotBytes }));
      return [values['memory.unmapped_shmem'], values['memory.footprint'], values['pss.total']];
    };

    test('is what the cgroup is charged for beyond the PSS of its own processes', () => {
      // 1000 charged, 30 of it mapped in the cgroup; the shim's 7 are charged elsewhere.
      expect(footprint([shared(true, 30), shared(false, 7)], 1000)).toEqual([970, 1170, 200]);
    });

    test('is nothing where all is mapped, although a process ended between the two readings', () => {
      expect(footprint([shared(true, 1030)], 1000)).toEqual([0, 100, 100]);
    });

    test('is absent, and the footprint with it, where the charge or a part of PSS is not known', () => {
      expect(footprint([shared(true, 30)], null)).toEqual([undefined, undefined, 100]);
      expect(footprint([shared(true, null)], 1000)).toEqual([undefined, undefined, 100]);
    });
  });

  describe('with every page once', () => {
    const held = (usage: Usage, pssAnonBytes: number | null): Usage => ({
      ...usage,
      pssShmemBytes: 0,
      pssAnonBytes,
    });
    const own = [held(process('sentry', 100), 60), held(process('shim', 7, false), 5)];
    const resident = (changes: Partial<Parameters<typeof trialRecord>[0]>) => {
      const values = valuesOf(
        trialRecord({
          processes: own,
          shmemAtSnapshotBytes: 1000,
          mappedAtSnapshot: { bytes: 300, shareableBytes: 250 },
          ...changes,
        }),
      );
      return [values['memory.resident'], values['memory.private']];
    };

    test('is anonymous memory, what the processes map together, and shared memory that none maps', () => {
      expect(resident({})).toEqual([60 + 5 + 300 + 1000, 60 + 5 + 50 + 1000]);
    });

    test('is not moved by a daemon', () => {
      expect(resident({ processes: [...own, process('dockerd', 9, false)] })).toEqual([1365, 1115]);
    });

    test('is absent where a part is not known', () => {
      const nothing = [undefined, undefined];
      expect(resident({ mappedAtSnapshot: null })).toEqual(nothing);
      expect(resident({ shmemAtSnapshotBytes: null })).toEqual(nothing);
      expect(resident({ processes: [held(process('sentry', 100), null)] })).toEqual(nothing);
      expect(resident({ processes: [{ ...process('sentry', 100), pssShmemBytes: 0 }] })).toEqual(nothing);
    });
  });

  test('is absent rather than too small where one process could not be read', () => {
    expect(
      pssOf([process('workload', 100), process('shim', null, false), process('dockerd', null, false)]),
    ).toEqual({
      'pss.workload': 100,
    });
  });

  test('has a total although a daemon could not be read', () => {
    expect(pssOf([process('workload', 100), process('dockerd', null, false)])).toEqual({
      'pss.outside': 0,
      'pss.total': 100,
      'pss.workload': 100,
    });
  });

  test('has no total of nothing', () => {
    expect(pssOf([])).toEqual({});
    expect(pssOf([process('dockerd', 9, false)])).toEqual({ 'pss.dockerd': 9 });
  });
});

test('the category of a workload that no longer exists comes from its subject or its id', () => {
  const trial = trialRecord({ cell: cell('runc', 'network/gone'), outcome: { status: 'interrupted' } });
  expect(deriveAll([trial], [])).toMatchObject([{ category: 'network' }]);
  expect(() => deriveAll([{ ...trial, cell: cell('runc', 'nonsense') }], [])).toThrow(
    /category of workload nonsense/,
  );
});
