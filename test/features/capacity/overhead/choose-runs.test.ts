import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import {
  apartness,
  chooseBeside,
  chooseRun,
  type RunNeed,
} from '../../../../src/features/capacity/overhead/choose-runs.ts';
import { runRecord, runSubject, runtimeFacts } from '../../../support/records.ts';

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
const blocks = (maxBlocks: number) => ({ config: { ...run('', []).config, maxBlocks } });

describe('of the runs that have everything is taken', () => {
  test('the newest', () => {
    expect(chooseRun([run('b', all), run('a', all)])?.runId).toBe('b');
    expect(chooseRun([])).toBeNull();
  });

  test('one of enough blocks, rather than a newer one of a single block', () => {
    expect(chooseRun([run('b', all, blocks(1)), run('a', all, blocks(12))])?.runId).toBe('a');
    expect(chooseRun([run('b', all, blocks(1)), run('a', all, blocks(1))])?.runId).toBe('b');
  });

  test('one with the runtimes that are asked for, as far as any could run them', () => {
    const alone = run('b', all, { runtimes: [runtimeFacts('runc')] });
    const both = run('a', all, { runtimes: ['runc', 'runsc'].map((name) => runtimeFacts(name)) });
    expect(chooseRun([alone, both], ['runc', 'runsc'])?.runId).toBe('a');
    expect(chooseRun([alone, both], ['runc', 'youki'])?.runId).toBe('b');
    expect(chooseRun([alone, both])?.runId).toBe('b');
  });
});

describe('what a command takes beside it comes', () => {
  const need: RunNeed = {
    id: 'crowd',
    has: ({ subjects }) => subjects.some(({ workload }) => workload === 'density/idle'),
  };
  const base = run('b', all);
  const crowd = (runId: string, changes: Partial<RunRecord> = {}) => run(runId, ['density/idle'], changes);
  const chosen = (others: readonly RunRecord[], of: RunNeed = need, from = base) => {
    const found = chooseBeside(from, others, of);
    return found !== null && 'run' in found ? found.run.runId : found;
  };

  test('from the run itself, or from the newest other one that agrees with it', () => {
    expect(chosen([crowd('c')], need, run('b', [...all, 'density/idle']))).toBe('b');
    expect(chosen([crowd('d'), crowd('a')])).toBe('d');
    expect(chosen([run('c', all)])).toBeNull();
  });

  test('from an older run where a newer one of one block, or cut short, may say nothing', () => {
    const whole: RunNeed = { ...need, prefersWhole: true };
    for (const poor of [blocks(1), { stopReason: 'max-time' as const }]) {
      expect(chosen([crowd('c', poor), crowd('a')], whole)).toBe('a');
      expect(chosen([crowd('c', poor)], whole)).toBe('c');
    }
  });

  test.each([
    ['another kernel', on('6.1'), ['host.kernel']],
    ['another engine', with26('27.0'), ['engine.version']],
  ] as const)('from no run with %s, and each difference is named', (_, changes, keys) => {
    const found = chooseBeside(base, [crowd('a', changes)], need);
    if (found === null || !('apart' in found)) throw new Error('it was taken');
    expect(found.apart.runId).toBe('a');
    expect(found.differences.map(({ key }) => key)).toEqual(keys);
  });

  test('nor from one with another program of a runtime', () => {
    const found = chooseBeside(run('b', all, withRunc('new')), [crowd('a', withRunc('old'))], need);
    expect(found).toMatchObject({
      differences: [{ key: 'runtimes.runc.sha256' }, { key: 'runtimes.crun.sha256' }],
    });
  });
});

describe('two runs are of one host', () => {
  test('but not those of a clone of a machine', () => {
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
