import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openData } from '../../../../src/features/move/data/data.ts';
import { stackSchema } from '../../../../src/features/move/stack/stack.ts';

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'data-')));
  for (const name of ['user', 'volumes', 'files']) await mkdir(join(directory, name));
});
afterEach(() => rm(directory, { recursive: true }));

/** A docker with one volume of the user, and programs that copy nothing. `said`: what `cp` says. */
function fakeDocker(
  of: { readonly bytes?: number; readonly said?: string; readonly onCopy?: () => void } = {},
) {
  const made = new Map<string, Record<string, string>>();
  const copied: string[] = [];
  const removed: string[] = [];
  const answer = (stdout: string, exitCode = 0) => ({ exitCode, stdout, stderr: '' });
  const facts = (name: string, path: string, labels: object = {}) =>
    JSON.stringify({ Name: name, Driver: 'local', Mountpoint: path, Options: null, Labels: labels });
  const run = async (words: readonly string[], { program = 'docker' } = {}) => {
    const [first, second] = words;
    const last = words.at(-1) ?? '';
    if (program === 'setpriv') {
      if (words.includes('size')) return answer(String(of.bytes ?? 2 ** 20));
      of.onCopy?.();
      copied.push(words.slice(-2).join(' > '));
      return of.said === undefined ? answer('') : { exitCode: 1, stdout: '', stderr: of.said };
    }
    if (first === 'volume' && second === 'inspect') {
      if (last === 'shop_data') return answer(facts(last, join(directory, 'user')));
      const labels = made.get(last);
      return labels === undefined
        ? answer('', 1)
        : answer(facts(last, join(directory, 'volumes', last), labels));
    }
    if (first === 'volume' && second === 'create') {
      const labels = words.flatMap((word, i) => (words[i - 1] === '--label' ? [word.split(/=(.*)/s)] : []));
      made.set(last, Object.fromEntries(labels.map(([key = '', value = '']) => [key, value])));
      await mkdir(join(directory, 'volumes', last), { recursive: true });
      return answer(last);
    }
    if (first === 'volume' && second === 'rm') {
      for (const name of words.slice(2)) made.delete(name);
      removed.push(...words.slice(2));
      return answer('');
    }
    if (first === 'volume' && second === 'ls') {
      const label = last.replace('label=', '').split('=');
      return answer(
        [...made]
          .filter(([, own]) => own[label[0] ?? ''] === label[1])
          .map(([name]) => name)
          .join('\n'),
      );
    }
    if (first === 'ps' && words.includes('--no-trunc')) return answer('c1');
    if (first === 'inspect')
      return answer(
        JSON.stringify([
          { Source: join(directory, 'user'), RW: true },
          { Source: '/etc', RW: false },
        ]),
      );
    return answer('');
  };
  return { docker: { run } as never, made, copied, removed };
}

const stack = () =>
  stackSchema.parse({
    name: 'shop',
    services: {
      db: {
        volumes: [
          { type: 'volume', source: 'data', target: '/data' },
          { type: 'bind', source: join(directory, 'files'), target: '/files' },
        ],
      },
    },
    volumes: { data: { name: 'shop_data' } },
  });

function open(docker: never, stop = new AbortController(), mostBytes = 2 ** 30) {
  const said: string[] = [];
  const say = ({ text }: { readonly text: string }) => void said.push(text);
  const app = { reporter: { log: say, warn: say }, clock: { now: () => performance.now() } } as never;
  const plan = { docker, stack: stack(), runId: 'r1', file: 'compose.yaml', mostBytes, signal: stop.signal };
  return { said, opened: openData(app, plan) };
}

test('data is copied once, and from there for each start; nothing is left', async () => {
  const { docker, made, copied } = fakeDocker();
  const { said, opened } = open(docker);
  const data = await opened;
  if (data === null) throw new Error('it was not copied');
  expect(said[0]).toMatch(/^copying 2 MiB of data \(data, .*files\) to .*: once now/);
  expect(said.join('\n')).toContain(
    'running containers may write to data during the copy, so it is like a disk after a power cut',
  );
  expect(data.record.copies).toEqual([
    { kind: 'volume', name: 'data', services: ['db'], bytes: 2 ** 20, special: 0, inUse: true },
    {
      kind: 'directory',
      name: join(directory, 'files'),
      services: ['db'],
      bytes: 2 ** 20,
      special: 0,
      inUse: false,
    },
  ]);
  const names = data.namesFor('ocibench-r1-1');
  expect([...names.values()]).toEqual(['ocibench-r1-1-data-0', 'ocibench-r1-1-data-1']);
  await data.fill('ocibench-r1-1', { mine: 'x' }, new AbortController().signal);
  const volume = (name: string) => join(directory, 'volumes', name);
  expect(copied).toEqual([
    `${join(directory, 'user')} > ${volume('ocibench-r1-data-data-0')}`,
    `${join(directory, 'files')} > ${volume('ocibench-r1-data-data-1')}`,
    `${volume('ocibench-r1-data-data-0')} > ${volume('ocibench-r1-1-data-0')}`,
    `${volume('ocibench-r1-data-data-1')} > ${volume('ocibench-r1-1-data-1')}`,
  ]);
  await data[Symbol.asyncDispose]();
  // Those of the start are removed with it.
  expect([...made.keys()]).toEqual(['ocibench-r1-1-data-0', 'ocibench-r1-1-data-1']);
});

test('what is too much, and what cannot be copied, is refused, and leaves nothing', async () => {
  const large = fakeDocker({ bytes: 2 ** 31 });
  await expect(open(large.docker).opened).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ key: 'volumes.data' }],
  });
  expect(large.made.size).toBe(0);
  expect(large.copied).toEqual([]);
  const said = "cp: error writing '/tmp/to/x': No space left on device";
  const broken = fakeDocker({ said });
  await expect(open(broken.docker).opened).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ message: said }],
  });
  expect(broken.made.size).toBe(0);
});

test('an interruption ends it, and leaves nothing', async () => {
  const stop = new AbortController();
  const { docker, made, copied } = fakeDocker({ onCopy: () => stop.abort() });
  expect(await open(docker, stop).opened).toBeNull();
  expect(copied).toHaveLength(1);
  expect(made.size).toBe(0);
});

test('a volume of this name that is not ours is not used', async () => {
  const { docker, made } = fakeDocker();
  made.set('ocibench-r1-data-data-0', {});
  const run = (docker as { run: (words: readonly string[]) => Promise<unknown> }).run;
  const theirs = {
    run: (words: readonly string[], options: never) =>
      words[1] === 'create'
        ? { exitCode: 0, stdout: '', stderr: '' }
        : (run as (...of: unknown[]) => unknown)(words, options),
  } as never;
  await expect(open(theirs).opened).rejects.toMatchObject({ exitCode: 2 });
  expect([...made.keys()]).toEqual(['ocibench-r1-data-data-0']);
});
