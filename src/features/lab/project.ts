import { cp, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listed } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import { exitCodes, OcibenchError } from '../../core/model/failure/error.ts';
import { execa } from '../../core/programs/execa.ts';

const text = notices('lab.project', {
  sharedNode:
    "{path} is linked with libraries of this system ({libraries}) and cannot run in the lab; use Node from https://nodejs.org or the npm package 'node'",
});

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

async function manifestIn(directory: string): Promise<Manifest | null> {
  const text = await readFile(join(directory, 'package.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Manifest);
}

/**
 * Directory where Node would find the package `name` from `directory`, in the nearest node_modules; null where there is
 * none.
 */
async function lookUp(name: string, directory: string): Promise<string | null> {
  for (let at = directory; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if ((await stat(candidate).catch(() => null)) !== null) return candidate;
    if (dirname(at) === at) return null;
  }
}

/**
 * Development dependencies that a checkout needs to run. The build bundles their used parts into the package: see
 * `src/core/bundle/`.
 */
export const builtIn = [
  '@grpc/grpc-js',
  'diff',
  'dockerode',
  'esbuild',
  'modern-tar',
  'protobufjs',
  'yaml',
] as const;

/**
 * Paths of everything in node_modules that a package needs to run: its transitive dependencies and `more`, without other
 * development dependencies. A dependency that is a symbolic link (pnpm) is listed as the link and as its target.
 */
export async function dependencyPaths(
  packageRoot: string,
  more: readonly string[] = [],
): Promise<readonly string[]> {
  const found = new Set<string>();
  const waiting = [packageRoot];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { dependencies, optionalDependencies, peerDependencies } = (await manifestIn(at)) ?? {};
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    for (const name of at === packageRoot ? [...names, ...more] : names) {
      const place = await lookUp(name, at);
      if (place === null || found.has(place)) continue;
      found.add(place);
      const real = await realpath(place);
      found.add(real);
      waiting.push(real);
    }
  }
  // A package's folder includes the packages nested in it.
  const all = [...found].toSorted();
  return all.filter((path) => !all.some((other) => path.startsWith(`${other}/`)));
}

/**
 * This package: its directory, and the program of the command line in it (`src/cli.ts`, or `dist/src/cli.js` when
 * built).
 */
async function ownPackage(): Promise<{ readonly root: string; readonly program: string }> {
  const here = await realpath(fileURLToPath(import.meta.url));
  const program = resolve(dirname(here), `../../cli${extname(here)}`);
  return { root: dirname(findPackageJSON(import.meta.url) ?? '/'), program };
}

/**
 * Checks whether this Node runs in the guest: a distribution's Node is linked with libraries that the guest lacks; the one of
 * nodejs.org is not.
 */
function requirePortableNode(): void {
  const shared = Object.entries(process.config.variables).filter(
    ([key, value]) => key.startsWith('node_shared') && value === true,
  );
  if (shared.length > 0)
    throw new OcibenchError(
      text.sharedNode({ path: process.execPath, libraries: listed(shared.map(([key]) => key)) }),
      { exitCode: exitCodes.noEngine },
    );
}

/**
 * Copies this harness below `directory`: its files, its dependencies, and the Node that runs it. Returns the path of its
 * program, relative to `directory`. OcibenchError (exit 3) where this Node does not run elsewhere.
 */
export async function copyProject(directory: string): Promise<{ readonly program: string }> {
  requirePortableNode();
  const { root, program } = await ownPackage();
  const inside = relative(root, program).split('/')[0] ?? 'src';
  const isBuilt = inside === 'dist';
  const own = ['package.json', ...(isBuilt ? ['dist'] : ['src', 'workloads'])];
  const paths = [
    ...own.map((name) => join(root, name)),
    ...(await dependencyPaths(root, isBuilt ? [] : builtIn)),
  ];
  const target = join(directory, 'app');
  await mkdir(target, { recursive: true });
  // Thousands of small files: fs.cp takes ten times as long.
  await execa('cp', ['-a', '--parents', '-t', target, '--', ...paths.map((path) => relative('/', path))], {
    cwd: '/',
  });
  await cp(process.execPath, join(directory, 'node'));
  return { program: join('app', relative('/', program)) };
}
