import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GetMachine, MachineRun } from './machine.ts';
import { readOutcome } from './machine.ts';

/** What one run of root and one of a user tell. */
export function runCases(get: GetMachine): void {
  describe('measured by root', () => {
    let cwd: string;
    let result: MachineRun;
    beforeAll(async () => {
      const { machine } = get();
      cwd = await machine.place();
      const what = ['--preset', 'standard', '--workloads', 'startup/echo', '--runtimes', 'runc,crun,runsc'];
      result = await machine.ocibench(['run', '--set', 'report=false', ...what, '--blocks', '1..1'], { cwd });
    }, 600_000);

    test('the daemon is found', async () => {
      const who = await get().machine.run(['id', '-Gn'], { cwd });
      expect(who.stdout).not.toContain('docker');
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stderr).toContain('at unix:///var/run/docker.sock');
    });

    test('who drops the page cache beside foreign containers says so before', () => {
      const [before = ''] = result.stderr.split('Measuring');
      expect(before).toMatch(/drops the page cache of the whole host/);
    });

    test('a start with a network is not compared under a runtime that is registered without one', async () => {
      const { run } = await readOutcome(cwd);
      const bridge = run.subjects.find(({ params }) => params === 'network=bridge');
      expect(bridge?.unsupported).toEqual({ runsc: expect.stringContaining('--network=none') });
    });

    test('the end of a run says which images stay', () => {
      expect(result.stderr).toMatch(/kept for the next run: \d+ images? .*ocibench clean --images/);
    });
  });

  describe('measured by a user in group docker', () => {
    const as = 'user';

    test('what the preset has nothing of is refused alone', async () => {
      const { machine } = get();
      const cwd = await machine.place(as);
      const alone = await machine.ocibench(['run', '--workloads', 'network'], { as, cwd });
      expect(alone.exitCode).toBe(2);
      expect(alone.stderr).toContain('--preset standard');
      expect(await readdir(cwd)).toEqual([]);
    });

    test('the daemon is found; beside others, what the preset has nothing of is named before the run and in the report', async () => {
      const { machine } = get();
      const cwd = await machine.place(as);
      const who = await machine.run(['id', '-Gn'], { as, cwd });
      expect(who.stdout).toContain('docker');
      const what = ['--workloads', 'startup/echo,network', '--runtimes', 'runc,crun', '--blocks', '1..1'];
      const result = await machine.ocibench(['run', ...what], { as, cwd });
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stderr).toContain('at unix:///var/run/docker.sock');
      expect(result.stderr).toContain('--workloads network has nothing in the preset quick');
      const report = await readFile(join(cwd, 'results/latest/report.md'), 'utf8');
      expect(report).toContain('not in the preset quick: network');
      expect(report).not.toContain('Everything that was scheduled was measured');
    });
  });
}
