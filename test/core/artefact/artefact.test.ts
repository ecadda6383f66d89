import { readlinkSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { execa } from 'execa';
import { packTar, type TarEntry } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Artefact,
  findArtefacts,
  type OpenOptions,
  openArtefact,
} from '../../../src/core/artefact/artefact.ts';
import { unpackLimits } from '../../../src/core/artefact/unpack.ts';
import { writerMark } from '../../../src/core/files/temporary.ts';
import { writeManifest } from '../../../src/core/store/manifest.ts';
import { endings, entriesOf, entryOf, fileEntry, writeArchive } from './archives.ts';

const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, '../../contracts/stored-run', runId);
const names = ['run.json', 'schedule.jsonl', 'trials.jsonl'];

let place: string;
let scratch: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-artefacts-'));
  scratch = join(place, 'scratch');
  await mkdir(scratch);
});
afterEach(() => rm(place, { recursive: true, force: true }));

/** Every artefact in what was named, one after the other. */
async function* openArtefacts(paths: readonly string[], options: OpenOptions) {
  for (const found of await findArtefacts(paths))
    if ('problem' in found) yield found;
    else yield* openArtefact(found.origin, options);
}

/** Every artefact, and what its directory holds while it is there. */
async function opened(paths: readonly string[], limits = unpackLimits) {
  const found: (Artefact & { readonly holds?: readonly string[] })[] = [];
  for await (const each of openArtefacts(paths, { scratch, limits }))
    found.push('problem' in each ? each : { ...each, holds: (await readdir(each.directory)).toSorted() });
  expect(await readdir(scratch), 'nothing is left').toEqual([]);
  return found;
}
const problemOf = async (path: string, limits = unpackLimits) => {
  const [found, ...more] = await opened([path], limits);
  expect(more).toEqual([]);
  return found !== undefined && 'problem' in found ? found.problem.text : found;
};
const archive = (name: string, entries: readonly TarEntry[], ending = endings[0] ?? '.tar') =>
  writeArchive(place, name, ending, entries);

describe('directories', () => {
  test('a run, a results directory, and one of hosts, archives among them', async () => {
    const classes = join(place, 'class');
    for (const host of ['ada', 'bob'])
      await cp(stored, join(classes, host, 'results', runId), { recursive: true });
    await writeManifest(join(classes, 'ada', 'results', runId));
    await mkdir(join(classes, 'eve'));
    await writeArchive(join(classes, 'eve'), 'run', '.tar.gz', await entriesOf(stored, names, runId));
    await symlink(join(classes, 'ada'), join(classes, 'again'));
    await writeFile(join(classes, 'notes.txt'), 'mine');
    const found = await opened([classes]);
    expect(found).toMatchObject([
      { origin: join(classes, `ada/results/${runId}`), manifest: { state: 'whole' } },
      { origin: join(classes, `bob/results/${runId}`), manifest: { state: 'missing' } },
      { origin: join(classes, 'eve/run.tar.gz'), manifest: { state: 'missing' }, holds: names },
    ]);
    const alone = join(classes, 'bob/results', runId);
    expect(await opened([alone])).toMatchObject([{ origin: alone, directory: alone }]);
  });

  test('what is named and not there, empty, or no file at all is a problem of its own, and the rest goes on', async () => {
    const empty = join(place, 'empty');
    await mkdir(empty);
    await execa('mkfifo', [join(place, 'fifo')]);
    const found = await opened([join(place, 'gone'), empty, join(place, 'fifo'), stored]);
    expect(found.map((each) => ('problem' in each ? each.problem.text : each.origin))).toEqual([
      'it does not exist',
      'it contains no run',
      'it is neither a directory nor a file',
      stored,
    ]);
  });

  test('a run with records that fill the memory is a problem of its own', async () => {
    await cp(stored, join(place, 'big', runId), { recursive: true });
    await truncate(join(place, 'big', runId, 'trials.jsonl'), 300 * 2 ** 20);
    expect(await problemOf(join(place, 'big'))).toBe('trials.jsonl is larger than 256 MiB');
  });

  test('a run that is buried deeper than anybody puts one is not found', async () => {
    await cp(stored, join(place, 'a/b/c/d/e/f', runId), { recursive: true });
    expect(await problemOf(join(place, 'a'))).toBe('it contains no run');
  });
});

