import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
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
  await copyFile(join(node, 'LICENSE'), join(tree, 'usr/share/doc/ocibench/node-LICENSE'));
}

/** Where the shells of Debian look for completions. */
const completions = {
  bash: 'usr/share/bash-completion/completions/ocibench',
  zsh: 'usr/share/zsh/vendor-completions/_ocibench',
  fish: 'usr/share/fish/vendor_completions.d/ocibench.fish',
} as const;

/** Puts the man pages, and the completion scripts that the program itself prints, where `man` and the shells find them. */
async function addManualAndCompletions(tree: string): Promise<void> {
  const manual = join(tree, 'usr/share/man/man1');
  await mkdir(dirname(manual), { recursive: true });
  await rename(join(tree, home, 'dist/man'), manual);
  // Without name and time the same page is the same file.
  await execa('gzip', ['-9nr', manual]);
  for (const [shell, path] of Object.entries(completions)) {
    const file = join(tree, path);
    await mkdir(dirname(file), { recursive: true });
    const program = [join(tree, home, 'bin/ocibench.js'), 'completion', shell];
    const { stdout } = await execa(join(tree, home, 'node'), program, {
      env: { OCIBENCH_COMMAND: 'ocibench' },
    });
    await writeFile(file, `${stdout}\n`);
  }
}

/**
 * Makes the files of an installed ocibench below `tree`: the npm package with the dependencies of package-lock.json, a Node, and
 * the command. `scratch` is an empty directory for what comes between.
 */
export async function makeTree(tree: string, scratch: string): Promise<void> {
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
  await addNode(tree, scratch);
  await copyFile(join(root, 'LICENSE'), join(documents, 'copyright'));
  await copyFile(join(root, 'NOTICE'), join(documents, 'NOTICE'));
  await addManualAndCompletions(tree);
  await writeFile(join(tree, 'usr/bin/ocibench'), launcher());
  for (const file of ['usr/bin/ocibench', `${home}/node`]) await chmod(join(tree, file), 0o755);
  // Whoever builds it may have any umask; nobody but root may write, and everybody may read.
  await execa('chmod', ['-R', 'u=rwX,go=rX', tree]);
}
