import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { canRun, hostState } from './support.ts';
import { systemDaemon } from './system-daemon.ts';
import { tracesOf } from './traces.ts';

const limit = 600_000;

test.skipIf(!canRun)(
  'a machine with a production daemon and foreign containers is measured by root and by a user in group docker; nothing of it is seen outside',
  async () => {
    const before = await hostState();
    let directory = '';
    let cgroup = '';
    {
      await using machine = await systemDaemon();
      ({ directory, cgroup } = machine);
      const foreign = await machine.foreign.start('idle', 2);
      const small = ['--runtimes', 'runc,crun', '--workloads', 'startup/echo', '--blocks', '1..1'];
      for (const as of ['root', 'user'] as const) {
        const cwd = await machine.place(as);
        const who = await machine.run(['id', '-Gn'], { as, cwd });
        expect(who.stdout.includes('docker')).toBe(as === 'user');
        const result = await machine.ocibench(['run', '--set', 'report=false', ...small], { as, cwd });
        expect(result.exitCode, result.stderr).toBe(0);
        expect(result.stderr).toContain('at unix:///var/run/docker.sock');
      }
      await machine.restart();
      expect([...(await machine.foreign.running())].toSorted()).toEqual([...foreign].toSorted());
      const { SecurityOptions } = (await machine.docker.info()) as { SecurityOptions: string[] };
      expect(SecurityOptions.join()).toContain('no-new-privileges');
    }
    expect(existsSync(directory)).toBe(false);
    expect(await tracesOf(cgroup, 1_000)).toEqual([]);
    expect(await readFile('/proc/mounts', 'utf8')).not.toContain(directory);
    expect(await hostState()).toEqual(before);
  },
  limit,
);
