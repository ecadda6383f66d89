import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addRuntime } from '../../src/app/change-runtimes.ts';
import { testContext } from '../support/app-context.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-add-'));
});
afterEach(() => rm(place, { recursive: true }));

test('a dry run shows the change and does not start the program', async () => {
  const path = join(place, 'runsc');
  await writeFile(
    path,
    `#!/bin/sh\ntouch '${join(place, 'started')}'\necho runsc version release-20260914.0\n`,
  );
  await chmod(path, 0o755);
  const daemonJson = join(place, 'daemon.json');
  await writeFile(daemonJson, '{}\n');
  const shown: string[] = [];
  await addRuntime(
    testContext({}),
    { name: 'runsc', path, runtimeArgs: [] },
    {
      flags: { daemonJson, dryRun: true },
      confirmation: { show: (_file, _before, after) => shown.push(after), ask: null },
    },
  );
  expect(shown.join()).toContain(path);
  expect((await readdir(place)).toSorted()).toEqual(['daemon.json', 'runsc']);
});
