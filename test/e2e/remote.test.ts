import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  writeFile,
} from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectDocker } from '../../src/core/engine/docker/engine.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import { type Authority, makeAuthority } from '../certificates.ts';
import { type PrivateDaemon, startDaemon } from './private-daemon.ts';
import { canRun, ocibench, readCsv, root } from './support.ts';
import { untilNone } from './until-none.ts';

const limit = 600_000;

/** Planted in every place that may hold a secret; no file of a run, and nothing that is printed, may hold it. */
const canary = 'hunter2-canary-8f31c';
const encoded = Buffer.from(`me:${canary}`).toString('base64');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Forwards a port of the loopback as `ssh -L` does: what is behind it need not be this machine. */
async function forwardTo(port: number): Promise<Server> {
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** ssh clients with sockets in this directory. */
async function findTunnels(runs: string): Promise<string[]> {
  const { stdout } = await execa('ps', ['-ww', '-eo', 'args']);
  return stdout.split('\n').filter((line) => line.includes(`-L ${runs}/ssh-`));
}

describe.skipIf(!canRun)('a daemon behind TLS', () => {
  let place: string;
  let authority: Authority;
  let stranger: Authority;
  let daemon: PrivateDaemon;
  let forwarder: Server;
  let port: number;
  let client: string;
  let dockerConfig: string;
  let secrets: Record<string, string>;

  const tlsArgs = (server: string) => [
    '--tlsverify',
    '--tlscacert',
    authority.ca,
    '--tlscert',
    join(server, 'cert.pem'),
    '--tlskey',
    join(server, 'key.pem'),
  ];
  const tls = (certificates: string, host = '127.0.0.1') => ({
    ...secrets,
    DOCKER_HOST: `tcp://${host}:${port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: certificates,
  });

  beforeAll(async () => {
    place = await mkdtemp('/var/tmp/remote-e2e-');
    authority = makeAuthority(place, 'ours');
    stranger = makeAuthority(place, 'theirs');
    client = authority.issue('client', { usage: 'clientAuth' });
    dockerConfig = join(place, 'docker-config');
    await mkdir(dockerConfig);
    await writeFile(
      join(dockerConfig, 'config.json'),
      JSON.stringify({
        auths: { 'https://index.docker.io/v1/': { auth: encoded } },
        HttpHeaders: { 'X-Token': canary },
        proxies: { default: { httpProxy: `http://me:${canary}@proxy.invalid:3128` } },
      }),
    );
    secrets = {
      DOCKER_CONFIG: dockerConfig,
      GITHUB_TOKEN: canary,
      HTTPS_PROXY: `http://me:${canary}@proxy.invalid:3128`,
    };
    const wrapper = join(place, 'crun-with-token');
    await writeFile(wrapper, '#!/bin/sh\nshift\nexec /usr/bin/crun "$@"\n', { mode: 0o755 });
    const own = await freePort();
    forwarder = await forwardTo(own);
    ({ port } = forwarder.address() as AddressInfo);
    const server = authority.issue('server', { usage: 'serverAuth', names: 'IP:127.0.0.1' });
    daemon = await startDaemon(place, {
      config: {
        labels: [`token=${canary}`],
        proxies: { 'http-proxy': `http://me:${canary}@proxy.invalid:3128` },
        'registry-mirrors': [`https://${canary}.example`],
        runtimes: { wrapped: { path: wrapper, runtimeArgs: [`--token=${canary}`] } },
      },
      args: ['--host', `tcp://127.0.0.1:${own}`, ...tlsArgs(server)],
    });
  }, 300_000);
  afterAll(async () => {
    forwarder?.close();
    await daemon?.stop();
    await rm(place, { recursive: true, force: true });
  });

  /** What is wrong with each is told with the file or variable, and the fix. */
  test.each<[string, () => Promise<Record<string, string>>, readonly string[], number]>([
    [
      'no TLS at all',
      async () => ({ ...secrets, DOCKER_HOST: `tcp://127.0.0.1:${port}` }),
      ['is refused', 'DOCKER_HOST', '--set insecureTcp=true'],
      2,
    ],
    [
      'a password in the address',
      async () => ({ ...tls(client), DOCKER_HOST: `tcp://me:${canary}@127.0.0.1:${port}` }),
      ['DOCKER_HOST', 'user or a password'],
      2,
    ],
    [
      'a wrong CA',
      async () => {
        const own = join(place, 'wrong-ca');
        await cp(client, own, { recursive: true });
        await copyFile(stranger.ca, join(own, 'ca.pem'));
        return tls(own);
      },
      ['wrong-ca/ca.pem', 'did not sign the certificate', '--tlscert'],
      3,
    ],
    [
      'an expired client certificate',
      async () =>
        tls(
          authority.issue('old', { usage: 'clientAuth', from: '20200101000000Z', until: '20200201000000Z' }),
        ),
      ['old/cert.pem', 'expired on 2020-02-01', 'new one issued'],
      2,
    ],
    [
      'no client certificate',
      async () => {
        const own = join(place, 'no-cert');
        await cp(client, own, { recursive: true });
        await rm(join(own, 'cert.pem'));
        return tls(own);
      },
      ['no-cert/cert.pem', 'does not exist', 'DOCKER_CERT_PATH'],
      2,
    ],
    [
      "a client certificate that the daemon's CA did not sign",
      async () => {
        const own = stranger.issue('unknown-client', { usage: 'clientAuth' });
        await copyFile(authority.ca, join(own, 'ca.pem'));
        return tls(own);
      },
      ['unknown-client/cert.pem', 'refuses this client certificate', '--tlscacert'],
      3,
    ],
    [
      'a host that the certificate does not name',
      async () => tls(client, 'localhost'),
      [
        'DOCKER_HOST',
        'tcp://localhost',
        'not for the name in this address, but for: IP Address:127.0.0.1',
        'subjectAltName',
      ],
      3,
    ],
    [
      'a key that others can read',
      async () => {
        const own = join(place, 'open-key');
        await cp(client, own, { recursive: true });
        await chmod(join(own, 'key.pem'), 0o644);
        return tls(own);
      },
      ['open-key/key.pem', 'mode 644', 'chmod 600'],
      2,
    ],
  ])(
    '%s',
    async (_, environment, texts, code) => {
      const { exitCode, stdout, stderr } = await ocibench(
        ['doctor', '--engine', 'auto'],
        place,
        await environment(),
      );
      for (const text of texts) expect(stderr).toContain(text);
      expect(exitCode).toBe(code);
      expect(stderr).not.toContain('bug in ocibench');
      expect(stdout + stderr).not.toContain(canary);
    },
    300_000,
  );

  test("a daemon's certificate that has expired", async () => {
    const scratch = await mkdtemp('/var/tmp/remote-e2e-');
    const stale = {
      usage: 'serverAuth',
      names: 'IP:127.0.0.1',
      from: '20200101000000Z',
      until: '20200201000000Z',
    } as const;
    const own = await freePort();
    const old = await startDaemon(scratch, {
      config: {},
      args: ['--host', `tcp://127.0.0.1:${own}`, ...tlsArgs(authority.issue('stale', stale))],
    });
    try {
      const environment = { ...tls(client), DOCKER_HOST: `tcp://127.0.0.1:${own}` };
      const { exitCode, stderr } = await ocibench(['doctor', '--engine', 'docker'], place, environment);
      expect(stderr).toContain("the daemon's certificate has expired");
      expect(exitCode).toBe(3);
    } finally {
      await old.stop();
      await rm(scratch, { recursive: true, force: true });
    }
  }, 300_000);

  describe('with the right certificate', () => {
    let result: Awaited<ReturnType<typeof ocibench>>;
    let run: RunRecord;
    let results: string;

    beforeAll(async () => {
      const workloads = 'startup/echo,memory/idle,memory/limit,io/fio';
      result = await ocibench(
        [
          'run',
          '--preset',
          'quick',
          '--blocks',
          '2..2',
          '--workloads',
          workloads,
          '--runtimes',
          'runc,wrapped',
        ],
        place,
        tls(client),
      );
      results = join(place, 'results', await readlink(join(place, 'results/latest')));
      run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
    }, limit);

    test('a run ends in a report', () => {
      expect(result.stderr).not.toContain('bug in ocibench');
      // memory/idle was asked for by its name, and cannot be measured from here.
      expect(result.exitCode).toBe(1);
      expect(run.status).toBe('complete');
      expect(run.engine).toMatchObject({
        kind: 'docker',
        transport: 'tls',
        local: false,
        hidden: 'remote',
        endpoint: `tcp://127.0.0.1:${port}`,
      });
      expect(run.runtimes.map(({ entry, preflight }) => [entry.name, preflight.status])).toEqual([
        ['runc', 'available'],
        ['wrapped', 'available'],
      ]);
    });

    test('with times, and without a zero in the place of what cannot be seen', async () => {
      const rows = await readCsv(join(results, 'measurements.csv'));
      const of = (metric: string) => rows.filter((row) => row.metric === metric);
      expect(of('startup.total').length).toBeGreaterThan(0);
      for (const row of of('startup.total')) expect(Number(row.value)).toBeGreaterThan(0);
      for (const metric of ['memory.footprint', 'pss.total', 'pss.outside', 'engine.cpu', 'total.cpu'])
        expect(of(metric), metric).toEqual([]);
      for (const row of of('cpu.usage')) expect(Number(row.value)).toBeGreaterThan(0);
    });

    test('and says what is absent and why, in both languages', async () => {
      const english = await readFile(join(results, 'report.md'), 'utf8');
      expect(english).toContain('The engine runs on another machine.');
      expect(english).toContain('reached by TCP with mutual TLS');
      expect(english).toContain('bind mount');
      expect(english).toContain('memory of all processes');
      expect(run.checks.find(({ id }) => id === 'host-unseen')).toMatchObject({ status: 'unknown' });
      const again = await ocibench(['report', 'latest', '--lang', 'fr'], place);
      expect(again.exitCode).toBe(0);
      const french = await readFile(join(results, 'report.md'), 'utf8');
      expect(french).toContain('Le moteur tourne sur une autre machine.');
      expect(french).toContain('TLS mutuel');
    }, 300_000);

    test('no file of it, and nothing that was printed, holds a secret', async () => {
      const key = (await readFile(join(client, 'key.pem'), 'utf8')).split('\n')[1] ?? '';
      expect(key.length).toBeGreaterThan(20);
      const planted = [canary, encoded, key];
      const files = [...(await filesBelow(results)), ...(await filesBelow(join(place, 'charts')))];
      expect(files.length).toBeGreaterThan(5);
      for (const file of files) {
        const content = await readFile(file, 'latin1');
        for (const secret of planted) expect(content.includes(secret), file).toBe(false);
      }
      for (const secret of planted) expect(result.stdout + result.stderr).not.toContain(secret);
      expect(await readFile(join(results, 'run.json'), 'utf8')).toContain('--token=(not recorded');
    });
  });

  test('a Docker context brings its own TLS, and --context stands above DOCKER_HOST', async () => {
    const host = `host=tcp://127.0.0.1:${port}`;
    const files = ['ca', 'cert', 'key'].map((name) => `${name}=${join(client, `${name}.pem`)}`);
    await execa('docker', ['context', 'create', 'lab', '--docker', [host, ...files].join(',')], {
      env: { DOCKER_CONFIG: dockerConfig },
    });
    const { stdout, stderr } = await ocibench(
      ['doctor', '--json', '--set', 'context=lab', '--runtimes', 'runc'],
      place,
      { ...secrets, DOCKER_HOST: 'tcp://127.0.0.1:1' },
    );
    expect(stderr).not.toContain('bug in ocibench');
    expect(JSON.parse(stdout).engine).toMatchObject({
      transport: 'tls',
      endpoint: `tcp://127.0.0.1:${port}`,
    });
  }, 300_000);

  describe.skipIf(!existsSync('/usr/sbin/sshd'))('by ssh', () => {
    let sshd: ReturnType<typeof spawn>;
    let sshPort: number;
    let path: string;

    /** ssh looks for its files in the user's home, whatever $HOME says; so an `ssh` that names them comes first in PATH. */
    async function sshWith(name: string, options: readonly string[]): Promise<string> {
      const directory = join(place, name);
      await mkdir(directory);
      const words = options.map((option) => `-o '${option}'`).join(' ');
      await writeFile(join(directory, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F none ${words} "$@"\n`, {
        mode: 0o755,
      });
      return `${directory}:${process.env.PATH}`;
    }

    beforeAll(async () => {
      runs = join(place, 'ocibench-state/runs');
      sshPort = await freePort();
      for (const key of ['host-key', 'user-key'])
        await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(place, key)]);
      await copyFile(join(place, 'user-key.pub'), join(place, 'authorized'));
      const known = await readFile(join(place, 'host-key.pub'), 'utf8');
      await writeFile(join(place, 'known'), `[127.0.0.1]:${sshPort} ${known}`);
      const config = [
        `ListenAddress 127.0.0.1:${sshPort}`,
        `HostKey ${join(place, 'host-key')}`,
        `AuthorizedKeysFile ${join(place, 'authorized')}`,
        `PidFile ${join(place, 'sshd.pid')}`,
        'StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password',
      ];
      await writeFile(join(place, 'sshd.conf'), `${config.join('\n')}\n`);
      await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
      sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(place, 'sshd.conf')], { stdio: 'ignore' });
      while (!(await isListening(sshPort))) await sleep(50);
      path = await sshWith('bin', [
        `IdentityFile ${join(place, 'user-key')}`,
        'IdentitiesOnly yes',
        `UserKnownHostsFile ${join(place, 'known')}`,
      ]);
    });
    afterAll(async () => {
      sshd?.kill();
    });
    let runs: string;
    /** A state directory of its own: what others have in theirs is not looked at, and not cleaned. */
    const host = () => ({
      ...secrets,
      DOCKER_HOST: `ssh://root@127.0.0.1:${sshPort}${daemon.socket}`,
      OCIBENCH_STATE: place,
    });

    test('the daemon is reached, and ssh ends with the command', async () => {
      const { stdout, stderr } = await ocibench(['doctor', '--json', '--runtimes', 'runc'], place, {
        ...host(),
        PATH: path,
      });
      expect(stderr).not.toContain('bug in ocibench');
      const { engine, runtimes } = JSON.parse(stdout);
      expect(engine).toMatchObject({ transport: 'ssh', local: false, hidden: 'remote' });
      expect(runtimes[0]).toMatchObject({ entry: { name: 'runc' }, preflight: { status: 'available' } });
      expect(await untilNone(30_000, () => findTunnels(runs))).toEqual([]);
      expect((await readdir(runs)).filter((name) => name.startsWith('ssh-'))).toEqual([]);
    }, 300_000);

    test('ssh ends also where the command is killed; what is left goes with clean', async () => {
      const environment = { ...host(), PATH: path };
      const running = ocibench(['run', '--preset', 'quick', '--runtimes', 'runc'], place, environment);
      await new Promise<void>((resolve) => {
        running.stderr?.on('data', (text) => {
          if (String(text).includes('engine: docker')) resolve();
        });
      });
      expect(await findTunnels(runs)).not.toEqual([]);
      running.kill('SIGKILL');
      await running;
      expect(await untilNone(30_000, () => findTunnels(runs))).toEqual([]);
      // Cgroups of other runs on this host are not its concern: it might wait to see whether they are empty.
      const covered = 'mount -t tmpfs tmpfs /sys/fs/cgroup && exec "$@"';
      const { exitCode } = await execa(
        'unshare',
        [
          '--mount',
          '--propagation',
          'private',
          'sh',
          '-c',
          covered,
          'sh',
          process.execPath,
          join(root, 'src/cli.ts'),
          'clean',
        ],
        {
          cwd: place,
          reject: false,
          stdin: 'ignore',
          env: { ...environment, OCIBENCH_LOCK: join(place, 'lock') },
        },
      );
      expect(exitCode).toBe(0);
      expect((await readdir(runs)).filter((name) => name.startsWith('ssh-'))).toEqual([]);
      const socket = { kind: 'docker', endpoint: 'unix://', transport: 'unix' } as const;
      const engine = await connectDocker({ socketPath: daemon.socket }, socket);
      expect(await engine.ourContainers()).toEqual([]);
    }, 300_000);

    test('a host whose key is not known is not believed', async () => {
      const PATH = await sshWith('bin-unknown', [
        `IdentityFile ${join(place, 'user-key')}`,
        'UserKnownHostsFile /dev/null',
      ]);
      const { exitCode, stderr } = await ocibench(['doctor'], place, { ...host(), PATH });
      expect(stderr).toContain('unknown here');
      expect(stderr).toContain('DOCKER_HOST');
      expect(exitCode).toBe(3);
    }, 300_000);

    test('a key that is not let in', async () => {
      const PATH = await sshWith('bin-nokey', [
        'IdentityFile none',
        `UserKnownHostsFile ${join(place, 'known')}`,
      ]);
      const { exitCode, stderr } = await ocibench(['doctor'], place, { ...host(), PATH });
      expect(stderr).toContain('cannot log in without asking a question');
      expect(exitCode).toBe(3);
    }, 300_000);
  });
});

