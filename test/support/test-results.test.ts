import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { chooseSecondTries, concludeRun, type FileResult } from './test-results.ts';

const result = (file: string, ok: boolean, seconds = 1): FileResult => ({
  file,
  ok,
  seconds,
  tests: [{ name: 'holds', state: ok ? 'passed' : 'failed' }],
});
const none = { second: [], problems: [], vitestFailed: false };
const failedFiles = (count: number) => Array.from({ length: count }, (_, at) => result(`${at}`, false));
const passedFiles = (count: number) => Array.from({ length: count }, (_, at) => result(`${at}`, true));

test('a green run is green, and ends with its slowest files', () => {
  const first = Array.from({ length: 12 }, (_, at) => result(`${at}.test.ts`, true, at));
  const { passed, lines } = concludeRun({ first, ...none });
  expect(passed).toBe(true);
  expect(lines[0]).toBe('12 passed, 0 failed');
  expect(lines.slice(-10).map((line) => line.trim())).toEqual(
    [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((at) => `${at}.0 s  ${at}.test.ts`),
  );
});

test('one or two files that pass on the second try are named; three fail the run', () => {
  for (const [count, green] of [
    [1, true],
    [2, true],
    [3, false],
  ] as const) {
    const { passed, lines } = concludeRun({
      ...none,
      first: failedFiles(count),
      second: passedFiles(count),
      vitestFailed: true,
    });
    expect(passed, `${count}`).toBe(green);
    expect(lines.filter((line) => line.startsWith('passed on the second try: '))).toHaveLength(count);
    expect(lines).toContain(`${count} passed, 0 failed`);
  }
});

test('a file that fails twice fails the run', () => {
  const { passed, lines } = concludeRun({
    ...none,
    first: [...passedFiles(1), result('a', false)],
    second: [result('a', false)],
  });
  expect(passed).toBe(false);
  expect(lines).toEqual(expect.arrayContaining(['failed: a', '1 passed, 1 failed']));
});

test('where many files fail none is tried again', () => {
  expect(chooseSecondTries(failedFiles(5))).toHaveLength(5);
  expect(chooseSecondTries([...failedFiles(6), ...passedFiles(1)])).toEqual([]);
});

test('a file without tests, an error of no test, a wrong skip and an empty run fail', () => {
  const broken = { file: 'a', ok: false, seconds: 0, tests: [] };
  expect(concludeRun({ ...none, first: [broken] })).toMatchObject({ passed: false });
  expect(concludeRun({ ...none, first: [broken] }).lines).toContain('0 passed, 1 failed');
  const first = passedFiles(1);
  expect(concludeRun({ ...none, first, vitestFailed: true }).passed).toBe(false);
  expect(concludeRun({ ...none, first, problems: ['skipped, but not on the list: a: b'] }).passed).toBe(
    false,
  );
  expect(concludeRun({ ...none, first: [] }).passed).toBe(false);
});

test('Vitest hands over what became of each file', async () => {
  const root = resolve(import.meta.dirname, '../..');
  const place = await mkdtemp(join(root, 'node_modules/.results-'));
  try {
    await writeFile(
      join(place, 'a.test.ts'),
      `import { beforeAll, describe, test } from 'vitest';
      test('holds', () => {});
      test.skip('is left out', () => {});
      describe('a hook', () => { beforeAll(() => { throw new Error('no'); }); test('waits', () => {}); });`,
    );
    await writeFile(join(place, 'b.test.ts'), 'throw new Error("cannot be loaded");\n');
    await writeFile(join(place, 'vitest.config.ts'), 'export default {};\n');
    const results = join(place, 'results.json');
    await execa(
      join(root, 'node_modules/.bin/vitest'),
      ['run', `--reporter=${join(root, 'test/results-reporter.ts')}`, '--root', place],
      { cwd: place, reject: false, env: { OCIBENCH_TEST_RESULTS: results, OCIBENCH_SHARED: undefined } },
    );
    const found = (JSON.parse(await readFile(results, 'utf8')) as FileResult[]).toSorted((a, b) =>
      a.file < b.file ? -1 : 1,
    );
    expect(found.map(({ file, ok }) => [file, ok])).toEqual([
      ['a.test.ts', false],
      ['b.test.ts', false],
    ]);
    expect(found[0]?.tests).toEqual(
      expect.arrayContaining([
        { name: 'holds', state: 'passed' },
        { name: 'is left out', state: 'skipped' },
      ]),
    );
    expect(concludeRun({ ...none, first: found }).passed).toBe(false);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}, 60_000);
