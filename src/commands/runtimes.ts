import { access, constants, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { isDeepStrictEqual } from 'node:util';
import { createTwoFilesPatch } from 'diff';
import { withoutRuntime, withRuntime } from '../config/daemon-edit.ts';
import { parseDaemonJson } from '../config/daemon-json.ts';
import type { DaemonConfig, RuntimeDeclaration } from '../config/daemon-keys.ts';
import { runtimeProblems } from '../config/daemon-rules.ts';
import { defaultDaemonJson } from '../config/load-config.ts';
import { reachDocker } from '../engine/connect.ts';
import type { DockerEngine, ListedRuntime } from '../engine/docker-engine.ts';
import { type HostFile, readHostFile } from '../host/daemon-file.ts';
import { type DockerdProcess, findDockerd, reloadDockerd } from '../host/dockerd-process.ts';
import { findProgram, runProgram } from '../host/programs.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import { type Messages, messages } from '../report/messages/index.ts';
import { terminalText } from '../report/sanitize.ts';
import { changeDaemonJson, type DaemonChange, refusal } from './daemon-change.ts';
import { interruptSignal } from './interrupt.ts';
import { spokenLanguage } from './language.ts';
import { terminal } from './terminal.ts';

/** Options of `ocibench runtimes add` and `remove`. */
export interface ChangeFlags {
  readonly daemonJson?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** Commander's form of --no-reload. */
  readonly reload?: boolean;
  readonly force?: boolean;
}

/** What a change is made from: the file, what it says, and the words to speak of it. */
interface Target {
  readonly name: string;
  readonly title: string;
  readonly file: HostFile;
  /** The file's text; `{}` in a line of its own where there is no file yet. */
  readonly text: string;
  readonly config: DaemonConfig;
  readonly m: Messages;
}

/** A daemon that reads the file, and the process to be told. */
interface Running {
  readonly engine: DockerEngine;
  readonly dockerd: DockerdProcess;
}

const describe = ({ path, runtimeArgs, runtimeType }: RuntimeDeclaration) =>
  runtimeType ? runtimeType : [path, ...(runtimeArgs ?? [])].join(' ');

/** The complaint about an entry of the file, to be thrown. */
function refuseEntry(target: Target, complaint: readonly [string, string]): OcibenchError {
  return refusal(target.title, target.file.path, `runtimes.${target.name}`, complaint);
}

/** Reads daemon.json; OcibenchError (exit 2) with every problem in it where it cannot be used. */
async function readTarget(
  name: string,
  flags: ChangeFlags,
  titleOf: (m: Messages) => string,
): Promise<Target> {
  const m = messages(spokenLanguage());
  const title = titleOf(m);
  const asked = flags.daemonJson ?? defaultDaemonJson;
  const file = await readHostFile(asked).catch((error: Error) => {
    if (error instanceof OcibenchError)
      throw new OcibenchError(title, { exitCode: error.exitCode, problems: error.problems, cause: error });
    const notText = error instanceof TypeError;
    throw refusal(
      title,
      asked,
      '',
      notText ? m.registry.notText : m.registry.notWritten(error.message),
      error,
    );
  });
  const text = file.text ?? '{}\n';
  const parsed = parseDaemonJson(text, file.path);
  if (!parsed.ok) throw new OcibenchError(title, { exitCode: exitCodes.misuse, problems: parsed.problems });
  return { name, title, file, text, config: parsed.config, m };
}

/** The daemon that reads the file. OcibenchError (exit 3: none answers; exit 2: another one than this file's). */
async function runningDaemon({ title, file, config, m }: Target): Promise<Running> {
  const { engine, shown, close } = await reachDocker().catch((error: unknown) => {
    if (!(error instanceof OcibenchError) || error.exitCode !== exitCodes.noEngine) throw error;
    throw new OcibenchError(`${title}: ${error.message}; ${m.registry.fileAlone}`, {
      exitCode: exitCodes.noEngine,
      cause: error,
    });
  });
  if (!engine.facts.local) {
    await close();
    throw refusal(title, file.path, '', m.registry.remote(shown));
  }
  const dockerd = await findDockerd(file.path, config.pidfile || null);
  if ('reason' in dockerd)
    throw refusal(
      title,
      file.path,
      '',
      dockerd.reason === 'other-file'
        ? m.registry.otherFile(dockerd.pid, dockerd.file)
        : m.registry.noProcess,
    );
  return { engine, dockerd };
}

/** The difference as `diff -u` writes it, safe to print. */
function difference(path: string, before: string, after: string): string {
  const paint = (line: string) => {
    const text = terminalText(line.replaceAll('\t', '    '));
    return line.startsWith('+')
      ? terminal.paintResult('green', text)
      : line.startsWith('-')
        ? terminal.paintResult('red', text)
        : text;
  };
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3 });
  return (
    patch
      .split('\n')
      // Without the line of `=` that only mail programs want.
      .filter((line, i) => i > 1 || !line.startsWith('==='))
      .map((line) => paint(line.replace(/\r$/, '')))
      .join('\n')
  );
}

/** Asks at the terminal; OcibenchError (exit 2) where there is none. */
async function agreed({ title, m }: Target): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new OcibenchError(`${title}. ${m.registry.needsTerminal}`, { exitCode: exitCodes.misuse });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(m.registry.ask);
    return new RegExp(m.registry.yesPattern, 'i').test(answer.trim());
  } finally {
    prompt.close();
  }
}

