import { readFileSync, rmSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { pages } from '../../scripts/site/pages.ts';

const root = resolve(import.meta.dirname, '../..');
const site = join(root, '.cache/site');
const html = (name: string) => readFileSync(join(site, name), 'utf8');

/** The generator ends with an error where a link is dead. Its address is one that nothing can be reached by. */
beforeAll(async () => {
  rmSync(site, { recursive: true, force: true });
  await execa('npm', ['run', '--silent', 'docs:site'], {
    cwd: root,
    env: { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' },
  });
}, 300_000);

test('every document that the site lists is a page, with its words', () => {
  for (const [, file] of pages.flatMap(({ items }) => items)) {
    const page = html(file.replace(/\.md$/, '.html'));
    const heading = /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? '';
    expect(page.includes(heading.split(/[`"’']/)[0] ?? ''), file).toBe(true);
  }
});

test('a page loads nothing from elsewhere', async () => {
  for await (const name of glob('**/*.{html,css,js}', { cwd: site })) {
    const loaded = [
      ...html(name).matchAll(
        /(?:<(?:script|img|link|iframe)[^>]+(?:src|href)="|url\(["']?|@import ["'])(https?:)?\/\//g,
      ),
    ];
    expect(
      loaded.map(([what]) => what),
      name,
    ).toEqual([]);
  }
});

test.each([
  ['docs/lab/en.html', '{{json .Runtimes}}'],
  ['docs/reasons.html', 'one {{n} comparison}'],
  ['docs/reasons.html', 'expected {rounds} rounds, got {output}'],
])('braces of %s are shown as they are: %s', (page, shown) => {
  expect(html(page).replaceAll('&#123;', '{').includes(shown)).toBe(true);
});

test('what a page links beside other pages is in the site', () => {
  expect(
    html('results/reference/summary.csv') ===
      readFileSync(join(root, 'results/reference/summary.csv'), 'utf8'),
  ).toBe(true);
});
