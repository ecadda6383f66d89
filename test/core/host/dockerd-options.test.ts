import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unreadable } from '../../../src/core/files/plain-file.ts';
import {
  dockerdElsewhere,
  parseDockerdOptions,
  parseListening,
  readDockerdOptions,
  readDockerdRuntimes,
} from '../../../src/core/host/dockerd-options.ts';
import { put } from '../collect/cgroup/fake-hierarchy.ts';

test('without a file and without flags they are Docker’s own', () => {
  expect(parseDockerdOptions(['dockerd'], null)).toEqual({ userlandProxy: true, defaultUlimits: 'none' });
  expect(parseDockerdOptions(['dockerd'], '{}')).toEqual({ userlandProxy: true, defaultUlimits: 'none' });
});

test('of the file and of the command line', () => {
  const file = JSON.stringify({
    'userland-proxy': false,
    'default-ulimits': {
      nproc: { Name: 'nproc', Soft: 2048, Hard: 4096 },
      core: { Name: 'nofile', Soft: 1, Hard: 2 },
    },
  });
  expect(parseDockerdOptions(['dockerd'], file)).toEqual({
    userlandProxy: false,
    defaultUlimits: 'nofile=1:2 nproc=2048:4096',
  });
  const argv = [
    'dockerd',
    '--userland-proxy=false',
    '--default-ulimit',
    'nofile=64',
    '--default-ulimit=core=0:5',
  ];
  expect(parseDockerdOptions(argv, null)).toEqual({
    userlandProxy: false,
    defaultUlimits: 'core=0:5 nofile=64:64',
  });
});

test('a limit without a name is said to have none: dockerd does not take it from the key', () => {
  const file = JSON.stringify({ 'default-ulimits': { nofile: { Soft: 1, Hard: 2 } } });
  expect(parseDockerdOptions(['dockerd'], file).defaultUlimits).toBe('nofile (no "Name")=1:2');
});

test('a running dockerd’s file is the one that it sees', async () => {
  const proc = mkdtempSync(join(tmpdir(), 'ocibench-options-'));
  const run = (pid: number, ...argv: string[]) => {
    put(join(proc, `${pid}/cmdline`), ['dockerd', ...argv].map((word) => `${word}\0`).join(''));
    put(join(proc, `view-${pid}/etc/docker/daemon.json`), '{"userland-proxy": false}');
    symlinkSync(join(proc, `view-${pid}`), join(proc, `${pid}/root`));
  };
  run(10);
  run(11, '--config-file', '/etc/other.json');
  run(12, '--config-file=/etc/broken.json');
  put(join(proc, 'view-12/etc/broken.json'), '{"userland-proxy": "perhaps"}');
  try {
    expect(await readDockerdOptions(10, proc)).toMatchObject({ userlandProxy: false });
    expect(await readDockerdOptions(11, proc)).toMatchObject({ userlandProxy: true });
    expect(await readDockerdOptions(12, proc)).toEqual({});
    expect(await readDockerdOptions(99, proc)).toEqual({});
    // Its API says `"kata":{}` alone.
    run(13, '--config-file=/srv/docker.json');
    put(
      join(proc, 'view-13/srv/docker.json'),
      '{"runtimes": {"kata": {"runtimeType": "io.containerd.kata.v2", "options": {"ConfigPath": "/srv/k.toml"}}}}',
    );
    expect((await readDockerdRuntimes(13, proc)).slice(1)).toEqual([
      {
        name: 'kata',
        runtimeType: 'io.containerd.kata.v2',
        origin: 'daemon.json',
        options: { ConfigPath: '/srv/k.toml' },
      },
    ]);
    expect(await readDockerdRuntimes(11, proc)).toEqual([]);
    expect(await readDockerdRuntimes(12, proc)).toEqual([]);
  } finally {
    rmSync(proc, { recursive: true });
  }
});

