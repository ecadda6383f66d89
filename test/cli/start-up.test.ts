import { resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Prints the URL of every module that is loaded as a file, after the program's own output. */
const counting = `
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) loaded.add(url);
    return next(url, context);
  },
});
process.on('exit', () => writeSync(3, [...loaded].join('\\n')));
`;

/** Files that `ocibench WORDS` loads, relative to this checkout. */
async function loadedBy(words: readonly string[]): Promise<readonly string[]> {
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(counting)}`];
  const { stdio, exitCode } = await execa(process.execPath, [...flags, 'src/cli.ts', ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  expect(exitCode).toBe(0);
  return String(stdio[3])
    .split('\n')
    .map((url) => url.slice(`file://${root}/`.length));
}

/** `@scope/name` or `name` of a file below node_modules. */
const packageOf = (file: string) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];

/** What prints words: a command line, and messages in two languages. */
const wordPackages = [
  '@formatjs/fast-memoize',
  '@formatjs/icu-messageformat-parser',
  '@formatjs/icu-skeleton-parser',
  'commander',
  'intl-messageformat',
];

test.each(['--version', '--help', 'run --help', 'lab run --help', 'help report --lang fr'])(
  'ocibench %s loads the words of the commands, and nothing of what they do',
  async (line) => {
    const files = await loadedBy(line.split(' '));
    const packages = new Set(files.flatMap((file) => packageOf(file) ?? []));
    expect([...packages].toSorted()).toEqual(wordPackages);
    const folders = new Set(files.flatMap((file) => /^src\/([^/.]+)\//.exec(file)?.[1] ?? []));
    for (const folder of ['app', 'host', 'analyze', 'execute', 'render', 'plan'])
      expect([...folders], folder).not.toContain(folder);
    expect(files.length).toBeLessThan(100);
  },
);

test('a command loads what it does: the count above counts', async () => {
  const files = await loadedBy(['list', 'metrics']);
  expect(files.length).toBeGreaterThan(100);
  expect(files).toContain('src/app/list.ts');
  expect(new Set(files.flatMap((file) => packageOf(file) ?? []))).toContain('zod');
  expect(files.filter((file) => /node_modules\/(dockerode|vega|esbuild)\//.test(file))).toEqual([]);
});
