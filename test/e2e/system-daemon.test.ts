import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canRun, hostState } from './support.ts';
import { diagnosisCases } from './system-daemon/diagnosis.ts';
import { networkCases } from './system-daemon/network.ts';
import { resumeCases } from './system-daemon/resume.ts';
import { runCases } from './system-daemon/runs.ts';
import { type SystemDaemon, systemDaemon } from './system-daemon.ts';
import { tracesOf } from './traces.ts';

/** One machine for all: its daemon has the options that guides recommend for production, and runs containers of others. */
describe.skipIf(!canRun)(
  'a machine with a production daemon and foreign containers',
  { timeout: 600_000 },
  () => {
    let before: Awaited<ReturnType<typeof hostState>>;
    let machine: SystemDaemon;
    let foreign: readonly string[];
    const get = () => ({ machine, foreign });

    beforeAll(async () => {
      before = await hostState();
      machine = await systemDaemon({ images: ['base', 'servers'], dockerDiskBytes: 2 * 2 ** 30 });
      foreign = await machine.foreign.start('idle', 2);
    }, 600_000);
    afterAll(() => machine[Symbol.asyncDispose](), 600_000);

    runCases(get);
    resumeCases(get);
    networkCases(get);
    diagnosisCases(get);

    test('nothing of it is seen outside', async () => {
      const { directory, cgroup } = machine;
      await machine[Symbol.asyncDispose]();
      expect(existsSync(directory)).toBe(false);
      expect(await tracesOf(cgroup, 30_000)).toEqual([]);
      expect(await readFile('/proc/mounts', 'utf8')).not.toContain(directory);
      expect(await hostState()).toEqual(before);
    });
  },
);
