import type { Plugin } from 'esbuild';
import { type Bundle, bundle } from './bundle.ts';

/**
 * What dockerode needs to build images with BuildKit and to reach a daemon through its own ssh, neither of which ocibench does.
 * They are 11 MB, and those with native parts run scripts when they are installed.
 */
const unused = ['@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'ssh2'];

/** Packages that are there and empty. */
const empty: Plugin = {
  name: 'empty',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      unused.includes(path) ? { path, namespace: 'empty' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Bundles dockerode without what ocibench does not use of it. */
export function bundleDockerode(): Promise<Bundle> {
  return bundle('src/engine/docker/dockerode.ts', {
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Of CommonJS in a module.
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    plugins: [empty],
  });
}
