import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A module that was found by its file. */
interface FoundModule {
  /** Its file, relative to the folder, without extension. */
  readonly path: string;
  readonly module: Readonly<Record<string, unknown>>;
}

/**
 * The modules in a folder, by the name of the file; `recursive`: also those in the folders below it. `except`: the name of a
 * file that is not looked at.
 */
export async function foundModules(
  directory: string,
  { recursive = false, except = '' }: { readonly recursive?: boolean; readonly except?: string } = {},
): Promise<readonly FoundModule[]> {
  const files = readdirSync(directory, { recursive, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts') && name !== except)
    .toSorted();
  return Promise.all(
    files.map(async (name) => ({
      path: name.replace(/\.(ts|js)$/, ''),
      module: (await import(pathToFileURL(join(directory, name)).href)) as FoundModule['module'],
    })),
  );
}

/**
 * The default exports of the modules in a folder of the program; modules without one are left out. For registries in which one
 * file is one entry: no list has to be kept. It reads the program, never data. `except`: such as the registry itself.
 */
export async function defaultExports(directory: string, except = ''): Promise<readonly unknown[]> {
  const found = await foundModules(directory, { except });
  return found.map(({ module }) => module.default).filter((value) => value !== undefined);
}
