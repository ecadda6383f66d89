import {
  access,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launcher } from '../../packaging/tree.ts';
import { callsOf } from '../../src/cli/main.ts';
import { loadCommands } from '../../src/cli/program.ts';
import { callAs } from '../../src/core/messages/command.ts';
import { compileCache } from '../support/compile-cache.ts';
import { everyCommand, storedRun } from '../support/every-command.ts';
import { root } from './cli.ts';
import { pack } from './packed.ts';

/** Only with an hour: every command, and not one of each kind. */
const isNightly = process.env.OCIBENCH_NIGHTLY === '1';

let place: string;
/** Stops the program where a command would begin: its line was taken as a whole. */
let hook: string;

/** Ways to have ocibench: the directory that the user is in, what is typed, and the user's PATH. */
interface Form {
  readonly directory: string;
  readonly typed: string;
  readonly path: readonly string[];
}
const forms = new Map<string, Form>([
  ['a clone', { directory: root, typed: './ocibench', path: [dirname(process.execPath)] }],
]);

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'h-'));
  const stub = `data:text/javascript,export const liveContext = (terminal, environment) => {
    process.stdout.write('begins'); process.exit(0); };`;
  hook = join(place, 'hook.mjs');
  await writeFile(
    hook,
    `import { registerHooks } from 'node:module';
    registerHooks({ resolve: (specifier, context, next) =>
      /cli\\/main\\.[jt]s$/.test(context.parentURL ?? '') && /^\\.\\/context\\.[jt]s$/.test(specifier)
        ? { url: ${JSON.stringify(stub.replaceAll(/\s+/g, ' '))}, shortCircuit: true }
        : next(specifier, context) });`,
  );
});
afterAll(() => rm(place, { recursive: true }));

