import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { type OtherDaemon, startOtherDaemon } from './docker-daemon.ts';
import { canRun, root, workplace } from './support.ts';

describe.skipIf(!canRun)('deploy/contexts.sh on a Docker daemon', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let daemon: OtherDaemon;

  beforeAll(async () => {
    place = await workplace();
    daemon = await startOtherDaemon();
    const program = `#!/bin/sh\nexec ${process.execPath} ${join(root, 'src/cli.ts')} "$@"\n`;
    await writeFile(join(place.path, 'ocibench'), program, { mode: 0o755 });
    await mkdir(join(place.path, 'docker'));
    for (const [name, host] of [
      ['here', daemon.host],
      ['gone', `unix://${place.path}/nobody.sock`],
    ] as const)
      await docker('context', 'create', name, '--docker', `host=${host}`);
  });
  afterAll(async () => {
    await daemon?.stop();
    await place?.remove();
  });

  const environment = () => ({
    ...compileCache,
    LC_ALL: 'C.UTF-8',
    NO_COLOR: '1',
    DOCKER_CONFIG: join(place.path, 'docker'),
    OCIBENCH: join(place.path, 'ocibench'),
    OCIBENCH_LOCK: join(place.path, 'lock'),
  });
  const docker = (...words: readonly string[]) => execa('docker', [...words], { env: environment() });
  const recipe = (...words: readonly string[]) =>
    execa(join(root, 'deploy/contexts.sh'), [...words], {
      cwd: place.path,
      reject: false,
      stdin: 'ignore',
      env: environment(),
    });
  const small = ['--runtimes', 'runc', '--workloads', 'startup/echo', '--blocks', '1..1'];

  test('each into its own directory; a daemon that is not there does not lose the others', async () => {
    const words = ['collected', 'gone', 'here', '--', ...small, '--set', 'report=false'];
    const { exitCode, stderr } = await recipe(...words);
    expect(exitCode, stderr).toBe(3);
    expect(stderr).toContain('nobody.sock');
    const results = join(place.path, 'collected/here/results');
    const [run = ''] = (await readdir(results)).filter((each) => /^\d/.test(each));
    const record = JSON.parse(await readFile(join(results, run, 'run.json'), 'utf8'));
    expect(record).toMatchObject({ status: 'complete', seed: 42 });
    expect(record.engine.endpoint).toBe(daemon.host);
  });

  test('without a directory it says how it is called', async () => {
    expect(await recipe()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('usage:') });
  });
});
