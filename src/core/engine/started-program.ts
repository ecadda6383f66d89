import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { notices } from '../messages/define.ts';
import { type Container, EngineError, type OutputSink } from './engine.ts';

/** The same promise; that it rejects before anybody awaits it is no unhandled rejection, and does not end the process. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

const text = notices('layer.oci', {
  noExit: 'the runtime was ended by {signal}',
  notReady: 'the process that is to start it could not be made ready: {said}',
});

/** Shell script: joins the cgroups listed before `--`. */
const join = 'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 125; shift; done; shift';

/** Shell script: joins the cgroups listed before `--`, then executes the command after it. */
const joinAndRun = `${join}; exec "$@"`;

/** The same, but says on descriptor 3 when it has joined, and waits for a line before it executes the command. */
const joinAndWait = `${join}; echo >&3; exec 3>&-; read -r go || exit 125; exec "$@" </dev/null`;

/** A command, and where it runs. */
export interface StartedProgram {
  /** Command prefix that enters the namespace. */
  readonly prefix: readonly string[];
  /** Directories of the cgroup that it joins, one in each hierarchy; empty: it stays in the harness's. */
  readonly cgroups: readonly string[];
  readonly command: readonly string[];
}

/** A command whose output and exit code are those of the container that it runs to its end. */
export interface Foreground extends Pick<Container, 'attach' | 'waitForExit' | 'start'> {
  /** Of the command's exit. */
  readonly exited: Promise<number>;
  /** Its process while it runs; null before its start and after its end. */
  running(): ChildProcess | null;
  readonly isStarted: () => boolean;
}

/** A process that has joined its cgroups, and waits to execute its command. */
export interface WaitingProgram {
  readonly child: ChildProcess;
  /** Of its exit, or the command's. */
  readonly exited: Promise<number>;
  /** Executes the command: what it takes from here on is the command's own. */
  go(): void;
  /** Ends it without. */
  abandon(): Promise<void>;
}

/** The command of a process that waits for it. */
export function foreground(waiting: WaitingProgram): Foreground {
  let child: ChildProcess | null = null;
  let sink: OutputSink | null = null;
  const closed = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<number>();
  quiet(closed.promise);
  quiet(exited.promise);
  return {
    exited: exited.promise,
    isStarted: () => child !== null,
    running: () => (child?.exitCode === null && child.signalCode === null ? child : null),

    async attach(given) {
      sink = given;
      return { closed: closed.promise };
    },

    waitForExit: async () => ({ exited: exited.promise }),

    async start() {
      ({ child } = waiting);
      exited.resolve(waiting.exited);
      closed.resolve(sink === null ? undefined : quiet(pour(child, sink)));
      waiting.go();
    },
  };
}

/** Starts a command in a process group of its own, with pipes for its output. */
export function launch({ prefix, cgroups, command }: StartedProgram): ChildProcess {
  const [file = '', ...args] = [...prefix, 'sh', '-c', joinAndRun, 'sh', ...cgroups, '--', ...command];
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

/**
 * Starts a process that enters the namespace, joins the cgroups and waits: that takes longer than many a command. Rejects with
 * EngineError where it cannot.
 */
export async function launchWaiting({ prefix, cgroups, command }: StartedProgram): Promise<WaitingProgram> {
  const [file = '', ...args] = [...prefix, 'sh', '-c', joinAndWait, 'sh', ...cgroups, '--', ...command];
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true });
  const { stdin, stderr, stdio } = child;
  // It may have ended; then that is told by its exit.
  stdin.on('error', () => undefined);
  const exited = quiet(exitOf(child));
  const said: string[] = [];
  const listen = (chunk: Buffer) => said.push(chunk.toString('utf8'));
  stderr.on('data', listen);
  const ended = once(child, 'close').then(() => false);
  const ready = once(stdio[3] as Readable, 'data').then(() => true);
  const isReady = await Promise.race([quiet(ready), quiet(ended)]).catch(() => false);
  if (!isReady) {
    await exited.catch((error: unknown) => said.push(String(error)));
    throw new EngineError(text.notReady({ said: said.join('').trim() }), null);
  }
  // Until somebody listens to the command.
  stderr.off('data', listen).pause();
  return {
    child,
    exited,
    go: () => void stdin.end('\n'),
    async abandon() {
      stdin.end();
      await exited.catch(() => undefined);
    },
  };
}

/** Passes the output of a process to a sink; resolves when it has ended. */
export async function pour(child: ChildProcess, sink: OutputSink): Promise<void> {
  let seen = false;
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => {
      if (!seen) {
        seen = true;
        sink.onFirstByte();
      }
      sink.onData(name, chunk);
    });
  // Paused while it waited.
  child.stderr?.resume();
  await once(child, 'close');
}

/** Exit code of a process. Rejects with EngineError where it could not be started, or was killed. */
export async function exitOf(child: ChildProcess): Promise<number> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (code === null) throw new EngineError(text.noExit({ signal: signal ?? '' }), null);
    return code;
  } catch (error) {
    throw error instanceof EngineError ? error : new EngineError(String(error), null, error);
  }
}
