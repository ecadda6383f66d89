import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { build } from 'esbuild';
import { execa } from 'execa';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatedNames } from '../../scripts/generated-pages.ts';
import { loadWorkloadIds } from '../../src/core/config/workload-ids.ts';
import { pageScript } from '../../src/report/render/page-script.ts';
import { headlineLine, nightLine } from '../support/history-lines.ts';
import { broken } from './additions.ts';
import { ocibench, root } from './cli.ts';
import { pack } from './packed.ts';

/** A user's project with the packed tarball in its node_modules, beside what package.json names as dependencies and nothing else. */
let place: string;
let tarball: string;
/** Paths in the tarball. */
let shipped: readonly string[];
const installed = () => join(place, 'node_modules/ocibench');
const program = (args: readonly string[]) => ocibench(args, place, {}, join(installed(), 'bin/ocibench.js'));

/** The dependencies are this checkout's: package-lock.json pins them, and no network is needed. */
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'contract-'));
  ({ tarball, shipped } = await pack());
  await mkdir(installed(), { recursive: true });
  await execa('tar', ['-xzf', tarball, '-C', installed(), '--strip-components=1']);
  const { dependencies } = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const link = join(place, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await mkdir(join(place, 'node_modules/.bin'));
  await symlink('../ocibench/bin/ocibench.js', join(place, 'node_modules/.bin/ocibench'));
  await chmod(join(installed(), 'bin/ocibench.js'), 0o755);
  await writeFile(join(place, 'package.json'), '{"type":"module"}\n');
}, 900_000);
afterAll(() => rm(place, { recursive: true }));

/** Five starts of the program take long on a host that others load, ms. */
const patience = 600_000;

