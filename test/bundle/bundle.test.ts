import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { notice } from '../../scripts/notice.ts';
import { shippedBundles } from '../../scripts/shipped-bundles.ts';
import { builtIn } from '../../src/features/lab/project.ts';
import { pageScript } from '../../src/report/render/page-script.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const namesIn = (packages: readonly { readonly name: string }[]) => packages.map(({ name }) => name);

const bundles = new Map(
  await Promise.all(shippedBundles.map(async ({ path, make }) => [path, await make()] as const)),
);
function bundleOf(path: string) {
  const found = bundles.get(path);
  if (found === undefined) throw new Error(`there is no bundle ${path}`);
  return found;
}
const page = bundleOf('src/report/page/page');

test('the script of a page is the same however often it is made, and its digest is of its bytes', async () => {
  const script = await pageScript();
  expect(script.code).toBe(page.code);
  expect(script.sha256).toBe(createHash('sha256').update(page.code).digest('base64'));
});

test('the licences of Vega and D3 stand in front of the script of a page, in one comment', () => {
  const { code, licences, packages } = page;
  const comment = code.slice(0, code.indexOf('*/'));
  expect(comment.startsWith('/*!')).toBe(true);
  expect(comment).toContain('Redistributions in binary form must reproduce the above copyright notice');
  expect(namesIn(packages)).toEqual(
    expect.arrayContaining(['vega', 'vega-lite', 'vega-interpreter', 'd3-scale']),
  );
  for (const { text } of licences) expect(comment).toContain(text);
  expect(new Set(licences.flatMap(({ packages: names }) => names))).toEqual(new Set(namesIn(packages)));
});

test('NOTICE names every package that is handed on (write it anew with: npm run docs)', async () => {
  const text = read('NOTICE');
  expect(text).toBe(await notice());
  for (const words of ['Vega', 'D3', 'dockerode', 'grpc-js', 'containerd', 'DejaVu Sans'])
    expect(text).toContain(words);
});

test('the sections of NOTICE name the packages in each bundle, and no other', () => {
  const sections = read('NOTICE').split('\n\n====\n\n');
  for (const [path, { inputs }] of bundles) {
    const said = sections.findIndex((section) => section.includes(`(dist/${path}.js)`));
    const licences = said < 0 ? [] : [sections[said + 1] ?? ''];
    const named = licences
      .join()
      .split('\n\n----\n\n')
      .flatMap((each) => (each === '' ? [] : each.slice(0, each.indexOf(':\n')).split(', ')));
    const bundled = inputs.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
    expect(new Set(named), path).toEqual(new Set(bundled));
  }
});

test('dockerode is bundled without the packages that run scripts when they are installed', () => {
  const names = namesIn(bundleOf('src/core/engine/docker/dockerode').packages);
  expect(names).toEqual(expect.arrayContaining(['dockerode', 'docker-modem']));
  for (const name of ['ssh2', 'cpu-features', 'protobufjs', '@grpc/grpc-js'])
    expect(names).not.toContain(name);
});

test('what speaks gRPC is bundled without the package by which it describes itself to others', () => {
  const names = namesIn(bundleOf('src/features/layers/containerd/grpc').packages);
  expect(names).toEqual(expect.arrayContaining(['@grpc/grpc-js', 'protobufjs', 'long']));
  for (const name of ['@grpc/proto-loader', 'yargs', 'ssh2']) expect(names).not.toContain(name);
});

test('yaml runs as it is bundled', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-bundle-'));
  try {
    const file = join(directory, 'yaml.mjs');
    await writeFile(file, bundleOf('src/features/capacity/plan/yaml').code);
    const text = `const { parseDocument } = await import(process.argv[1]);
      console.log(JSON.stringify(parseDocument('a: [1, b]').toJS()));`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', text, file]);
    expect(JSON.parse(stdout)).toEqual({ a: [1, 'b'] });
  } finally {
    await rm(directory, { recursive: true });
  }
});

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version: string; readonly dev?: boolean; readonly hasInstallScript?: boolean }>
  >;
}

test('nothing that a user installs runs a script', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as Lock;
  const scripted = Object.entries(packages).filter(([, each]) => each.hasInstallScript === true);
  // It is found where there is one.
  expect(scripted.length).toBeGreaterThan(0);
  expect(scripted.filter(([, { dev }]) => dev !== true)).toEqual([]);
});

test('a direct dependency is of one version, which package-lock.json has too', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Manifest;
  const { packages } = JSON.parse(read('package-lock.json')) as Lock;
  const locked = Object.keys({ ...dependencies, ...devDependencies }).map(
    (name) => [name, packages[`node_modules/${name}`]?.version] as const,
  );
  expect({ ...dependencies, ...devDependencies }).toEqual(Object.fromEntries(locked));
});

/** Packages that modules import by name, and where; types alone are gone when a module runs. */
function imported(files: readonly string[]): ReadonlyMap<string, string> {
  const pattern = /(?:[}\w] from|^import|import\() ?'((?:@[^/'\n]+\/)?[^./'\n][^/'\n]*)[^'\n]*'/gm;
  return new Map(
    files.flatMap((file) =>
      [
        ...read(file)
          .replaceAll(/^import type [^;]+;/gm, '')
          .matchAll(pattern),
      ].map(([, name = '']) => [name, file] as const),
    ),
  );
}

test('what the program imports is a dependency, or one that the build puts into the package', () => {
  const { dependencies } = JSON.parse(read('package.json')) as Manifest;
  const files = globSync('{src,workloads}/**/*.ts', { cwd: root });
  const foreign = [...imported(files).keys()].filter(
    (name) => !name.startsWith('node:') && !builtinModules.includes(name) && name !== 'ocibench',
  );
  const missing = foreign.filter((name) => !(name in dependencies));
  expect(missing.toSorted()).toEqual([...builtIn].toSorted());
});
