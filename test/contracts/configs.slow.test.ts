import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import * as door from 'ocibench';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/core/config/load-config.ts';
import { resolveConfig } from '../../src/core/config/resolve.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { broken } from './additions.ts';
import { ocibench, root } from './cli.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'contract-'));
});
afterAll(() => rm(place, { recursive: true }));

/** Those that are shipped, and as they were in 0.1, when they imported files of src/. */
const stored = (await readdir(join(import.meta.dirname, 'configs'))).map((name) =>
  join('test/contracts/configs', name),
);
const examples = (await readdir(join(root, 'examples')))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('examples', name));
const shipped = ['bench.config.ts', ...examples];

/** All that a configuration decides, as JSON: the choices of a run, its variants, and each workload of its own. */
async function resolved(path: string): Promise<unknown> {
  const loaded = await loadConfig(path, root);
  const found = resolveConfig({}, loaded?.config ?? null, { seed: 1, lang: 'en' });
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  const { config, variants, daemonJson, ownWorkloads } = found.resolution;
  const all = await loadWorkloads(ownWorkloads);
  const own = all.filter(({ id }) => ownWorkloads.some((workload) => workload.id === id));
  const workloads = own.map((workload) => ({ ...workload, container: workload.container({}) }));
  return JSON.parse(JSON.stringify({ config, variants, daemonJson, workloads }));
}

describe('a configuration of 0.1', async () => {
  const expected = JSON.parse(await readFile(join(import.meta.dirname, 'expected/configs.json'), 'utf8'));

  test('of each that was shipped there is one', () => {
    expect(stored.map((path) => basename(path)).toSorted()).toEqual(Object.keys(expected).toSorted());
    const names = shipped.map((path) => basename(path));
    expect(Object.keys(expected).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each([...stored, ...shipped].filter((path) => basename(path) in expected))(
    '%s resolves to what it resolved to',
    async (path) => {
      expect(broken(expected[basename(path)], await resolved(path))).toEqual([]);
    },
  );
});

test.each(shipped)('%s is loaded and resolved', async (path) => {
  expect(await resolved(path)).toMatchObject({ config: { baseline: 'runc' } });
});

/** Of the public door. A name may be added, none taken away. */
const names = [
  'defineConfig',
  'defineWorkload',
  'stamped',
  'untilListening',
  'ParseError',
  'between',
  'figureOf',
  'outputOf',
  'formatParams',
  'parseParams',
  'cellKey',
  'subjectKey',
  'defaultMemoryBytes',
  'droppedCapabilities',
  'logDrivers',
  'schemaVersion',
  'benchConfigSchema',
  'runRecordSchema',
  'scheduledBlockSchema',
  'trialRecordSchema',
  'readingSchema',
  'analysisSchema',
  'runComparisonSchema',
];

describe('the name `ocibench`', () => {
  test('gives all that it gave', () => {
    expect(names.filter((name) => !(name in door))).toEqual([]);
  });

  test('is this program, wherever the configuration lies', async () => {
    const outside = join(place, 'outside.config.ts');
    const classes = [join(root, 'src/core/model/trial/parser-output.ts'), join(root, 'src/index.ts')];
    await writeFile(
      outside,
      `import { defineConfig, ParseError } from 'ocibench';
       const loaded = await Promise.all(${JSON.stringify(classes)}.map((path) => import(path)));
       if (!loaded.every((module) => module.ParseError === ParseError)) throw new Error('another copy');
       export default defineConfig({ preset: 'lab' });`,
    );
    const result = await ocibench(['list', 'workloads', '--json', '--config', outside], place);
    expect(result.exitCode, result.stderr).toBe(0);
    await cp(join(root, 'examples/own-workload.config.ts'), join(place, 'bench.config.ts'));
    const list = await ocibench(['list', 'workloads', '--json', '--config', 'bench.config.ts'], place);
    const { workloads } = JSON.parse(list.stdout) as { workloads: { id: string }[] };
    expect(workloads.map(({ id }) => id)).toContain('app/orders');
  }, 60_000);

  test('is known to Node too, by the command that a broken configuration is told to try', async () => {
    const file = join(place, 'broken.config.ts');
    await writeFile(file, "import { ParseError } from 'ocibench';\nthrow new ParseError('line two');\n");
    const result = await ocibench(['list', 'workloads', '--config', file], place);
    expect(result.exitCode).toBe(2);
    const [, words = ''] = /check: {2}node (.+)/.exec(result.stderr) ?? [];
    const byHand = await execa(process.execPath, words.split(' '), { cwd: place, reject: false });
    expect(byHand.stderr).toMatch(/broken\.config\.ts:2\n[\s\S]*ParseError: line two/);
  }, 60_000);
});
