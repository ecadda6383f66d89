import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEnd } from './allowed-skips.ts';
import {
  filesOf,
  journeyOf,
  provedFiles,
  provingFiles,
  sourcesOf,
  whyDue,
  wordDigests,
  writeProofs,
} from './proofs.ts';

const root = resolve(import.meta.dirname, '../..');
const file = 'test/e2e/a.test.ts';
const other = 'test/e2e/b.test.ts';
let place: string;

const write = async (path: string, text: string) => {
  await mkdir(dirname(join(place, path)), { recursive: true });
  await writeFile(join(place, path), text);
};
const end = (state: TestEnd['state'] = 'passed', of = file) => ({ file: of, name: 'x', state, seconds: 1.4 });

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'proofs-'));
  await write('.ci/run', '');
  await write('src/core/collect/deep/a.ts', 'one');
  await write('src/core/analyze/a.ts', 'one');
  await write('src/features/lab/a.ts', 'one');
  await write('test/e2e/support.ts', "import { x } from './more.ts';");
  await write('test/e2e/more.ts', 'one');
  await write(
    file,
    "// Proves: measuring, features/lab\n// Journey: a way\nimport { a } from './support.ts';\n",
  );
  await write(other, '// Proves: judging\n');
  const git = (...words: string[]) => execFileSync('git', words, { cwd: place });
  git('init', '--quiet');
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  git(...who, 'commit', '--quiet', '--allow-empty', '-m', 'x');
});
afterEach(() => rm(place, { recursive: true, force: true }));

test.each([
  ['src/core/collect/deep/a.ts', 'changed: measuring'],
  ['src/features/lab/b.ts', 'changed: features/lab'],
  ['test/e2e/more.ts', 'changed: tests'],
  ['src/core/analyze/a.ts', null],
  ['test/e2e/b.test.ts', null],
])('a file is due until it was proved, and again when what it proves changes: %s', async (path, why) => {
  expect(whyDue(file, place)).toBe('never proved');
  writeProofs([end(), end('skipped')], place);
  expect(whyDue(file, place)).toBeNull();
  expect(provedFiles(place)[file]).toMatchObject({ passed: 1, skipped: 1, seconds: 3 });
  await write(path, '// Proves: judging\ntwo');
  expect(whyDue(file, place)).toBe(why);
});

test('comments and types of the sources prove nothing', async () => {
  writeProofs([end()], place);
  await write('src/core/collect/deep/a.ts', '// of the two\none');
  await write('src/features/lab/a.ts', 'interface Line { readonly a: string }\none');
  expect(whyDue(file, place)).toBeNull();
  await write('src/features/lab/a.ts', 'one.two');
  expect(whyDue(file, place)).toBe('changed: features/lab');
});

test('a file elsewhere has a proof where it says what it proves', async () => {
  await write('test/core/slow.test.ts', '// Proves: judging\n');
  await write('test/core/fast.test.ts', '');
  expect(provingFiles(place)).toEqual(['test/core/slow.test.ts', file, other]);
});

test('a file that failed, or in which all was skipped, proves nothing, and keeps an earlier proof', () => {
  writeProofs([end(), end('failed')], place);
  writeProofs([end('skipped')], place);
  writeProofs([end('passed', 'test/core/fast.test.ts')], place);
  expect(provedFiles(place)).toEqual({});
  writeProofs([end(), end('passed', other), end('passed', 'test/e2e/gone.test.ts')], place);
  expect(Object.keys(provedFiles(place))).toEqual([file, other]);
  writeProofs([end('failed'), end()], place);
  expect(whyDue(file, place)).toBeNull();
});

test('a file that names no sources, or sources that are not there, is refused', async () => {
  await write(other, 'nothing');
  expect(() => sourcesOf(other, place)).toThrow('does not say what it proves');
  await write(other, '// Proves: features/none\n');
  expect(() => sourcesOf(other, place)).toThrow('features/none, of which there are no sources');
});

test('every file says what it proves, and at most a dozen are journeys', () => {
  const files = provingFiles();
  expect(files.length).toBeGreaterThan(50);
  const digestOfWord = wordDigests(root);
  for (const each of files)
    expect(Object.keys(sourcesOf(each, root, digestOfWord)).length, each).toBeGreaterThan(1);
  const journeys = files.filter((each) => journeyOf(each) !== null);
  expect(journeys.length).toBeGreaterThan(0);
  expect(journeys.length).toBeLessThanOrEqual(12);
});

test('every use case of the core has a word', () => {
  const named = new Set(['measuring', 'reporting'].flatMap((word) => filesOf(word)));
  const all = globSync('src/app/**/*.ts', { cwd: root });
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter((file) => !named.has(file))).toEqual([]);
});