/** Gives `nobody` a range of users, in the daemon's own mount namespace. */
const subordinateUsers = [
  'ids="$scratch/subid"; for who in nobody nogroup; do echo "$who:100000:65536"; done >"$ids"',
  'mount --bind "$ids" /etc/subuid; mount --bind "$ids" /etc/subgid; chmod 755 "$scratch"',
];

/** Runs `io/fio` and `startup/echo` under runc on a daemon at a socket of this machine. */
async function runOn(place: string, daemon: PrivateDaemon) {
  const result = await ocibench(
    [
      'run',
      '--preset',
      'quick',
      '--blocks',
      '1..1',
      '--workloads',
      'io/fio,startup/echo',
      '--runtimes',
      'runc',
    ],
    place,
    { DOCKER_HOST: `unix://${daemon.socket}` },
  );
  expect(result.stderr).not.toContain('bug in ocibench');
  const results = join(place, 'results', await readlink(join(place, 'results/latest')));
  const run: RunRecord = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
  const rows = await readCsv(join(results, 'measurements.csv'));
  expect(rows.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  expect(result.exitCode).toBe(0);
  return { run, rows, report: await readFile(join(results, 'report.md'), 'utf8') };
}

describe.skipIf(!canRun)('users other than root', () => {
  let place: string;
  let daemon: PrivateDaemon | null = null;
  beforeEach(async () => {
    place = await mkdtemp('/var/tmp/remote-e2e-');
  });
  afterEach(async () => {
    await daemon?.stop();
    daemon = null;
    await rm(place, { recursive: true, force: true });
  });

  test(
    'userns-remap: bind mounts can be written to, figures are complete, and the report says who root is',
    async () => {
      daemon = await startDaemon(place, {
        config: { 'userns-remap': 'nobody:nogroup' },
        before: subordinateUsers.join('\n'),
      });
      const { run, rows } = await runOn(place, daemon);
      expect(run.engine).toMatchObject({ local: true, userns: { uid: 100000, gid: 100000 } });
      expect(run.checks.find(({ id }) => id === 'engine-userns')?.detail).toContain('user 100000');
      const bind = rows.filter(
        ({ metric, params }) => metric === 'fio.bandwidth' && params?.includes('bind'),
      );
      expect(bind.length).toBeGreaterThan(0);
      for (const metric of ['memory.peak', 'cpu.usage'])
        expect(rows.filter((row) => row.metric === metric).length, metric).toBeGreaterThan(0);
    },
    limit,
  );

  const rootless = '/usr/share/docker.io/contrib/dockerd-rootless.sh';
  const programs = ['/usr/bin/rootlesskit', '/usr/bin/slirp4netns', '/usr/bin/newuidmap', rootless];
  test.skipIf(!programs.every((program) => existsSync(program)))(
    'rootless: a run ends in a report that says what is absent',
    async () => {
      const own = ['data', 'exec', 'home', 'runtime'].map((name) => `"$scratch/${name}"`).join(' ');
      const environment = `PATH=${process.env.PATH} HOME=${place}/home XDG_RUNTIME_DIR=${place}/runtime`;
      daemon = await startDaemon(place, {
        config: { 'storage-driver': 'vfs' },
        before: [
          ...subordinateUsers,
          'mknod "$scratch/tun" c 10 200; chmod 666 "$scratch/tun"; mount --bind "$scratch/tun" /dev/net/tun',
          `mkdir -p ${own}; chown nobody:nogroup "$scratch" ${own}; chmod 700 "$scratch/runtime"`,
        ].join('\n'),
        dockerd: `setpriv --reuid nobody --regid nogroup --clear-groups env -i ${environment} sh ${rootless}`,
      });
      // That user may write to the daemon's own directory, so that root writes nothing there.
      const out = await mkdtemp('/var/tmp/remote-e2e-');
      const doctor = await ocibench(['doctor'], out, { DOCKER_HOST: `unix://${daemon.socket}` });
      // The file and the runtimes there are those of the system's daemon.
      expect(doctor.stdout).not.toContain('/etc/docker/daemon.json');
      expect(doctor.stdout).toContain('rootless: its containers run in cgroups of its user');
      const { run, rows, report } = await runOn(out, daemon);
      await rm(out, { recursive: true });
      expect(run.engine).toMatchObject({ transport: 'unix', local: false, hidden: 'rootless' });
      expect(run.runtimes[0]?.version).toContain('runc');
      expect(report).toContain('The engine is rootless');
      expect(rows.filter(({ metric }) => metric === 'startup.total').length).toBeGreaterThan(0);
      expect(rows.filter(({ value }) => value === '0')).toEqual([]);
    },
    limit,
  );
});
