import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readAllowedSkips, skipProblems, type TestEnd } from './allowed-skips.ts';

const root = resolve(import.meta.dirname, '../..');
const end = (name: string, state: TestEnd['state'], file = 'a.test.ts'): TestEnd => ({ file, name, state });
const there = () => true;
const entry = { file: 'a.test.ts', test: 'slow', reason: 'nightly' };

test('a skip that the list does not name is a problem', () => {
  expect(skipProblems([entry], [end('slow', 'skipped'), end('fast', 'skipped')], there)).toEqual([
    'skipped, but not on the list: a.test.ts: fast',
  ]);
});

test('an entry whose test ran, or is gone, is a problem', () => {
  const stale = ['on the list, but not skipped: a.test.ts: slow'];
  expect(skipProblems([entry], [end('slow', 'passed')], there)).toEqual(stale);
  expect(skipProblems([entry], [end('fast', 'passed')], there)).toEqual(stale);
  expect(skipProblems([entry], [], () => false)).toEqual(stale);
});

test('an entry for a file that was not part of the run is none', () => {
  expect(skipProblems([entry], [end('fast', 'passed', 'b.test.ts')], there)).toEqual([]);
});

test('where a skip depends on the machine, the test may run; it must still be there', () => {
  const some = { ...entry, sometimes: true as const };
  expect(skipProblems([some], [end('slow', 'passed')], there)).toEqual([]);
  expect(skipProblems([some], [end('fast', 'passed')], there)).toHaveLength(1);
});

test('an entry without a test names every test of its file', () => {
  const whole = { file: 'a.test.ts', reason: 'no QEMU' };
  expect(skipProblems([whole], [end('slow', 'skipped'), end('fast', 'skipped')], there)).toEqual([]);
  expect(skipProblems([whole], [end('slow', 'passed')], there)).toHaveLength(1);
});

test('the list of .ci/run names files that are there', () => {
  const list = readAllowedSkips(join(root, '.ci/skipped.json'));
  expect(list.length).toBeGreaterThan(0);
  expect(skipProblems(list, [], (file) => existsSync(join(root, file)))).toEqual([]);
});
