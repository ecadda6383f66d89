import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

interface Example {
  readonly path: string;
  /** The line after which it is inserted; absent where it is a file of its own. */
  readonly after: string | undefined;
  readonly code: string;
}

/** The examples of the guide, as `ts title="path" after="line"` says where they go. */
const examples: readonly Example[] = [...guide.matchAll(/^```ts title="([^"]+)"(?: after="([^"]+)")?\n(.*?)^```$/gms)].map(
  ([, path = '', after, code = '']) => ({ path, after, code }),
);
const french = JSON.parse(/^```json\n(.*?)^```$/ms.exec(guide)?.[1] ?? '') as Record<string, string>;

let copy: string;
const run = (words: readonly string[]) =>
  execa(process.execPath, words, { cwd: copy, reject: false, env: { LC_ALL: 'C.UTF-8', NO_COLOR: '1' } });

/** A copy of what a contributor works on, with every example in it. */
beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'contributing-'));
  const parts = ['src', 'workloads', 'test', 'scripts', 'docs', 'schemas', 'bin', 'examples', 'results'];
  const files = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'bench.config.ts', 'CONTRIBUTING.md', 'README.md'];
  for (const part of [...parts, ...files]) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { path, after, code } of examples) {
    const file = join(copy, path);
    if (after === undefined) {
      writeFileSync(file, code, { flag: 'wx' });
      continue;
    }
    const before = readFileSync(file, 'utf8');
    expect(before, path).toContain(`${after}\n`);
    writeFileSync(file, before.replace(`${after}\n`, () => `${after}\n${code}`));
  }
  const catalogue = join(copy, 'src/messages/fr.json');
  const known = JSON.parse(readFileSync(catalogue, 'utf8')) as Record<string, string>;
  writeFileSync(catalogue, JSON.stringify({ ...known, ...french }));
  const docs = await run(['scripts/docs.ts']);
  expect(docs.exitCode, docs.stderr).toBe(0);
}, 120_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the table names every folder that an example adds to', () => {
  const rows = guide.split('\n').filter((line) => /^\| [a-z ]+ +\| (?:an entry in )?`/.test(line));
  const folders = rows.map((row) => /`([^`<]+)/.exec(row)?.[1]?.replace(/\/?$/, '/') ?? '');
  const unnamed = examples.filter(({ path }) => !folders.some((folder) => path.startsWith(folder)));
  expect(unnamed.map(({ path }) => path)).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(examples.length);
});

test('an example is one file, and its French', () => {
  expect(new Set(examples.map(({ path }) => path)).size).toBe(examples.length);
  expect(Object.keys(french).length).toBeGreaterThan(0);
});

describe('with every example added', () => {
  test('the types hold', async () => {
    const project = { extends: './tsconfig.json', include: ['src', 'workloads'], exclude: ['src/page'] };
    writeFileSync(join(copy, 'tsconfig.copy.json'), JSON.stringify(project));
    const types = await run(['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.copy.json']);
    expect(types.stdout).toBe('');
  }, 300_000);

  test('the tests that look at every metric, workload, chart, message and file of a run pass', async () => {
    const every = ['messages', 'metrics', 'runtimes/registry', 'report/charts.test', 'contracts/stored-run', 'config/workloads'];
    const tests = await run([
      'node_modules/vitest/vitest.mjs',
      ...['run', '--project', 'unit', '--reporter', 'dot'],
      ...every.map((name) => `test/${name}`),
    ]);
    expect(tests.exitCode, `${tests.stdout}\n${tests.stderr}`).toBe(0);
  }, 600_000);

  test('the program knows them', async () => {
    const listed = await run(['src/cli.ts', 'list', '--json']);
    expect(listed.stdout, listed.stderr).toContain('pids.refused');
    expect(listed.stdout).toContain('startup/false');
    const hello = await run(['src/cli.ts', 'hello', '--lang', 'fr']);
    expect(hello.stdout, hello.stderr).toMatch(/^Bonjour de \d/);
  }, 60_000);

  test('a report has the section, the chart and the export', async () => {
    const results = join(copy, 'stored');
    cpSync(join(root, 'test/contracts/stored-run'), results, { recursive: true });
    const report = await run(['src/cli.ts', 'report', join(results, '20261125-205804-e1d4'), '--lang', 'fr']);
    expect(report.exitCode, report.stderr).toBe(0);
    const text = (name: string) => readFileSync(join(results, '20261125-205804-e1d4', name), 'utf8');
    expect(text('report.md')).toContain('## Remerciements');
    expect(text('report.md')).toContain('Temps de suppression d’un conteneur');
    expect(text('verdicts.txt')).toContain('crun ');
  }, 120_000);

  test('the family is recognised by its program', async () => {
    const script = `import { familyOfEntry } from './src/runtimes/registry.ts';
console.log(familyOfEntry({ name: 'x', path: '/usr/bin/bottle', origin: 'path' }).product);`;
    const { stdout, stderr } = await run(['--input-type=module-typescript', '--eval', script]);
    expect(stdout, stderr).toBe('Bottle');
  });
});
