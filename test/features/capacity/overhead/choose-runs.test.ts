import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../src/core/model/run.ts';
import {
  apartness,
  chooseRuns,
  type RunNeed,
} from '../../../../src/features/capacity/overhead/choose-runs.ts';
import { runRecord, runSubject, runtimeFacts } from '../../../support/records.ts';

const need = (id: string): RunNeed => ({
  id,
  has: ({ subjects }) => subjects.some(({ workload }) => workload === id),
});
const [size, start, calls] = [
  need('memory/sized'),
  need('startup/echo'),
  { ...need('syscall/trivial'), isOptional: true as const },
];
const needs = [size, start];

/** A finished run of one host that measured these workloads. */
function run(runId: string, workloads: readonly string[], changes: Partial<RunRecord> = {}): RunRecord {
  const base = runRecord({ runId, subjects: workloads.map((workload) => runSubject(workload)) });
  return { ...base, host: { ...base.host, id: '00000000000000aa' }, ...changes };
}
const all = ['memory/sized', 'startup/echo'];
const on = (kernel: string): Partial<RunRecord> => ({ host: { ...run('', []).host, kernel } });
const with26 = (version: string): Partial<RunRecord> => ({ engine: { ...run('', []).engine, version } });
const withRunc = (sha256: string): Partial<RunRecord> => ({
  runtimes: ['runc', 'crun'].map((name) => ({ ...runtimeFacts(name), sha256 })),
});

const ids = ({ of }: ReturnType<typeof chooseRuns>) =>
  Object.fromEntries([...of].map(([id, { runId }]) => [id, runId]));
const keys = (unmet: ReturnType<typeof chooseRuns>['unmet']) =>
  unmet.map((each) => [each.need, each.apart?.run.runId, each.apart?.differences.map(({ key }) => key)]);

