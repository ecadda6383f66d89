import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerInfo } from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costsOf } from '../../src/features/move/costs.ts';
import { moveSchema } from '../../src/features/move/record.ts';
import { listVerdicts, type MovePlace, openMovePlace } from './move-place.ts';
import { shopLoad, shopServices, writeStack } from './shop-stack.ts';
import { canRun } from './support.ts';

/** These services run, and their checks come twice a second. */
const soon = ['--set', 'move.upFor=1s', '--set', 'move.idleFor=1s'];

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

describe.skipIf(!canRun)('a stack of somebody else with a load', { timeout: 600_000 }, () => {
  let place: MovePlace;
  const { web, cache } = shopServices;
  const shop = { cache, web: { ...web, depends_on: { cache: web.depends_on.cache } } };
  beforeAll(async () => {
    place = await openMovePlace(['servers']);
  }, 300_000);
  afterAll(() => place[Symbol.asyncDispose]());

  test('what two services cost under gVisor while a third asks them, and what plan makes of it', async () => {
    const { container_name: _, ...copied } = shop.web;
    const file = await writeStack(place.path, {
      ...{ cache, load: shopLoad },
      web: { ...copied, deploy: { replicas: 3 } },
    });
    const before = await place.all();
    // Six blocks at least, or nothing is decided; the time only ends what hangs.
    const { exitCode, stdout, stderr } = await place.move(
      ...[file, '--load', 'load', '--json', '--max-time', '14m', ...soon, '--set', 'move.blocks=6'],
    );
    expect(exitCode, stderr).toBe(0);
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(listVerdicts(found)).toEqual(['cache moves', 'web moves']);
    const { cost } = found;
    if (cost === undefined) throw new Error(stderr);
    expect(cost.measured.filter(({ failure }) => failure !== null)).toEqual([]);
    const [target] = costsOf(cost, 'runc');
    expect(target?.pairs).toBeGreaterThanOrEqual(6);
    const row = (service: string | null, metric: string) =>
      target?.rows.find((each) => each.service === service && each.metric === metric);
    // With small requests gVisor of 2024 takes several times the CPU time on systrap.
    expect(row('web', 'cpus')).toMatchObject({ verdict: 'more' });
    expect(row('web', 'cpus')?.ratio?.low ?? 0).toBeGreaterThan(2);
    expect(row(null, 'memory')).toMatchObject({ verdict: 'more' });
    expect(row(null, 'rate')).toMatchObject({ verdict: 'slower' });
    for (const { loadNs, load } of cost.measured)
      expect([loadNs ?? 0, load?.requests ?? 0].every((value) => value > 0)).toBe(true);
    const directory = join(place.path, 'results', found.moveId);
    const written = (name: string) => readFile(join(directory, name), 'utf8');
    expect(await written('move.html')).toContain('<svg');
    expect(await written('runtimeclass.runsc.yaml')).toMatch(/podFixed:\n {4}memory: "\d+Mi"/);
    // plan wants what sandboxes cost, and nothing else, of what move wrote.
    const plan = await place.ocibench('capacity', 'plan', join(directory, 'services.yaml'));
    expect(plan.exitCode).toBe(2);
    expect(plan.stderr).not.toContain('services.yaml:');
    expect(await place.all()).toEqual(before);
  }, 900_000);

  test('a load that cannot be used is said before any other runtime is tried', async () => {
    const before = await place.all();
    const refused = { ...shopLoad, command: ['wrk', '-d1s', 'http://web:80/absent'] };
    const file = await writeStack(place.path, { web: { ...web, depends_on: {} }, refused });
    const { exitCode, stderr } = await place.move(file, '--load', 'refused', ...soon);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('services.refused: under runc: requests failed: Non-2xx'),
    ]);
    expect(stderr).not.toContain('web under runsc');
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
      file = await writeStack(place.path, { ...shop, load });
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
