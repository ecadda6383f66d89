import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { holdDirectory } from '../../core/files/held-directory.ts';
import { external } from '../../core/messages/compose.ts';
import { exitCodes, OcibenchError } from '../../core/model/failure/error.ts';
import { execa } from '../../core/programs/execa.ts';
import { copyInto } from '../../core/store/files.ts';
import { compileCache, execScript, inputDirectory, labMount, shellScript } from './guest-files.ts';
import { copyProject } from './project.ts';
import { encodeCommand } from './qemu.ts';

/** Size of the disk for the guest's writes; the file is sparse. */
const diskSize = '4G';
const limitMs = 5 * 60_000;

/** Input of the guest. */
export interface RunInput {
  /** The command in the guest, word by word; null for an interactive shell. */
  readonly command: readonly string[] | null;
  /** Text of the guest's /etc/docker/daemon.json. */
  readonly daemonJson: string;
  /** Default export of the guest's bench.config.ts: plain data. */
  readonly config: object;
  /** Files that the configuration names, by their paths in the guest, below {@link inputDirectory}. */
  readonly files: ReadonlyMap<string, string>;
  /** Image files (`buildImage`), each with its `.sha256` beside it. */
  readonly images: readonly string[];
  /** Directory of an interrupted run to resume, or null. */
  readonly resumed: string | null;
  /** LC_ALL of the user, or null. */
  readonly locale: string | null;
  /** Rows and columns of the user's terminal and its type, or null. */
  readonly terminal: { readonly rows: number; readonly columns: number; readonly type: string } | null;
}

/** Output of the guest on the disk. */
export interface RunOutput {
  /** Exit code of the command; null where the guest ended first. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Directory on the host with the guest's `results/` and `charts/`, as far as they exist. */
  readonly out: string;
}

async function tool(
  command: string,
  args: readonly string[],
  cwd: string,
  good: readonly number[],
  env: Readonly<Record<string, string>> = {},
) {
  const result = await execa(command, args, { cwd, env, stdin: 'ignore', timeout: limitMs, reject: false });
  if (!good.includes(result.exitCode ?? -1))
    throw new OcibenchError(
      external(`${command} ${args.join(' ')}: ${result.stderr || result.shortMessage}`),
      {
        exitCode: exitCodes.someFailed,
      },
    );
  return result;
}

/** The launcher in the guest: this harness under its public name. */
const launcher = (program: string) =>
  `#!/bin/sh\nexec ${labMount}/node '${labMount}/${program.replaceAll("'", `'\\''`)}' "$@"\n`;

/** A module whose default export is this plain data. */
const configModule = (config: object) => `export default ${JSON.stringify(config, null, 2)};\n`;

/** Makes the disk below `directory` and returns its path. */
export async function makeRunDisk(directory: string, input: RunInput): Promise<string> {
  const root = join(directory, 'root');
  const at = (...names: string[]) => join(root, ...names);
  for (const name of ['bin', 'cache/ocibench/images', 'input', 'out', 'report'])
    await mkdir(at(name), { recursive: true });
  const { program } = await copyProject(root);
  // Fills the compile cache, and proves that the copy is complete.
  await tool(at('node'), [at(program), '--version'], directory, [0], {
    NODE_COMPILE_CACHE: at(compileCache),
    NODE_COMPILE_CACHE_PORTABLE: '1',
  });
  await writeFile(at('bin/ocibench'), launcher(program), { mode: 0o755 });
  for (const image of input.images)
    for (const path of [image, `${image}.sha256`])
      await cp(path, at('cache/ocibench/images', basename(path)));
  await writeFile(at('input/exec'), execScript, { mode: 0o755 });
  await writeFile(at('input/shell'), shellScript, { mode: 0o755 });
  if (input.command !== null) await writeFile(at('input/command'), encodeCommand(input.command));
  await writeFile(at('input/daemon.json'), input.daemonJson);
  for (const [path, text] of input.files) {
    const copy = at('input', relative(inputDirectory, path));
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, text);
  }
  if (input.locale !== null) await writeFile(at('input/locale'), input.locale);
  if (input.terminal !== null) {
    const { rows, columns, type } = input.terminal;
    await writeFile(at('input/terminal'), `${rows} ${columns} ${type}\n`);
  }
  await writeFile(at('out/bench.config.ts'), configModule(input.config));
  if (input.resumed !== null)
    await cp(input.resumed, at('out/results', basename(input.resumed)), { recursive: true });
  await chmod(root, 0o755);
  const disk = join(directory, 'run.ext4');
  await tool(
    'mke2fs',
    ['-q', '-F', '-t', 'ext4', '-E', 'root_owner=0:0', '-L', 'run', '-d', 'root', disk, diskSize],
    directory,
    [0],
  );
  return disk;
}

/** Reads the guest's output, even after it was killed. Throws OcibenchError (exit 1) where the disk cannot be read. */
export async function readRunDisk(directory: string, disk: string): Promise<RunOutput> {
  // 1 and 2: errors were corrected. Replaying the journal of a killed guest is not an error.
  await tool('e2fsck', ['-p', disk], directory, [0, 1, 2]);
  const copy = join(directory, 'copy');
  await mkdir(copy);
  for (const name of ['report', 'out']) await tool('debugfs', ['-R', `rdump /${name} .`, disk], copy, [0]);
  const text = (name: string) => readFile(join(copy, 'report', name), 'utf8').catch(() => '');
  const code = (await text('exit-code')).trim();
  return {
    exitCode: /^\d{1,3}$/.test(code) ? Number(code) : null,
    stdout: await text('stdout'),
    out: join(copy, 'out'),
  };
}

/** Directories of a guest that are copied back for its user. */
const kinds = ['results', 'charts'] as const;

/**
 * Copies the runs of `results/` and `charts/` from the guest's output to `target`: directories and regular files only, so that
 * a link made by a guest cannot lead anywhere on this host. Returns the ids of the runs in their order.
 */
export async function bringBack(
  out: string,
  target: string,
): Promise<Readonly<Record<(typeof kinds)[number], readonly string[]>>> {
  const runs: Record<(typeof kinds)[number], string[]> = { results: [], charts: [] };
  for (const kind of kinds) {
    const entries = await readdir(join(out, kind), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((each) => each.isDirectory())) {
      await copyPlain(join(out, kind, entry.name), join(target, kind, entry.name));
      runs[kind].push(entry.name);
    }
    runs[kind].sort();
  }
  return runs;
}

async function copyPlain(from: string, to: string): Promise<void> {
  using directory = holdDirectory(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (entry.isDirectory()) await copyPlain(source, join(to, entry.name));
    else if (entry.isFile()) await copyInto(directory, entry.name, source);
  }
}
