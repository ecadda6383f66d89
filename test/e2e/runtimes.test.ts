import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerClient } from '../../src/core/engine/docker/client.ts';
import { privateCgroupView } from '../../src/core/engine/private-directories.ts';
import { canRun, root } from './support.ts';

/** Joins no cgroup and has no PID namespace: its pid is one that the command can send SIGHUP to. */
const start = `#!/bin/sh
set -eu
view=$1/cgroup-view
${privateCgroupView}
for dir in /run /opt /etc/docker; do
  mkdir -p "$1/upper$dir" "$1/work$dir"
  mount -t overlay overlay -o "lowerdir=$dir,upperdir=$1/upper$dir,workdir=$1/work$dir" "$dir"
done
rm -f /run/containerd/containerd.sock
ip link set lo up
shift
exec dockerd "$@"
`;

/** A dockerd of the test's own, whose configuration is a file of the test's own. */
interface Daemon {
  readonly file: string;
  readonly docker: Docker;
  readonly socket: string;
  stop(): Promise<void>;
}

async function startDaemon(
  directory: string,
  name: string,
  text: string,
  flags: string[] = [],
): Promise<Daemon> {
  const place = join(directory, name);
  await mkdir(place, { recursive: true });
  const file = join(place, 'daemon.json');
  const socket = join(place, 'docker.sock');
  await writeFile(file, text.replaceAll('PLACE', place));
  await writeFile(join(place, 'start'), start, { mode: 0o700 });
  const words = ['--mount', '--net', '--propagation', 'private', '--fork', '--kill-child=TERM'];
  const child: ChildProcess = spawn(
    'unshare',
    [...words, 'sh', join(place, 'start'), place, '--config-file', file, ...flags],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const docker = dockerClient({ socketPath: socket });
  const deadline = performance.now() + 240_000;
  for (;;) {
    try {
      await docker.ping();
      break;
    } catch (error) {
      if (child.exitCode !== null || performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
  const stop = async () => {
    const pid = Number(await readFile(join(place, 'docker.pid'), 'utf8'));
    process.kill(pid, 'SIGTERM');
    await ended;
  };
  return { file, docker, socket, stop };
}

/** An image with one program of the host and the libraries it needs: enough to ask the kernel for its name. */
async function importUname(docker: Docker): Promise<void> {
  const program = '/usr/bin/uname';
  const { stdout } = await execa('ldd', [program]);
  const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  const tar = spawn('tar', ['-chf', '-', program, ...libraries], { stdio: ['ignore', 'pipe', 'ignore'] });
  const stream = await docker.importImage(tar.stdout, { repo: 'uname', tag: 'test' });
  await new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null)));
  });
}

async function uname(docker: Docker, runtime: string): Promise<string> {
  const container = await docker.createContainer({
    Image: 'uname:test',
    Cmd: ['/usr/bin/uname', '-a'],
    Tty: true,
    HostConfig: { Runtime: runtime, NetworkMode: 'none' },
  });
  try {
    const output = await container.attach({ stream: true, stdout: true });
    const chunks: Buffer[] = [];
    output.on('data', (chunk: Buffer) => chunks.push(chunk));
    const closed = once(output, 'end');
    await container.start();
    await container.wait();
    await closed;
    return Buffer.concat(chunks).toString();
  } finally {
    await container.remove({ force: true });
  }
}

const text = `{
    "hosts": ["unix://PLACE/docker.sock"],
    "pidfile": "PLACE/docker.pid",
    "data-root": "PLACE/data",   "exec-root": "PLACE/exec",
    "exec-opts": ["native.cgroupdriver=cgroupfs"], "cgroup-parent": "/runtimes-test",
    "bridge": "none", "iptables": false, "ip6tables": false
}
`;

