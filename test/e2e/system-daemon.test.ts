import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findSameNamespaces, findShared } from './engine-apart.ts';
import { findOurs } from './ours.ts';
import { canRun } from './support.ts';
import { systemDaemon } from './system-daemon.ts';
import { untilNone } from './until-none.ts';

const limit = 600_000;

test.skipIf(!canRun)(
  'a machine with a production daemon and foreign containers is measured by root and by a user in group docker; nothing of it is seen outside',
  async () => {
    const names: string[] = [];
    let directory = '';
    {
      await using machine = await systemDaemon();
      ({ directory } = machine);
      const foreign = await machine.foreign.start('idle', 2);
      names.push(directory, machine.cgroup, ...foreign);
      // Nothing that is mounted or connected in it can be seen outside.
      expect(await findSameNamespaces(machine.init, ['mnt', 'net', 'pid', 'cgroup'])).toEqual([]);
      expect(await findShared(machine.init, directory, [])).toEqual([]);
      const small = ['--runtimes', 'runc,crun', '--workloads', 'startup/echo', '--blocks', '1..1'];
      for (const as of ['root', 'user'] as const) {
        const cwd = await machine.place(as);
        const who = await machine.run(['id', '-Gn'], { as, cwd });
        expect(who.stdout.includes('docker')).toBe(as === 'user');
        const result = await machine.ocibench(['run', '--set', 'report=false', ...small], { as, cwd });
        expect(result.exitCode, result.stderr).toBe(0);
        expect(result.stderr).toContain('at unix:///var/run/docker.sock');
        names.push(...(await readdir(join(cwd, 'results'))).filter((name) => /^\d/.test(name)));
      }
      await machine.restart();
      expect([...(await machine.foreign.running())].toSorted()).toEqual([...foreign].toSorted());
      const { SecurityOptions } = (await machine.docker.info()) as { SecurityOptions: string[] };
      expect(SecurityOptions.join()).toContain('no-new-privileges');
    }
    expect(existsSync(directory)).toBe(false);
    expect(names).toHaveLength(2 + 2 + 2);
    expect(await untilNone(1_000, () => findOurs({ names }))).toEqual([]);
  },
  limit,
);
