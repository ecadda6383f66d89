import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, EngineError } from '../../../core/engine/engine.ts';
import {
  exitOf,
  foreground,
  launch as launchProgram,
  launchWaiting,
  pour,
  type StartedProgram,
} from '../../../core/engine/started-program.ts';
import { runProgram } from '../../../core/host/programs.ts';
import { notices } from '../../../core/messages/define.ts';

const text = notices('layer.oci', {
  failed: '{command}: {said}',
  noStats: 'the runtime alone keeps no statistics',
});

/** Timeout of a runtime's command other than `run` and `exec`, ms. */
const verbLimitMs = 20_000;

/** A created container, and what is needed to call its runtime. */
export interface OciPlace {
  readonly id: string;
  readonly bundle: string;
  /** The runtime with its global arguments, in the namespace where the root file system is mounted. */
  readonly runtime: readonly string[];
  /** Command prefix that enters the namespace. */
  readonly prefix: readonly string[];
  /** The cgroup of the runtime's own processes in each hierarchy; empty: the harness's. */
  readonly runtimeCgroups: readonly string[];
  /** Unmounts and removes the bundle. */
  dispose(): Promise<void>;
}

function programOf({ prefix, runtimeCgroups, runtime }: OciPlace, words: readonly string[]): StartedProgram {
  return { prefix, cgroups: runtimeCgroups, command: [...runtime, ...words] };
}

/** Calls the runtime. Rejects with EngineError that has the runtime's error text. */
async function call({ prefix, runtime }: OciPlace, ...words: readonly string[]): Promise<void> {
  const [file = '', ...args] = [...prefix, ...runtime, ...words];
  const { exitCode, stdout, stderr } = await runProgram(file, args, { timeoutMs: verbLimitMs });
  if (exitCode === 0) return;
  const said = `${stderr}${stdout}`.trim();
  throw new EngineError(text.failed({ command: `${runtime[0]} ${words[0]}`, said }), null);
}

/**
 * A container that its runtime's `run` will start, whose exit code and output are the program's. See {@link Container}.
 * Rejects with EngineError where no process can be made ready for it.
 */
export async function ociContainer(place: OciPlace): Promise<Container> {
  const waiting = await launchWaiting(programOf(place, ['run', '--bundle', place.bundle, place.id]));
  const { exited, running, isStarted, ...run } = foreground(waiting);

  return {
    id: place.id,
    ...run,

    kill: () => call(place, 'kill', place.id, 'KILL'),

    async stop(graceSeconds) {
      await call(place, 'kill', place.id, 'TERM');
      await Promise.race([exited, sleep(graceSeconds * 1_000, undefined, { ref: false })]);
      if (running() !== null) await call(place, 'kill', place.id, 'KILL');
      await exited;
    },

    pause: () => call(place, 'pause', place.id),
    unpause: () => call(place, 'resume', place.id),

    async exec(command, given) {
      const program = launchProgram(programOf(place, ['exec', place.id, ...command]));
      const [code] = await Promise.all([exitOf(program), pour(program, given)]);
      return code;
    },

    inspect: async () => ({ oomKilled: null, address: null }),

    /** `run` removes its state when the program ends: there is something to delete only where it has not ended. */
    async remove() {
      if (!isStarted()) await waiting.abandon();
      if (running() !== null) {
        await call(place, 'delete', '--force', place.id).catch(() => undefined);
        const pid = running()?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        await Promise.race([exited, sleep(verbLimitMs, undefined, { ref: false })]).catch(() => undefined);
      }
      await place.dispose();
    },

    stats: async () => {
      throw new EngineError(text.noStats, null);
    },
  };
}
