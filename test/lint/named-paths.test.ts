import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { generatedNames } from '../../scripts/generated-pages.ts';

const root = resolve(import.meta.dirname, '../..');
/** What git knows, and what is not committed yet. */
const files = execaSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .stdout.split('\n')
  .filter((file) => existsSync(join(root, file)));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Does a path or a glob match a file or a folder of the project? */
function matches(pattern: string): boolean {
  const plain = pattern.replace(/\/$/, '');
  return globSync(plain, { cwd: root, exclude: ['node_modules'] }).length > 0;
}

/** Globs of a configuration; `!` is what it leaves out. */
const globsIn: Readonly<Record<string, (text: string) => readonly string[]>> = {
  'biome.json': (text) => {
    const { plugins, overrides } = JSON.parse(text);
    return [...plugins, ...overrides].flatMap(({ includes }: { includes: string[] }) => includes);
  },
  'tsconfig.json': (text) => JSON.parse(text).include,
  'tsconfig.build.json': (text) => JSON.parse(text).include,
  'tsconfig.page.json': (text) => JSON.parse(text).include,
  'tsconfig.types.json': (text) => JSON.parse(text).include,
};

test.each(Object.entries(globsIn))('each glob of %s matches a file', (file, list) => {
  // A brace is several globs, and each has to match: what a file merge leaves behind is found.
  const globs = list(read(file)).flatMap((glob) => expandBraces(glob.replace(/^!/, '')));
  expect(globs.filter((glob) => !matches(glob))).toEqual([]);
});

/** `a/{b,c}` is `a/b` and `a/c`. */
function expandBraces(glob: string): readonly string[] {
  const found = /\{([^{}]*)\}/.exec(glob);
  if (found === null) return [glob];
  return (found[1] ?? '').split(',').flatMap((part) => expandBraces(glob.replace(found[0], part)));
}

test('each path that a rule of scripts/lint names matches a file', () => {
  const sources = files.filter((file) => /^(?:src|workloads)\//.test(file));
  const wrong = files
    .filter((file) => file.endsWith('.grit'))
    .flatMap((file) => {
      const code = read(file).replaceAll(/^\s*\/\/.*$/gm, '');
      const patterns = [...code.matchAll(/r"(\.\*\/[^"]*)"/g)].map(([, pattern = '']) => pattern);
      return patterns
        .flatMap(expandAlternatives)
        .filter((pattern) => !sources.some((source) => new RegExp(`^${pattern}$`).test(`/${source}`)))
        .map((pattern) => `${basename(file)}: ${pattern}`);
    });
  expect(wrong).toEqual([]);
});

/** `a/(?:b|c)` is `a/b` and `a/c`, so that one that nothing matches is not hidden by the other. */
function expandAlternatives(pattern: string): readonly string[] {
  const found = /\((?:\?:)?([^()]*\|[^()]*)\)/.exec(pattern);
  if (found === null) return [pattern];
  return (found[1] ?? '').split('|').flatMap((part) => expandAlternatives(pattern.replace(found[0], part)));
}

test('each path in a document is there', () => {
  const documents = files.filter(
    (file) =>
      file.endsWith('.md') && !/^(?:test\/(?:fixtures|golden|contracts)|docs\/adr|CHANGELOG)/.test(file),
  );
  const wrong = documents.flatMap((document) =>
    [
      ...read(document).matchAll(
        /`((?:src|test|scripts|docs|workloads|deploy|examples|bench|\.ci)\/[^`\s]*)`/g,
      ),
    ]
      .map(([, path = '']) => path)
      .filter((path) => !/[<…]/.test(path))
      .flatMap(expandBraces)
      // In a fresh clone nobody has made them yet.
      .filter((path) => !matches(path) && !generatedNames.includes(path))
      .map((path) => `${document}: ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('src/README.md names each feature, and each folder that it names is there', () => {
  const text = read('src/README.md');
  const folders = new Set(files.map((file) => dirname(file)).flatMap((path) => allFolders(path)));
  const named = [...text.matchAll(/`((?:\.\.\/)?[a-z][\w./-]*\/)`/g)].map(([, path = '']) => path);
  const isThere = (path: string) => {
    const tail = path.replace('../', '').replace(/\/$/, '');
    return [...folders].some((folder) => folder === tail || folder.endsWith(`/${tail}`));
  };
  expect(named.filter((path) => !isThere(path))).toEqual([]);
  const features = [...folders]
    .filter((folder) => /^src\/features\/[^/]+$/.test(folder))
    .map((path) => basename(path));
  const list = text.slice(text.indexOf('The features:'), text.indexOf('A feature is found'));
  const told = [...list.matchAll(/(?:^- |\. )`(\w+)\/`: /gm)].map(([, name]) => name);
  expect(told.toSorted()).toEqual(features.toSorted());
});

function allFolders(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
