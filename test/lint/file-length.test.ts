import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** A file is a chapter: what is read at once. */
const maxLines = 300;
/** Tables and schemas: data, which is looked up. */
const data = [
  'src/core/model/analysis/analysis.ts',
  'src/core/model/trial/trial.ts',
  'src/features/move/refused/call-names.ts',
];

const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1;

test(`no source file but data has more than ${maxLines} lines`, () => {
  const files = globSync('{src,workloads}/**/*.ts', { cwd: root });
  const long = files.filter((file) => linesOf(file) > maxLines);
  expect(long.toSorted()).toEqual(data.toSorted());
});

test('no literal is spread on one line to keep the formatter from breaking it', () => {
  const files = globSync('{src,workloads,test,scripts,bench}/**/*.ts', { cwd: root });
  const packed = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\.\.\.(?:\{ |\[['"`][^\]]*\](?!\s*\.))/g)].map(
      () => file,
    ),
  );
  expect(packed).toEqual([]);
});

test('no two exported types have one name', () => {
  const files = globSync('src/**/*.ts', { cwd: root });
  const places = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^export (?:type|interface|class) (\w+)/gm)].map(
      ([, name = '']) => [name, file] as const,
    ),
  );
  const twice = [...Map.groupBy(places, ([name]) => name)].filter(([, all]) => all.length > 1);
  expect(twice.map(([name, all]) => `${name}: ${all.map(([, file]) => file).join(', ')}`)).toEqual([]);
});
