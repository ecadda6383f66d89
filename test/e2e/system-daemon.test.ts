import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findSameNamespaces, findShared } from './engine-apart.ts';
import { findOurs } from './ours.ts';
import { canRun } from './support.ts';
import { diagnosisCases } from './system-daemon/diagnosis.ts';
import { networkCases } from './system-daemon/network.ts';
import { resumeCases } from './system-daemon/resume.ts';
import { runCases } from './system-daemon/runs.ts';
import { type SystemDaemon, systemDaemon } from './system-daemon.ts';
import { untilNone } from './until-none.ts';

/** One machine for all: its daemon has the options that guides recommend for production, and runs containers of others. */
describe.skipIf(!canRun)(
  'a machine with a production daemon and foreign containers',
  { timeout: 600_000 },
  () => {
    let machine: SystemDaemon;
    let foreign: readonly string[];
    const get = () => ({ machine, foreign });

    beforeAll(async () => {
      machine = await systemDaemon({ images: ['base', 'servers'], dockerDiskBytes: 2 * 2 ** 30 });
      foreign = await machine.foreign.start('idle', 2);
    }, 600_000);
    afterAll(() => machine[Symbol.asyncDispose](), 600_000);

    test('nothing that is mounted or connected in it can be seen outside', async () => {
      expect(await findSameNamespaces(machine.init, ['mnt', 'net', 'pid', 'cgroup'])).toEqual([]);
      expect(await findShared(machine.init, machine.directory, [])).toEqual([]);
    });

    runCases(get);
    resumeCases(get);
    networkCases(get);
    diagnosisCases(get);

    test('nothing of it is seen outside', async () => {
      const { directory, cgroup } = machine;
      // Of all that its users measured.
      const runs = (await readdir(join(directory, 'places'), { recursive: true }))
        .filter((path) => /\/results\/\d[^/]*$/.test(path))
        .map((path) => path.slice(path.lastIndexOf('/') + 1));
      expect(runs.length).toBeGreaterThan(2);
      await machine[Symbol.asyncDispose]();
      expect(existsSync(directory)).toBe(false);
      expect(await readFile('/proc/mounts', 'utf8')).not.toContain(directory);
      const names = [directory, cgroup, ...foreign];
      expect(await untilNone(30_000, () => findOurs({ names, runs }))).toEqual([]);
    });
  },
);