describe('of the runs of a host are taken', () => {
  test('the one that has everything', () => {
    const found = chooseRuns([run('b', all), run('a', all)], needs);
    expect(ids(found)).toEqual({ 'memory/sized': 'b', 'startup/echo': 'b' });
    expect(found.unmet).toEqual([]);
    expect(found.since).toEqual([]);
  });

  test('two that have it together, the newest of each', () => {
    const runs = [
      run('d', ['app/jq']),
      run('c', ['startup/echo']),
      run('b', ['memory/sized']),
      run('a', ['memory/sized']),
    ] as const;
    expect(ids(chooseRuns(runs, needs))).toEqual({ 'memory/sized': 'b', 'startup/echo': 'c' });
  });

  test('one that has everything, rather than a newer one that has a part', () => {
    const found = chooseRuns([run('b', ['startup/echo']), run('a', all)], needs);
    expect(ids(found)).toEqual({ 'memory/sized': 'a', 'startup/echo': 'a' });
  });

  test('one of enough blocks, rather than a newer one of a single block', () => {
    const { config } = run('', []);
    const blocks = (maxBlocks: number) => ({ config: { ...config, maxBlocks } });
    const found = chooseRuns([run('b', all, blocks(1)), run('a', all, blocks(12))], needs);
    expect(found.base.runId).toBe('a');
    expect(chooseRuns([run('b', all, blocks(1)), run('a', all, blocks(1))], needs).base.runId).toBe('b');
  });

  test('what is extra from a run that agrees, with no say in which the others are', () => {
    const extra: RunNeed = { ...need('density/idle'), isExtra: true };
    const wanted = [...needs, extra];
    const older = run('a', [...all, 'density/idle'], on('6.1'));
    const found = chooseRuns([run('b', all), older], wanted);
    expect(ids(found)).toEqual({ 'memory/sized': 'b', 'startup/echo': 'b' });
    expect(found.unmet).toEqual([]);
    expect(keys(found.leftOut)).toEqual([['density/idle', 'a', ['host.kernel']]]);
    const beside = chooseRuns([run('c', ['density/idle']), run('b', all), older], wanted);
    expect(ids(beside)).toMatchObject({ 'memory/sized': 'b', 'density/idle': 'c' });
    expect(beside.leftOut).toEqual([]);
    // Alone, it is not what a command can begin with.
    expect(chooseRuns([run('c', ['density/idle'])], wanted).unmet).toHaveLength(2);
  });

  test('what is extra from an older run where a newer one of one block, or cut short, may say nothing', () => {
    const wanted: readonly RunNeed[] = [...needs, { ...need('density/idle'), isExtra: true }];
    const { config } = run('', []);
    const older = run('a', ['density/idle']);
    for (const poor of [{ config: { ...config, maxBlocks: 1 } }, { stopReason: 'max-time' }]) {
      const newer = run('c', ['density/idle'], poor);
      expect(ids(chooseRuns([newer, run('b', all), older], wanted))).toMatchObject({ 'density/idle': 'a' });
      expect(ids(chooseRuns([newer, run('b', all)], wanted))).toMatchObject({ 'density/idle': 'c' });
    }
  });

  test('what is no extra decides whether any run has the runtimes that are asked for', () => {
    const extra: RunNeed = { ...need('density/idle'), isExtra: true };
    const beside = run('b', ['density/idle'], {
      runtimes: ['runc', 'kata'].map((name) => runtimeFacts(name)),
    });
    const found = chooseRuns([beside, run('a', all)], [...needs, extra], null, ['runc', 'kata']);
    expect(ids(found)).toEqual({ 'memory/sized': 'a', 'startup/echo': 'a' });
    expect(found.unmet).toEqual([]);
  });

  test('what is optional from another run, and left out where no run has it', () => {
    const runs = [run('b', all), run('a', ['syscall/trivial'])] as const;
    expect(ids(chooseRuns(runs, [...needs, calls]))).toMatchObject({ 'syscall/trivial': 'a' });
    const found = chooseRuns([run('b', all)], [...needs, calls]);
    expect(found.unmet).toEqual([]);
    expect(found.of.has('syscall/trivial')).toBe(false);
  });

  test('the run that was named, whatever is newer', () => {
    const [newer, named, other] = [
      run('c', all),
      run('b', ['memory/sized']),
      run('a', ['startup/echo']),
    ] as const;
    expect(ids(chooseRuns([named, newer, other], needs, named))).toEqual({
      'memory/sized': 'b',
      'startup/echo': 'c',
    });
  });
});

