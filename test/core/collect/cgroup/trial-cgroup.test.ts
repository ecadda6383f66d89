import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { removeCgroup } from '../../../../src/core/collect/cgroup/files.ts';
import { everyCgroupDir, joinCgroups, makeCgroups } from '../../../../src/core/collect/cgroup/make.ts';
import { removeRunCgroups } from '../../../../src/core/collect/cgroup/run.ts';
import { openTrialCgroup } from '../../../../src/core/collect/cgroup/trial.ts';
import { readStat } from '../../../../src/core/collect/process/read.ts';
import { cgroupMetrics } from '../../../../src/core/metrics/cgroup/index.ts';
import { cgroupTotalsSchema } from '../../../../src/core/model/trial/trial.ts';
import { plain } from '../fixture-files.ts';
import { fakeV1, fakeV2, put, realLayouts, testRun } from './fake-hierarchy.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});
function kept<T extends { root: string }>(fake: T): T {
  roots.push(fake.root);
  return fake;
}

describe('on plain directories', () => {
  test('at other layers it is a path whatever driver the run’s engine has, with the names that the layer gives', async () => {
    const { root, layout } = kept(fakeV1());
    const given = { layout, driver: 'systemd', runId: 'r', trialId: 't' } as const;
    const whole = openTrialCgroup({ ...given, accounting: { kind: 'engine', cgroups: ['ocibench/r/e'] } });
    expect(whole).toMatchObject({ parent: '/ocibench/r/t', path: 'ocibench/r/t', runtimePath: null });
    const names = { container: 'in', runtime: 'by' };
    const split = openTrialCgroup({ ...given, accounting: { kind: 'split', ...names } });
    expect(split).toMatchObject({
      parent: '/ocibench/r/t',
      path: 'ocibench/r/t/in',
      runtimePath: 'ocibench/r/t/by',
    });
    expect(await split.prepare()).toEqual([]);
    for (const name of ['in', 'by']) expect(existsSync(join(root, 'memory/ocibench/r/t', name))).toBe(true);
    expect(await split.remove()).toEqual([]);
    expect(existsSync(join(root, 'memory/ocibench/r/t'))).toBe(false);
  });

  test('v1: made in every hierarchy that counts, removed from all', async () => {
    const { root, layout } = kept(fakeV1());
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'run-1', trialId: 't-1' });
    expect(cgroup.parent).toBe('/ocibench/run-1/t-1');
    expect(await cgroup.prepare()).toEqual([]);
    for (const mount of ['cpu,cpuacct', 'memory', 'pids', 'blkio'])
      expect(existsSync(join(root, mount, cgroup.path))).toBe(true);
    expect(existsSync(join(root, 'systemd', cgroup.path))).toBe(false);
    makeCgroups({ ...layout, v1: { memory: join(root, 'systemd') } }, `${cgroup.path}/child`, false);
    expect(await cgroup.remove()).toEqual([]);
    for (const dir of everyCgroupDir(layout, cgroup.path)) expect(existsSync(dir)).toBe(false);
    expect(existsSync(join(root, 'memory', 'ocibench', 'run-1'))).toBe(true);
  });

  test('v1: a memory hierarchy that does not count children is made to count them', async () => {
    const { root, layout } = kept(fakeV1());
    const file = join(root, 'memory', 'ocibench', 'memory.use_hierarchy');
    put(file, '0\n');
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'run', trialId: 't' });
    expect(await cgroup.prepare()).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('1');
  });

  test('pids of the cgroup and of those below it, each once', () => {
    const { root, layout } = kept(fakeV1());
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'run', trialId: 't' });
    put(join(root, 'pids', cgroup.path, 'cgroup.procs'), '');
    put(join(root, 'pids', cgroup.path, 'a/cgroup.procs'), '11\n12\n0\n');
    put(join(root, 'pids', cgroup.path, 'a/b/cgroup.procs'), '12\n13\n');
    expect([...cgroup.pids()].toSorted()).toEqual([11, 12, 13]);
  });

  test('figures now: throttling of the container below counts, absent ones are left out', () => {
    const { root, layout } = kept(fakeV2());
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'run', trialId: 't' });
    put(
      join(root, cgroup.path, 'cpu.stat'),
      'usage_usec 7\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n',
    );
    expect(cgroup.readNow()).toEqual({ 'cpu.usage': 7000 });
    put(
      join(root, cgroup.path, 'c/cpu.stat'),
      'usage_usec 7\nnr_periods 3\nnr_throttled 2\nthrottled_usec 4\n',
    );
    expect(cgroup.readNow()).toEqual({
      'cpu.usage': 7000,
      'cpu.throttled': 4000,
      'cpu.throttled_periods': 2,
    });
  });

  test('nothing there: every figure absent with its reason', () => {
    const { layout } = kept(fakeV2());
    const totals = openTrialCgroup({ layout, driver: 'systemd', runId: 'run', trialId: 't' }).readTotals();
    expect(cgroupTotalsSchema.safeParse(totals).success).toBe(true);
    expect(Object.keys(totals.figures)).toHaveLength(cgroupMetrics.map(({ id }) => id).length);
    expect(totals.source).toBe('v2');
    for (const figure of Object.values(totals.figures)) expect(plain(figure)).toMatch(/no such file/);
  });

  test('a host without cgroups', async () => {
    const layout = { kind: 'unknown', unified: null, v1: {}, mounts: [], controllers: [] } as const;
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'run', trialId: 't' });
    expect(await cgroup.prepare()).toEqual([]);
    expect(cgroup.readTotals().source).toBe('none');
    expect(plain(cgroup.readTotals().figures['cpu.usage'])).toMatch(/no cgroup hierarchy/);
    expect(cgroup.readNow()).toEqual({});
    expect(cgroup.pids()).toEqual([]);
    expect(await cgroup.remove()).toEqual([]);
  });

  test('a hierarchy that cannot be written to is said, not thrown', async () => {
    const { root, layout } = kept(fakeV2());
    put(join(root, 'ocibench'), 'a file where a directory should be');
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'run', trialId: 't' });
    expect((await cgroup.prepare()).join()).toMatch(/mkdir .*(ENOTDIR|EEXIST)/);
  });

  test('v2: controllers are enabled for the cgroups below, as far as there are any', async () => {
    const { root, layout } = kept(fakeV2());
    put(join(root, 'cgroup.controllers'), 'cpuset cpu memory hugetlb\n');
    put(join(root, 'cgroup.subtree_control'), 'cpuset cpu\n');
    await openTrialCgroup({ layout, driver: 'cgroupfs', runId: 'run', trialId: 't' }).prepare();
    expect(existsSync(join(root, 'ocibench/run/t'))).toBe(true);
    // cpuset and cpu were on and hugetlb is not needed; a plain file keeps only what was written last.
    expect(readFileSync(join(root, 'cgroup.subtree_control'), 'utf8')).toBe('+memory');
  });
});

