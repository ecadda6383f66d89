import { access, chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveSchema } from '../../src/features/move/record.ts';
import { listVerdicts, type MovePlace, openMovePlace, patient } from './move-place.ts';
import { otherServices, shopServices, writeStack } from './shop-stack.ts';
import { canRun } from './support.ts';

const tryOnly = '--try-only';

describe.skipIf(!canRun)('a stack of somebody else, in a Docker of theirs', { timeout: 600_000 }, () => {
  let place: MovePlace;
  beforeAll(async () => {
    place = await openMovePlace(['servers', 'python', 'postgres', 'lighttpd']);
  }, 300_000);
  afterAll(() => place[Symbol.asyncDispose]());

  test('two that cannot, one that reaches into the host, a task, and one that writes to the host', async () => {
    const file = await writeStack(place.path, otherServices);
    const before = await place.all();
    // A check that fails is waited for until the end.
    const { exitCode, stdout, stderr } = await place.move(
      file,
      '--json',
      tryOnly,
      '--set',
      'move.healthyWithin=30s',
    );
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(listVerdicts(found), stderr).toEqual([
      'agent not-tried',
      'light cannot',
      'migrate moves',
      'pinging cannot',
      'writer unknown',
    ]);
    expect(exitCode).toBe(1);
    const why = (name: string) => found.verdicts.find(({ service }) => service === name)?.why;
    // In an engine of its own, whose runsc logs calls.
    expect(why('light'), stderr).toMatch(
      /^it exits with code 255: .*; last refused system call before that: prctl\(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, …\): EINVAL$/,
    );
    expect(why('pinging'), stderr).toMatch(
      /^it[^:]*: ping: permission denied .*before that: socket\(AF_INET, SOCK_RAW, IPPROTO_ICMP\): EPERM$/,
    );
    expect(why('writer')).toMatch(/Read-only file system/);
    await expect(access(join(place.path, 'conf', 'written'))).rejects.toThrow('ENOENT');
    expect(await place.all()).toEqual(before);
  });

  test('four services that wait for one another run together in one trial', async () => {
    const before = await place.all();
    const file = await writeStack(place.path, shopServices);
    const { exitCode, stdout, stderr } = await place.move(file, '--json', tryOnly, ...patient);
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(listVerdicts(found), stderr).toEqual(['cache moves', 'db moves', 'web moves', 'worker moves']);
    expect(exitCode).toBe(0);
    expect(await place.all()).toEqual(before);
  });

  test('a copy cannot reach what listens on this host, whatever its system controls', async () => {
    const { docker } = place;
    const started = async (name: string, script: string, mode: string) => {
      const container = await docker.createContainer({
        name,
        Image: 'shop/python:1',
        Cmd: ['python3', '-c', script],
        HostConfig: { NetworkMode: mode },
      });
      await container.start();
      return container;
    };
    // In the network namespace of the engine, which is what a host is to containers.
    const serve = 'import socket, time; s = socket.create_server(("", 9999)); time.sleep(9999)';
    const server = await started('their-server', serve, 'host');
    const network = await docker.createNetwork({ Name: 'their-internal', Internal: true });
    const reach = [
      'import socket, sys, time',
      'own = socket.gethostbyname(socket.gethostname()).split(".")',
      'try: socket.create_connection((".".join([*own[:2], "0", "1"]), 9999), 3)',
      'except OSError: pass',
      'else: sys.exit(9)',
      'try: disabled = open("/proc/sys/net/ipv6/conf/eth0/disable_ipv6").read()',
      'except FileNotFoundError: disabled = "1"',
      'if disabled.strip() != "1": sys.exit(10)',
    ].join('\n');
    try {
      const theirs = await started('their-client', reach, 'their-internal');
      expect(await theirs.wait()).toEqual({ StatusCode: 9 });
      await theirs.remove();
      const file = await writeStack(place.path, {
        prober: {
          image: 'shop/python:1',
          command: ['python3', '-c', `${reach}\ntime.sleep(9999)`],
          sysctls: { 'net.ipv6.conf.all.disable_ipv6': '0' },
        },
      });
      const { stdout, stderr } = await place.move(file, '--json', tryOnly, ...patient);
      expect(listVerdicts(moveSchema.parse(JSON.parse(stdout))), stderr).toEqual(['prober moves']);
    } finally {
      await server.remove({ force: true });
      await network.remove();
    }
  });

  test('what is wrong is said before anything is started', async () => {
    const before = await place.all();
    const { cache } = shopServices;
    const file = await writeStack(place.path, {
      cache: { ...cache, image: 'shop/absent:1' },
      built: { build: '.' },
    });
    const missing = await place.move(file);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain('services.cache.image: the image shop/absent:1 is not there');
    expect(missing.stderr).toContain('docker compose build built');
    const none = await place.ocibench('move', file, '--to', 'runc');
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('is the baseline')]);
    const wrong = await writeStack(place.path, { cache: { imagine: 1 } });
    const refused = await place.move(wrong);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('imagine');
    expect(await place.all()).toEqual(before);
  });

  test('with its data a service runs that fails without, each time on the same, and theirs stays as it is', async () => {
    const { docker } = place;
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
    const before = await place.all();
    const bytes = async () => [
      await readFile(join(files, 'word'), 'utf8'),
      await readFile(join(kept, 'word'), 'utf8'),
    ];
    const times = async () => (await stat(join(kept, 'word'), { bigint: true })).atimeNs;
    const read = await times();

    const without = await place.move(file, '--json', tryOnly);
    expect(listVerdicts(moveSchema.parse(JSON.parse(without.stdout))), without.stderr).toEqual([
      'words unknown',
    ]);
    // A database of another file, which has none of it, is slow to come up on a loaded host.
    const more = join(place.path, 'more.yaml');
    await writeFile(more, JSON.stringify({ services: { db: shopServices.db } }));
    const { exitCode, stdout, stderr } = await place.move(
      file,
      more,
      '--json',
      tryOnly,
      '--with-data',
      ...patient,
    );
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(listVerdicts(found), stderr).toEqual(['db moves', 'words moves']);
    expect(exitCode).toBe(0);
    expect(found.data?.copies.map(({ name, special }) => [name, special])).toEqual([
      [files, 0],
      ['kept', 1],
    ]);
    expect(found.data?.fresh).toMatchObject([{ volume: 'mount', why: expect.stringContaining('options') }]);
    expect(await times()).toBe(read);
    expect(await bytes()).toEqual(['precious\n', 'kept\n']);
    expect(await place.all()).toEqual(before);

    await writeFile(join(files, 'large'), Buffer.alloc(3 * 2 ** 20, 1));
    const refused = await place.move(file, tryOnly, '--with-data', '--set', 'move.maxData=2M');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('move.maxData is 2 MiB')]);
    expect(await place.all()).toEqual(before);

    // Killed while it copies.
    await execa('dd', ['if=/dev/zero', `of=${join(files, 'large')}`, 'bs=1M', 'count=600']);
    const running = place.startMove(file, '--with-data');
    const copies = async () =>
      (await docker.listVolumes()).Volumes.filter(({ Name }) => Name.startsWith('ocibench-'));
    const isCopying = async () => {
      for (const { Mountpoint } of await copies())
        if ((await stat(join(Mountpoint, 'large')).catch(() => null)) !== null) return true;
      return false;
    };
    while (!(await isCopying())) await sleep(20);
    process.kill(running.pid ?? 0, 'SIGKILL');
    await running;
    await expect.poll(() => listCopiers(place.path), { timeout: 60_000 }).toEqual([]);
    const cleaned = await place.ocibench('clean');
    expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    expect(await place.all()).toEqual(before);
    for (const name of ['their-words', 'their-mount']) await docker.getVolume(name).remove();
    await rm(files, { recursive: true });
  });
});

/** The processes that copy files of this directory; they see them at /tmp/from. */
async function listCopiers(directory: string): Promise<readonly string[]> {
  const read = (pid: string, name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const isCopier = (await read(pid, 'cmdline')).includes('/tmp/from\0/tmp/to');
    if (isCopier && (await read(pid, 'mountinfo')).includes(basename(directory))) found.push(pid);
  }
  return found;
}
