import type { ChildProcess } from 'node:child_process';
import { notices } from '../../messages/define.ts';
import { type Container, EngineError, type OutputSink } from '../engine.ts';
import { exitOf, launch, pour, quiet, type StartedProgram, whenStarted } from '../started-program.ts';

const text = notices('layer.floor', {
  onlyStarts: 'without a runtime a program is started and ended, and nothing else',
});

/** A program that is started without a runtime, and what it leaves. */
interface FloorPlace extends StartedProgram {
  readonly id: string;
  /** Unmounts and removes its root file system. */
  dispose(): Promise<void>;
}

async function refused(): Promise<never> {
  throw new EngineError(text.onlyStarts, null);
}

/** A program whose output and exit code are those of the command that starts it. See {@link Container}. */
export function floorContainer(place: FloorPlace): Container {
  let child: ChildProcess | null = null;
  let sink: OutputSink | null = null;
  const closed = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<number>();
  quiet(closed.promise);
  quiet(exited.promise);

  /** The tool's process group; what it isolated ends with it. */
  async function kill(): Promise<void> {
    const running = child !== null && child.exitCode === null && child.signalCode === null;
    if (running && child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }

  return {
    id: place.id,

    async attach(given) {
      sink = given;
      return { closed: closed.promise };
    },

    waitForExit: async () => ({ exited: exited.promise }),

    async start() {
      child = launch(place);
      exited.resolve(quiet(exitOf(child)));
      closed.resolve(sink === null ? undefined : quiet(pour(child, sink)));
      await whenStarted(child);
    },

    kill,

    async stop() {
      await kill();
      await exited.promise.catch(() => undefined);
    },

    pause: refused,
    unpause: refused,
    exec: refused,
    inspect: async () => ({ oomKilled: null, address: null }),

    async remove() {
      if (child !== null) {
        await kill();
        await exited.promise.catch(() => undefined);
      }
      await place.dispose();
    },

    stats: refused,
  };
}