async function validate(path: string, target: Target): Promise<string | null> {
  const dockerd = await findProgram('dockerd');
  if (dockerd === null) throw refusal(target.title, target.file.path, '', target.m.registry.noValidator);
  const { exitCode, stdout, stderr } = await runProgram(dockerd, ['--validate', '--config-file', path]);
  const said = terminalText((stderr.trim() || stdout.trim()).replaceAll(path, target.file.path));
  return exitCode === 0 ? null : said;
}

/** Shows the difference, asks, and carries it out. */
async function carryOut(
  target: Target,
  edited: Pick<DaemonChange, 'text' | 'undoing' | 'arrived'>,
  running: Running | null,
  flags: ChangeFlags,
  done: (pid: number) => string,
): Promise<ExitCode> {
  const { file, m, title } = target;
  terminal.paintedResult(difference(file.path, file.text ?? '', edited.text));
  if (flags.dryRun) {
    terminal.log(m.registry.dryRun);
    return exitCodes.ok;
  }
  if (!flags.yes && !(await agreed(target))) {
    terminal.log(m.registry.declined);
    return exitCodes.ok;
  }
  const interrupt = interruptSignal(() => terminal.log(m.registry.interrupted));
  try {
    const { backup, others } = await changeDaemonJson(
      { ...edited, file },
      {
        validate: (path) => validate(path, target),
        daemon:
          running === null
            ? null
            : { reload: () => reloadDockerd(running.dockerd), listed: () => running.engine.runtimes() },
        now: new Date(),
        signal: interrupt.signal,
        m,
      },
      title,
    );
    if (backup !== null) terminal.log(m.registry.backedUp(backup));
    terminal.log(m.registry.written(file.path));
    terminal.log(running === null ? m.registry.notReloaded : done(running.dockerd.pid));
    const changed = others.filter((name) => name !== target.name);
    if (changed.length > 0) terminal.log(m.registry.othersChanged(terminalText(changed.join(', '))));
    return exitCodes.ok;
  } finally {
    interrupt.dispose();
  }
}

async function isExecutableFile(path: string): Promise<boolean> {
  return stat(path)
    .then(async (found) => {
      await access(path, constants.X_OK);
      return found.isFile();
    })
    .catch(() => false);
}

/** What forbids an entry, beyond what dockerd itself refuses; null: nothing. */
async function entryObstacle(
  { name, config, m }: Target,
  entry: RuntimeDeclaration,
): Promise<readonly [string, string] | null> {
  const { path = '' } = entry;
  const present = config.runtimes?.[name];
  const [refused] = runtimeProblems(name, entry);
  if (refused !== undefined) return [refused.message, refused.fix];
  if (name.startsWith('io.containerd.')) return m.registry.shimName;
  if (present !== undefined) return m.registry.taken(describe(present));
  if (!isAbsolute(path))
    return m.registry.absolutePath((await findProgram(path)) ?? `/usr/bin/${basename(path)}`);
  if (!(await isExecutableFile(path))) return m.registry.notExecutable(path);
  return basename(path).startsWith('containerd-shim') ? m.registry.isShim(path) : null;
}

/** `ocibench runtimes add NAME --path FILE [-- runtimeArgs…]`. */
export async function addRuntimeCommand(
  name: string,
  runtimeArgs: readonly string[],
  flags: ChangeFlags & { readonly path: string },
): Promise<ExitCode> {
  const target = await readTarget(name, flags, (m) => m.registry.cannotAdd(terminalText(name)));
  const { m, text, file, config } = target;
  const entry: RuntimeDeclaration = {
    path: flags.path,
    ...(runtimeArgs.length === 0 ? {} : { runtimeArgs: [...runtimeArgs] }),
  };
  const present = config.runtimes?.[name];
  if (isDeepStrictEqual({ ...present }, entry)) {
    terminal.log(m.registry.nothingToDo(name, file.path));
    return exitCodes.ok;
  }
  const obstacle = await entryObstacle(target, entry);
  if (obstacle !== null) throw refuseEntry(target, obstacle);
  const running = flags.reload === false || flags.dryRun ? null : await runningDaemon(target);
  const added = withRuntime(text, name, entry);
  const arrived = (listed: readonly ListedRuntime[]) =>
    listed.some(
      (one) =>
        one.name === name &&
        one.path === entry.path &&
        isDeepStrictEqual([...(one.runtimeArgs ?? [])], [...runtimeArgs]),
    );
  const edited = { text: added, undoing: withoutRuntime(added, name), arrived };
  return carryOut(target, edited, running, flags, (pid) => m.registry.added(name, pid));
}

/** `ocibench runtimes remove NAME`. */
export async function removeRuntimeCommand(name: string, flags: ChangeFlags): Promise<ExitCode> {
  const target = await readTarget(name, flags, (m) => m.registry.cannotRemove(terminalText(name)));
  const { m, text, config } = target;
  const names = Object.keys(config.runtimes ?? {});
  if (!names.includes(name)) throw refuseEntry(target, m.registry.notThere(names.join(', ')));
  if (config['default-runtime'] === name) throw refuseEntry(target, m.registry.isDefault);
  const running = flags.reload === false || flags.dryRun ? null : await runningDaemon(target);
  if (running?.engine.facts.defaultRuntime === name) throw refuseEntry(target, m.registry.isDefault);
  const users = (await running?.engine.containersOf(name)) ?? [];
  const named = terminalText(users.join(', '), 300);
  if (users.length > 0 && !flags.force) throw refuseEntry(target, m.registry.isUsed(named));
  if (users.length > 0) terminal.log(m.registry.warnUsed(name, named));
  const edited = {
    text: withoutRuntime(text, name),
    undoing: text,
    arrived: (listed: readonly ListedRuntime[]) => !listed.some((one) => one.name === name),
  };
  return carryOut(target, edited, running, flags, (pid) => m.registry.removed(name, pid));
}
