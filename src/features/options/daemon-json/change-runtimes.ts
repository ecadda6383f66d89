import { stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AppContext } from '../../../app/context.ts';
import type { ContainerEngine, ListedRuntime } from '../../../app/measure/engines.ts';
import { runtimeProblems } from '../../../core/config/daemon-entry.ts';
import { parseDaemonJson } from '../../../core/config/daemon-json.ts';
import type { DaemonConfig, RuntimeDeclaration } from '../../../core/config/daemon-keys.ts';
import { findProgram, findProgramNow } from '../../../core/files/programs.ts';
import { entryFailure } from '../../../core/host/preflight/explain.ts';
import { identifyRuntime } from '../../../core/host/runtimes.ts';
import { shellWord } from '../../../core/messages/command.ts';
import { listed } from '../../../core/messages/compose.ts';
import type { Reason } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { exitCodes, misuse, OcibenchError, refusal } from '../../../core/model/failure/error.ts';
import { lookup } from '../../../core/model/nearest.ts';
import { defaultDaemonJson } from '../../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { changeDaemonJson, type DaemonChange } from './change.ts';
import { type HostFile, readHostFile } from './daemon-file.ts';
import { type DockerdProcess, findDockerd, reloadDockerd } from './dockerd-process.ts';
import { withoutRuntime, withRuntime } from './edit.ts';
import { text, why } from './registry-text.ts';
import { checksumObstacle, exchangeObstacle } from './trusted-program.ts';
import { tryStart } from './try-start.ts';
import { validate } from './validate.ts';

/** Options of `ocibench runtimes add` and `remove`. */
export interface ChangeFlags {
  readonly daemonJson?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** Commander's form of --no-reload. */
  readonly reload?: boolean;
  readonly force?: boolean;
}

/** Dialogue that shows a change and asks for confirmation. */
export interface ConfirmationDialog {
  /** Shows the difference between two texts of the file. */
  show(file: string, before: string, after: string): void;
  /** Asks whether to write the change; null if no user can answer. */
  readonly ask: (() => Promise<boolean>) | null;
}

/** The daemon.json to change, and its content. */
interface Target {
  readonly name: string;
  /** First part of every message about a change that fails. */
  readonly title: Message;
  readonly file: HostFile;
  /** The file's text; `{}` and a line feed if there is no file yet. */
  readonly text: string;
  readonly config: DaemonConfig;
}

/** A daemon that reads the file, and the process to signal. */
interface RunningDaemon {
  readonly engine: ContainerEngine;
  readonly dockerd: DockerdProcess;
}

const describe = ({ path, runtimeArgs, runtimeType }: RuntimeDeclaration) =>
  runtimeType ? runtimeType : [path, ...(runtimeArgs ?? [])].join(' ');

/** The error about an entry of the file. */
function refuseEntry(target: Target, reason: Pick<Reason, 'message' | 'fix'>): OcibenchError {
  return refusal(target.title, { file: target.file.path, key: `runtimes.${target.name}` }, reason);
}

/** Reads daemon.json. OcibenchError (exit 2) with every problem if it cannot be used. */
async function readTarget(name: string, flags: ChangeFlags, title: Message): Promise<Target> {
  const asked = flags.daemonJson ?? defaultDaemonJson;
  const file = await readHostFile(asked).catch((error: Error) => {
    if (error instanceof OcibenchError)
      throw new OcibenchError(title, { exitCode: error.exitCode, problems: error.problems, cause: error });
    const notText = error instanceof TypeError;
    throw refusal(title, asked, notText ? why.notText : why.notWritten({ why: error.message }), error);
  });
  const content = file.text ?? '{}\n';
  const parsed = parseDaemonJson(content, file.path);
  if (!parsed.ok) throw misuse(title, parsed.problems);
  return { name, title, file, text: content, config: parsed.config };
}

