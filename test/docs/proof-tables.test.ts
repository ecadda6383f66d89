import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withProofTables } from '../../scripts/proof-tables.ts';

const path = 'docs/method.md';
const document = readFileSync(path, 'utf8');

test(`${path} has the tables of the proof as they are (write them anew with: npm run docs)`, () => {
  expect(withProofTables(document)).toBe(document);
});

test('a changed figure is found, and put right', () => {
  const changed = document.replace(
    /(<!-- table 1 of bench\/prove\/results\/runs\.md, rows with .+ -->\n\n(?:\|.*\n){2}\|.*?)(\d)/,
    '$1 9$2',
  );
  expect(changed).not.toBe(document);
  expect(withProofTables(changed)).toBe(document);
});

test('every rate that the proof promises has a thousand runs', () => {
  for (const part of ['runs', 'power', 'categories', 'levels', 'sessions']) {
    const [, runs = '0'] =
      /`npm run prove -- \w+ --runs (\d+)`/.exec(readFileSync(`bench/prove/results/${part}.md`, 'utf8')) ??
      [];
    expect(Number(runs), part).toBeGreaterThanOrEqual(1000);
  }
});

test('a table that there is not is refused', () => {
  expect(() => withProofTables('<!-- table 99 of bench/prove/results/runs.md -->')).toThrow('no table 99');
});
