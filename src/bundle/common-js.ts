import type { Plugin } from 'esbuild';
import { type Bundle, bundle } from './bundle.ts';

/** Packages that are there and empty. */
const empty = (names: readonly string[]): Plugin => ({
  name: 'empty',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      names.includes(path) ? { path, namespace: 'empty' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
});

/** Bundles a module that hands on libraries in CommonJS, without the packages that ocibench does not use of them. */
export function bundleCommonJs(entry: string, unused: readonly string[]): Promise<Bundle> {
  return bundle(entry, {
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    // Of CommonJS in a module.
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    plugins: [empty(unused)],
  });
}
