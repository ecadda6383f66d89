import { expect, test } from 'vitest';
import { ScriptedWorld } from '../../support/scripted-world.ts';

test.each([
  [['--workloads', 'startup/ech'], "did you mean 'startup/echo'?"],
  [['--workloads', 'echo'], "did you mean 'startup/echo'?"],
  [['--workloads', 'nonsense'], 'choose from: agent, app, cpu, density, io,'],
  [['--runtimes', 'crum'], "did you mean 'crun'? registered: runc, crun"],
  [['--set', 'baseline=podman'], 'choose from: runc, crun'],
])('%j is refused before the host is locked', async (words, fix) => {
  await using world = await ScriptedWorld.open();
  world.host = { ...world.host, lock: () => Promise.reject(new Error('the host is locked')) };
  const daemonJson = ['--set', `daemonJson=${world.path}/daemon.json`];
  const { exitCode, stderr } = await world.command(['run', ...daemonJson, ...words]);
  expect(stderr).toContain(fix);
  expect(exitCode).toBe(2);
  expect(world.sessions).toEqual([]);
});
