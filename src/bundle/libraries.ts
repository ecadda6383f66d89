import { type Bundle, bundle } from './bundle.ts';
import { bundleCommonJs } from './common-js.ts';

/**
 * Bundles a module that hands on a part of a library. As a package of its own the library has hundreds of small files, which
 * take several times their bytes on a disk.
 */
function bundleLibrary(entry: string): Promise<Bundle> {
  return bundle(entry, { format: 'esm', platform: 'node', target: 'node24' });
}

/** Bundles what is used of yaml, which is CommonJS and asks for Node's own modules. */
export const bundleYaml = () => bundleCommonJs('src/config/yaml.ts', []);

/** Bundles what is used of diff. */
export const bundleDiff = () => bundleLibrary('src/cli/diff.ts');

/** Bundles what is used of modern-tar. */
export const bundleTar = () => bundleLibrary('src/artefact/tar.ts');

/** Bundles what is used of csv-parse and csv-stringify. */
export const bundleCsv = () => bundleLibrary('src/report/csv-library.ts');
