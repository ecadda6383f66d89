import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineWorkload } from '../../../src/core/config/define-workload.ts';
import { loadRecipes, loadWorkloads } from '../../../src/core/config/workloads.ts';
import { translateRef } from '../../../src/core/messages/translate.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';
import { asMessage } from '../../../src/core/model/failure/said.ts';
import { formatParams } from '../../../src/core/model/trial/cell.ts';
import { imageId } from '../../../src/core/model/workload/image.ts';
import type { Workload } from '../../../src/core/model/workload/workload.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'workloads-'));
  await mkdir(join(directory, 'images'));
  await mkdir(join(directory, 'io'));
  await writeFile(join(directory, 'images/base.ts'), "export default { id: 'base' };");
});
afterEach(() => rm(directory, { recursive: true }));

const good = `{ id: 'io/own', category: 'io', image: 'base', title: 'own', description: '', precision: 0.05,
  metrics: [{ id: 'x', unit: 'ns', better: 'lower', description: '' }], parameters: { size: '' }, observe: { kind: 'series' },
  presets: { quick: [{ size: 1 }], standard: [], full: [] }, container: () => ({ command: ['true'], timeoutMs: 1000 }), parse() {} }`;

test('a workload is found by its place, without being registered', async () => {
  await writeFile(join(directory, 'io/own.ts'), `export default ${good};`);
  expect((await loadWorkloads([], directory)).map((workload) => workload.id)).toEqual(['io/own']);
});

test('all problems are reported at once, with file, key and fix', async () => {
  await writeFile(
    join(directory, 'io/own.ts'),
    `export default { ...${good}, id: 'x', category: 'nonsense', image: 'none', metrics: [], presets: { quick: [{ colour: 'a=b' }], standard: [], full: [] } };`,
  );
  await writeFile(join(directory, 'io/empty.ts'), 'export const nothing = 1;');
  const error = await loadWorkloads([], directory).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OcibenchError);
  const problems = (error as OcibenchError).problems.map(({ file, key }) => `${file} ${key}`);
  expect(problems).toEqual([
    'workloads/io/empty.ts ',
    'workloads/io/own.ts id',
    'workloads/io/own.ts category',
    'workloads/io/own.ts image',
    'workloads/io/own.ts metrics',
    'workloads/io/own.ts presets.quick',
  ]);
});

test('the shipped workloads are sound and say what they are', async () => {
  const workloads = await loadWorkloads();
  const recipes = (await loadRecipes()).map((recipe) => recipe.id);
  expect(new Set(workloads.map((workload) => workload.category))).toEqual(
    new Set([
      'startup',
      'syscall',
      'io',
      'memory',
      'cpu',
      'network',
      'app',
      'agent',
      'sandbox',
      'restore',
      'density',
      'isolation',
    ]),
  );
  for (const workload of workloads) {
    expect(recipes).toContain(imageId(workload.image));
    expect(asMessage(workload.title).text.length, workload.id).toBeGreaterThan(5);
    expect(translateRef(asMessage(workload.title), 'fr'), workload.id).not.toBeNull();
    expect(workload.description.length, workload.id).toBeGreaterThan(80);
    expect(workload.precision, workload.id).toBeGreaterThan(0);
    const all = Object.values(workload.presets).flat();
    for (const params of all) {
      const request = workload.container(params);
      expect(request.command[0], `${workload.id} ${formatParams(params)}`).toMatch(/^\//);
      expect(request.timeoutMs).toBeGreaterThan(0);
    }
  }
});

const own = (more: object = {}): Workload =>
  defineWorkload({
    id: 'app/mine',
    category: 'app',
    image: { reference: 'registry/mine:1' },
    title: 'mine',
    metrics: [{ id: 'mine.rate', unit: 'ops/s', better: 'higher', description: '' }],
    container: () => ({ command: ['/bin/true'], timeoutMs: 1000 }),
    parse: () => [],
    ...more,
  });

test('workloads of bench.config.ts come after the shipped ones, with what they leave out filled in', async () => {
  const workloads = await loadWorkloads([own()]);
  expect(workloads.at(-1)).toMatchObject({
    id: 'app/mine',
    presets: { quick: [{}] },
    observe: { kind: 'series' },
  });
  expect(workloads.length).toBe((await loadWorkloads()).length + 1);
});

test('one whose category is of another quantity than its first metric is refused with those that fit', async () => {
  const metric = (unit: string) => [{ id: 'mine.value', unit, better: 'lower', description: '' }];
  const refusal = async (more: object) => {
    const error = await loadWorkloads([own(more)]).catch((thrown: unknown) => thrown);
    return error instanceof OcibenchError
      ? error.problems.map(({ key, message, fix }) => `${key} ${message}; ${fix}`)
      : [];
  };
  expect(await refusal({ metrics: metric('bytes') })).toEqual([
    "ownWorkloads.0.category is 'app', which does not hold tests whose first metric is in bytes; choose from: memory, density",
  ]);
  const speed = await refusal({ category: 'memory' });
  expect(speed).toHaveLength(1);
  expect(speed[0]).toContain("is 'memory', which does not hold tests whose first metric is in ops/s");
  expect(speed[0]).toMatch(/choose from: syscall, io, cpu, network, app/);
  expect(speed[0]).not.toMatch(/choose from:.*(startup|memory)/);
  // The first part of an id may be another category: what is measured decides.
  expect(await refusal({ category: 'memory', metrics: metric('bytes') })).toEqual([]);
  expect(await refusal({ category: 'startup', metrics: metric('ns') })).toEqual([]);
});

test('what is wrong with them names bench.config.ts and the place in its list', async () => {
  const workloads = [
    own({ id: 'startup/echo' }),
    own({ id: '../escape' }),
    own({ image: 'nonsense', parse: undefined }),
    own(),
  ];
  const error = await loadWorkloads(workloads).catch((thrown: unknown) => thrown);
  expect((error as OcibenchError).problems.map(({ file, key }) => `${file} ${key}`)).toEqual([
    'bench.config.ts ownWorkloads.0.id',
    'bench.config.ts ownWorkloads.1.id',
    'bench.config.ts ownWorkloads.2.image',
    'bench.config.ts ownWorkloads.2.parse',
    'bench.config.ts ownWorkloads.3.id',
  ]);
});

test.each([
  ['presets', { presets: 5 }, 'presets'],
  ['a preset', { presets: { quick: 7, standard: [], full: [] } }, 'presets.quick'],
  ['parameters', { parameters: 'size' }, 'parameters'],
  [
    'a parameter',
    { presets: { quick: [{ n: Number.NaN }], standard: [], full: [] }, parameters: { n: '' } },
    'presets.quick.0.n',
  ],
  ['metrics', { metrics: { length: 1 } }, 'metrics'],
  ['a unit', { metrics: [{ id: 'x', unit: 'parsec', better: 'lower', description: '' }] }, 'metrics.0.unit'],
  ['precision', { precision: Number.NaN }, 'precision'],
  ['observe', { observe: { kind: 'all' } }, 'observe'],
  ['id', { id: Symbol('x') }, 'id'],
  ['steps', { steps: [] }, 'steps'],
])('%s of the wrong type is a problem with its key, and no exception later', async (_, more, key) => {
  const error = await loadWorkloads([own(more as object)]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OcibenchError);
  expect((error as OcibenchError).problems.map((problem) => problem.key)).toContainEqual(
    expect.stringMatching(`^ownWorkloads\\.0\\.${key}`),
  );
});
