import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Forecast } from '../../../src/app/measure/forecast.ts';
import { ScriptedWorld } from '../../support/scripted-world.ts';

const asked = (world: ScriptedWorld, ...more: readonly string[]) =>
  world.command([
    'run',
    '--dry-run',
    '--engine',
    'embedded',
    '--workloads',
    'startup/echo',
    '--set',
    `daemonJson=${world.path}/daemon.json`,
    '--set',
    'seed=3',
    ...more,
  ]);

test('a dry run starts, locks and writes nothing', async () => {
  await using world = await ScriptedWorld.open();
  world.host = { ...world.host, lock: () => Promise.reject(new Error('the host is locked')) };
  const before = await readdir(world.path, { recursive: true });
  const { exitCode, stdout, stderr } = await asked(world);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('1 test under runc and crun: 3 containers per block, 6–200 blocks');
  expect(stdout).toMatch(/startup\/echo +runc, runc#2, crun +\?\n/);
  expect(stdout).toContain('no earlier run here covers');
  expect(world.sessions).toEqual([]);
  expect(await readdir(world.path, { recursive: true })).toEqual(before);
});

test('it is the schedule that the run follows, and its estimate is from what the trials took', async () => {
  await using world = await ScriptedWorld.open();
  await world.run(4);
  const { run, blocks } = await world.stored();
  const scheduled = JSON.parse((await asked(world, '--blocks', '4..4', '--json')).stdout) as Forecast;
  expect(scheduled.firstBlock).toEqual(blocks[1]?.trials.map(({ cell }) => cell));
  expect(scheduled.costsFrom).toEqual([run.runId]);
  expect(scheduled.subjects[0]?.blockMs).not.toBeNull();
  expect(scheduled.time.minMs).toBeLessThanOrEqual(scheduled.time.maxMs);
  expect(scheduled.disk.results?.min).toBeGreaterThan(0);
  expect((await asked(world, '--blocks', '4..4')).stdout).toContain(`from earlier trials in ${run.runId}`);
});

test('it ends at the limit of the time', async () => {
  await using world = await ScriptedWorld.open();
  const { time } = JSON.parse((await asked(world, '--max-time', '40s', '--json')).stdout) as Forecast;
  expect(time.maxMs).toBe(40_000);
});

test('what run refuses, it refuses', async () => {
  await using world = await ScriptedWorld.open();
  expect((await asked(world, '--runtimes', 'crum')).exitCode).toBe(2);
  expect((await asked(world, '--resume', 'latest')).stderr).toContain('leave out --resume');
});
