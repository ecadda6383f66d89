import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BrowserVariables, openReport } from '../../src/app/open-report.ts';
import { diskStore } from '../../src/app/store.ts';
import { testContext } from '../support/app-context.ts';
import { ScriptedWorld } from '../support/scripted-world.ts';

/** A world with a finished run, and a browser that writes down what it is given. */
async function measured() {
  const world = await ScriptedWorld.open();
  await world.run(2);
  const browser = join(world.path, 'browser');
  await writeFile(browser, `#!/bin/sh\necho "$@" > ${world.path}/opened\n`);
  await chmod(browser, 0o755);
  return { world, browser };
}

async function opened(world: ScriptedWorld, variables: BrowserVariables, isRoot: boolean) {
  const said: string[] = [];
  const app = testContext();
  const note = ({ text }: { readonly text: string }) => said.push(text);
  const path = await openReport(
    {
      ...app,
      store: diskStore,
      clock: { ...app.clock, sleep: () => new Promise(() => undefined) },
      reporter: { ...app.reporter, log: note, warn: note },
      environment: { ...app.environment, workingDirectory: world.path, isRoot },
    },
    'latest',
    { variables },
  );
  const address = await readFile(join(world.path, 'opened'), 'utf8').catch(() => null);
  return { path, said: said.join('\n'), address };
}

test('a user’s BROWSER gets the page', async () => {
  const { world, browser } = await measured();
  await using _ = world;
  const { path, address, said } = await opened(world, { BROWSER: `${browser} --new %s:other` }, false);
  expect(path).toMatch(/\/report\.html$/);
  expect(address).toBe(`--new file://${path}\n`);
  expect(said).toContain('opened with');
});

test('root opens nothing unasked, and says when it does', async () => {
  const { world, browser } = await measured();
  await using _ = world;
  const unasked = await opened(world, { DISPLAY: ':0' }, true);
  expect(unasked).toMatchObject({
    address: null,
    said: expect.stringContaining('not opened: a browser started by root'),
  });
  const asked = await opened(world, { BROWSER: browser }, true);
  expect(asked.said).toContain('the browser runs as root');
  expect(asked.address).toContain('file://');
});

test('without a display or an opener the path is all', async () => {
  const { world } = await measured();
  await using _ = world;
  expect((await opened(world, {}, false)).said).toContain('there is no display');
  const failed = await opened(world, { BROWSER: 'false' }, false);
  expect(failed.said).toContain('not opened: false ended with 1');
});

test('a run without a report says how to make it', async () => {
  await using world = await ScriptedWorld.open();
  await world.run(2, '--set', 'report=false');
  expect(await world.command(['report', '--open'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('ocibench report latest'),
  });
  await mkdir(join(world.path, 'empty'));
  expect((await world.command(['report', '--open', '--in', 'empty'])).exitCode).toBe(2);
});
