import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');

test('everything that the README links or shows is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  const local = links.filter((target) => !/^[a-z]+:/.test(target));
  expect(local.length).toBeGreaterThan(10);
  expect(local.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});

test('what the README quotes is what the report of the reference run says', () => {
  const report = read('results/reference/report.md').replaceAll(/\s+/g, ' ');
  const quotes = readme
    .split('\n\n')
    .filter((block) => block.startsWith('>'))
    .flatMap((block) => block.replaceAll(/^> ?/gm, '').split('\n\n'))
    .map((words) => words.replaceAll(/\s+/g, ' ').trim());
  expect(quotes.length).toBeGreaterThan(2);
  for (const words of quotes) expect(report).toContain(words);
});

test.each([
  ['results/reference', 10],
  ['results/reference-layers', 5],
])('the pictures in the report of %s are there', (directory, least) => {
  const pictures = [...read(join(directory, 'report.md')).matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)];
  expect(pictures.length).toBeGreaterThan(least);
  for (const [, target = ''] of pictures)
    expect(existsSync(join(root, directory, target)), target).toBe(true);
});