/** The daemon that reads the file. OcibenchError: exit 3 if none answers, exit 2 if it reads another file. */
async function runningDaemon(app: AppContext, { title, file, config }: Target): Promise<RunningDaemon> {
  const { engine, shown, close } = await app.engines.reachDocker().catch((error: unknown) => {
    if (!(error instanceof OcibenchError) || error.exitCode !== exitCodes.noEngine) throw error;
    throw new OcibenchError(text.noDaemon({ title, why: recalled(error, 'message') }), {
      exitCode: exitCodes.noEngine,
      cause: error,
    });
  });
  if (!engine.facts.local) {
    await close();
    throw refusal(title, file.path, why.remote({ endpoint: shown }));
  }
  const dockerd = await findDockerd(file.path, config.pidfile || null);
  if ('reason' in dockerd)
    throw refusal(
      title,
      file.path,
      dockerd.reason === 'other-file'
        ? why.otherFile({ pid: String(dockerd.pid), file: dockerd.file })
        : why.noProcess,
    );
  return { engine, dockerd };
}

/** Shows the difference, asks, and makes the change. */
async function carryOut(
  app: AppContext,
  target: Target,
  edited: Pick<DaemonChange, 'text' | 'undoing' | 'arrived'> & { done(pid: string): Message },
  running: RunningDaemon | null,
  { flags, confirmation }: ChangeRequest,
): Promise<void> {
  const { file, title } = target;
  const { reporter } = app;
  confirmation.show(file.path, file.text ?? '', edited.text);
  if (flags.dryRun) return reporter.log(text.dryRun);
  if (!flags.yes) {
    if (confirmation.ask === null) throw misuse(text.needsTerminal({ title }));
    if (!(await confirmation.ask())) return reporter.log(text.declined);
  }
  using interrupt = app.interrupts(text.interrupted);
  const { backup, oldest, late, others } = await changeDaemonJson(
    { ...edited, file },
    {
      validate: (path) => validate(path, target, reporter),
      tryStart: async () => {
        const said = await tryStart(app, edited.text);
        return said === null ? null : terminalText(said, 500);
      },
      daemon:
        running === null
          ? null
          : { reload: () => reloadDockerd(running.dockerd), listed: () => running.engine.runtimes() },
      now: app.clock.date(),
      signal: interrupt.signal,
    },
    title,
  );
  if (backup !== null) reporter.log(text.backedUp({ file: backup }));
  if (backup !== null && late) reporter.warn(text.writtenLate({ file: backup }));
  reporter.log(text.written({ file: file.path }));
  reporter.log(running === null ? text.notReloaded : edited.done(String(running.dockerd.pid)));
  if (oldest !== null) reporter.log(text.restore({ oldest: shellWord(oldest), file: shellWord(file.path) }));
  const changed = others.filter((name) => name !== target.name);
  if (changed.length > 0) reporter.log(text.othersChanged({ names: terminalText(changed.join(', ')) }));
}

async function isExecutableFile(path: string): Promise<boolean> {
  return findProgramNow(path) !== null && ((await stat(path).catch(() => null))?.isFile() ?? false);
}

/** The entry and its file, for an explanation. */
const placeOf = ({ name, file }: Target, { path = '', runtimeArgs = [] }: RuntimeDeclaration) => ({
  entry: { name, path, runtimeArgs: [...runtimeArgs], origin: 'daemon.json' } satisfies RuntimeEntry,
  daemonJson: file.path,
});

/** Reason for refusing an entry that dockerd itself would accept; null if there is none. */
async function entryObstacle(
  target: Target,
  entry: RuntimeDeclaration,
): Promise<Pick<Reason, 'message' | 'fix'> | null> {
  const { name, config } = target;
  const { path = '' } = entry;
  const present = lookup(config.runtimes, name);
  const [refused] = runtimeProblems(name, entry);
  if (refused !== undefined) return refused.reason;
  if (name.startsWith('io.containerd.')) return why.shimName;
  if (present !== undefined) return why.taken({ how: describe(present) });
  const failure = entryFailure(placeOf(target, entry), null);
  if (failure !== null) return failure;
  if (!isAbsolute(path))
    return why.absolutePath({ path: (await findProgram(path)) ?? `/usr/bin/${basename(path)}` });
  if (!(await isExecutableFile(path))) {
    const elsewhere = await findProgram(basename(path));
    return elsewhere === null ? why.notExecutable({ path }) : why.elsewhere({ path, elsewhere });
  }
  return exchangeObstacle(path);
}

/** Options of a change, and how it is confirmed. */
interface ChangeRequest {
  readonly flags: ChangeFlags;
  readonly confirmation: ConfirmationDialog;
}

