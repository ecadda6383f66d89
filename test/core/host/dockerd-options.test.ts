import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  parseDockerdOptions,
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
    'default-ulimits': { nproc: { Name: 'nproc', Soft: 2048, Hard: 4096 }, nofile: { Soft: 1, Hard: 2 } },
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
        ...{ name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
        options: { ConfigPath: '/srv/k.toml' },
      },
    ]);
    expect(await readDockerdRuntimes(11, proc)).toEqual([]);
    expect(await readDockerdRuntimes(12, proc)).toEqual([]);
  } finally {
    rmSync(proc, { recursive: true });
  }
});
