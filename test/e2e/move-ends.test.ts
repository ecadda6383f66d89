import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerInfo } from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveSchema } from '../../src/features/move/record.ts';
import { listVerdicts, type MovePlace, openMovePlace, soon } from './move-place.ts';
import { shopLoad, shopServices, writeStack } from './shop-stack.ts';
import { canRun } from './support.ts';

/** Waits until no Compose of this project runs. */
async function composeEnds(project: string): Promise<void> {
  const runs = async (pid: string) => {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return words.includes(`\0--project-name\0${project}\0`);
  };
  for (;;) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    if (!(await Promise.all(pids.map(runs))).includes(true)) return;
    await sleep(200);
  }
}

describe.skipIf(!canRun)('a move that ends early', { timeout: 600_000 }, () => {
  let place: MovePlace;
  const { web, cache } = shopServices;
  beforeAll(async () => {
    place = await openMovePlace(['servers']);
  }, 300_000);
  afterAll(() => place[Symbol.asyncDispose]());

  test('a load that cannot be used takes nothing from the verdicts, and is told with what to change', async () => {
    const before = await place.all();
    const refused = { ...shopLoad, command: ['wrk', '-d1s', 'http://web:80/absent'] };
    const file = await writeStack(place.path, { web: { ...web, depends_on: {} }, refused });
    const { exitCode, stderr, stdout } = await place.move(file, '--load', 'refused', '--json', ...soon);
    expect(exitCode, stderr).toBe(1);
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(listVerdicts(found)).toEqual(['web moves']);
    expect(found.noCost).toMatchObject({
      why: expect.stringMatching(/^under runc: requests failed: Non-2xx or 3xx responses: [1-9]/),
      fix: expect.stringContaining('curl -i'),
    });
    const unknown = await place.move(file, '--load', 'nobody', '--stay', 'web,nothing');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('--load: nobody: is neither a service of ');
    expect(unknown.stderr).toContain('--stay: nothing: is not a service of ');
    expect(await place.all()).toEqual(before);
  });

  describe('beside the same stack that runs', () => {
    let file: string;
    beforeAll(async () => {
      const load = { ...shopLoad, command: ['wrk', '-d20s', 'http://web:80/worker.py'] };
      file = await writeStack(place.path, {
        cache,
        web: { ...web, depends_on: { cache: web.depends_on.cache } },
        load,
      });
      await place.compose(file, 'up', '--detach', '--wait');
    }, 300_000);
    afterAll(() => place.compose(file, 'down', '--volumes', '--timeout', '1'), 300_000);

    test.each([
      ['SIGINT', 'cache'],
      ['SIGKILL', 'cache'],
      ['SIGINT', 'load'],
      ['SIGKILL', 'load'],
    ] as const)('%s while %s runs leaves nothing of ours, and all of theirs', async (signal, service) => {
      const before = await place.all();
      const running = place.startMove(file, '--load', 'load', ...soon);
      const isOurs = ({ Names }: ContainerInfo) =>
        Names.some((name) => name.startsWith('/ocibench-') && name.includes(service));
      const findOurs = async () => (await place.docker.listContainers()).find(isOurs);
      let ours = await findOurs();
      while (ours === undefined) {
        await sleep(100);
        ours = await findOurs();
      }
      // As Ctrl-C at a terminal does: to the whole group.
      process.kill(-(running.pid ?? 0), signal);
      const { exitCode } = await running;
      if (signal === 'SIGINT') expect(exitCode).toBe(130);
      else {
        // Compose was not of the group, goes on to make what it was asked for, and ends by itself.
        await composeEnds(ours.Labels['com.docker.compose.project'] ?? '');
        const cleaned = await place.ocibench('clean');
        expect(cleaned.exitCode, cleaned.stderr).toBe(0);
      }
      expect(await place.all()).toEqual(before);
    });
  });
});
