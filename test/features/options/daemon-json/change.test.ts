import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ListedRuntime } from '../../../../src/core/engine/engine.ts';
import { writerMark } from '../../../../src/core/files/temporary.ts';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import {
  type ChangeResult,
  changeDaemonJson,
  type ReloadableDaemon,
} from '../../../../src/features/options/daemon-json/change.ts';
import { readHostFile } from '../../../../src/features/options/daemon-json/daemon-file.ts';
import { withoutRuntime, withRuntime } from '../../../../src/features/options/daemon-json/edit.ts';
import { text as registry, why } from '../../../../src/features/options/daemon-json/registry-text.ts';

let directory = '';
let path = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-change-'));
  path = join(directory, 'daemon.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A dockerd that takes runtimes from the file as the real one does: only where the key `runtimes` is in it. */
class FakeDaemon implements ReloadableDaemon {
  runtimes: Record<string, { path: string }>;
  reloads = 0;
  readonly deaf: boolean;
  constructor(runtimes: Record<string, { path: string }> = {}, deaf = false) {
    this.runtimes = runtimes;
    this.deaf = deaf;
  }
  async reload(): Promise<void> {
    this.reloads++;
    if (this.deaf) return;
    const { runtimes } = JSON.parse(await readFile(path, 'utf8'));
    if (runtimes) this.runtimes = runtimes;
  }
  async listed(): Promise<readonly ListedRuntime[]> {
    return Object.entries(this.runtimes).map(([name, entry]) => ({ name, ...entry }));
  }
}

async function add(
  daemon: ReloadableDaemon | null,
  options: {
    validate?: (path: string) => Promise<string | null>;
    tryStart?: () => Promise<string | null>;
    arrived?: boolean;
    signal?: AbortSignal;
    name?: string;
  } = {},
): Promise<ChangeResult | OcibenchError> {
  const { name: runtime = 'runsc' } = options;
  const file = await readHostFile(path);
  const text = withRuntime(file.text ?? '{}\n', runtime, { path: '/usr/bin/runsc' });
  try {
    return await changeDaemonJson(
      {
        file,
        text,
        undoing: withoutRuntime(text, runtime),
        arrived: (listed) => options.arrived ?? listed.some(({ name }) => name === runtime),
      },
      {
        validate: options.validate ?? (async () => null),
        tryStart: options.tryStart ?? (async () => null),
        daemon,
        now: new Date('2026-03-01T12:00:00Z'),
        signal: options.signal ?? new AbortController().signal,
        limitMs: 300,
      },
      registry.cannotAdd({ runtime }),
    );
  } catch (error) {
    if (error instanceof OcibenchError) return error;
    throw error;
  }
}

const before = '{\n  "debug": true\n}\n';

test('the file keeps its mode, the old one lies beside it, and the daemon has the runtime', async () => {
  await writeFile(path, before);
  await chmod(path, 0o640);
  const daemon = new FakeDaemon();
  const changed = await add(daemon);
  const backup = 'backup' in changed ? changed.backup : null;
  expect(changed).toMatchObject({ others: ['runsc'] });
  expect(backup).toMatch(/daemon\.json\.20260301T120000Z-[0-9a-f]{4}\.bak$/);
  expect(await readFile(String(backup), 'utf8')).toBe(before);
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect((await stat(String(backup))).mode & 0o777).toBe(0o640);
  expect(Object.keys(daemon.runtimes)).toEqual(['runsc']);
  expect(await readdir(directory)).toHaveLength(2);
});

test('of several backups the first and the last stay, with every file that is not ours', async () => {
  const others = ['daemon.json.bak', 'daemon.json.mine.bak', 'x-daemon.json.20260301T120000Z-aaaa.bak'];
  for (const name of others) await writeFile(join(directory, name), '');
  const first = join(directory, 'daemon.json.20260201T000000Z-ffff.bak');
  await writeFile(first, 'first');
  await writeFile(path, before);
  for (const name of ['a', 'b', 'c']) expect(await add(null, { name })).toMatchObject({ oldest: first });
  const kept = (await readdir(directory)).filter((name) => !others.includes(name) && name.endsWith('.bak'));
  const texts = await Promise.all(kept.map((name) => readFile(join(directory, name), 'utf8')));
  expect(texts.toSorted()).toEqual(['first', expect.stringContaining('"b"')]);
  expect(texts.join()).not.toContain('"c"');
  expect(await readdir(directory)).toEqual(expect.arrayContaining(others));
});

test('a link stays a link: what it points to is written', async () => {
  await writeFile(join(directory, 'real.json'), before);
  await symlink('real.json', path);
  await add(null);
  expect(await readFile(join(directory, 'real.json'), 'utf8')).toContain('runsc');
  expect((await readHostFile(path)).path).toBe(join(directory, 'real.json'));
});

test('where dockerd refuses the text nothing is touched, and no file is left beside it', async () => {
  await writeFile(path, before);
  const daemon = new FakeDaemon();
  const error = await add(daemon, { validate: async () => 'unable to configure' });
  expect(error).toMatchObject({
    exitCode: 2,
    problems: [{ file: path, message: expect.stringContaining('unable to configure') }],
  });
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(await readdir(directory)).toEqual(['daemon.json']);
  expect(daemon.reloads).toBe(0);
});

test('where a private dockerd does not start with the text nothing is touched, and its words are said', async () => {
  await writeFile(path, before);
  const daemon = new FakeDaemon();
  const error = await add(daemon, { tryStart: async () => 'overlay2: unknown option' });
  expect(error).toMatchObject({
    exitCode: 2,
    problems: [{ file: path, message: expect.stringContaining('overlay2: unknown option') }],
  });
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(await readdir(directory)).toEqual(['daemon.json']);
  expect(daemon.reloads).toBe(0);
});

test('a file that somebody else changed meanwhile is left to them', async () => {
  await writeFile(path, before);
  const error = await add(new FakeDaemon(), {
    validate: async () => {
      await writeFile(path, '{}');
      return null;
    },
  });
  expect(error).toMatchObject({ exitCode: 2 });
  expect(await readFile(path, 'utf8')).toBe('{}');
});

test('of several who add at once none is lost without being told', async () => {
  for (const beginning of [before, null]) {
    if (beginning === null) await rm(path);
    else await writeFile(path, beginning);
    const names = Array.from({ length: 4 }, (_, at) => `runtime-${at}`);
    const results = await Promise.all(names.map((name) => add(null, { name })));
    const written = names.filter((_, at) => 'backup' in (results[at] ?? {}));
    const { runtimes } = JSON.parse(await readFile(path, 'utf8'));
    expect(Object.keys(runtimes)).toEqual(written);
    expect(written.length).toBeGreaterThan(0);
    for (const result of results.filter((each) => each instanceof OcibenchError))
      expect(result).toMatchObject({
        exitCode: 2,
        problems: [{ message: why.changedMeanwhile.message.text }],
      });
  }
  expect((await readdir(directory)).filter((name) => !name.endsWith('.bak'))).toEqual(['daemon.json']);
}, 120_000);

test('who began to write the old file before it was replaced finds what they wrote in the copy, and it is said', async () => {
  await writeFile(path, before);
  const theirs = await open(path, 'r+');
  const daemon = new FakeDaemon();
  const changed = await add({
    reload: async () => {
      await theirs.truncate(0);
      await theirs.write('{"debug": false}');
      await theirs.close();
      await daemon.reload();
    },
    listed: () => daemon.listed(),
  });
  const { backup = '' } = changed as ChangeResult;
  expect(await readFile(String(backup), 'utf8')).toBe('{"debug": false}');
  expect(changed).toMatchObject({ late: true });
});

test('what somebody else writes after the change is not rolled back', async () => {
  await writeFile(path, before);
  const error = await add(
    { reload: () => writeFile(path, '{"debug": false}'), listed: async () => [] },
    { arrived: false },
  );
  expect(error).toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('another program changed it'),
  });
  expect(await readFile(path, 'utf8')).toBe('{"debug": false}');
  expect((await readdir(directory)).filter((name) => name.endsWith('.bak'))).toHaveLength(1);
});