describe('two measurements at once', () => {
  const launcher = () => join(installed(), 'bin/ocibench.js');
  const twice = 'beside a living one: 4\nafter its death: 0\nthe lock is gone';

  test.each<readonly [string, () => Promise<readonly string[]>]>([
    ['a checkout', async () => [join(root, 'ocibench')]],
    ['npm, by its link', async () => [join(place, 'node_modules/.bin/ocibench')]],
    ['pnpm’s shim and the Debian package, by its file', async () => [process.execPath, launcher()]],
    [
      'a Node of another name, as the Debian package and single files bring it',
      async () => {
        const renamed = join(place, 'measure');
        await cp(process.execPath, renamed);
        return [renamed, launcher()];
      },
    ],
  ])('are never made by %s', { timeout: patience }, async (_, command) => {
    const directory = await mkdtemp(join(place, 'lock-'));
    const { stdout } = await execa(
      'sh',
      [join(root, 'test/support/two-starts.sh'), join(directory, 'lock'), ...(await command()), 'clean'],
      {
        cwd: directory,
        env: {
          PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
          OCIBENCH_STATE: directory,
          XDG_CACHE_HOME: directory,
          DOCKER_HOST: 'unix:///nowhere.sock',
        },
      },
    );
    expect(stdout).toBe(twice);
  });

  test('are never made by a program in one file', { timeout: patience }, async () => {
    const file = join(place, 'single.mjs');
    const lock = join(place, 'single.lock');
    await build({
      stdin: {
        contents: `
          import { lockHost } from './src/core/host/host-lock.ts';
          const lock = await lockHost({ command: 'ocibench run', runId: 'x' });
          if (lock.kind === 'busy') process.exit(4);
          await new Promise((rest) => setTimeout(rest, 200));
          await lock[Symbol.asyncDispose]();`,
        resolveDir: root,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
      logLevel: 'error',
    });
    const script = join(root, 'test/support/two-starts.sh');
    expect((await execa('sh', [script, lock, process.execPath, file])).stdout).toBe(twice);
  });
});

describe('the packed tarball', () => {
  test('holds the program, its types, schemas and documents, and neither sources nor tests', () => {
    const folders = new Set(shipped.map((path) => path.split('/')[0]));
    expect([...folders].toSorted()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'NOTICE',
        'README.md',
        'SECURITY.md',
        'package.json',
        'bin',
        'charts',
        'dist',
        'docs',
        'examples',
        'schemas',
      ].toSorted(),
    );
    expect(shipped.filter((path) => /(?<!\.d)\.ts$/.test(path) && !path.startsWith('examples/'))).toEqual([]);
    expect(shipped).toContain('dist/sbom.cdx.json');
    const made = [...generatedNames, 'dist/man/ocibench.1', 'dist/man/ocibench-run.1'];
    expect(shipped).toEqual(expect.arrayContaining(made));
  });

  test('holds the pictures of its README, and the licence of its fonts', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(pictures.length).toBeGreaterThan(0);
    expect(shipped.filter((path) => path.startsWith('charts/'))).toEqual(pictures);
    expect(shipped).toContain('dist/src/report/render/fonts/LICENSE');
  });

  test('is as npm and TypeScript want packages: publint and are-the-types-wrong find nothing', async () => {
    expect((await publint({ pkgDir: installed(), strict: true, pack: false })).messages).toEqual([]);
    const types = await execa('attw', [tarball, '--profile', 'esm-only', '--format', 'json'], {
      preferLocal: true,
      localDir: root,
    });
    expect(JSON.parse(types.stdout)).toMatchObject({ analysis: { types: { kind: 'included' } } });
  }, 60_000);

  test('brings neither a bundler nor what a bundle holds', async () => {
    const { dependencies } = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'));
    for (const name of ['esbuild', 'dockerode']) expect(Object.keys(dependencies)).not.toContain(name);
    expect(shipped.filter((path) => path.startsWith('dist/src/core/bundle/'))).toEqual([]);
  });

  test('reads what others hand in in processes of its own', async () => {
    const { stdout, stderr } = await program(['verify', join(root, 'results/published'), '--json']);
    const { submissions } = JSON.parse(stdout);
    expect(submissions.length, stderr).toBeGreaterThan(0);
    for (const { state, manifest } of submissions)
      expect([state, manifest]).toEqual([expect.stringMatching(/^measured-/), 'whole']);
  }, 120_000);

  test('asks a daemon through the dockerode that is in it', async () => {
    const socketPath = join(place, 'daemon.sock');
    const daemon = createServer((_, response) => response.end('{"Name":"the one"}'));
    await new Promise<void>((listening) => daemon.listen(socketPath, listening));
    const client = join(installed(), 'dist/src/core/engine/docker/client.js');
    const asking = `
      import { dockerClient } from ${JSON.stringify(client)};
      console.log(JSON.stringify(await dockerClient({ socketPath: ${JSON.stringify(socketPath)} }).info()));
      process.exit();`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', asking], {
      cwd: place,
    });
    daemon.close();
    expect(stdout).toContain('the one');
  });

  test('asks a containerd through the gRPC and the messages that are in it', async () => {
    const socketPath = join(place, 'containerd.sock');
    // Its answer: {version: 'v1.7', revision: 'abc'}.
    const answer = Buffer.from('\x0a\x04v1.7\x12\x03abc');
    const asIs = (bytes: Buffer) => bytes;
    const server = new Server();
    server.addService(
      {
        Version: {
          path: '/containerd.services.version.v1.Version/Version',
          requestStream: false,
          responseStream: false,
          requestSerialize: asIs,
          requestDeserialize: asIs,
          responseSerialize: asIs,
          responseDeserialize: asIs,
        },
      },
      {
        Version: (call: ServerUnaryCall<Buffer, Buffer>, answered: sendUnaryData<Buffer>) =>
          answered(
            call.metadata.get('containerd-namespace')[0] === 'ocibench' ? null : new Error('whose?'),
            answer,
          ),
      },
    );
    await new Promise<void>((bound, failed) =>
      server.bindAsync(`unix://${socketPath}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? bound() : failed(error),
      ),
    );
    const client = join(installed(), 'dist/src/features/layers/containerd/client.js');
    const asking = `
      import { containerdClient } from ${JSON.stringify(client)};
      const client = containerdClient(${JSON.stringify(socketPath)});
      console.log(JSON.stringify(await client.call('version', 'Version', {})));
      process.exit();`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', asking], {
      cwd: place,
    });
    server.forceShutdown();
    expect(JSON.parse(stdout)).toEqual({ version: 'v1.7', revision: 'abc' });
  });

  test('is a program that runs', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await program(['--version'])).toMatchObject({ exitCode: 0, stdout: version });
    expect((await program(['--help'])).stdout).toContain('Usage: ');
    const list = await program(['list', 'workloads', '--json']);
    expect(JSON.parse(list.stdout).workloads).toHaveLength(loadWorkloadIds().length);
  }, 60_000);

  test('can be executed as it is', async () => {
    const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
    const { stdout } = await execa(join(installed(), 'bin/ocibench.js'), ['--version'], {
      env: { PATH: path },
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('says to an old Node what it needs', async () => {
    const old = "Object.defineProperty(process.versions, 'node', { value: '20.19.2' })";
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(old)}`];
    const result = await execa(process.execPath, [...flags, join(installed(), 'bin/ocibench.js'), '--help'], {
      reject: false,
    });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('Node 24 or newer is needed, this is 20.19.2');
  });

  test('analyses a stored run as the checkout does, with charts and page', async () => {
    const runId = '20261125-205804-e1d4';
    await cp(join(import.meta.dirname, 'stored-run'), join(place, 'results'), { recursive: true });
    const result = await program(['report', runId]);
    expect(result.exitCode, result.stderr).toBe(0);
    const read = (path: string) => readFile(join(place, 'results', runId, path), 'utf8');
    const expected = await readFile(join(import.meta.dirname, 'expected/analysis.json'), 'utf8');
    expect(broken(JSON.parse(expected), JSON.parse(await read('analysis.json')))).toEqual([]);
    // A checkout bundles the script when it needs it; the package has the same bytes.
    const { code, sha256 } = await pageScript();
    const page = await read('report.html');
    expect(page).toContain(code);
    expect(page).toContain(sha256);
    expect(await readdir(join(place, 'charts', runId))).toEqual(
      expect.arrayContaining(
        (await readFile(join(import.meta.dirname, 'expected/charts.txt'), 'utf8')).trim().split('\n'),
      ),
    );
  }, 120_000);

  test('writes the report of a history', async () => {
    const lines = [headlineLine('2026-11-25'), nightLine('2026-11-25')];
    await mkdir(join(place, 'nights'));
    await writeFile(
      join(place, 'nights/2026-11.ndjson'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    const result = await program(['nightly', 'page', '--history', 'nights']);
    expect(result.exitCode, result.stderr).toBe(0);
    const page = await readFile(join(place, 'nights/report.html'), 'utf8');
    expect(page).toContain('runc ÷ runc-pin');
    expect(page).toContain('<svg');
  }, 120_000);
});

/** Type-checks files of the project as its owner would: strict, nodenext, with our declarations and not around them. */
async function typeCheck(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(place, name), text);
  const options = {
    target: 'es2024',
    module: 'nodenext',
    lib: ['es2024', 'dom'],
    types: [],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    skipLibCheck: false,
  };
  const config = { compilerOptions: options, files: Object.keys(files) };
  await writeFile(join(place, 'tsconfig.json'), JSON.stringify(config));
  return execa(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', place], {
    reject: false,
  });
}

