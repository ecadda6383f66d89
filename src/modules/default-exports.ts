import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The default exports of the modules in a folder of the program, by the name of the file; modules without one are left out. For
 * registries in which one file is one entry: no list has to be kept. It reads the program, never data. `except`: the name of a
 * file that is not looked at, such as the registry itself.
 */
export async function defaultExports(directory: string, except = ''): Promise<readonly unknown[]> {
  const files = readdirSync(directory)
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts') && name !== except)
    .toSorted();
  const modules = await Promise.all(
    files.map(
      async (name) =>
        (await import(pathToFileURL(join(directory, name)).href)) as { readonly default?: unknown },
    ),
  );
  return modules.map((module) => module.default).filter((value) => value !== undefined);
}
