import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { marks, picture } from '../../scripts/reading-picture.ts';
import { pages } from '../../scripts/site/pages.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const documents = globSync('docs/**/*.md', { cwd: root }).filter(
  (name) => !/\/adr\/\d|docs\/README/.test(name),
);

test('the index and the site name every document', () => {
  const index = read('docs/README.md');
  expect(documents.filter((name) => !index.includes(`](${name.replace('docs/', '')}`))).toEqual([]);
  const listed = pages.flatMap(({ items }) => items.map(([, file]) => file));
  expect(documents.filter((name) => !listed.includes(name))).toEqual([]);
});

test('the guide to the report explains every number of its picture', () => {
  const [beforeFirst = ''] = read('docs/reading.md').split('## One number');
  const numbers = [...beforeFirst.matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(marks.map((_mark, at) => at + 1));
  expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
});
