import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  removeTemporaryDirectories,
  temporaryDirectory,
  writerMark,
} from '../../../src/core/files/temporary.ts';

const source = (path: string) => JSON.stringify(resolve(import.meta.dirname, '../../../src', path));

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-temporary-test-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

/** A process of ocibench that has a temporary directory in `place`, with a file in it, and then does `rest`. */
async function holder(rest: string) {
  const script = `
import { temporaryDirectory } from ${source('core/files/temporary.ts')};
import { interruptSignal } from ${source('cli/context.ts')};
import { writeFileSync } from 'node:fs';
const held = await temporaryDirectory('version');
writeFileSync(held.path + '/file', '');
${rest}
process.stdout.write('ready');
`;
  return started(['--input-type=module', '-e', script]);
}

async function started(args: readonly string[]) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, TMPDIR: place },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) => signal ?? code);
  await once(child.stdout, 'data');
  return { child, ended };
}

const waits = 'setInterval(() => undefined, 1_000);';

describe('a temporary directory', () => {
  test.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const)(
    'is gone when its process ends by %s, which ends it as by default',
    async (signal) => {
      const { child, ended } = await holder(waits);
      expect(await readdir(place)).toHaveLength(1);
      child.kill(signal);
      expect(await ended).toBe(signal);
      expect(await readdir(place)).toEqual([]);
    },
  );

  test('is gone when its process exits in the midst of its work', async () => {
    const { ended } = await holder('setTimeout(() => process.exit(3), 50);');
    expect(await ended).toBe(3);
    expect(await readdir(place)).toEqual([]);
  });

  test('stays while a use case ends its work after Ctrl-C, and goes with a second one', async () => {
    const said =
      "interruptSignal({ log: () => process.stdout.write('said') }, '', { now: () => (now += 1_000) })";
    const { child, ended } = await holder(`let now = 0; ${said}; ${waits}`);
    child.kill('SIGINT');
    await once(child.stdout, 'data');
    expect(await readdir(place)).toHaveLength(1);
    child.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
    expect(await readdir(place)).toEqual([]);
  });

  test('of a process that was killed is removed by the next one that makes one', async () => {
    const { child, ended } = await holder(waits);
    child.kill('SIGKILL');
    await ended;
    expect(await readdir(place)).toHaveLength(1);
    const [left] = await readdir(place);
    {
      await using next = await temporaryDirectory('units', place);
      expect(next.path).toContain('ocibench-units-');
      expect(await readdir(place)).not.toContain(left);
    }
    expect(await readdir(place)).toEqual([]);
  });

  test('leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT');
    {
      await using _one = await temporaryDirectory('units', place);
      await using _other = await temporaryDirectory('version', place);
      expect(process.listenerCount('SIGINT')).toBe(before + 1);
    }
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  test('cannot be made: the place is named', async () => {
    await expect(temporaryDirectory('units', join(place, 'absent'))).rejects.toThrow(/absent/);
  });
});

test('the clean-up touches no directory of a living process, another user, host or PID namespace, and no link', async () => {
  const [, namespace, host] = writerMark().split('.');
  const nobody = 99_999_999;
  const name = (mark: string) => `ocibench-version-${mark}-AbCdEf`;
  const gone = name(`${nobody}.${namespace}.${host}`);
  const others = [
    name(writerMark()),
    name(`${nobody}.1.${host}`),
    name(`${nobody}.${namespace}.00000000`),
    'ocibench-version-AbCdEf',
    `${gone}-more`,
  ];
  for (const each of [gone, ...others]) await mkdir(join(place, each, 'inner'), { recursive: true });
  const link = name(`${nobody - 1}.${namespace}.${host}`);
  await symlink(place, join(place, link));
  if (process.getuid?.() === 0) {
    const foreign = name(`${nobody - 2}.${namespace}.${host}`);
    await mkdir(join(place, foreign));
    await chown(join(place, foreign), 65534, 65534);
    others.push(foreign);
  }
  expect(await removeTemporaryDirectories(place)).toEqual([join(place, gone)]);
  expect((await readdir(place)).toSorted()).toEqual([...others, link].toSorted());
});

test('a look at a program that is ended leaves no directory', async () => {
  const program = join(place, 'slow');
  await writeFile(program, '#!/bin/sh\nsleep 30\n');
  await chmod(program, 0o755);
  const script = `
import { versionOf } from ${source('core/host/runtimes.ts')};
const seen = versionOf(${JSON.stringify(program)});
setTimeout(() => process.stdout.write('ready'), 50);
await seen;
`;
  const { child, ended } = await started(['--input-type=module', '-e', script]);
  expect((await readdir(place)).some((name) => name.startsWith('ocibench-version-'))).toBe(true);
  child.kill('SIGTERM');
  await ended;
  expect(await readdir(place)).toEqual(['slow']);
});
