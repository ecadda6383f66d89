import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { addDebianDocuments, type PackageManifest } from './debian-documents.ts';
import { bundleLibraries } from './libraries.ts';
import { packNpm, root } from './tarball.ts';

/** Where the program is on a system that it was installed on. */
const home = 'usr/lib/ocibench';

/** The command. Debian 13 has Node 20, so the program brings a Node of its own. `root`: where the tree is. */
export const launcher = (root = '') => `#!/bin/sh
# Messages name the command as it was called.
export OCIBENCH_COMMAND="$0"
exec ${root}/${home}/node ${root}/${home}/bin/ocibench.js "$@"
`;

/** Installs exactly what a lock file pins, and runs no script of any package. */
const install = (directory: string) =>
  execa('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: directory,
  });

/** Puts the Node that `scripts/node` pins, and its licence, into a tree. */
async function addNode(tree: string, scratch: string): Promise<void> {
  const place = join(scratch, 'node');
  await mkdir(place);
  for (const name of ['package.json', 'package-lock.json'])
    await copyFile(join(root, 'scripts/node', name), join(place, name));
  await install(place);
  const [found] = (await readdir(join(place, 'node_modules'))).filter((name) => name.startsWith('node-'));
  if (found === undefined) throw new Error('the npm registry has no Node for this machine');
  const node = join(place, 'node_modules', found);
  await copyFile(join(node, 'bin/node'), join(tree, home, 'node'));
  // Names for debuggers, 18 MB.
  await execa('strip', ['--strip-unneeded', join(tree, home, 'node')]);
  await copyFile(join(node, 'LICENSE'), join(tree, 'usr/share/doc/ocibench/node-LICENSE'));
}

/** Puts the man pages where `man` finds them. */
async function addManual(tree: string): Promise<void> {
  const manual = join(tree, 'usr/share/man/man1');
  await mkdir(dirname(manual), { recursive: true });
  await rename(join(tree, home, 'dist/man'), manual);
  // Without name and time the same page is the same file.
  await execa('gzip', ['-9nr', manual]);
}

/** Removes what an installed program has no use for, and makes executable what is executed, no more. */
async function leaveOut(program: string): Promise<void> {
  // Types of a door that no compiler looks through.
  await rm(join(program, 'dist/types'), { recursive: true });
  const resvg = join(program, 'node_modules/@resvg');
  for (const name of await readdir(resvg, { recursive: true }))
    if (/\.(d\.ts|md)$/.test(name)) await rm(join(resvg, name));
  await execa('chmod', ['-R', 'a-x,a+X', join(program, 'node_modules')]);
  // The launcher starts it, by the Node that the package brings.
  const start = join(program, 'bin/ocibench.js');
  await writeFile(start, (await readFile(start, 'utf8')).replace(/^#!.*\n/, ''));
  await chmod(start, 0o644);
}

/**
 * Makes the files of an installed ocibench below `tree`: the npm package with the dependencies of package-lock.json, a Node, and
 * the command. `scratch` is an empty directory for what comes between.
 */
export async function makeTree(tree: string, scratch: string, manifest: PackageManifest): Promise<void> {
  const program = join(tree, home);
  const documents = join(tree, 'usr/share/doc/ocibench');
  for (const directory of [program, documents, join(tree, 'usr/bin')])
    await mkdir(directory, { recursive: true });
  const tarball = await packNpm(scratch);
  await execa('tar', ['-xzf', tarball, '-C', program, '--strip-components=1', '--no-same-owner']);
  const lock = join(program, 'package-lock.json');
  await copyFile(join(root, 'package-lock.json'), lock);
  await install(program);
  await rm(lock);
  await writeFile(join(documents, 'libraries-LICENSES'), `${await bundleLibraries(program)}\n`);
  await addNode(tree, scratch);
  await rename(join(program, 'NOTICE'), join(documents, 'NOTICE'));
  await addManual(tree);
  await leaveOut(program);
  await addDebianDocuments(tree, manifest);
  await writeFile(join(tree, 'usr/bin/ocibench'), launcher());
  for (const file of ['usr/bin/ocibench', `${home}/node`]) await chmod(join(tree, file), 0o755);
  // Whoever builds it may have any umask; nobody but root may write, and everybody may read.
  await execa('chmod', ['-R', 'u=rwX,go=rX', tree]);
}
