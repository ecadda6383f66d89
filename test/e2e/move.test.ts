import { access, chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
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

/** Waits until no Compose of a move runs on this host. */
async function composeEnds(): Promise<void> {
  const runs = async (pid: string) => {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return words.includes('\0--project-name\0ocibench-');
  };
  for (;;) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    if (!(await Promise.all(pids.map(runs))).includes(true)) return;
    await sleep(200);
  }
}

describe.skipIf(!canRun)('a stack of somebody else, in a Docker of theirs', { timeout: 600_000 }, () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let daemon: PrivateDockerd;
  let docker: Docker;
  const env = () => ({ DOCKER_HOST: `unix://${daemon.socket}` });
  const theirs = () => join(place.path, 'their.json');
  const move = (file: string, ...words: string[]) =>
    ocibench(['move', file, '--to', 'runsc', '--set', `daemonJson=${theirs()}`, ...words], place.path, env());
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
    const { exitCode, stdout, stderr } = await move(
      file,
      '--json',
      tryOnly,
      '--set',
      'move.healthyWithin=20s',
    );
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
      /^it exits with code 255: .*; last refused system call before that: prctl\(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, …\): EINVAL$/,
    );
    expect(why('pinging'), stderr).toMatch(/before that: socket\(AF_INET, SOCK_RAW, IPPROTO_ICMP\): EPERM$/);
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
    // Six blocks take five minutes on a quiet machine.
    const { exitCode, stdout, stderr } = await move(file, '--load', 'load', '--json', '--max-time', '9m');
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
    const plan = await ocibench(['capacity', 'plan', join(directory, 'services.yaml')], place.path, env());
    expect(plan.exitCode).toBe(2);
    expect(plan.stderr).not.toContain('services.yaml:');
    expect(await all()).toEqual(before);
  }, 900_000);

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
      failing: 'services.failing: under runc: the load exited with code 3: no such page',
      refused: 'services.refused: under runc: requests failed: Non-2xx',
    } as const;
    for (const [load, message] of Object.entries(said)) {
      const { exitCode, stderr } = await move(file, '--load', load);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr).not.toContain('web under runsc');
    }
    const unknown = await move(file, '--load', 'nobody', '--stay', 'web,nothing');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('--load: nobody: is neither a service of ');
    expect(unknown.stderr).toContain('--stay: nothing: is not a service of ');
    expect(await all()).toEqual(before);
  });

  test('with its data a service runs that fails without, each time on the same, and theirs stays as it is', async () => {
    const files = join(place.path, 'data');
    await mkdir(files);
    await writeFile(join(files, 'word'), 'precious\n', { mode: 0o640 });
    await chown(join(files, 'word'), 33, 44);
    await symlink('/etc/shadow', join(files, 'out'));
    const volume = async (name: string, options: Record<string, string> = {}) => {
      await docker.createVolume({ Name: name, DriverOpts: options });
      return (await docker.getVolume(name).inspect()).Mountpoint;
    };
    const kept = await volume('their-words');
    await writeFile(join(kept, 'word'), 'kept\n');
    await execa('mkfifo', [join(kept, 'pipe')]);
    await execa('truncate', ['--size', '64M', join(kept, 'holes')]);
    await volume('their-mount', { type: 'tmpfs', device: 'tmpfs' });
    const checks = [
      'test "$(cat /data/word)" = precious && test "$(cat /kept/word)" = kept && test -L /data/out',
      'test "$(busybox stat -c %u:%g:%a /data/word)" = 33:44:640 && test ! -e /kept/pipe',
      'test "$(busybox du -m /kept/holes | busybox cut -f1)" -lt 60 && test -z "$(busybox ls /mount)"',
      'echo more >>/data/word && echo more >>/kept/word && exec busybox sleep 1000',
    ];
    const service = { image: 'shop/servers:1', command: ['sh', '-ec', checks.join('\n')] };
    const file = join(place.path, 'words.yaml');
    const external = (name: string) => ({ external: true, name });
    const stack = {
      name: 'words',
      services: { words: { ...service, volumes: ['./data:/data', 'kept:/kept', 'mount:/mount'] } },
      volumes: { kept: external('their-words'), mount: external('their-mount') },
    };
    await writeFile(file, JSON.stringify(stack));
    const before = await all();
    const bytes = async () => [
      await readFile(join(files, 'word'), 'utf8'),
      await readFile(join(kept, 'word'), 'utf8'),
    ];
    const times = async () => (await stat(join(kept, 'word'), { bigint: true })).atimeNs;
    const read = await times();

    const without = await move(file, '--json', tryOnly);
    expect(verdictsIn(moveSchema.parse(JSON.parse(without.stdout))), without.stderr).toEqual([
      'words unknown',
    ]);
    const { exitCode, stdout, stderr } = await move(file, '--json', tryOnly, '--with-data');
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(verdictsIn(found), stderr).toEqual(['words moves']);
    expect(exitCode).toBe(0);
    expect(found.data?.copies.map(({ name, special }) => [name, special])).toEqual([
      [files, 0],
      ['kept', 1],
    ]);
    expect(found.data?.fresh).toMatchObject([{ volume: 'mount', why: expect.stringContaining('options') }]);
    expect(await times()).toBe(read);
    expect(await bytes()).toEqual(['precious\n', 'kept\n']);
    expect(await all()).toEqual(before);

    await writeFile(join(files, 'large'), Buffer.alloc(3 * 2 ** 20, 1));
    const refused = await move(file, tryOnly, '--with-data', '--set', 'move.maxData=2M');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('move.maxData is 2 MiB')]);
    expect(await all()).toEqual(before);

    // Killed while it copies.
    await execa('dd', ['if=/dev/zero', `of=${join(files, 'large')}`, 'bs=1M', 'count=2000']);
    const words = ['move', file, '--to', 'runsc', '--with-data', '--set', `daemonJson=${theirs()}`];
    const running = execa(process.execPath, [cli, ...words], {
      ...{ cwd: place.path, env: env(), reject: false, stdin: 'ignore' },
    });
    const copies = async () =>
      (await docker.listVolumes()).Volumes.filter(({ Name }) => Name.startsWith('ocibench-'));
    const copied = async () => {
      for (const { Mountpoint } of await copies())
        if ((await stat(join(Mountpoint, 'large')).catch(() => null)) !== null) return true;
      return false;
    };
    while (!(await copied())) await sleep(20);
    process.kill(running.pid ?? 0, 'SIGKILL');
    await running;
    await sleep(500);
    const copying = await execa('pgrep', ['-f', '/tmp/from /tmp/to'], { reject: false });
    expect(copying.stdout).toBe('');
    const cleaned = await ocibench(['clean'], place.path, env());
    expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    expect(await all()).toEqual(before);
    for (const name of ['their-words', 'their-mount']) await docker.getVolume(name).remove();
    await rm(files, { recursive: true });
  });

  test('one image without a compose file, and a load in a container of its own', async () => {
    const before = await all();
    const conf =
      'daemon off; user root; pid /tmp/n.pid; events {} http { server { listen 80; return 200 hello; } }';
    const serve = `mkdir -p /var/lib/nginx /var/log/nginx; echo '${conf}' >/tmp/n.conf; exec nginx -c /tmp/n.conf`;
    const image = (...words: string[]) => {
      const given = [
        '--image',
        'shop/servers:1',
        '--to',
        'runsc',
        '--set',
        `daemonJson=${theirs()}`,
        ...words,
      ];
      return ocibench(['move', ...given, '--', 'sh', '-c', serve], place.path, env());
    };
    const { exitCode, stdout, stderr } = await image('--json', tryOnly);
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(verdictsIn(found), stderr).toEqual(['servers moves']);
    expect(exitCode).toBe(0);
    expect(found.stack).toMatchObject({ name: 'servers', ofImage: true });
    const directory = join(place.path, 'results', found.moveId);
    await expect(access(join(directory, 'compose.runsc.yaml'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(directory, 'move.html'), 'utf8')).toContain(
      'docker run --runtime runsc … shop/servers:1',
    );
    const asks = `sh -c 'busybox wget -q -O - http://{servers}/ >&2; exit 3'`;
    const asked = await image('--load', asks, '--load-image', 'shop/servers:1');
    expect([asked.exitCode, asked.stderr]).toEqual([
      2,
      expect.stringContaining('under runc: the load exited with code 3: hello'),
    ]);
    const both = await ocibench(['move', 'compose.yaml', '--image', 'x', '--to', 'runsc'], place.path, env());
    expect([both.exitCode, both.stderr]).toEqual([
      2,
      expect.stringContaining('compose.yaml: cannot be used with compose files'),
    ]);
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
      [cli, 'move', file, '--to', 'runsc', '--load', 'load', '--set', `daemonJson=${theirs()}`],
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
      // Compose was not of the group, goes on to make what it was asked for, and ends by itself.
      await composeEnds();
      const cleaned = await ocibench(['clean'], place.path, env());
      expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    }
    expect(await all()).toEqual(before);
    await compose(file, 'down', '--volumes', '--timeout', '1');
  });
});
