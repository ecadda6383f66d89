// Proves: program, features/move
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MoveRecord, moveSchema } from '../../src/features/move/record.ts';
import { type PrivateDockerd, privateDockerd } from './private-dockerd.ts';
import { importImages, otherServices, shopServices, writeStack } from './shop-stack.ts';
import { canRun, ocibench, root, workplace } from './support.ts';

const cli = join(root, 'src/cli.ts');

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
  const theirs = () => join(place.path, 'their.json');
  const move = (file: string, ...words: string[]) =>
    ocibench(['move', file, '--to', 'runsc', '--daemon-json', theirs(), ...words], place.path, env());
  const compose = (file: string, ...words: string[]) =>
    execa('docker', ['compose', '-f', file, ...words], { env: env(), cwd: place.path });
  /** Everything of the daemon, with when containers were started: nothing of it may change. */
  const all = async () => ({
    containers: await Promise.all(
      (await docker.listContainers({ all: true }))
        .toSorted((one, other) => (one.Id < other.Id ? -1 : 1))
        .map(async ({ Id }) => {
          const { Name, RestartCount, State } = await docker.getContainer(Id).inspect();
          return [Name, Id, State.StartedAt, State.Status, RestartCount];
        }),
    ),
    networks: (await docker.listNetworks()).map(({ Id }) => Id).toSorted(),
    volumes: (await docker.listVolumes()).Volumes.map(({ Name }) => Name).toSorted(),
    // The image of the preflight stays, as after every measurement.
    images: (await docker.listImages())
      .filter(({ RepoTags }) => !RepoTags?.some((tag) => tag.startsWith('ocibench/')))
      .map(({ Id }) => Id)
      .toSorted(),
  });
  const verdictsIn = (found: MoveRecord) =>
    found.verdicts.map(({ service, verdict }) => `${service} ${verdict}`);

  beforeAll(async () => {
    place = await workplace();
    daemon = await privateDockerd(join(place.path, 'docker'), daemonJson);
    docker = new Docker({ socketPath: daemon.socket });
    await importImages(daemon.socket, ['servers', 'python', 'postgres', 'lighttpd']);
    await writeFile(theirs(), JSON.stringify(daemonJson));
  }, 300_000);
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    await place.remove();
  });

  test('four services move to gVisor, beside the same stack that runs under the name that .env gives', async () => {
    const file = await writeStack(place.path, shopServices);
    // Compose prefers this name to that of a compose file.
    await writeFile(join(place.path, '.env'), 'COMPOSE_PROJECT_NAME=theirs\n');
    await compose(file, 'up', '--detach', '--wait');
    const before = await all();
    expect(before.containers).toHaveLength(4);
    const { exitCode, stdout, stderr } = await move(file, '--json');
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(verdictsIn(found), stderr).toEqual(['cache moves', 'db moves', 'web moves', 'worker moves']);
    expect(exitCode).toBe(0);
    expect(await all()).toEqual(before);
    const page = await readFile(join(place.path, 'results', found.moveId, 'move.html'), 'utf8');
    expect(page).toContain('All 4 services of theirs can move to runsc.');
    // What it wrote moves the stack, with Compose itself.
    const override = join(place.path, 'results', found.moveId, 'compose.runsc.yaml');
    await compose(file, '-f', override, 'up', '--detach', '--wait');
    const runtimes = await Promise.all(
      (await docker.listContainers()).map(
        async ({ Id }) => (await docker.getContainer(Id).inspect()).HostConfig.Runtime,
      ),
    );
    expect(runtimes).toEqual(['runsc', 'runsc', 'runsc', 'runsc']);
    await compose(file, 'down', '--volumes', '--timeout', '1');
  });

  test('one that cannot, one that reaches into the host, a task, and one that writes to the host', async () => {
    const { cache, worker } = shopServices;
    const file = await writeStack(place.path, { cache, worker, ...otherServices });
    const before = await all();
    const { exitCode, stdout, stderr } = await move(file, '--json');
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(verdictsIn(found), stderr).toEqual([
      ...[
        'agent not-tried',
        'cache moves',
        'light cannot',
        'migrate moves',
        'worker moves',
        'writer unknown',
      ],
    ]);
    expect(exitCode).toBe(1);
    const why = (name: string) => found.verdicts.find(({ service }) => service === name)?.why;
    expect(why('light')).toMatch(/^it exits with code .*PR_CAP_AMBIENT/);
    expect(why('writer')).toMatch(/Read-only file system/);
    await expect(access(join(place.path, 'conf', 'written'))).rejects.toThrow('ENOENT');
    expect(await all()).toEqual(before);
  });

  test('what is wrong is said before anything is started', async () => {
    const before = await all();
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
    expect(await all()).toEqual(before);
  });

  test.each(['SIGINT', 'SIGKILL'] as const)(
    '%s leaves nothing of ours, and all of theirs',
    async (signal) => {
      const file = await writeStack(place.path, shopServices);
      await compose(file, 'up', '--detach', '--wait');
      const before = await all();
      const running = execa(
        process.execPath,
        [cli, 'move', file, '--to', 'runsc', '--daemon-json', theirs()],
        {
          ...{ cwd: place.path, env: env(), reject: false, stdin: 'ignore', detached: true },
        },
      );
      const isOurs = ({ Names }: { readonly Names: readonly string[] }) =>
        Names.some((name) => name.startsWith('/ocibench-') && name.includes('cache'));
      while (!(await docker.listContainers()).some(isOurs)) await sleep(100);
      // As Ctrl-C at a terminal does: to the whole group.
      process.kill(-(running.pid ?? 0), signal);
      const { exitCode } = await running;
      if (signal === 'SIGINT') expect(exitCode).toBe(130);
      else {
        // Compose was not of the group, and ends by itself.
        await sleep(5_000);
        const cleaned = await ocibench(['clean'], place.path, env());
        expect(cleaned.exitCode, cleaned.stderr).toBe(0);
      }
      expect(await all()).toEqual(before);
      await compose(file, 'down', '--volumes', '--timeout', '1');
    },
  );
});
