import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { type Licence, licencesOf } from './licences.ts';

/** A package in a bundle. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
}

/** One script that contains packages of other authors. */
export interface Bundle {
  readonly code: string;
  /** Its source files, from esbuild's metafile: paths in this checkout. */
  readonly inputs: readonly string[];
  readonly packages: readonly BundledPackage[];
  readonly licences: readonly Licence[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Bundles a module of this checkout, named by its path, with the packages that it imports. The same versions give the
 * same bytes. Comments with copyright notices are kept.
 */
export async function bundle(entry: string, options: BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [resolve(root, entry)],
    absWorkingDir: root,
    bundle: true,
    charset: 'utf8',
    legalComments: 'inline',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  );
  const packages = await packagesOf(inputs.map((file) => join(root, file)));
  return { code: outputFiles[0]?.text ?? '', inputs, packages, licences: await licencesOf(packages) };
}

/** The packages to which files of node_modules belong, sorted by name. */
export async function packagesOf(files: readonly string[]): Promise<readonly BundledPackage[]> {
  const directories = new Set(
    files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []),
  );
  const found = await Promise.all(
    [...directories].map(async (directory) => {
      const { name, version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
      return { name, version, directory } as BundledPackage;
    }),
  );
  return found.toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}