/** Registers an OCI runtime in daemon.json. */
export async function addRuntime(
  app: AppContext,
  runtime: {
    readonly name: string;
    readonly path: string;
    readonly runtimeArgs: readonly string[];
    /** File with the program's published checksum. */
    readonly checksum?: string | undefined;
  },
  wanted: ChangeRequest,
): Promise<void> {
  const { flags } = wanted;
  const { name, path, runtimeArgs } = runtime;
  const target = await readTarget(name, flags, text.cannotAdd({ runtime: terminalText(name) }));
  const entry: RuntimeDeclaration = {
    path,
    ...(runtimeArgs.length === 0 ? {} : { runtimeArgs: [...runtimeArgs] }),
  };
  const isThere = isDeepStrictEqual({ ...lookup(target.config.runtimes, name) }, entry);
  const obstacle =
    (isThere ? null : await entryObstacle(target, entry)) ??
    (runtime.checksum === undefined ? null : await checksumObstacle(path, runtime.checksum));
  if (obstacle !== null) throw refuseEntry(target, obstacle);
  if (isThere) return app.reporter.log(text.nothingToDo({ runtime: name, file: target.file.path }));
  // Getting the version starts the program, which a dry run must not do.
  if (!flags.dryRun) await checkVersion(app, target, entry);
  const running = flags.reload === false || flags.dryRun ? null : await runningDaemon(app, target);
  const added = withRuntime(target.text, name, entry);
  const arrived = (known: readonly ListedRuntime[]) =>
    known.some(
      (one) =>
        one.name === name &&
        one.path === entry.path &&
        isDeepStrictEqual([...(one.runtimeArgs ?? [])], [...runtimeArgs]),
    );
  const done = (pid: string) => text.added({ pid, runtime: name });
  const edited = { text: added, undoing: withoutRuntime(added, name), arrived, done };
  await carryOut(app, target, edited, running, wanted);
}

/**
 * Refuses a program of a version that cannot be called by path (OcibenchError), and warns if programs are missing that this
 * version starts. Starts the program for its version.
 */
async function checkVersion(
  { reporter }: AppContext,
  target: Target,
  declared: RuntimeDeclaration,
): Promise<void> {
  const place = placeOf(target, declared);
  const { sidecars, failureByPath } = familyOfEntry(place.entry);
  if (sidecars === undefined && failureByPath === undefined) return;
  const identity = await identifyRuntime(place.entry);
  const failure = entryFailure(place, identity.version);
  if (failure !== null) throw refuseEntry(target, failure);
  if (sidecars === undefined || identity.sidecars?.are !== 'missing') return;
  const { names } = identity.sidecars;
  const programs = listed(sidecars.programs.filter((program) => !names.includes(program)));
  const [path, version] = [terminalText(declared.path ?? ''), terminalText(identity.version ?? '')];
  reporter.log(text.warnSidecars({ directory: sidecars.directory, programs, path, version }));
}

/** Takes a runtime out of daemon.json. */
export async function removeRuntime(app: AppContext, name: string, wanted: ChangeRequest): Promise<void> {
  const { flags } = wanted;
  const target = await readTarget(name, flags, text.cannotRemove({ runtime: terminalText(name) }));
  const { config } = target;
  const names = Object.keys(config.runtimes ?? {});
  if (!names.includes(name))
    throw refuseEntry(target, names.length === 0 ? why.noneThere : why.notThere({ names: listed(names) }));
  if (config['default-runtime'] === name) throw refuseEntry(target, why.isDefault);
  const running = flags.reload === false || flags.dryRun ? null : await runningDaemon(app, target);
  if (running?.engine.facts.defaultRuntime === name) throw refuseEntry(target, why.isDefault);
  const users = (await running?.engine.containersOf(name)) ?? [];
  const containers = terminalText(users.join(', '), 300);
  if (users.length > 0 && !flags.force) throw refuseEntry(target, why.isUsed({ containers }));
  if (users.length > 0) app.reporter.log(text.warnUsed({ runtime: name, containers }));
  const edited = {
    text: withoutRuntime(target.text, name),
    undoing: target.text,
    arrived: (known: readonly ListedRuntime[]) => !known.some((one) => one.name === name),
    done: (pid: string) => text.removed({ pid, runtime: name }),
  };
  await carryOut(app, target, edited, running, wanted);
}