describe('where dockerd listens', () => {
  const course = JSON.stringify({
    hosts: ['tcp://0.0.0.0:2376'],
    tlsverify: true,
    tlscacert: '/etc/docker/ca.pem',
  });

  test.each([
    ['the file’s hosts', ['dockerd'], course, { hosts: ['tcp://0.0.0.0:2376'], tls: true }],
    ['-H', ['dockerd', '-H', 'tcp://:2375'], null, { hosts: ['tcp://:2375'], tls: false }],
    ['-H=', ['dockerd', '-H=unix:///srv/d.sock'], '{}', { hosts: ['unix:///srv/d.sock'], tls: false }],
    [
      '--host and --tlsverify',
      ['dockerd', '--host=tcp://:1', '--tlsverify'],
      null,
      { hosts: ['tcp://:1'], tls: true },
    ],
    [
      'a default socket beside TCP',
      ['dockerd'],
      '{"hosts":["unix:///var/run/docker.sock","tcp://:2376"]}',
      null,
    ],
    [
      'systemd’s socket',
      ['dockerd', '-H', 'fd://', '--containerd=/run/containerd/containerd.sock'],
      null,
      null,
    ],
    ['nothing', ['dockerd'], '{"hosts":[]}', null],
    ['hosts of another form', ['dockerd'], '{"hosts":7}', null],
  ])('%s', (_, argv, file, expected) => {
    expect(parseListening(argv, file)).toEqual(expected);
  });

  test('is found by the process, else by the file; not in containers, and not of other users', async () => {
    const proc = mkdtempSync(join(tmpdir(), 'ocibench-listening-'));
    const standard = join(proc, 'daemon.json');
    const run = (pid: number, uid: number, nsPid: string, file: string | null) => {
      put(join(proc, `${pid}/stat`), `${pid} (dockerd) S 1${' 0'.repeat(18)}\n`);
      put(join(proc, `${pid}/cmdline`), 'dockerd\0');
      put(join(proc, `${pid}/status`), `Uid:\t${Array(4).fill(uid).join('\t')}\nNSpid:\t${nsPid}\n`);
      put(join(proc, `view-${pid}/etc/hostname`), '');
      if (file !== null) put(join(proc, `view-${pid}/etc/docker/daemon.json`), file);
      symlinkSync(join(proc, `view-${pid}`), join(proc, `${pid}/root`));
    };
    try {
      run(10, 0, '10\t1', course);
      run(11, 65534, '11', course);
      put(standard, '{}');
      expect(await dockerdElsewhere(proc, standard)).toBeNull();
      put(standard, course);
      const found = { hosts: ['tcp://0.0.0.0:2376'], tls: true };
      expect(await dockerdElsewhere(proc, standard)).toEqual({ ...found, pid: null, file: standard });
      run(13, 0, '13', course);
      expect(await dockerdElsewhere(proc, standard)).toEqual({
        ...found,
        pid: 13,
        file: '/etc/docker/daemon.json',
      });
      // One that runs need not read the default file.
      rmSync(join(proc, '13'), { recursive: true });
      run(12, 0, '12', null);
      expect(await dockerdElsewhere(proc, standard)).toBeNull();
      rmSync(join(proc, '12'), { recursive: true });
      expect(await dockerdElsewhere(proc, standard)).not.toBeNull();
      put(standard, '{');
      expect(await dockerdElsewhere(proc, standard)).toBeNull();
    } finally {
      rmSync(proc, { recursive: true });
    }
  });
});

test('a user, to whom dockerd’s view is closed, reads the file of that name here, unless dockerd is in a container', async () => {
  const proc = mkdtempSync(join(tmpdir(), 'ocibench-options-'));
  const run = (pid: number, ids: string, ...argv: string[]) => {
    put(join(proc, `${pid}/cmdline`), ['dockerd', ...argv].map((word) => `${word}\0`).join(''));
    put(join(proc, `${pid}/status`), `Name:\tdockerd\nNSpid:\t${ids}\n`);
  };
  run(10, '10');
  run(11, '11\t1');
  run(12, '12', '--config-file=/etc/closed.json');
  run(13, '13', '--config-file=/etc/none.json');
  // As the reader of plain files fails: it passes ENOENT on, and wraps all else.
  const failing = (code: string) => {
    const error = Object.assign(new Error(code), { code });
    return Promise.reject(code === 'ENOENT' ? error : unreadable('/a/file', code, error));
  };
  const read = async (path: string) => {
    if (path === '/etc/docker/daemon.json') return '{"userland-proxy": false}';
    return failing(path === '/etc/none.json' ? 'ENOENT' : 'EACCES');
  };
  try {
    expect(await readDockerdOptions(10, proc, read)).toEqual({
      userlandProxy: false,
      defaultUlimits: 'none',
    });
    expect(await readDockerdOptions(11, proc, read)).toEqual({});
    expect(await readDockerdOptions(12, proc, read)).toEqual({});
    expect(await readDockerdOptions(13, proc, read)).toEqual({ userlandProxy: true, defaultUlimits: 'none' });
  } finally {
    rmSync(proc, { recursive: true });
  }
});