test('the replacement that a killed command left is removed by the next one', async () => {
  await writeFile(path, before);
  const left = join(directory, `.${randomUUID()}.${writerMark().replace(/^\d+/, '99999999')}.tmp`);
  await writeFile(left, 'half');
  await add(null);
  expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a daemon that does not take it: the file is as it was, and the error says so', async () => {
  await writeFile(path, before);
  const daemon = new FakeDaemon({ crun: { path: '/usr/bin/crun' } }, true);
  const error = await add(daemon);
  expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining('Rolled back') });
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(await readdir(directory)).toEqual(['daemon.json']);
  expect(daemon.reloads).toBe(2);
});

test('a daemon that took it although the change failed forgets it again', async () => {
  await writeFile(path, before);
  const daemon = new FakeDaemon();
  const error = await add(daemon, { arrived: false });
  expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining('Rolled back') });
  expect(daemon.runtimes).toEqual({});
  expect(await readFile(path, 'utf8')).toBe(before);
});

test('a file that was not there is not there after a rollback either', async () => {
  const daemon = new FakeDaemon();
  expect(await add(daemon, { arrived: false })).toMatchObject({ exitCode: 1 });
  expect(await readdir(directory)).toEqual([]);
  expect(daemon.runtimes).toEqual({});
});

test('Ctrl-C between writing and seeing it rolls back', async () => {
  await writeFile(path, before);
  const error = await add(new FakeDaemon(), { signal: AbortSignal.abort(), arrived: false });
  expect(error).toMatchObject({ exitCode: 1, problems: [{ message: registry.interrupted.text }] });
  expect(await readFile(path, 'utf8')).toBe(before);
});

test('a daemon that dies on it cannot be brought back, and that is said', async () => {
  await writeFile(path, before);
  let dead = false;
  const daemon: ReloadableDaemon = {
    reload: async () => {
      dead = true;
    },
    listed: async () => {
      if (dead) throw new Error('connect ECONNREFUSED');
      return [];
    },
  };
  const error = await add(daemon);
  expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining('could not be restored') });
  expect(error).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
  expect(await readFile(path, 'utf8')).toBe(before);
  // The copy stays: somebody will have to look.
  expect(await readdir(directory)).toHaveLength(2);
});

test('a file that is not UTF-8 is not rewritten', async () => {
  await writeFile(path, Buffer.from([0x7b, 0xff, 0x7d]));
  await expect(readHostFile(path)).rejects.toBeInstanceOf(TypeError);
});
