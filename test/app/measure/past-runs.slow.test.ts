import { expect, test } from 'vitest';
import { ScriptedWorld } from '../../support/scripted-world.ts';

/** Two runs, an hour apart. */
async function measuredTwice() {
  const world = await ScriptedWorld.open();
  await world.run(2);
  const first = (await world.stored()).run.runId;
  world.clock.advance(3_600_000);
  await world.run(2, '--set', 'labels.kernel=6.12');
  return { world, first, second: (await world.stored()).run.runId };
}

test('compare takes the newest run and the one before it', async () => {
  const { world, first, second } = await measuredTwice();
  await using _ = world;
  expect(second > first).toBe(true);
  for (const words of [['compare'], ['compare', second], ['compare', 'latest']]) {
    const { stdout, stderr } = await world.command(words);
    expect(stdout, stderr).toContain(`${second} compared with ${first}`);
  }
  const alone = await world.command(['compare', first]);
  expect(alone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ocibench run') });
  const same = await world.command(['compare', 'latest', second]);
  expect(same).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the same run twice') });
});

test('list runs shows them, newest first, and report takes the newest', async () => {
  const { world, first, second } = await measuredTwice();
  await using _ = world;
  const { stdout } = await world.command(['list', 'runs']);
  expect(stdout.indexOf(second)).toBeGreaterThan(0);
  expect(stdout.indexOf(first)).toBeGreaterThan(stdout.indexOf(second));
  expect(stdout).toContain('kernel=6.12');
  const one = JSON.parse((await world.command(['list', 'runs', first, '--json'])).stdout);
  expect(one.runs).toMatchObject([{ runId: first, status: 'complete', runtimes: ['runc', 'crun'] }]);
  expect((await world.command(['report'])).stdout).toContain(`/${second}/report.html`);
  expect((await world.command(['report', 'lastest'])).stderr).toContain("did you mean 'latest'?");
});

test.each([
  [['list', 'workload', 'startup/echo'], 'startup/echo: '],
  [['list', 'metrics', 'startup/serving'], 'startup.to_serving'],
])('%j is shown', async (words, expected) => {
  await using world = await ScriptedWorld.open();
  const { exitCode, stdout } = await world.command(words);
  expect(stdout).toContain(expected);
  expect(exitCode).toBe(0);
});

test.each([
  [['list', 'rums'], 'did you mean runs?'],
  [['list', 'workloads', 'startup/ech'], "did you mean 'startup/echo'?"],
  [['list', 'metrics', 'startup.creat'], "did you mean 'startup.create'?"],
  [['list', 'runs', 'x'], 'all of them:  ocibench list runs'],
])('%j is refused', async (words, expected) => {
  await using world = await ScriptedWorld.open();
  const { exitCode, stderr } = await world.command(words);
  expect(stderr).toContain(expected);
  expect(exitCode).toBe(2);
});