describe('under systemd', () => {
  /** Puts programs of these names first on PATH; each writes its arguments down, says `words` and ends with `status`. */
  function fakePrograms(names: readonly string[], status = 0, words = '') {
    const root = mkdtempSync(join(tmpdir(), 'fake-systemd-'));
    roots.push(root);
    const log = join(root, 'log');
    mkdirSync(join(root, 'bin'));
    for (const name of names)
      writeFileSync(
        join(root, 'bin', name),
        `#!/bin/sh\necho ${name} "$@" >>'${log}'\necho '${words}' >&2\nexit ${status}\n`,
        { mode: 0o755 },
      );
    vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env.PATH}`);
    return { calls: () => readFileSync(log, 'utf8').trim().split('\n') };
  }
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const slice = 'ocibench-run-t.slice';

  test('the slice is started before the container, transient, with I/O accounting, and stopped afterwards', async () => {
    const { calls } = fakePrograms(['busctl', 'systemctl']);
    const { layout } = kept(fakeV2());
    const cgroup = openTrialCgroup({ layout, driver: 'systemd', runId: 'run', trialId: 't' });
    expect(cgroup.parent).toBe(slice);
    expect(await cgroup.prepare()).toEqual([]);
    expect(await cgroup.remove()).toEqual([]);
    const [start, stop] = calls();
    expect(start).toContain(` StartTransientUnit ssa(sv)a(sa(sv)) ${slice} fail 4 `);
    for (const what of ['CPU', 'Memory', 'IO', 'Tasks']) expect(start).toContain(` ${what}Accounting b true`);
    expect(start?.endsWith(' 0')).toBe(true);
    expect(stop).toBe(`systemctl stop ${slice}`);
  });

  test('a slice that cannot be started is said, not thrown', async () => {
    fakePrograms(['busctl'], 1, 'Call failed: Access denied');
    const { layout } = kept(fakeV2());
    const cgroup = openTrialCgroup({ layout, driver: 'systemd', runId: 'run', trialId: 't' });
    expect((await cgroup.prepare()).join()).toMatch(/could not start ocibench-run-t\.slice: .*Access denied/);
  });
});

/** A shell that waits for a line, burns CPU, says so and waits for another line before it ends. */
function burner(): ChildProcess {
  const script = 'read go; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; read end';
  return spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
}

describe.each(realLayouts())('on real cgroups: %s', (kind, layout) => {
  test('a parent keeps the totals of a cgroup that is gone', async () => {
    const runId = testRun(kind === 'hybrid' || kind === 'v1' ? 'v1' : 'v2');
    const cgroup = openTrialCgroup({ layout, driver: 'cgroupfs', runId, trialId: 'burn' });
    const child = burner();
    try {
      expect(await cgroup.prepare()).toEqual([]);
      expect(plain(cgroup.readTotals().figures['cpu.usage'])).toBe(0);
      const pid = child.pid ?? 0;
      const container = `${cgroup.path}/container`;
      expect(makeCgroups(layout, container, false)).toEqual([]);
      expect(joinCgroups(layout, container, pid)).toEqual([]);
      expect(cgroup.pids()).toEqual([pid]);
      child.stdin?.write('go\n');
      await once(child.stdout ?? child, 'data');
      const burned = readStat('/proc', pid)?.cpuNs ?? 0;
      child.stdin?.end('end\n');
      await once(child, 'exit');
      for (const dir of everyCgroupDir(layout, container)) expect(await removeCgroup(dir)).toEqual([]);

      const totals = cgroup.readTotals();
      expect(cgroupTotalsSchema.parse(totals).path).toBe(cgroup.path);
      const usage = Number(plain(totals.figures['cpu.usage']));
      expect(burned).toBeGreaterThan(0);
      // /proc counts in steps of 10 ms and knows also what was used before the process joined.
      expect(usage).toBeGreaterThan(burned * 0.5);
      expect(usage).toBeLessThan(burned * 1.5 + 3e7);
      const split = ['cpu.user', 'cpu.system'].map((id) => Number(plain(totals.figures[id])));
      expect((split[0] ?? 0) + (split[1] ?? 0)).toBeCloseTo(usage, -4);
    } finally {
      child.kill('SIGKILL');
      expect(await removeRunCgroups(layout, runId)).toEqual([]);
    }
    expect(everyCgroupDir(layout, cgroup.path).filter((dir) => existsSync(dir))).toEqual([]);
  });
});
