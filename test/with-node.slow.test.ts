import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

let place: string;
let lock: string;
/** A process that holds the lock. */
let holder: ChildProcess | null;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'with-node-'));
  lock = join(place, 'scripts/node/in-use.lock');
  holder = null;
  await mkdir(join(place, 'scripts/node'), { recursive: true });
  await copyFile(join(root, 'scripts/with-node'), join(place, 'scripts/with-node'));
  await writeFile(join(place, 'package-lock.json'), '{}');
  await mkdir(join(place, 'node_modules'));
  const { stdout } = await execa('cksum', { inputFile: join(place, 'package-lock.json') });
  await writeFile(join(place, 'node_modules/.ocibench-lock'), `${stdout}\n`);
});
afterEach(async () => {
  holder?.kill('SIGKILL');
  await rm(place, { recursive: true });
});

const withNode = (env = {}) =>
  execa(join(place, 'scripts/with-node'), ['echo', 'ran'], { reject: false, env });

test('the lock of a checkout is open to its owner alone, also where it was there before', async () => {
  expect((await withNode()).stdout).toBe('ran');
  expect((await stat(lock)).mode & 0o777).toBe(0o600);
  await chmod(lock, 0o644);
  expect((await withNode()).stdout).toBe('ran');
  expect((await stat(lock)).mode & 0o777).toBe(0o600);
});

test('the wait for the lock has an end, and names who holds it', async () => {
  await writeFile(lock, '');
  holder = spawn('flock', ['--no-fork', '-x', lock, 'sleep', '60'], { stdio: 'ignore' });
  await expect
    .poll(async () => (await execa('flock', ['-n', lock, 'true'], { reject: false })).exitCode)
    .toBe(1);
  const { exitCode, stdout, stderr } = await withNode({ OCIBENCH_INSTALL_WAIT: '1' });
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toContain(`is still held by pid ${holder.pid} (sleep) of user ${process.getuid?.()}`);
});

test('npm 9, which links no Node of a package for two processors, installs one all the same', async () => {
  const programs = join(place, 'programs');
  await mkdir(programs);
  const write = (name: string, script: string) =>
    writeFile(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await write('node', 'exit 1');
  const own = `node_modules/node-linux-${process.arch}/bin`;
  await write('npm', `mkdir -p node_modules/.bin ${own} && ln -s '${process.execPath}' ${own}/node`);
  const { stdout, stderr } = await execa(join(place, 'scripts/with-node'), ['node', '-p', '6*7'], {
    reject: false,
    env: { PATH: `${programs}:/usr/bin:/bin` },
  });
  expect(stdout, stderr).toBe('42');
});

test.runIf((await execa('git', ['-C', root, 'rev-parse'], { reject: false })).exitCode === 0)(
  'no file that is ignored is tracked',
  async () => {
    const { stdout } = await execa('git', [
      '-C',
      root,
      'ls-files',
      '--cached',
      '--ignored',
      '--exclude-standard',
    ]);
    expect(stdout).toBe('');
  },
);
