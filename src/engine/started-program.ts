import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { notices } from '../messages/define.ts';
import { EngineError, type OutputSink } from './engine.ts';

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

/** Starts a command in a process group of its own, with pipes for its output. */
export function launch({ prefix, cgroups, command }: StartedProgram): ChildProcess {
  const [file = '', ...args] = [...prefix, 'sh', '-c', joinAndRun, 'sh', ...cgroups, '--', ...command];
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

/** Resolves when the process has been started. Rejects with EngineError where it could not be. */
export async function whenStarted(child: ChildProcess): Promise<void> {
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
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