describe('what an ordinary year does to them', () => {
  test('a kernel update between two runs keeps them apart, and is named', () => {
    const found = chooseRuns(
      [run('b', ['startup/echo'], on('6.12.1')), run('a', ['memory/sized'], on('6.12.0'))],
      needs,
    );
    expect(keys(found.unmet)).toEqual([['memory/sized', 'a', ['host.kernel']]]);
    expect(found.unmet[0]?.apart?.differences).toEqual([{ key: 'host.kernel', was: '6.12.0', is: '6.12.1' }]);
  });

  test('after an update of kernel and engine the whole recording of before is used, and both are said', () => {
    const newest = run('b', ['startup/echo'], { ...on('6.12.1'), ...with26('27.0') });
    const found = chooseRuns([newest, run('a', all)], needs);
    expect(ids(found)).toEqual({ 'memory/sized': 'a', 'startup/echo': 'a' });
    expect(found.since.map(({ key }) => key)).toEqual(['host.kernel', 'engine.version']);
  });

  test('after an update of a runtime the recording of before is used, and the update is said', () => {
    const [newest, older] = [
      run('b', ['startup/echo'], withRunc('new')),
      run('a', all, withRunc('old')),
    ] as const;
    const found = chooseRuns([newest, older], needs);
    expect(found.base.runId).toBe('a');
    expect(found.since.map(({ key }) => key)).toEqual(['runtimes.runc.sha256', 'runtimes.crun.sha256']);
  });

  test('another kind of engine in a later run is no change of the host', () => {
    const { engine } = run('', []);
    const newest = run('b', ['startup/echo'], { engine: { ...engine, kind: 'podman', version: '5' } });
    expect(chooseRuns([newest, run('a', all)], needs).since).toEqual([]);
  });

  test('an engine update between two runs keeps them apart', () => {
    const found = chooseRuns(
      [run('b', ['startup/echo'], with26('27.0')), run('a', ['memory/sized'], with26('26.1'))],
      needs,
    );
    expect(keys(found.unmet)).toEqual([['memory/sized', 'a', ['engine.version']]]);
  });

  test('so does another program of a runtime', () => {
    const found = chooseRuns(
      [run('b', ['startup/echo'], withRunc('new')), run('a', ['memory/sized'], withRunc('old'))],
      needs,
    );
    expect(keys(found.unmet)).toEqual([
      ['memory/sized', 'a', ['runtimes.runc.sha256', 'runtimes.crun.sha256']],
    ]);
  });

  test('a run without one of the runtimes cannot give its part', () => {
    const alone = { runtimes: [runtimeFacts('runc')] };
    const found = chooseRuns([run('b', ['memory/sized']), run('a', ['startup/echo'], alone)], needs);
    expect(found.unmet.map((each) => each.apart?.differences)).toEqual([
      [
        { key: 'runtimes.crun', was: 'absent', is: 'available' },
        { key: 'runtimes.runsc', was: 'absent', is: 'available' },
      ],
    ]);
    expect(
      chooseRuns([run('b', ['memory/sized']), run('a', ['startup/echo'], alone)], needs, null, ['runc'])
        .unmet,
    ).toEqual([]);
  });

  test('a third run must agree with the second, too', () => {
    const found = chooseRuns(
      [
        run('c', ['memory/sized']),
        run('b', ['startup/echo'], { runtimes: [...run('', []).runtimes, runtimeFacts('youki')] }),
        run('a', ['cpu/at-rest'], {
          runtimes: [...run('', []).runtimes, { ...runtimeFacts('youki'), sha256: 'another' }],
        }),
      ],
      [...needs, need('cpu/at-rest')],
      null,
      ['runc'],
    );
    expect(found.unmet.map((each) => each.need)).toEqual(['cpu/at-rest']);
  });

  test('a clone of a machine is another host', () => {
    const { host } = run('', []);
    const clone = run('b', all, { host: { ...host, id: '00000000000000bb' } });
    expect(apartness(run('a', all), clone).map(({ key }) => key)).toEqual(['host.id']);
  });

  test.each([
    ['memoryBytes', 1, '1'],
    ['hypervisor', 'xen', 'xen'],
    ['thpShmem', 'always', 'always'],
  ] as const)('a clone with the same id and another %s is another host', (key, value, is) => {
    const { host } = run('', []);
    const clone = run('b', all, { host: { ...host, [key]: value } });
    expect(apartness(run('a', all), clone)).toMatchObject([{ key: `host.${key}`, is }]);
  });

  test('some pages more or less of memory, as from boot to boot, are the same host', () => {
    const { host } = run('', []);
    const booted = run('b', all, { host: { ...host, memoryBytes: host.memoryBytes - 4096 } });
    expect(apartness(run('a', all), booted)).toEqual([]);
  });

  test('without an id, hosts are told apart by their names', () => {
    const { id: _, ...host } = run('', []).host;
    const [a, b] = ['a', 'b'].map((hostname) => run(hostname, all, { host: { ...host, hostname } }));
    if (a === undefined || b === undefined) throw new Error('two runs');
    expect(apartness(a, b).map(({ key }) => key)).toEqual(['host.hostname']);
    expect(apartness(a, { ...b, host: a.host })).toEqual([]);
  });

  test('new images and containers of others change nothing', () => {
    const image = { recipe: 'base', recipeHash: 'h', reference: 'r', bytes: 1 };
    const withImage = (contentHash: string) => ({ images: [{ ...image, contentHash }] });
    expect(apartness(run('a', all, withImage('1')), run('b', all, withImage('2')))).toEqual([]);
  });
});