describe('archives', () => {
  test.each(endings)(
    '%s: the files of the run are there while it is looked at, byte for byte',
    async (ending) => {
      const path = await archive('one', await entriesOf(stored, names, `results/${runId}`), ending);
      let seen = 0;
      for await (const each of openArtefacts([path], { scratch })) {
        if ('problem' in each) throw new Error(each.problem.text);
        expect(each.origin).toBe(path);
        for (const name of names)
          expect(await readFile(join(each.directory, name))).toEqual(await readFile(join(stored, name)));
        seen++;
      }
      expect(seen).toBe(1);
      expect(await readdir(scratch)).toEqual([]);
    },
  );

  test('several runs of one archive are named by their place in it', async () => {
    const path = await archive('two', [
      ...(await entriesOf(stored, names, 'ada')),
      ...(await entriesOf(stored, names, 'bob')),
    ]);
    expect((await opened([path])).map(({ origin }) => origin)).toEqual([`${path}:ada`, `${path}:bob`]);
  });

  test('what tar(1) packs, with long names and a directory of its own, is read', async () => {
    const long = join(place, 'tree', 'x'.repeat(120), runId);
    await cp(stored, long, { recursive: true });
    for (const format of ['gnu', 'pax']) {
      const path = join(place, `${format}.tgz`);
      await execa('tar', [`--format=${format}`, '-czf', path, '-C', join(place, 'tree'), '.']);
      expect(await opened([path])).toMatchObject([
        { origin: path, holds: (await readdir(stored)).toSorted() },
      ]);
    }
  });

  test('leaving the loop early removes what was unpacked', async () => {
    const path = await archive('one', await entriesOf(stored, names, runId));
    for await (const _ of openArtefacts([path, path], { scratch })) break;
    expect(await readdir(scratch)).toEqual([]);
  });
});

describe('what a killed process left', () => {
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  const mark = writerMark().split('.').at(-1);
  const left = (pid: number, host = mark) =>
    join(scratch, `ocibench-artefact-${pid}.${namespace}.${host}-AbCdEf`);

  test('is removed before the next archive; what is not provably left is not', async () => {
    // No process has this id: it is above the kernel's limit.
    const gone = left(99_999_999);
    const others = [
      left(process.pid),
      left(99_999_999, '0'.repeat(8)),
      join(scratch, 'ocibench-artefact-mine'),
    ];
    for (const path of [gone, ...others]) await mkdir(join(path, 'inner'), { recursive: true });
    await symlink(place, left(99_999_998));
    const path = await archive('one', await entriesOf(stored, names, runId));
    for await (const each of openArtefacts([path], { scratch })) expect(each).toMatchObject({ origin: path });
    const present = (await readdir(scratch)).map((name) => join(scratch, name)).toSorted();
    expect(present).toEqual([...others, left(99_999_998)].toSorted());
    expect(await readdir(place)).toContain('one.tar');
  });
});

