import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { notices } from '../messages/define.ts';
import { type Container, EngineError, type OutputSink } from './engine.ts';

const text = notices('layer.oci', {
  noExit: 'the runtime was ended by {signal}',
});

/** Shell script: joins the cgroups listed before `--`, then executes the command after it. */
const joinAndRun =
  'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"';

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

/** `begin`: starts the command. */
export function foreground(begin: () => ChildProcess): Foreground {
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
      child = begin();
      exited.resolve(quiet(exitOf(child)));
      closed.resolve(sink === null ? undefined : quiet(pour(child, sink)));
      await whenStarted(child);
    },
  };
}

/** Starts a command in a process group of its own, with pipes for its output. */
export function launch({ prefix, cgroups, command }: StartedProgram): ChildProcess {
  const [file = '', ...args] = [...prefix, 'sh', '-c', joinAndRun, 'sh', ...cgroups, '--', ...command];
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

/** Resolves when the process has been started. Rejects with EngineError where it could not be. */
async function whenStarted(child: ChildProcess): Promise<void> {
  await once(child, 'spawn').catch((error: unknown) => {
    throw new EngineError(String(error), null, error);
  });
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

/** The same promise; that it rejects before anybody awaits it is no unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
