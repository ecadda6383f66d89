import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

const root = resolve(import.meta.dirname, '../..');

/** What is not copied: what was measured, and packages, to which links lead. */
const leftOut = new Set(['.git', 'charts', 'dist', 'dist-packages', 'node_modules', 'results']);
const packages = ['node_modules', 'scripts/node/node_modules'];

/** The program of a package that runs in a copy. */
const programs = {
  node: [],
  vitest: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit*'],
  tsc: ['node_modules/typescript/bin/tsc'],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
} as const;

/** What a program in the copy printed, and how it ended. */
interface CopyResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of this program that a test may add to; the packages are those of the original. */
export interface SourceCopy {
  readonly directory: string;
  /** Writes a new file; throws where there is one of that path, relative to the copy. */
  readonly addFile: (path: string, text: string) => Promise<void>;
  /** Puts text after the one line of a file that reads so; throws where there is none. */
  readonly insert: (path: string, line: string, text: string) => Promise<void>;
  /** Adds French templates by the ids of their messages to the catalogue; throws where one is there. */
  readonly addFrench: (templates: Readonly<Record<string, string>>) => Promise<void>;
  /** Runs `node`, `vitest run` (unit tests), `tsc` or `biome check` (form and import rules) with these arguments in the copy. Does not reject on an exit code. */
  readonly run: (program: keyof typeof programs, args: readonly string[]) => Promise<CopyResult>;
  /** Checks the types of these files and of what they import. */
  readonly checkTypes: (files: readonly string[]) => Promise<CopyResult>;
}

/** Copies the program, with its tests, into an empty directory. The caller removes it. */
export async function copySource(directory: string): Promise<SourceCopy> {
  for (const name of await readdir(root)) {
    if (leftOut.has(name)) continue;
    await cp(join(root, name), join(directory, name), {
      recursive: true,
      filter: (path) => !path.endsWith('/node_modules'),
    });
  }
  // Its manifest is written with the documents.
  await cp(join(root, 'results/reference'), join(directory, 'results/reference'), { recursive: true });
  for (const path of packages) await symlink(join(root, path), join(directory, path));

  const addFile = async (path: string, text: string) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text, { flag: 'wx' });
  };
  const run: SourceCopy['run'] = async (program, args) => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [...programs[program], ...args], {
      cwd: directory,
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: directory,
        LC_ALL: 'C.UTF-8',
        NO_COLOR: '1',
        NODE_COMPILE_CACHE: join(directory, '.cache/compile'),
      },
    });
    return { exitCode, stdout, stderr };
  };
  return {
    directory,
    addFile,
    async insert(path, line, text) {
      const file = join(directory, path);
      const parts = (await readFile(file, 'utf8')).split(`${line}\n`);
      if (parts.length !== 2) throw new Error(`${path} has not one line: ${line}`);
      await writeFile(file, parts.join(`${line}\n${text}`));
    },
    async addFrench(templates) {
      const file = join(directory, 'src/core/messages/fr.json');
      const catalogue = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
      for (const [id, template] of Object.entries(templates)) {
        if (id in catalogue) throw new Error(`${id} has its French already`);
        catalogue[id] = template;
      }
      await writeFile(file, JSON.stringify(catalogue, Object.keys(catalogue).toSorted(), 2));
    },
    run,
    async checkTypes(files) {
      const config = 'tsconfig.added.json';
      await rm(join(directory, config), { force: true });
      await addFile(config, JSON.stringify({ extends: './tsconfig.json', include: [], files }));
      return run('tsc', ['-p', config]);
    },
  };
}
