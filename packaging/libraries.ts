import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { packagesOf } from '../src/core/bundle/bundle.ts';
import { licencesOf, licenceText } from '../src/core/bundle/licences.ts';

/** Its machine code is found beside its files. */
const native = '@resvg/';

/** Where that stands which several libraries have in common: a package, as what copies a program copies packages. */
const shared = 'ocibench-shared';

const settings = {
  bundle: true,
  splitting: true,
  chunkNames: `${shared}/[hash]`,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  charset: 'utf8',
  logLevel: 'silent',
  external: [`${native}*`],
  // Of a library in both forms the one that can be bundled: UMD asks for its own files while it runs.
  mainFields: ['module', 'main'],
  metafile: true,
  // Of CommonJS in a module.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
} as const satisfies BuildOptions;

/**
 * Replaces the packages in `program`/node_modules by one module for each that ocibench imports, and returns the licences of what is in
 * them. As npm installs them they are thousands of files: types, sources, tests, programs and what is never imported.
 */
export async function bundleLibraries(program: string): Promise<string> {
  const read = async (path: string) => JSON.parse(await readFile(join(program, path), 'utf8'));
  const { dependencies } = (await read('package.json')) as { readonly dependencies: object };
  const names = Object.keys(dependencies).filter((name) => !name.startsWith(native));
  const installed = join(program, 'node_modules');
  const made = join(program, 'libraries');
  const { metafile } = await build({
    ...settings,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, name])),
    outdir: made,
    absWorkingDir: program,
    plugins: [doors(program)],
  });
  const common = { name: shared, version: '0.0.0', type: 'module' };
  await writeFile(join(made, shared, 'package.json'), JSON.stringify(common));
  for (const name of names) {
    const { version } = await read(`node_modules/${name}/package.json`);
    const manifest = { ...common, name, version, exports: './index.js', dependencies: { [shared]: '0.0.0' } };
    await writeFile(join(made, name, 'package.json'), JSON.stringify(manifest));
  }
  // What a bundle lacks is said here, and not when somebody uses it.
  for (const name of names) await import(join(made, name, 'index.js'));
  const inputs = Object.keys(metafile.inputs).map((file) => join(program, file));
  const licences = licenceText(await licencesOf(await packagesOf(inputs)));
  await rename(join(installed, native), join(made, native));
  await rm(installed, { recursive: true });
  await rename(made, installed);
  return licences;
}

/** For each library a module that hands on what Node sees in it: of CommonJS each name that it can be asked for. */
const doors = (program: string): Plugin => ({
  name: 'doors',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'entry-point' ? { path, namespace: 'door' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'door' }, async ({ path }) => {
      const seen = Object.keys(await import(path));
      const { module } = JSON.parse(
        await readFile(join(program, 'node_modules', path, 'package.json'), 'utf8'),
      );
      // Marks of CommonJS that nobody imports; and `default`, where what is bundled is the library's module.
      const hidden = ['module.exports', '__esModule'];
      if (seen.includes('module.exports') && module !== undefined) hidden.push('default');
      const names = seen.filter((name) => !hidden.includes(name));
      return { contents: `export { ${names.join(', ')} } from '${path}';`, resolveDir: program };
    });
  },
});