const ownConfig = `
import { defineConfig, defineWorkload, ParseError, stamped, type Workload } from 'ocibench';

const mine: Workload = defineWorkload({
  id: 'app/mine',
  category: 'app',
  image: 'base',
  title: 'Mine',
  metrics: [{ id: 'mine.rate', unit: 'ops/s', better: 'higher', description: 'per second' }],
  container: () => ({ command: stamped(['/bin/true']), stamped: true, timeoutMs: 10_000 }),
  parse({ window }) {
    if (window === null) throw new ParseError('no stamps');
    return [{ metric: 'mine.rate', unit: 'ops/s', better: 'higher', value: 1e9 / window.hostNs }];
  },
});

export default defineConfig({ preset: 'quick', runtimes: ['runc'], ownWorkloads: [mine] });
`;

const reader = `
import { readFile } from 'node:fs/promises';
import { type RunRecord, runRecordSchema, trialRecordSchema } from 'ocibench';
import schema from 'ocibench/schemas/run.schema.json' with { type: 'json' };
const [, , directory] = process.argv;
const run: RunRecord = runRecordSchema.parse(JSON.parse(await readFile(directory + '/run.json', 'utf8')));
const lines = (await readFile(directory + '/trials.jsonl', 'utf8')).trim().split('\\n');
const trials = lines.map((line) => trialRecordSchema.parse(JSON.parse(line)));
console.log(run.runId, trials.length, trials[0]?.cell.workload, schema.title);
`;

