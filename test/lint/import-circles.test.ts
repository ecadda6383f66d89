import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import { expect, test } from 'vitest';

type ImportGraph = ReadonlyMap<string, readonly string[]>;

const root = resolve(import.meta.dirname, '../..');

/** Paths that a source imports, for values or for types: files that know each other are read together. */
function importedPaths(source: string): readonly string[] {
  const statements = source.matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)'/gms);
  return [...statements].map(([, path = '']) => path);
}

/**
 * Files that a registry waits for while it is loaded: a statement at the left margin that awaits what is found in a folder.
 * `files`: all sources.
 */
function awaitedFiles(file: string, source: string, files: readonly string[]): readonly string[] {
  const statements = source.match(/^(?:export )?const [^;]*?;$/gms) ?? [];
  const loading = statements.filter((each) => !each.includes('=> {')).join('\n');
  const folders = [
    ...(loading.match(/await defaultExports\(import\.meta\.dirname,/) ? [dirname(file)] : []),
    ...[...loading.matchAll(/await defaultExports\(join\(import\.meta\.dirname, '(\w+)'\)\)/g)].map(
      ([, name = '']) => join(dirname(file), name),
    ),
  ];
  const kinds = [...loading.matchAll(/await contributions\('([\w-]+)'\)/g)].map(([, kind]) => kind);
  return files.filter(
    (each) =>
      (folders.includes(dirname(each)) && each !== file) ||
      kinds.some((kind) => dirname(each).endsWith(`/${kind}`) && /^src\/features\/[^/]+\/[^/]+\//.test(each)),
  );
}

/** Circles of a graph: its strongly connected parts of more than one file (Tarjan, SIAM J. Comput. 1 (1972) 146). */
function circlesOf(graph: ImportGraph): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    low.set(file, index.size - 1);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next))
        low.set(file, Math.min(low.get(file) ?? 0, low.get(next) ?? 0, index.get(next) ?? 0));
    }
    if (low.get(file) !== index.get(file)) return;
    const part = stack.splice(stack.indexOf(file));
    if (part.length > 1) circles.push(part.toSorted());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return circles;
}

function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  const files = [...sources.keys()];
  return new Map(
    [...sources].map(([file, source]) => {
      const imported = importedPaths(source).map((path) => normalize(join(dirname(file), path)));
      return [file, [...imported, ...awaitedFiles(file, source, files)].filter((each) => sources.has(each))];
    }),
  );
}

test('no file imports itself over others, or waits for itself while it is loaded', () => {
  const files = globSync('{src,workloads}/**/*.ts', { cwd: root });
  const graph = importGraph(new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])));
  expect(graph.get('src/core/runtimes/registry.ts')).toContain('src/core/runtimes/kata.ts');
  expect(graph.get('src/core/engine/layers.ts')?.map((each) => basename(each))).toContain('podman.ts');
  expect(circlesOf(graph)).toEqual([]);
});

test.each([
  ['an import', { 'src/a.ts': "import { b } from './b.ts';", 'src/b.ts': "import { a } from './a.ts';" }, 1],
  [
    'an import of a type',
    { 'src/a.ts': "import { b } from './b.ts';", 'src/b.ts': "import type { a } from './a.ts';" },
    1,
  ],
  [
    'a registry that waits',
    {
      'src/a.ts': "const found = await defaultExports(join(import.meta.dirname, 'all'));",
      'src/all/b.ts': "import { c } from '../c.ts';",
      'src/c.ts': "import { a } from './a.ts';",
    },
    1,
  ],
  [
    'a registry that waits for features',
    {
      'src/a.ts': "const found = (await contributions('adapters')) as X[];",
      'src/features/one/adapters/b.ts': "import { a } from '../../../a.ts';",
    },
    1,
  ],
  [
    'a function that waits',
    {
      'src/a.ts': "export const find = async () => {\n  return await contributions('adapters');\n};",
      'src/features/one/adapters/b.ts': "import { a } from '../../../a.ts';",
    },
    0,
  ],
])('%s makes a circle or not', (_, sources, circles) => {
  expect(circlesOf(importGraph(new Map(Object.entries(sources))))).toHaveLength(circles);
});
