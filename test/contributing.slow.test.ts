import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copySource, type SourceCopy } from './support/source-copy.ts';

const root = resolve(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

interface Example {
  /** Is it a part of the example of a setting, which is in several files? */
  readonly ofSetting: boolean;
  readonly path: string;
  /** The line after which it is inserted; absent where it is a file of its own. */
  readonly after: string | undefined;
  readonly code: string;
}

/** The examples of the guide, as `ts title="path" after="line"` says where they go. */
const all: readonly Example[] = [
  ...guide.matchAll(/^```ts (setting )?title="([^"]+)"(?: after="([^"]+)")?\n(.*?)^```$/gms),
].map(([, setting, path = '', after, code = '']) => ({
  ofSetting: setting !== undefined,
  path,
  after,
  code,
}));
const examples = all.filter(({ ofSetting }) => !ofSetting);
const french = JSON.parse(/^```json\n(.*?)^```$/ms.exec(guide)?.[1] ?? '') as Record<string, string>;

let copy: SourceCopy;
const cli = (...words: readonly string[]) => copy.run('node', ['src/cli.ts', ...words]);

/** A copy of what a contributor works on, with every example in it. */
beforeAll(async () => {
  copy = await copySource(mkdtempSync(join(tmpdir(), 'contributing-')));
  for (const { path, after, code } of all) {
    if (after === undefined) await copy.addFile(path, code);
    else await copy.insert(path, after, code);
  }
  await copy.addFrench(french);
  for (const script of ['scripts/docs.ts', 'scripts/schemas.ts']) {
    const written = await copy.run('node', [script]);
    expect(written.exitCode, written.stderr).toBe(0);
  }
}, 120_000);
afterAll(() => rmSync(copy.directory, { recursive: true, force: true }));

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

test('a setting of run is five files at most, its French among them', () => {
  const files = new Set(all.flatMap(({ ofSetting, path }) => (ofSetting ? [path] : [])));
  expect([...files].length).toBeGreaterThan(0);
  expect([...files, 'src/core/messages/fr.json'].length).toBeLessThanOrEqual(5);
});

describe('with every example added', () => {
  test('the types hold', async () => {
    const types = await copy.checkTypes([...new Set(all.map(({ path }) => path))]);
    expect(types.stdout).toBe('');
  }, 300_000);

  test('the tests that look at every metric, workload, chart, message and file of a run pass', async () => {
    const every = [
      'core/messages',
      'core/metrics',
      'core/runtimes/registry.test.ts',
      'report/charts',
      'contracts/stored-run',
      'contracts/schemas.test.ts',
      'core/config/workloads.test.ts',
    ].map((name) => `test/${name}`);
    // vitest ignores a path that matches nothing as long as another one does.
    expect(every.filter((path) => !existsSync(join(copy.directory, path)))).toEqual([]);
    // A golden report has to grow with a new section, by hand.
    const others = ['--testNamePattern', '^(?!.*reads the same)'];
    const tests = await copy.run('vitest', [...others, ...every]);
    expect(tests.exitCode, `${tests.stdout}\n${tests.stderr}`).toBe(0);
  }, 600_000);

  test('the program knows them', async () => {
    const listed = await cli('list', '--json');
    expect(listed.stdout, listed.stderr).toContain('memory.swapped');
    expect(listed.stdout).toContain('startup/false');
    const hello = await cli('hello', '--lang', 'fr');
    expect(hello.stdout, hello.stderr).toMatch(/^Bonjour\u00a0!/);
  }, 60_000);

  test('the setting has a key in the configuration and in the record, and is refused by its rule', async () => {
    const refused = await cli('run', '--dry-run', '--set', 'coolDown=long');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('--set coolDown=long: must be a duration such as');
    const script = `import { parseFlags } from './src/core/config/command-line.ts';
import { resolveConfig } from './src/core/config/resolve.ts';
const surroundings = { seed: 1, lang: 'en' };
const typed = parseFlags({ set: ['coolDown=2s'] }).request;
console.log([[typed, null], [{}, { coolDown: '3s' }], [typed, { coolDown: '3s' }], [{}, null]]
  .map(([request, file]) => resolveConfig(request, file, surroundings).resolution.config.coolDownMs)
  .join(' '));`;
    const resolved = await copy.run('node', ['--input-type=module-typescript', '--eval', script]);
    expect(resolved.stdout, resolved.stderr).toBe('2000 3000 2000 ');
  }, 60_000);

  test('a report has the section, the chart and the export', async () => {
    const run = join(copy.directory, 'stored/20261125-205804-e1d4');
    cpSync(join(root, 'test/contracts/stored-run'), join(copy.directory, 'stored'), { recursive: true });
    const report = await cli('report', run, '--lang', 'fr');
    expect(report.exitCode, report.stderr).toBe(0);
    const text = (name: string) => readFileSync(join(run, name), 'utf8');
    expect(text('report.md')).toContain('## Remerciements');
    expect(text('report.md')).toContain('Temps de suppression d’un conteneur');
    expect(text('verdicts.txt')).toContain('crun ');
  }, 120_000);

  test('the family is recognised by its program', async () => {
    const script = `import { familyOfEntry } from './src/core/runtimes/registry.ts';
console.log(familyOfEntry({ name: 'x', path: '/usr/bin/bottle', origin: 'path' }).product);`;
    const { stdout, stderr } = await copy.run('node', ['--input-type=module-typescript', '--eval', script]);
    expect(stdout.trim(), stderr).toBe('Bottle');
  });
});
