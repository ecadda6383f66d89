import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** Pages that `npm run docs` writes. */
const generated = new Set([
  'docs/data.md',
  'docs/lab/page.fr.md',
  'docs/lab/page.md',
  'docs/reasons.md',
  'docs/workloads.md',
]);

test('the documents have at most 34,000 words that somebody wrote', () => {
  const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root }).filter((page) => !generated.has(page));
  const words = pages.flatMap((page) => readFileSync(join(root, page), 'utf8').match(/\S+/g) ?? []);
  expect(pages.length).toBeGreaterThan(30);
  expect(words.length).toBeLessThanOrEqual(34_000);
});
