import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { generatedPages } from '../../scripts/generated-pages.ts';
import { slugOf } from '../../scripts/slug.ts';

const root = resolve(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'docs/**/*.md', 'src/README.md', 'bench/measured.md'], { cwd: root });
const markdown = new MarkdownIt({ html: true });

interface Page {
  readonly links: readonly string[];
  /** Addresses within it: headings, and `<a id>`. */
  readonly places: ReadonlySet<string>;
}

function read(text: string): Page {
  const tokens = markdown.parse(text, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const headings = tokens.flatMap(({ type }, at) =>
    type === 'heading_open' ? [tokens[at + 1]?.children ?? []] : [],
  );
  const words = headings.map((parts) => parts.map(({ content }) => content).join(''));
  const seen = new Map<string, number>();
  const slugs = words.map((heading) => {
    const slug = slugOf(heading);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  const targets = inline.map((token) => token.attrGet('href') ?? token.attrGet('src'));
  return {
    links: targets.filter((target) => typeof target === 'string').map(decodeURI),
    places: new Set([...slugs, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]),
  };
}

/** Those that are made are read as they would be made now, whatever an earlier `npm run docs` left. */
const pages = new Map([
  ...documents.map((name) => [name, read(readFileSync(join(root, name), 'utf8'))] as const),
  ...[...(await generatedPages())].map(([name, text]) => [name, read(text)] as const),
]);

/** Links of a page that lead nowhere in this repository; other hosts are not asked. */
function dead(name: string, { links }: Page): readonly string[] {
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', place] = link.split('#');
    const target = file === '' ? name : normalize(join(dirname(name), file));
    if (!pages.has(target) && !existsSync(join(root, target))) return true;
    return place !== undefined && target.endsWith('.md') && !pages.get(target)?.places.has(place);
  });
}

test.each([...pages])('what %s links is there, to the heading', (name, page) => {
  expect(dead(name, page)).toEqual([]);
});

test('a section that a message names is there', () => {
  const sources = globSync(['src/**/*.ts', 'src/core/messages/fr.json'], { cwd: root });
  const named = sources.flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/(docs\/[\w/-]+\.md), (?:“|«~)([^”»~]+)/g)].map(
      ([, document = '', section = '']) => `${document}#${slugOf(section)}`,
    ),
  );
  expect(named).toContain('docs/runtimes.md#a-current-gvisor');
  expect(dead('README.md', { links: named, places: new Set() })).toEqual([]);
});

test('the documents have links, and dead ones are noticed', () => {
  expect([...pages.values()].flatMap(({ links }) => links).length).toBeGreaterThan(100);
  const page = read(
    '# A `b`\n\n[x](#a-b) [y](#a) [z](nowhere.md) `[code](no.md)` [w](https://example.org/)\n',
  );
  expect([...page.places]).toEqual(['a-b']);
  expect(dead('docs/files.md', page)).toEqual(['#a-b', '#a', 'nowhere.md']);
});
