import { type Container, EngineError } from '../../../core/engine/engine.ts';
import { foreground, launchWaiting, type StartedProgram } from '../../../core/engine/started-program.ts';
import { notices } from '../../../core/messages/define.ts';

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

/**
 * A program whose output and exit code are those of the command that will start it. See {@link Container}. Rejects with
 * EngineError where no process can be made ready for it.
 */
export async function floorContainer(place: FloorPlace): Promise<Container> {
  const waiting = await launchWaiting(place);
  const { exited, running, isStarted, ...run } = foreground(waiting);

  /** The tool's process group; what it isolated ends with it. */
  async function kill(): Promise<void> {
    const pid = running()?.pid;
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }

  return {
    id: place.id,
    ...run,
    kill,

    async stop() {
      await kill();
      await exited.catch(() => undefined);
    },

    pause: refused,
    unpause: refused,
    exec: refused,
    inspect: async () => ({ oomKilled: null, address: null }),

    async remove() {
      if (isStarted()) {
        await kill();
        await exited.catch(() => undefined);
      } else await waiting.abandon();
      await place.dispose();
    },

    stats: refused,
  };
}
