// Proves: program, features/move
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Move, moveSchema } from '../../src/features/move/record.ts';
import { type PrivateDockerd, privateDockerd } from './private-dockerd.ts';
import { importImages, otherServices, shopServices, writeStack } from './shop-stack.ts';
import { canRun, ocibench, workplace } from './support.ts';

const daemonJson = {
  runtimes: {
    crun: { path: '/usr/bin/crun' },
    runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap', '--network=host'] },
  },
};

describe.skipIf(!canRun)('a stack of somebody else, in a Docker of theirs', { timeout: 300_000 }, () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let daemon: PrivateDockerd;
  let docker: Docker;
  const env = () => ({ DOCKER_HOST: `unix://${daemon.socket}` });
  const move = (file: string, ...words: string[]) =>
    ocibench(
      ['move', file, '--to', 'runsc', '--daemon-json', join(place.path, 'their.json'), ...words],
      place.path,
      env(),
    );
  const compose = (file: string, ...words: string[]) =>
    execa('docker', ['compose', '-f', file, ...words], { env: env(), cwd: place.path });
  const all = async () => ({
    containers: (await docker.listContainers({ all: true }))
      .map(({ Id, State }) => `${Id} ${State}`)
      .toSorted(),
    networks: (await docker.listNetworks()).map(({ Id }) => Id).toSorted(),
    volumes: (await docker.listVolumes()).Volumes.map(({ Name }) => Name).toSorted(),
  });

  beforeAll(async () => {
    place = await workplace();
    daemon = await privateDockerd(join(place.path, 'docker'), daemonJson);
    docker = new Docker({ socketPath: daemon.socket });
    await importImages(daemon.socket, ['servers', 'python', 'postgres', 'lighttpd']);
    await writeFile(join(place.path, 'their.json'), JSON.stringify(daemonJson));
  }, 300_000);
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    await place.remove();
  });

  test('four services move to gVisor, beside the same stack that runs', async () => {
    const file = await writeStack(place.path, shopServices);
    await compose(file, 'up', '--detach', '--wait');
    const before = await all();
    expect(before.containers).toHaveLength(4);
    const { exitCode, stdout, stderr } = await move(file, '--json');
    const found: Move = moveSchema.parse(JSON.parse(stdout));
    expect(
      found.verdicts.map(({ service, verdict }) => `${service} ${verdict}`),
      stderr,
    ).toEqual([...['cache moves', 'db moves', 'web moves', 'worker moves']]);
    expect(exitCode).toBe(0);
    expect(await all()).toEqual(before);
    await compose(file, 'down', '--volumes', '--timeout', '1');
    // What it wrote moves the stack, with Compose itself.
    const override = join(place.path, 'results', found.moveId, 'compose.runsc.yaml');
    await execa('docker', ['compose', '-f', file, '-f', override, 'up', '--detach', '--wait'], {
      ...{ env: env(), cwd: place.path },
    });
    const runtimes = await Promise.all(
      (await docker.listContainers()).map(
        async ({ Id }) => (await docker.getContainer(Id).inspect()).HostConfig.Runtime,
      ),
    );
    expect(runtimes).toEqual(['runsc', 'runsc', 'runsc', 'runsc']);
    await compose(file, 'down', '--volumes', '--timeout', '1');
    const page = await readFile(join(place.path, 'results', found.moveId, 'move.html'), 'utf8');
    expect(page).toContain('All 4 services of shop can move to runsc.');
  });

  test('one that cannot, one that reaches into the host, and the rest', async () => {
    const { cache, worker } = shopServices;
    const file = await writeStack(place.path, { cache, worker, ...otherServices });
    const { exitCode, stdout, stderr } = await move(file, '--json');
    const found: Move = moveSchema.parse(JSON.parse(stdout));
    expect(
      found.verdicts.map(({ service, verdict }) => `${service} ${verdict}`),
      stderr,
    ).toEqual([...['agent not-tried', 'cache moves', 'light cannot', 'worker moves']]);
    expect(exitCode).toBe(1);
    const light = found.verdicts.find(({ service }) => service === 'light');
    expect(light?.why).toMatch(/^it ends with exit code/);
    expect((await all()).containers).toEqual([]);
  });

  test('what is wrong is said before anything is started', async () => {
    const { cache } = shopServices;
    const file = await writeStack(place.path, {
      cache: { ...cache, image: 'shop/absent:1' },
      built: { build: '.' },
    });
    const missing = await move(file);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain('services.cache.image: the image shop/absent:1 is not there');
    expect(missing.stderr).toContain('docker compose build built');
    const wrong = await writeStack(place.path, { cache: { imagine: 1 } });
    const refused = await move(wrong);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('imagine');
    const none = await ocibench(['move', file, '--to', 'runc'], place.path, env());
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('is the baseline')]);
  });

  test.each(['SIGINT', 'SIGKILL'] as const)(
    '%s leaves nothing of ours, and all of theirs',
    async (signal) => {
      const file = await writeStack(place.path, shopServices);
      const before = await all();
      const running = move(file);
      while (!(await docker.listContainers()).some(({ Labels }) => 'com.docker.compose.project' in Labels))
        await sleep(100);
      running.kill(signal);
      const { exitCode } = await running;
      if (signal === 'SIGINT') expect(exitCode).toBe(130);
      else {
        const cleaned = await ocibench(['clean'], place.path, env());
        expect(cleaned.exitCode, cleaned.stderr).toBe(0);
      }
      expect(await all()).toEqual(before);
      await expect(access(join(place.path, 'conf', 'worker.py'))).resolves.toBeUndefined();
    },
  );
});