describe('hostile archives', () => {
  const run = fileEntry('run/run.json', '{}');

  test.each<[string, readonly TarEntry[], string | RegExp]>([
    [
      'a symbolic link',
      [entryOf('run', 'symlink', { linkname: '/etc' }), run],
      /run is neither a file nor a directory: symlink/,
    ],
    ['a hard link', [run, entryOf('run/x', 'link', { linkname: '/etc/passwd' })], /neither .*: link/],
    ['a device', [entryOf('run/null', 'character-device')], /neither .*: character-device/],
    ['a FIFO', [entryOf('run/pipe', 'fifo')], /neither .*: fifo/],
    [
      'an absolute name',
      [fileEntry('/etc/cron.d/x', 'x')],
      /the name \/etc\/cron.d\/x is empty or leads outside the archive/,
    ],
    ['a name with ..', [fileEntry('run/../../x', 'x')], /leads outside the archive/],
    ['a name with a control character', [fileEntry('run/\u001b[2Jx', 'x')], /leads outside the archive/],
    [
      'a name of nothing',
      [fileEntry('./', 'x'), fileEntry('.', 'x')],
      /leads outside the archive|it contains .* twice/,
    ],
    ['a file twice', [run, fileEntry('run/./run.json', '{"x":1}')], 'it contains run/./run.json twice'],
    ['a file where a directory is', [run, fileEntry('run', 'x')], /cut off, damaged/],
    ['a deep name', [fileEntry(`${'a/'.repeat(20)}x`, 'x')], /too long or too deep/],
    ['a long name', [fileEntry('x'.repeat(300), 'x')], /too long or too deep/],
    [
      'a sparse file',
      [{ ...run, header: { ...run.header, pax: { 'GNU.sparse.major': '1' } } }],
      /is a sparse file/,
    ],
    ['no run', [fileEntry('notes.txt', 'x')], 'it contains no run'],
    ['nothing', [], 'it contains no run'],
  ])('%s', async (_, entries, problem) => {
    const path = join(place, 'hostile.tar');
    await writeFile(path, await packTar(entries));
    expect(await problemOf(path)).toMatch(problem);
  });

  test('one that is refused while much of it is still to come ends nothing else', async () => {
    const part = (name: string) => fileEntry(name, 'x'.repeat(20_000));
    const path = join(place, 'hostile.tar');
    for (let at = 0; at < 20; at++) {
      const parts = Array.from({ length: 80 }, (_, i) => part(`${i}`));
      await writeFile(path, await packTar(parts.toSpliced(at, 0, entryOf('link', 'symlink'))));
      expect(await problemOf(path)).toMatch(/neither .*: symlink/);
      // What would be thrown then is thrown where nobody catches it.
      await new Promise(setImmediate);
    }
  });

  test('a size beyond what is there', async () => {
    const header = { name: 'run/run.json', size: 1000, pax: { size: '1000' } };
    const tar = Buffer.from(await packTar([{ header, body: 'x'.repeat(1000) }])).toString('latin1');
    expect(tar).toContain('13 size=1000\n');
    const path = join(place, 'size.tar');
    await writeFile(path, tar.replace('13 size=1000\n', '13 size=9999\n'), 'latin1');
    expect(await problemOf(path)).toMatch(/cut off, damaged/);
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
  ])('a bomb of %s ends early, and the rest goes on', async (_, compress) => {
    const bomb = await packTar([
      { header: { name: 'run/x', size: 8 * 2 ** 20 }, body: Buffer.alloc(8 * 2 ** 20) },
    ]);
    const path = join(place, 'bomb.tgz');
    await writeFile(path, compress(Buffer.from(bomb)));
    const small = { ...unpackLimits, ratioFromBytes: 2 ** 20 };
    const found = await opened([path, stored], small);
    expect(found).toMatchObject([
      { origin: path, problem: { text: 'it unpacks to more than 200 times its size' } },
      { origin: stored },
    ]);
    expect(await problemOf(path, { ...unpackLimits, bytes: 2 ** 20 })).toBe('it unpacks to more than 1 MiB');
  });

  test('more files than a run can have', async () => {
    const many = Array.from({ length: 30 }, (_, n) => fileEntry(`run/${n}`, ''));
    expect(await problemOf(await archive('many', many), { ...unpackLimits, entries: 20 })).toBe(
      'it holds more than 20 files',
    );
  });

  test.each(endings)('%s cut off anywhere is not half read', async (ending) => {
    const entries = await entriesOf(stored, names, runId);
    const path = await archive('cut', entries, ending);
    const whole = await readFile(path);
    for (const part of [0.1, 0.5, 0.9, 0.98]) {
      await truncate(path, Math.floor(whole.length * part));
      expect(await problemOf(path), String(part)).toMatch(/cut off, damaged or not a tar archive: \w/);
      await writeFile(path, whole);
    }
    await writeFile(path, Buffer.concat([whole, whole]));
    const after = await opened([path]);
    // Node ends with the first frame of zstd: what follows is never looked at.
    if (ending === '.tar.zst') expect(after).toMatchObject([{ origin: path, holds: names }]);
    else expect(after).toMatchObject([{ problem: { id: 'archive.broken' } }]);
  });

  test.each([
    ['empty', ''],
    ['text', 'hello, I am an archive\n'.repeat(100)],
    ['a header of gzip alone', '\u001f\u008b'],
  ])('%s is no archive', async (_, content) => {
    const path = join(place, 'x.tar.gz');
    await writeFile(path, content, 'latin1');
    expect(await problemOf(path)).toMatch(/cut off, damaged/);
  });

  test('bytes changed at random never harm more than their archive', async () => {
    const path = await archive('fuzz', await entriesOf(stored, ['run.json'], runId), '.tar');
    const whole = await readFile(path);
    let state = 1;
    const next = (below: number) => {
      state = (state * 48_271) % 0x7fffffff;
      return state % below;
    };
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(whole);
      for (let n = 0; n < 1 + next(4); n++) bytes[next(round % 2 === 0 ? 1024 : bytes.length)] = next(256);
      await writeFile(path, bytes);
      await opened([path]);
    }
    expect(await readdir(place)).toEqual(['fuzz.tar', 'scratch']);
  });
});