describe.skipIf(!canRun)('ocibench runtimes on a real dockerd', { timeout: 240_000 }, () => {
  let directory = '';
  let daemon: Daemon;
  let original = '';

  const runtimes = (words: readonly string[], socket = daemon.socket, file = daemon.file) => {
    const at = words.indexOf('--');
    const [before, after] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at)];
    return execa(
      process.execPath,
      [join(root, 'src/cli.ts'), 'runtimes', ...before, '--daemon-json', file, '--lang', 'en', ...after],
      { reject: false, stdin: 'ignore', env: { NO_COLOR: '1', DOCKER_HOST: `unix://${socket}` } },
    );
  };
  const listed = async () => Object.keys((await daemon.docker.info()).Runtimes);
  const content = () => readFile(daemon.file, 'utf8');

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-runtimes-'));
    daemon = await startDaemon(directory, 'main', text);
    original = await content();
    await chmod(daemon.file, 0o640);
    await chown(daemon.file, 0, 1);
    await importUname(daemon.docker);
  }, 300_000);
  afterAll(async () => {
    await daemon?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test('without a terminal and without --yes the difference is shown and nothing is written', async () => {
    const result = await runtimes(['add', 'crun', '--path', '/usr/bin/crun']);
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toContain('+    "runtimes": {');
    expect(result.stderr).toContain('--yes');
    expect(await content()).toBe(original);
    const dry = await runtimes(['add', 'crun', '--path', '/usr/bin/crun', '--dry-run']);
    expect([dry.exitCode, await content()]).toEqual([0, original]);
    expect(dry.stdout).toBe(result.stdout);
  });

  test('crun and runsc are added, containers start with them, and owner and mode stay', async () => {
    const crun = await runtimes(['add', 'crun', '--path', '/usr/bin/crun', '--yes']);
    expect([crun.exitCode, crun.stderr]).toEqual([0, expect.stringContaining('now has crun')]);
    const args = ['--platform=systrap', '--network=none'];
    const runsc = await runtimes(['add', 'runsc', '--path', '/usr/bin/runsc', '--yes', '--', ...args]);
    expect([runsc.exitCode, runsc.stderr]).toEqual([0, expect.stringContaining('now has runsc')]);
    expect(await listed()).toEqual(expect.arrayContaining(['crun', 'runsc']));
    expect((await content()).startsWith(original.trimEnd().slice(0, -2))).toBe(true);
    const { mode, gid } = await stat(daemon.file);
    expect([mode & 0o777, gid]).toEqual([0o640, 1]);
    const names = await readdir(join(directory, 'main'));
    expect(names.filter((name) => name.endsWith('.bak'))).toHaveLength(2);
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const release = (await execa('uname', ['-r'])).stdout;
    expect(await uname(daemon.docker, 'crun')).toContain(release);
    // 4.19.0-gvisor since release-20260427.
    expect(await uname(daemon.docker, 'runsc')).toMatch(/ 4\.(4\.0|19\.0-gvisor) /);
  });

  test('at a terminal it asks, and takes no for an answer', async () => {
    const before = await content();
    const command = `${process.execPath} ${join(root, 'src/cli.ts')} runtimes remove crun --daemon-json ${daemon.file} --lang fr`;
    const result = await execa('script', ['-qec', command, '/dev/null'], {
      input: 'n\n',
      reject: false,
      env: { NO_COLOR: '1', DOCKER_HOST: `unix://${daemon.socket}` },
    });
    expect(result.stdout).toContain('Écrire ce changement');
    expect(result.stdout).toContain('Rien n’a été écrit.');
    expect(await content()).toBe(before);
  });

  test('what Docker refuses is refused before anything is written', async () => {
    const before = await content();
    const refused: readonly (readonly [words: string[], says: string])[] = [
      [['add', 'runc', '--path', '/usr/bin/crun'], 'reserved'],
      [['add', 'a b', '--path', '/usr/bin/crun'], 'is not a valid name for a runtime'],
      [['add', 'crun', '--path', '/usr/bin/runsc'], 'is already registered: /usr/bin/crun'],
      [['add', 'x', '--path', '/etc/passwd'], 'not an executable file'],
      [['add', 'x', '--path', '/usr/bin'], 'not an executable file'],
      [['add', 'x', '--path', 'crun'], '--path /usr/bin/crun'],
      [['add', 'x', '--path', '/usr/bin/containerd-shim-runc-v2'], 'containerd shim'],
      [['remove', 'nothing'], 'choose from: crun, runsc'],
      [['remove', 'runc'], 'not registered in this file'],
    ];
    for (const [words, says] of refused) {
      const result = await runtimes([...words, '--yes']);
      expect([words, result.exitCode, result.stderr]).toEqual([words, 2, expect.stringContaining(says)]);
    }
    expect(await content()).toBe(before);
  });

  test('a runtime in use is not removed, unless one insists', async () => {
    const container = await daemon.docker.createContainer({
      name: 'user-of-crun',
      Image: 'uname:test',
      Cmd: ['/usr/bin/uname'],
      HostConfig: { Runtime: 'crun', NetworkMode: 'none' },
    });
    const refused = await runtimes(['remove', 'crun', '--yes']);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('user-of-crun')]);
    const forced = await runtimes(['remove', 'crun', '--yes', '--force']);
    expect([forced.exitCode, forced.stderr]).toEqual([0, expect.stringContaining('no longer has crun')]);
    expect(await listed()).not.toContain('crun');
    await container.remove();
  });

  test('a file that dockerd --validate refuses is not put in place', async () => {
    const before = await content();
    const doubtful = before.replace('"bridge": "none"', '"dns-search": ["no domain!"], "bridge": "none"');
    await writeFile(daemon.file, doubtful);
    const result = await runtimes(['add', 'crun', '--path', '/usr/bin/crun', '--yes']);
    expect([result.exitCode, result.stderr]).toEqual([2, expect.stringContaining('dockerd --validate')]);
    expect(await content()).toBe(doubtful);
    await writeFile(daemon.file, before);
  });

  test('a file that does not parse is refused with line and key', async () => {
    const before = await content();
    await writeFile(daemon.file, before.replace('"bridge": "none",', '"bridge": "none"'));
    const syntax = await runtimes(['add', 'crun', '--path', '/usr/bin/crun', '--yes']);
    expect([syntax.exitCode, syntax.stderr]).toEqual([2, expect.stringContaining('line 6')]);
    await writeFile(daemon.file, before.replace('"iptables": false', '"iptable": false'));
    const key = await runtimes(['remove', 'runsc', '--yes']);
    expect([key.exitCode, key.stderr]).toEqual([2, expect.stringContaining('iptable: unknown key')]);
    await writeFile(daemon.file, before);
  });

  test('the default runtime is not removed', async () => {
    const before = await content();
    await writeFile(daemon.file, before.replace('"bridge"', '"default-runtime": "runsc", "bridge"'));
    const result = await runtimes(['remove', 'runsc', '--yes']);
    expect([result.exitCode, result.stderr]).toEqual([2, expect.stringContaining('default runtime')]);
    await writeFile(daemon.file, before);
  });

  test('show puts file and daemon side by side', async () => {
    const result = await runtimes(['show']);
    expect(result.exitCode).toBe(0);
    const rows = result.stdout.split('\n');
    expect(rows.find((row) => /^runsc +\/usr/.test(row))).toBeDefined();
    expect(result.stdout).toContain('runsc: Docker can use it.');
  });

  test('the last runtime is removed from file and daemon, --no-reload only from the file', async () => {
    const before = await content();
    const quiet = await runtimes(['remove', 'runsc', '--yes', '--no-reload']);
    expect([quiet.exitCode, await listed()]).toEqual([0, expect.arrayContaining(['runsc'])]);
    await writeFile(daemon.file, before);
    const result = await runtimes(['remove', 'runsc', '--yes']);
    expect([result.exitCode, result.stderr]).toEqual([0, expect.stringContaining('no longer has runsc')]);
    expect(await listed()).not.toContain('runsc');
    expect(JSON.parse(await content()).runtimes).toEqual({});
  });

  test('a daemon that refuses to reload has the old file and the old runtimes again', async () => {
    // A key that is a flag too: dockerd --validate cannot see that, only the reload does.
    const other = await startDaemon(directory, 'other', text, ['--log-level=info']);
    try {
      const before = (await readFile(other.file, 'utf8')).replace('"hosts"', '"log-level": "info", "hosts"');
      await writeFile(other.file, before);
      const known = Object.keys((await other.docker.info()).Runtimes).toSorted();
      const args = ['add', 'runsc', '--path', '/usr/bin/runsc', '--yes'];
      const result = await runtimes(args, other.socket, other.file);
      expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining('Rolled back')]);
      expect(await readFile(other.file, 'utf8')).toBe(before);
      expect(Object.keys((await other.docker.info()).Runtimes).toSorted()).toEqual(known);
      expect((await readdir(join(directory, 'other'))).filter((name) => /\.(bak|tmp)$/.test(name))).toEqual(
        [],
      );
    } finally {
      await other.stop();
    }
  });

  test('what else the reload changed is said: a runtime that dockerd had from a flag only', async () => {
    const other = await startDaemon(directory, 'flagged', text, ['--add-runtime', 'flagged=/usr/bin/crun']);
    try {
      const args = ['add', 'runsc', '--path', '/usr/bin/runsc', '--yes'];
      const result = await runtimes(args, other.socket, other.file);
      const left = Object.keys((await other.docker.info()).Runtimes);
      expect([result.exitCode, result.stderr]).toEqual([0, expect.stringContaining('now has runsc')]);
      expect(result.stderr.includes('flagged')).toBe(!left.includes('flagged'));
    } finally {
      await other.stop();
    }
  });
});
