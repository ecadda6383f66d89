import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defineConfig } from 'vitepress';
import { slugOf } from '../../slug.ts';
import { copyLinkedFiles } from '../linked-files.ts';
import { pages } from '../pages.ts';

// Links to such files lead to no page; the reference run is kept without its raw records.
process.env.VITE_EXTRA_EXTENSIONS = 'sh,jsonl';

const root = resolve(import.meta.dirname, '../../..');

/** `npm run docs:site`: README.md, docs/ and the report of the reference run as a site in .cache/site. A dead link ends it. */
export default defineConfig({
  title: 'ocibench',
  description: 'What does a container runtime cost?',
  srcDir: root,
  outDir: resolve(root, '.cache/site'),
  cacheDir: resolve(root, '.cache/vitepress'),
  srcExclude: ['{charts,dist,examples,scripts,test,workloads}/**', 'src/*/**', 'results/!(reference)/**'],
  themeConfig: {
    logoLink: '/README',
    search: { provider: 'local' },
    outline: 'deep',
    sidebar: pages.map(({ title, items }) => ({
      text: title,
      items: items.map(([text, file]) => ({ text, link: `/${file.replace(/\.md$/, '')}` })),
    })),
  },
  markdown: {
    anchor: { slugify: slugOf },
    // A word in braces is a word, and no attribute.
    attrs: false,
    config(md) {
      // Two braces are braces, and no expression of Vue.
      for (const kind of ['text', 'code_inline'] as const) {
        const plain = md.renderer.rules[kind];
        md.renderer.rules[kind] = (...given) => plain?.(...given).replaceAll('{{', '&#123;&#123;') ?? '';
      }
    },
  },
  async buildEnd({ outDir }) {
    await copyLinkedFiles(root, outDir, 'results/');
    await writeFile(
      resolve(outDir, 'index.html'),
      '<meta http-equiv="refresh" content="0; url=README.html" />',
    );
  },
});
