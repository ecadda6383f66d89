import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { version: string };

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

/** Files that `ocibench WORDS`, or another module of this checkout, loads; relative to it. `prints`: all of its output. */
async function loadedBy(
  words: readonly string[],
  { entry = 'src/cli.ts', prints }: { readonly entry?: string; readonly prints?: string } = {},
): Promise<readonly string[]> {
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(counting)}`];
  const { stdio, exitCode } = await execa(process.execPath, [...flags, entry, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    stripFinalNewline: false,
  });
  expect(exitCode).toBe(0);
  if (prints !== undefined) expect(stdio[1]).toBe(prints);
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

test.each(['--version', '-V', '-v', 'version'])('ocibench %s is answered by one file', async (word) => {
  expect(await loadedBy([word], { prints: `${version}\n` })).toEqual(['src/cli.ts']);
});

test.each(['--help', 'run --help', 'lab run --help', 'help report --lang fr'])(
  'ocibench %s loads the words of the commands, and nothing of what they do',
  async (line) => {
    const files = await loadedBy(line.split(' '));
    const packages = new Set(files.flatMap((file) => packageOf(file) ?? []));
    expect([...packages].toSorted()).toEqual(wordPackages);
    const folders = new Set(
      files.flatMap((file) => /^src\/(app|report\/render|core\/[^/.]+)\//.exec(file)?.[1] ?? []),
    );
    for (const folder of ['app', 'core/host', 'core/analyze', 'core/measure', 'report/render'])
      expect([...folders], folder).not.toContain(folder);
    expect(files.length).toBeLessThan(100);
  },
);

test('a command loads what it does: the count above counts', async () => {
  const files = await loadedBy(['list', 'metrics']);
  expect(files.length).toBeGreaterThan(100);
  expect(files).toContain('src/app/list.ts');
  expect(files).toContain('workloads/startup/echo.ts');
  expect(new Set(files.flatMap((file) => packageOf(file) ?? []))).toContain('zod');
});

/** What measures, draws, or speaks with an engine. */
const measuring = {
  packages: [
    'execa',
    'tinybench',
    'log-update',
    'vega',
    'esbuild',
    '@grpc/grpc-js',
    'dockerode',
    'protobufjs',
  ],
  sources: ['measure/execute/', 'engine/docker/', 'engine/embedded/', 'images/', 'host/', 'analyze/'],
};

describe('a command that only reads loads nothing that measures', () => {
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'start-up-'));
    await cp(resolve(root, 'test/contracts/stored-run'), join(place, 'results'), { recursive: true });
  });
  afterAll(() => rm(place, { recursive: true }));

  test.each(['list runs', 'list metrics', 'list profiles'])('%s', async (line) => {
    const files = await loadedBy([...line.split(' '), '--in', place]);
    const packages = new Set(files.flatMap((file) => packageOf(file) ?? []));
    expect(measuring.packages.filter((name) => packages.has(name))).toEqual([]);
    for (const folder of measuring.sources)
      expect(
        // Parsers of workloads may use the arithmetic of the analysis.
        files.filter((file) => file.startsWith(`src/core/${folder}`) && !file.includes('/analyze/stats/')),
        folder,
      ).toEqual([]);
    if (line === 'list runs')
      expect(
        files.filter((file) =>
          /config\/(load-config|profile-shape)|core\/(collect|metrics|runtimes)\/|model\/trial\/trial|semver|^workloads\//.test(
            file,
          ),
        ),
      ).toEqual([]);
  });
});

const dryRun = 'run --dry-run --engine embedded --workloads startup/echo --runtimes runc --blocks 3..3';

test.each([
  ['run --dry-run', 'src/cli.ts', dryRun.split(' '), 'adapters/containerd'],
  // To clean would touch this host: what it does is loaded, and not done.
  ['clean', 'src/features/layers/leftovers/namespaces.ts', [], 'containerd/bundles'],
])(
  'ocibench %s loads nothing that speaks gRPC before a layer needs it',
  async (_name, entry, words, loaded) => {
    const files = await loadedBy(words, { entry });
    expect(files).toContain(`src/features/layers/${loaded}.ts`);
    expect(new Set(files.flatMap((file) => packageOf(file) ?? []))).not.toContain('@grpc/grpc-js');
  },
);
