import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import type { LeftoverSearch } from '../../../src/app/leftovers/found-leftovers.ts';
import { removeUnusedCgroups } from '../../../src/app/leftovers/leftover-cgroups.ts';
import { cgroupTree } from '../../../src/core/collect/cgroup/files.ts';
import type { CgroupLayout } from '../../../src/core/collect/cgroup/layout.ts';
import { everyCgroupDir, makeCgroups } from '../../../src/core/collect/cgroup/make.ts';
import { removeRunCgroups } from '../../../src/core/collect/cgroup/run.ts';
import { realLayouts, testRun } from '../../core/collect/cgroup/fake-hierarchy.ts';

const now = new Date();
const run = testRun('unused');
const other = testRun('unused-too');

describe.each(realLayouts())('cgroups of runs without a record: %s', (_, layout) => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    for (const runId of [run, other]) await removeRunCgroups(layout, runId);
  });

  const dirs = (path: string) => everyCgroupDir(layout, `ocibench/${path}`);
  const isThere = (path: string) => dirs(path).some((dir) => existsSync(dir));
  /** A cgroup, and its parents, that the kernel says are that old. */
  const make = (path: string, ageMs: number) => {
    makeCgroups(layout, `ocibench/${path}`, true);
    const at = new Date(now.valueOf() - ageMs);
    for (const dir of dirs(path.split('/')[0] ?? '').flatMap(cgroupTree)) utimesSync(dir, at, at);
  };
  const enter = async (path: string, command = ['sleep', '1000']) => {
    const join = dirs(path)
      .filter((dir) => existsSync(dir))
      .map((dir) => `echo $$ > ${dir}/cgroup.procs`);
    const child = spawn('sh', ['-c', `${join.join(' && ')} && echo in && exec "$@"`, 'sh', ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };
  const remove = (settle?: LeftoverSearch['settle'], isRecorded = false, ids = [run]) =>
    removeUnusedCgroups(
      layout,
      ids.map((runId) => ({ runId, isRecorded })),
      { now, settle },
    );
  const day = 24 * 3_600_000;
  const settled = async () => true;

  test('those older than any trial go at once, with the run’s own', async () => {
    make(`${run}/t1/container`, day);
    make(`${run}/t2`, day);
    const { removed, leftAlone } = await remove();
    expect(removed.map(({ text }) => text)).toEqual([`cgroups of run ${run}`]);
    expect(leftAlone).toEqual([]);
    expect(isThere(run)).toBe(false);
  });

  test('a younger one stays where nobody waits, and what is left of several runs is one line', async () => {
    make(`${run}/t1`, 3_600_000);
    make(`${other}/t1`, 0);
    const { removed, leftAlone } = await remove(undefined, false, [run, other]);
    expect(removed).toEqual([]);
    expect(leftAlone.map(({ text }) => text)).toEqual([
      `cgroups of 2 runs (${run}, ${other}), which may still be measured; once that is over:  ocibench clean`,
    ]);
    expect(isThere(`${run}/t1`) && isThere(`${other}/t1`)).toBe(true);
  });

  test('a younger one goes where it is still empty, and nothing ran in it, after a time that no trial leaves it so', async () => {
    make(`${run}/t1`, 0);
    const asked: number[][] = [];
    const { removed } = await remove(async (...words) => asked.push(words) > 0);
    expect(asked).toEqual([[1, 100_000]]);
    expect(removed).toHaveLength(1);
    expect(isThere(run)).toBe(false);
  });

  test('so does a run’s own that has nothing below it', async () => {
    make(run, 0);
    expect((await remove(settled)).removed).toHaveLength(1);
    expect(isThere(run)).toBe(false);
  });

  test('of a run that ends while it waits nothing is said', async () => {
    make(`${run}/t1`, 0);
    const found = await remove(async () => (await removeRunCgroups(layout, run)).length === 0);
    expect(found).toEqual({ removed: [], leftAlone: [] });
  });

  test('Ctrl-C while it waits leaves the younger ones alone', async () => {
    make(`${run}/t1`, 0);
    expect((await remove(async () => false)).leftAlone).toHaveLength(1);
    expect(isThere(`${run}/t1`)).toBe(true);
  });

  test('a trial whose container came and went meanwhile stays', async () => {
    make(`${run}/t1`, 0);
    const { leftAlone } = await remove(async () => {
      const child = await enter(`${run}/t1`, ['true']);
      if (child.exitCode === null) await once(child, 'exit');
      children.splice(0);
      return true;
    });
    expect(leftAlone).toHaveLength(1);
    expect(isThere(`${run}/t1`)).toBe(true);
  });

  test('of a living run the trials that are over go; the one that goes on, even paused, and the run’s own stay', async () => {
    make(`${run}/t1`, day);
    make(`${run}/t2/container`, day);
    const child = await enter(`${run}/t2/container`);
    child.kill('SIGSTOP');
    const { removed, leftAlone } = await remove(settled);
    expect(removed.map(({ text }) => text)).toEqual([`cgroups of 1 trial of run ${run}, over by now`]);
    expect(leftAlone).toHaveLength(1);
    expect([`${run}/t1`, `${run}/t2/container`, run].map(isThere)).toEqual([false, true, true]);
  });

  test('a trial that begins while it waits keeps the run’s own', async () => {
    make(`${run}/t1`, 0);
    await remove(async () => {
      makeCgroups(layout, `ocibench/${run}/t2`, true);
      return true;
    });
    expect([`${run}/t1`, `${run}/t2`].map(isThere)).toEqual([false, true]);
  });

  test('what an engine starts its containers in stays while the engine lives', async () => {
    for (const name of ['engine', 'other', 'podman']) make(`${run}/${name}`, day);
    await enter(`${run}/engine`);
    expect((await remove(settled)).removed).toEqual([]);
    expect(['engine', 'other', 'podman'].map((name) => isThere(`${run}/${name}`))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('of a run whose record names a process that cannot be seen, only trials go', async () => {
    for (const name of ['engine', 't1']) make(`${run}/${name}`, day);
    await remove(settled, true);
    expect(['engine', 't1'].map((name) => isThere(`${run}/${name}`))).toEqual([true, false]);
  });

  test('from a PID namespace that cannot see the processes, they count', async () => {
    make(`${run}/t1`, day);
    await enter(`${run}/t1`);
    const { stdout } = await inPidNamespace(layout, run);
    expect(JSON.parse(stdout)).toMatchObject([{ path: `ocibench/${run}/t1`, isPopulated: true }, {}]);
    await remove(settled);
    expect(isThere(`${run}/t1`)).toBe(true);
  });
});

/** What a process sees that is the first of a PID namespace. */
function inPidNamespace(layout: CgroupLayout, runId: string) {
  const source = join(resolve(import.meta.dirname, '../../../src'), 'core/collect/cgroup/run.ts');
  const script = `
import { lookAtRun } from ${JSON.stringify(source)};
process.stdout.write(JSON.stringify(lookAtRun(${JSON.stringify(layout)}, ${JSON.stringify(runId)})));
`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  return execa('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', ...node]);
}
