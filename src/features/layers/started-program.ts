import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { type Container, EngineError, type OutputSink, quiet } from '../../core/engine/engine.ts';
import { notices } from '../../core/messages/define.ts';
import { spawn } from '../../core/programs/spawn.ts';

const text = notices('layer.oci', {
  noExit: 'the runtime was killed by {signal}',
  notReady: 'the process that starts it could not be prepared: {said}',
});

/** Shell script: joins the cgroups listed before `--`. */
const join = 'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 125; shift; done; shift';

/** Shell script: joins the cgroups listed before `--`, then executes the command after it. */
const joinAndRun = `${join}; exec "$@"`;

/**
 * As {@link joinAndRun}, but reports on descriptor 3 that it has joined, and waits for a line before it executes the command.
 */
const joinAndWait = `${join}; echo >&3; exec 3>&-; read -r go || exit 125; exec "$@" </dev/null`;

/** As {@link joinAndWait}; descriptors 4 to 6 become the command's standard input, output and error. */
const joinAndWaitWith = `${join}; echo >&3; exec 3>&-; read -r go || exit 125; exec "$@" <&4 >&5 2>&6 4<&- 5>&- 6>&-`;

/** A command with its namespace and cgroups. */
export interface LaunchSpec {
  /** Command prefix that enters the namespace. */
  readonly prefix: readonly string[];
  /** Directories of the cgroup that it joins, one in each hierarchy; empty: it stays in the harness's. */
  readonly cgroups: readonly string[];
  readonly command: readonly string[];
}

/** A command that runs a container to its end; its output and exit code are the container's. */
export interface ForegroundCommand extends Pick<Container, 'attach' | 'waitForExit' | 'start'> {
  /** Exit code of the command. */
  readonly exited: Promise<number>;
  /** Its process while it runs; null before its start and after its end. */
  running(): ChildProcess | null;
  readonly isStarted: () => boolean;
}

/** A process that has joined its cgroups, and waits to execute its command. */
export interface WaitingProcess {
  readonly child: ChildProcess;
  /** Exit code of the waiting process, or of its command. */
  readonly exited: Promise<number>;
  /** Executes the command: from here on, all cost is the command's. */
  go(): void;
  /** Ends the process without executing the command. */
  abandon(): Promise<void>;
}

/** The command of a waiting process, as a container's foreground. */
export function foreground(waiting: WaitingProcess): ForegroundCommand {
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
export function launch({ prefix, cgroups, command }: LaunchSpec): ChildProcess {
  const [file = '', ...args] = [...prefix, 'sh', '-c', joinAndRun, 'sh', ...cgroups, '--', ...command];
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

/**
 * Starts a process that enters the namespace, joins the cgroups and waits: these steps take longer than many commands. Rejects
 * with EngineError where a step fails. `streams`: open files for the command's standard input, output and error.
 */
export async function launchWaiting(
  { prefix, cgroups, command }: LaunchSpec,
  streams: readonly number[] = [],
): Promise<WaitingProcess> {
  const script = streams.length === 0 ? joinAndWait : joinAndWaitWith;
  const [file = '', ...args] = [...prefix, 'sh', '-c', script, 'sh', ...cgroups, '--', ...command];
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...streams], detached: true });
  const { stdio } = child;
  const [stdin, stderr] = [stdio[0] as Writable, stdio[2] as Readable];
  // The process may have ended; `exited` reports that.
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
  // Paused until somebody reads the command's output.
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
  // The stream was paused while the process waited.
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
