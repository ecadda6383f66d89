import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { type Bundle, bundle } from '../src/core/bundle/bundle.ts';
import { bundlePage } from '../src/report/render/bundle-page.ts';

const root = resolve(import.meta.dirname, '..');

/** A file of the package that the build bundles, with works of others in it. */
export interface ShippedBundle {
  /** Its path in the checkout and below dist/, without its extension. */
  readonly path: string;
  /** What NOTICE says of it. */
  readonly says: string;
  make(): Promise<Bundle>;
}

/**
 * A library that the build puts into the place of the module that hands it on. As a package of its own it has hundreds of
 * small files, which take several times their bytes on a disk.
 */
function library(path: string, what: string, make = bundleModule): ShippedBundle {
  const says = `The package contains ${what} (dist/${path}.js).`;
  return { path, says, make: () => make(`${path}.ts`) };
}

const forNode = { format: 'esm', platform: 'node', target: 'node24' } as const;

const bundleModule = (entry: string) => bundle(entry, forNode);

/** Bundles libraries in CommonJS, without the packages that ocibench does not use of them. */
const bundleCommonJs = (unused: readonly string[]) => (entry: string) =>
  bundle(entry, {
    ...forNode,
    minify: true,
    // Of CommonJS in a module.
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    plugins: [empty(unused)],
  });

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

/**
 * What dockerode needs to build images with BuildKit and to reach a daemon through its own ssh, neither of which ocibench does.
 * They are 11 MB, and those with native parts run scripts when they are installed.
 */
const unusedByDockerode = ['@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'ssh2'];
/** grpc-js loads it only to describe itself to other programs. */
const unusedByGrpc = ['@grpc/proto-loader'];

/** Every file of the package that is bundled. */
const bundles: readonly ShippedBundle[] = [
  {
    path: 'src/report/page/page',
    says: 'Every report.html, and the script for it in the package (dist/src/report/page/page.js), contains Vega, Vega-Lite, D3 and what they use.',
    make: () => bundlePage('src/report/page/main.ts'),
  },
  library(
    'src/core/engine/docker/dockerode',
    'dockerode and what it uses',
    bundleCommonJs(unusedByDockerode),
  ),
  library(
    'src/features/layers/containerd/grpc',
    'grpc-js, protobufjs and what they use',
    bundleCommonJs(unusedByGrpc),
  ),
  library('src/features/capacity/plan/yaml', 'parts of yaml', bundleCommonJs([])),
  library('src/features/options/daemon-json/diff', 'parts of diff'),
  library('src/core/artefact/tar', 'parts of modern-tar'),
];

/** Those of the features that are there. The build writes them, NOTICE and the bill of materials name what is in them. */
export const shippedBundles = bundles.filter(({ path }) => existsSync(dirname(resolve(root, path))));
