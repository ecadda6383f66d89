import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A module that was found by its file. */
interface FolderModule {
  /** Its file, relative to the folder, without extension. */
  readonly path: string;
  readonly module: Readonly<Record<string, unknown>>;
}

/**
 * The modules in a folder, sorted by file name; `recursive`: also those in the folders below it. `except`: true for
 * files, by their name in the folder, that are not loaded.
 */
export async function foundModules(
  directory: string,
  {
    recursive = false,
    except = () => false,
  }: { readonly recursive?: boolean; readonly except?: (name: string) => boolean } = {},
): Promise<readonly FolderModule[]> {
  const files = readdirSync(directory, { recursive, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts') && !except(name))
    .toSorted();
  return Promise.all(
    files.map(async (name) => ({
      path: name.replace(/\.(ts|js)$/, ''),
      module: (await import(pathToFileURL(join(directory, name)).href)) as FolderModule['module'],
    })),
  );
}

/**
 * The default exports of the modules in a folder of the program; modules without one are left out. For registries with
 * one file per entry, so that no list has to be kept. It loads parts of the program, never data. `except`: a file name,
 * such as the registry itself.
 */
export async function defaultExports(directory: string, except = ''): Promise<readonly unknown[]> {
  const found = await foundModules(directory, { except: (name) => name === except });
  return found.map(({ module }) => module.default).filter((value) => value !== undefined);
}

/** Each subfolder is a feature. No module imports a feature; its contributions are found here. */
const features = join(import.meta.dirname, '../../features');

/** Folders of this name in the installed features, in the order of the features' names. */
export function featureFolders(kind: string): readonly string[] {
  if (!existsSync(features)) return [];
  const names = readdirSync(features).toSorted();
  return names.map((feature) => join(features, feature, kind)).filter((folder) => existsSync(folder));
}

/**
 * Contributions of features of one kind: the default exports in `src/features/<feature>/<kind>/`. Where a feature is
 * not installed, only its contributions are missing.
 */
export async function contributions(kind: string): Promise<readonly unknown[]> {
  const found = await Promise.all(featureFolders(kind).map((folder) => defaultExports(folder)));
  return found.flat();
}

/** The contribution of a kind that at most one feature makes; null without that feature. */
export async function contribution(kind: string): Promise<unknown> {
  const [found = null] = await contributions(kind);
  return found;
}
