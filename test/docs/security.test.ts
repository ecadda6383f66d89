import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');

test('what SECURITY.md points to is there, and it is in the package', () => {
  const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  const files = [...text.matchAll(/`((?:test|src|docs)\/[^`]+)`/g)].map(([, file = '']) => file);
  expect([...links, ...files].filter((target) => !existsSync(join(root, target)))).toEqual([]);
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).files).toContain('SECURITY.md');
});

test('the headings that other projects look for are in it', () => {
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(
    expect.arrayContaining(['Reporting a hole', 'Supported versions', 'Who is trusted']),
  );
});

test('each row of the table of threats names a test that plays it', () => {
  const [, table = ''] = /\| who [^\n]*\n\| -+[^\n]*\n((?:\|[^\n]*\n)+)/.exec(text) ?? [];
  const rows = table.trim().split('\n');
  expect(rows.length).toBeGreaterThanOrEqual(8);
  expect(rows.filter((row) => !/`test\/[^`]+\.ts`[^|]*\|$/.test(row))).toEqual([]);
});