/** Sizes of what is in a directory, bytes in whole blocks as du(1) counts them. */
async function diskBytes(directory: string): Promise<number> {
  const { stdout } = await execa('du', ['-s', '--block-size=1', directory]);
  return Number.parseInt(stdout, 10);
}

describe('npm install of the tarball in an empty folder', () => {
  let empty: string;
  const run = (command: string, args: readonly string[]) =>
    execa(command, args, {
      cwd: empty,
      env: { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), LC_ALL: 'C.UTF-8' },
    });
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'contract-empty-'));
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball]);
  }, 300_000);
  afterAll(() => rm(empty, { recursive: true }));

  test('gives npx ocibench, whose report has charts and page', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect((await run('npx', ['ocibench', '--version'])).stdout).toBe(version);
    await cp(join(import.meta.dirname, 'stored-run'), join(empty, 'results'), { recursive: true });
    const runId = '20261125-205804-e1d4';
    await run('npx', ['ocibench', 'report', runId]);
    expect(await readdir(join(empty, 'results', runId))).toContain('report.html');
    const charts = await readdir(join(empty, 'charts', runId));
    expect(charts.filter((name) => name.endsWith('.png')).length).toBeGreaterThan(0);
  }, 120_000);

  test('runs no script, and takes less than 60 MB', async () => {
    const lock = JSON.parse(await readFile(join(empty, 'package-lock.json'), 'utf8'));
    const packages = Object.entries<{ hasInstallScript?: boolean }>(lock.packages);
    expect(packages.length).toBeGreaterThan(50);
    expect(packages.filter(([, each]) => each.hasInstallScript)).toEqual([]);
    expect(await diskBytes(join(empty, 'node_modules'))).toBeLessThan(60e6);
  });
});

describe('the door of the installed package', () => {
  test('gives a configuration, a workload of one’s own and the shipped example their types', async () => {
    const example = await readFile(join(installed(), 'examples/own-workload.config.ts'), 'utf8');
    const checked = await typeCheck({ 'bench.config.ts': ownConfig, 'example.config.ts': example });
    expect(checked.stdout).toBe('');
    expect(checked.exitCode).toBe(0);
  }, 60_000);

  test('refuses what is no key, no value and no field', async () => {
    const mistakes = {
      'key.ts': ['preset:', 'presett:', "'presett' does not exist in type"],
      'value.ts': [
        "better: 'higher', value",
        "better: 'taller', value",
        `better: "taller"; value: number; }[]' is not`,
      ],
      'field.ts': ['window.hostNs', 'window.hostMs', "'hostMs' does not exist on type"],
    } as const;
    const wrong = Object.entries(mistakes).map(([name, [was, is]]) => [name, ownConfig.replace(was, is)]);
    const checked = await typeCheck(Object.fromEntries(wrong));
    for (const [name, [, , message]] of Object.entries(mistakes)) {
      const errors = checked.stdout.split('\n').filter((line) => line.includes(`${name}(`));
      expect(errors.join('\n'), name).toContain(message);
    }
  }, 60_000);

  test.each(['bench.config.ts', 'example.config.ts'])(
    'is what %s gets from the installed program',
    async (name) => {
      const result = await program(['list', 'workloads', '--json', '--config', name]);
      expect(result.exitCode, result.stderr).toBe(0);
      const { workloads } = JSON.parse(result.stdout) as { workloads: { id: string }[] };
      const ids = workloads.map(({ id }) => id);
      expect(ids).toContain(name === 'bench.config.ts' ? 'app/mine' : 'app/orders');
    },
    60_000,
  );

  test('reads records and hands out their JSON Schemas', async () => {
    await writeFile(join(place, 'reader.ts'), reader);
    const stored = join(import.meta.dirname, 'stored-run/20261125-205804-e1d4');
    const { stdout } = await execa(process.execPath, [join(place, 'reader.ts'), stored]);
    expect(stdout).toBe('20261125-205804-e1d4 24 startup/echo run.json of ocibench');
  });
});
