// Proves: program, features/move
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costsOf } from '../../src/features/move/costs.ts';
import { type MoveRecord, moveSchema } from '../../src/features/move/record.ts';
import { type PrivateDockerd, privateDockerd } from './private-dockerd.ts';
import { importImages, otherServices, shopLoad, shopServices, writeStack } from './shop-stack.ts';
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
  const tryOnly = '--try-only';
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
    const { exitCode, stdout, stderr } = await move(file, '--json', tryOnly);
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
    // A check that fails is waited for until the end.
    const { exitCode, stdout, stderr } = await move(file, '--json', tryOnly, '--healthy-within', '20s');
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(verdictsIn(found), stderr).toEqual([
      ...[
        'agent not-tried',
        'cache moves',
        'light cannot',
        'migrate moves',
        'pinging cannot',
        'worker moves',
        'writer unknown',
      ],
    ]);
    expect(exitCode).toBe(1);
    const why = (name: string) => found.verdicts.find(({ service }) => service === name)?.why;
    // In an engine of its own, whose runsc logs calls.
    expect(why('light'), stderr).toMatch(
      /^it exits with code 255: .*; the last call that was refused before that: prctl\(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, …\): EINVAL$/,
    );
    expect(why('pinging'), stderr).toMatch(
      /refused before that: socket\(AF_INET, SOCK_RAW, IPPROTO_ICMP\): EPERM$/,
    );
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

  test('what two services cost under gVisor while a third asks them, and what plan makes of it', async () => {
    const { web, cache } = shopServices;
    const { container_name: _, ...copied } = web;
    const file = await writeStack(place.path, {
      ...{ cache, load: shopLoad },
      web: { ...copied, depends_on: { cache: web.depends_on.cache }, deploy: { replicas: 3 } },
    });
    const before = await all();
    // Six blocks take four minutes.
    const { exitCode, stdout, stderr } = await move(file, '--load', 'load', '--json', '--max-time', '330s');
    expect(exitCode, stderr).toBe(0);
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(verdictsIn(found)).toEqual(['cache moves', 'web moves']);
    const { cost } = found;
    if (cost === undefined) throw new Error(stderr);
    // Six blocks at least, or nothing is decided.
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
    const plan = await ocibench(['plan', join(directory, 'services.yaml')], place.path, env());
    expect(plan.exitCode).toBe(2);
    expect(plan.stderr).not.toContain('services.yaml:');
    expect(await all()).toEqual(before);
  }, 600_000);

  test('a load that cannot be used is said before any other runtime is tried', async () => {
    const before = await all();
    const { web } = shopServices;
    const loads = {
      silent: { ...shopLoad, command: ['true'] },
      failing: { ...shopLoad, command: ['sh', '-c', 'echo no such page >&2; exit 3'] },
      refused: { ...shopLoad, command: ['wrk', '-d1s', 'http://web:80/absent'] },
    };
    const file = await writeStack(place.path, { web: { ...web, depends_on: {} }, ...loads });
    const said = {
      silent: 'services.silent: under runc: it printed no report that is known',
      failing: 'services.failing: under runc: the load ended with exit code 3: no such page',
      refused: 'services.refused: under runc: requests failed: Non-2xx',
    } as const;
    for (const [load, message] of Object.entries(said)) {
      const { exitCode, stderr } = await move(file, '--load', load);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr).not.toContain('web under runsc');
    }
    const unknown = await move(file, '--load', 'nobody', '--stay', 'web,nothing');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('--load: nobody: is no service of ');
    expect(unknown.stderr).toContain('--stay: nothing: is no service of ');
    expect(await all()).toEqual(before);
  });

  test.each([
    ['SIGINT', 'cache'],
    ['SIGKILL', 'cache'],
    ['SIGINT', 'load'],
    ['SIGKILL', 'load'],
  ] as const)('%s while %s runs leaves nothing of ours, and all of theirs', async (signal, service) => {
    const load = { ...shopLoad, command: ['wrk', '-d20s', 'http://web:80/worker.py'] };
    const file = await writeStack(place.path, { ...shopServices, load });
    await compose(file, 'up', '--detach', '--wait');
    const before = await all();
    const running = execa(
      process.execPath,
      [cli, 'move', file, '--to', 'runsc', '--load', 'load', '--daemon-json', theirs()],
      {
        ...{ cwd: place.path, env: env(), reject: false, stdin: 'ignore', detached: true },
      },
    );
    const isOurs = ({ Names }: { readonly Names: readonly string[] }) =>
      Names.some((name) => name.startsWith('/ocibench-') && name.includes(service));
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
  });
});
