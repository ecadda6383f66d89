import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { canRun, wholeLines } from '../e2e/support.ts';
import { hurried, type SystemDaemon, systemDaemon } from '../e2e/system-daemon.ts';

const limit = 600_000;

describe.skipIf(!canRun)('a user whose only right is to be in group docker', () => {
  let machine: SystemDaemon;
  let cwd: string;
  let result: Awaited<ReturnType<SystemDaemon['ocibench']>>;
  let run: RunRecord;
  let trials: readonly TrialRecord[];
  const user = (...args: string[]) => machine.ocibench(args, { as: 'user', cwd });

  beforeAll(async () => {
    machine = await systemDaemon({ images: ['base'] });
    cwd = await machine.place('user');
    const what = ['--preset', 'standard', '--workloads', 'startup/echo,memory/idle', '--runtimes', 'crun'];
    result = await user('run', ...what, '--blocks', '1..1');
    const directory = join(cwd, 'results', await readlink(join(cwd, 'results/latest')));
    run = JSON.parse(await readFile(join(directory, 'run.json'), 'utf8'));
    trials = (await wholeLines(join(directory, 'trials.jsonl'))).map((line) => JSON.parse(line));
  }, limit);
  afterAll(() => machine[Symbol.asyncDispose](), limit);

  test('what needs root is said before anything is measured', () => {
    const [before = ''] = result.stderr.split('Measuring');
    expect(before).toContain('not root');
    expect(before).toContain('memory.footprint');
    expect(before).toMatch(/removes them \((as root: {2}|sudo )?ocibench clean/);
  });

  test('a cold start is not tried, with the reason', () => {
    const cold = run.subjects.find(({ params }) => params === 'cache=cold');
    expect(cold?.unsupported.crun).toContain('root');
    expect(trials.filter(({ cell }) => cell.params.includes('cold'))).toEqual([]);
  });

  test('starts, CPU and peak memory are measured', () => {
    for (const { outcome, cgroup, cell } of trials) {
      expect(outcome, JSON.stringify(cell)).toEqual({ status: 'ok' });
      expect(cgroup?.figures['cpu.usage']).toHaveProperty('value');
      expect(cgroup?.figures['memory.peak']).toHaveProperty('value');
    }
  });

  test('a headline that needs root is not tried, and said before and after; asked for by its name, it is a failure', async () => {
    const reason = 'it measures the memory of root’s processes, which only root can read';
    const [before = ''] = result.stderr.split('Measuring');
    expect(before).toContain(`memory/idle is not measured: ${reason}`);
    expect(trials.filter(({ cell }) => cell.workload === 'memory/idle')).toEqual([]);
    expect(result.exitCode, result.stderr).toBe(1);
    expect(result.stdout.replace(/\s+/g, ' ')).toContain(reason);
    const report = await readFile(join(cwd, 'results/latest/report.md'), 'utf8');
    expect(report).toContain(reason);
    expect(report).not.toContain('Everything that was scheduled was measured');
  });

  test('the cgroups that only root can remove are named with the command that removes them', async () => {
    expect(result.stderr).toMatch(/left behind: \d+ empty cgroups? of this run.*(sudo )?ocibench clean/);
    const own = await user('clean');
    expect(own.stdout).not.toContain('nothing was left behind');
    expect(own.stderr).toContain(run.runId);
    expect(own.stderr).toMatch(/(sudo )?ocibench clean/);
    // Root's own does, although from a PID namespace, as here, it cannot see whether somebody measures.
    const roots = await machine.ocibench(['clean'], { cwd, env: hurried });
    expect(roots.stderr).toContain('cgroups of 1 run are empty');
    expect(roots.stdout).toContain(`removed cgroups of run ${run.runId}`);
    expect((await user('clean')).stdout).toContain('nothing was left behind');
  });
});
