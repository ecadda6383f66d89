import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const src = resolve(import.meta.dirname, '../src');

/** What each folder of src/ may import of ours. `app` wires and may import all but `cli`, which may import everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  messages: [],
  modules: [],
  model: ['messages'],
  metrics: ['model', 'messages', 'runtimes'],
  files: ['model', 'messages'],
  tools: ['model', 'messages'],
  runtimes: ['model', 'messages', 'modules'],
  plan: ['model', 'messages', 'metrics', 'analyze', 'tools'],
  analyze: ['model', 'messages', 'metrics', 'runtimes'],
  report: ['model', 'messages', 'metrics', 'modules', 'runtimes'],
  render: ['model', 'messages'],
  page: ['report', 'messages'],
  config: ['model', 'messages', 'files', 'runtimes'],
  collect: ['model', 'messages', 'metrics', 'runtimes'],
  store: ['model', 'messages', 'files'],
  images: ['model', 'messages', 'store'],
  host: ['model', 'messages', 'modules', 'metrics', 'files', 'config', 'collect', 'runtimes'],
  engine: ['model', 'messages', 'metrics', 'config', 'host'],
  lab: ['model', 'messages', 'metrics', 'config', 'host', 'images', 'collect', 'runtimes'],
  execute: ['model', 'messages', 'metrics', 'plan', 'engine', 'collect', 'store'],
  calibrate: [
    'model',
    'messages',
    'metrics',
    'runtimes',
    'plan',
    'analyze',
    'engine',
    'collect',
    'execute',
    'store',
  ],
  app: [
    ...['model', 'messages', 'metrics', 'files', 'tools', 'runtimes', 'plan', 'analyze', 'report', 'render'],
    ...['config', 'collect', 'store', 'images', 'host', 'engine', 'lab', 'execute', 'calibrate'],
  ],
};

/** Folders in which a stage is a function of its input alone. */
const pure = ['messages', 'model', 'metrics', 'plan', 'tools', 'runtimes', 'analyze', 'report'];

/** What would make a pure stage depend on when, where or how often it runs. */
const impure: readonly [RegExp, string][] = [
  [/from 'node:(?!util'|path\/posix')/, 'a node: module'],
  [
    /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b|\bprocess\.(?:env|argv|cwd|exit|pid|std\w+|getuid|memoryUsage|cpuUsage|on)\b/,
    'a clock or the process',
  ],
  [/\bMath\.random\b|\brandomUUID\b/, 'randomness'],
  [/\bconsole\./, 'the console'],
];

interface SourceFile {
  readonly path: string;
  readonly folder: string;
  readonly code: string;
}

function sourceFiles(): SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name.includes('/'))
    .map((name) => ({
      path: name,
      folder: name.split('/')[0] ?? '',
      code: readFileSync(join(src, name), 'utf8'),
    }));
}

/** Folders of src/ that a file imports from. */
function importedFolders(file: SourceFile): string[] {
  const specifiers = [...file.code.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) => {
    const target = relative(src, resolve(src, dirname(file.path), specifier));
    return target.startsWith('..') ? `outside src: ${specifier}` : (target.split('/')[0] ?? '');
  });
}

/** Comments may say what code may not do. */
function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}

const files = sourceFiles();

test('there is something to check in every folder of the rule', () => {
  for (const folder of Object.keys(allowed))
    expect(
      files.filter((file) => file.folder === folder),
      folder,
    ).not.toEqual([]);
});

test('every folder is in the rule', () => {
  const folders = new Set(files.map((file) => file.folder));
  folders.delete('cli');
  expect([...folders].filter((folder) => !(folder in allowed))).toEqual([]);
});

test('imports go one way', () => {
  const broken = files
    .filter((file) => file.folder !== 'cli')
    .flatMap((file) =>
      importedFolders(file)
        .filter((folder) => folder !== file.folder && !(allowed[file.folder] ?? []).includes(folder))
        .map((folder) => `${file.path} imports ${folder}`),
    );
  expect(broken).toEqual([]);
});

test('pure stages read no clock, no file, no randomness and no console', () => {
  const broken = files
    .filter((file) => pure.includes(file.folder))
    .flatMap((file) =>
      impure
        .filter(([pattern]) => pattern.test(withoutComments(file.code)))
        .map(([, what]) => `${file.path}: ${what}`),
    );
  expect(broken).toEqual([]);
});

/**
 * The wall clock is stepped by NTP; durations come from CLOCK_MONOTONIC (hrtime, performance.now). It may only be written down
 * for people: as the time at which something began or ended, and in the name of a run or of a backup; or held against a date.
 */
const wallClock: Readonly<Record<string, RegExp>> = {
  // The clock of the use cases: for the names of runs and backups, and for when a run ended.
  'cli/context.ts': /date: \(\) => new Date\(\)/g,
  // Is a certificate valid today?
  'engine/docker/tls-files.ts': /now: Date = new Date\(\)/g,
  'host/host-lock.ts': /since: new Date\(\)\.toISOString\(\)/g,
  'execute/runner.ts': /startedAt: new Date\(\)\.toISOString\(\)/g,
};

test('a use case knows neither the process nor its terminal', () => {
  const broken = files
    .filter(({ folder, code }) => folder === 'app' && /(?<!-)\bprocess\.[a-z]/.test(withoutComments(code)))
    .map(({ path }) => path);
  expect(broken).toEqual([]);
});

test('no duration is taken from the wall clock', () => {
  const broken = files
    .map(({ path, code }) => ({ path, code: withoutComments(code).replace(wallClock[path] ?? /$^/, '') }))
    .filter(({ code }) => /\bDate\.now\b|\bnew Date\(\)|\.getTime\(\)|\bDate\.parse\b/.test(code))
    .map(({ path }) => path);
  expect(broken).toEqual([]);
});