/** Installs what was packed in the other two ways. */
async function installPacked(): Promise<void> {
  if (forms.has('npm')) return;
  const { tarball } = await pack();
  /** The packed tarball, with what it depends on as package-lock.json pins it. */
  const install = async (program: string, modules: string) => {
    await mkdir(program, { recursive: true });
    await execa('tar', ['-xzf', tarball, '-C', program, '--strip-components=1']);
    const { dependencies } = JSON.parse(await readFile(join(program, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(root, 'node_modules', name), join(modules, name));
    }
  };
  const project = join(place, "a project's");
  await install(join(project, 'node_modules/ocibench'), join(project, 'node_modules'));
  await mkdir(join(project, 'node_modules/.bin'));
  await symlink('../ocibench/bin/ocibench.js', join(project, 'node_modules/.bin/ocibench'));
  const tree = join(place, 'tree');
  const home = join(tree, 'usr/lib/ocibench');
  await install(home, join(home, 'node_modules'));
  await symlink(process.execPath, join(home, 'node'));
  await mkdir(join(tree, 'usr/bin'));
  await writeFile(join(tree, 'usr/bin/ocibench'), launcher(tree));
  await chmod(join(tree, 'usr/bin/ocibench'), 0o755);
  const node = dirname(process.execPath);
  forms.set('npm', { directory: project, typed: './node_modules/.bin/ocibench', path: [node] });
  forms.set('the Debian package', { directory: place, typed: 'ocibench', path: [join(tree, 'usr/bin')] });
}

/** A report is made in a second, and in minutes on a host that others load, ms. */
const patience = 600_000;

/** What a shell does with a line that somebody pastes. */
function paste(form: Form, line: string, { directory = form.directory, dry = false } = {}) {
  return execa('sh', ['-c', line], {
    cwd: directory,
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: { ...environmentOf(form), ...(dry ? { NODE_OPTIONS: `--import=${pathToFileURL(hook)}` } : {}) },
  });
}

const environmentOf = ({ path }: Form) => ({
  PATH: [...path, '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(':'),
  HOME: place,
  LC_ALL: 'C.UTF-8',
  NO_COLOR: '1',
  ...compileCache,
  OCIBENCH_STATE: join(place, 'state'),
  OCIBENCH_LOCK: join(place, 'host.lock'),
  DOCKER_HOST: `unix://${place}/no-daemon.sock`,
});

/** The command that a text ends with, or that stands before three spaces, after what is said before it. */
function hintIn(text: string, before: RegExp): string {
  const found = new RegExp(`${before.source}:(?:  |\\n)(.*?)(?=   |\`|\\n|$)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`no hint after ${before} in: ${text}`);
  return found;
}

/** It found the run and what is to be gone on with: what is missing is an engine, or the very runc that was measured. */
function expectFound({ exitCode, stderr }: Awaited<ReturnType<typeof paste>>, line: string): void {
  const why = exitCode === 3 ? /engine/i : /a runtime is no longer registered as it was/;
  expect([2, 3], `${line}\n${stderr}`).toContain(exitCode);
  expect(stderr, line).toMatch(why);
}

describe.each(['a clone', 'npm', 'the Debian package'])('in %s', { timeout: patience }, (name) => {
  let form: Form;
  let out: string;
  let elsewhere: string;
  beforeAll(() => (name === 'a clone' ? undefined : installPacked()), 900_000);
  beforeEach(async () => {
    form = forms.get(name) as Form;
    out = await mkdtemp(join(place, "r s'-"));
    elsewhere = await mkdtemp(join(place, 'elsewhere-'));
    await cp(join(root, 'test/contracts/stored-run'), join(out, 'results'), { recursive: true });
  });
  const quoted = () => `'${out.replaceAll("'", "'\\''")}'`;

  test('every command that can be said begins where it is pasted', async () => {
    const variables = environmentOf(form);
    const program = name === 'npm' ? join(form.directory, 'node_modules/.bin/ocibench') : form.typed;
    const environment = { program, workingDirectory: form.directory, isRoot: true };
    const { here, inFiles } = callsOf(environment, variables, await loadCommands());
    const back = callAs(here, inFiles);
    const said = [...(await everyCommand()).keys()];
    back();
    // The first of each command, and all at night: that all are taken is a unit test of their words.
    const kindOf = (line: string) => line.replace(/^.*?ocibench'? ?/, '').match(/^[a-z]+(?: [a-z]+)?/)?.[0];
    const lines = isNightly ? said : [...Map.groupBy(said, kindOf).values()].map(([first = '']) => first);
    expect(lines.length).toBeGreaterThan(25);
    const refused: string[] = [];
    for (const line of lines) {
      const { exitCode, stdout, stderr } = await paste(form, line, { dry: true });
      const isHelp = /ocibench'?$/.test(line);
      if (!isHelp && (exitCode !== 0 || stdout !== 'begins')) refused.push(`${line}: ${stderr}`);
    }
    expect(refused).toEqual([]);
  });

  test('what the report says is pasted in any directory, and finds the run, the results and the configuration', async () => {
    await writeFile(join(out, 'own.config.ts'), 'export default {};\n');
    const report = `${form.typed} report ${storedRun} --in ${quoted()} --config ${quoted()}/own.config.ts`;
    const made = await paste(form, report);
    expect(made.exitCode, made.stderr).toBe(0);
    const shown = hintIn(made.stdout, /Run/);
    const written = hintIn(
      (await readFile(join(out, 'results', storedRun, 'report.md'), 'utf8')).replaceAll(': `', ':  '),
      /at least \d+ s more are needed \(\d+ blocks in all\)/,
    );
    for (const [line, directory] of [
      [shown, form.directory],
      [written, elsewhere],
    ] as const) {
      expect(line).toContain(`--resume ${storedRun} --until`);
      const gone = await paste(form, line, { directory });
      expectFound(gone, line);
      expect(gone.stderr).toContain('own.config.ts');
    }
    const verified = await paste(form, `${form.typed} verify ${storedRun} --in ${quoted()}`);
    expect(verified.exitCode, verified.stdout).toBe(0);
    expect(verified.stdout).not.toContain('another version');
  });

  test('a run that was named by its path is found again without it', async () => {
    const made = await paste(form, `${form.typed} report ${quoted()}/results/${storedRun}`);
    expect(made.exitCode, made.stderr).toBe(0);
    const line = hintIn(made.stdout, /Run/);
    expectFound(await paste(form, line), line);
  });

  test('who is told that there is no such run is told how to see those that there are', async () => {
    const missing = await paste(form, `${form.typed} run --resume nope --out ${quoted()}`);
    expect(missing.exitCode).toBe(2);
    const listed = await paste(form, hintIn(missing.stderr, /all of them/));
    expect(listed.exitCode, listed.stderr).toBe(0);
    expect(listed.stdout).toContain(storedRun);
    const empty = join(out, 'empty');
    const none = await paste(form, `${form.typed} run --resume nope --out ${quoted()}/empty --engine docker`);
    const first = hintIn(none.stderr, /measure first/);
    expect((await paste(form, first)).exitCode).toBe(3);
    expect(await readdir(out)).not.toContain(empty);
  });

  test('clean, and the runtimes of a daemon.json, do what is said', async () => {
    const cleaned = await paste(form, `${form.typed} clean --in ${quoted()}`);
    expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    const file = join(out, 'daemon.json');
    await writeFile(file, '{}\n');
    const added = await paste(
      form,
      `${form.typed} runtimes add mine --path /bin/true --daemon-json ${quoted()}/daemon.json --yes`,
    );
    expect([0, 2, 3], added.stderr).toContain(added.exitCode);
    await access(file);
  });
});
