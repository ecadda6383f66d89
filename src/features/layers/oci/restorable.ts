import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Checkpoint,
  type Container,
  EngineError,
  type OutputSink,
  quiet,
} from '../../../core/engine/engine.ts';
import { treeBytes } from '../../../core/files/tree-size.ts';
import { notices } from '../../../core/messages/define.ts';
import { exitOf, launch, launchWaiting, pour, type WaitingProcess } from '../started-program.ts';
import { call, type OciContainer, programOf, runtimeCalls, runtimeError } from './container.ts';
import { type ContainerPipes, containerPipes } from './pipes.ts';

const text = notices('layer.oci', {
  noDetachedExit: 'a runtime called directly does not tell the exit code of a detached container',
});

/** Time for the last output of a runtime that has failed, ms: on a loaded host it comes late. */
const lastOutputMs = 2_000;

/** Maximum length of an error text, characters. */
const longestError = 2_000;
/** End of CRIU's log that is searched for its errors, bytes. */
const logTailBytes = 65_536;

/** CRIU's errors at the end of a log; empty where there is none. The limit of open files is no fault: CRIU goes on. */
export function criuErrors(log: string): string {
  return log
    .split('\n')
    .flatMap((line) => /\bError \([^)]*\): (.*)$/.exec(line)?.[1] ?? [])
    .filter((line) => !line.startsWith('rlimit: '))
    .slice(0, 3)
    .join('; ');
}

/** Kills a process with its group, where it still runs; resolves when it has ended. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit').catch(() => undefined);
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

async function tailOf(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const length = Math.min(size, logTailBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } catch {
    return '';
  }
}

/** The container's pipes, and the process that waits to start it, or to restore it. */
interface Life {
  readonly pipes: ContainerPipes;
  readonly waiting: WaitingProcess;
  /** The beginning of what came on standard error: a failed runtime's reason. */
  said: string;
  isStarted: boolean;
}

/** Passes the pipes' output to a sink; resolves when the container and all its processes have closed them. */
async function pourPipes({ output, error }: ContainerPipes, sink: OutputSink): Promise<void> {
  let seen = false;
  const from = (name: 'stdout' | 'stderr', socket: Socket) => {
    socket.on('data', (chunk: Buffer) => {
      if (!seen) sink.onFirstByte();
      seen = true;
      sink.onData(name, chunk);
    });
    return once(socket, 'close');
  };
  await Promise.all([from('stdout', output), from('stderr', error)]);
}

/**
 * A container that can be stored and go on: it runs detached, with anonymous pipes, under one id before and after. Its runtime's
 * `run` and `restore` return when its program runs. `usesCriu`: does the runtime store it by CRIU? See {@link Container}. Rejects
 * with EngineError where no process can be prepared for it.
 */
export async function restorableContainer(place: OciContainer, usesCriu: boolean): Promise<Container> {
  const { id, bundle } = place;
  const [image, work] = [join(bundle, 'checkpoint', 'image'), join(bundle, 'checkpoint', 'work')];
  const paths = ['--image-path', image, ...(usesCriu ? ['--work-path', work] : [])];

  async function prepared(verb: readonly string[]): Promise<Life> {
    const pipes = await containerPipes();
    try {
      const words = [...verb, '--detach', '--bundle', bundle, id];
      const made = { pipes, waiting: await launchWaiting(programOf(place, words), pipes.theirs) };
      pipes.handOver();
      const life: Life = { ...made, said: '', isStarted: false };
      pipes.error.on('data', (chunk: Buffer) => {
        if (life.said.length < longestError) life.said += chunk.toString('utf8');
      });
      return life;
    } catch (error) {
      pipes.close();
      throw error;
    }
  }

  /** The error of a command of the runtime, with CRIU's own reason. */
  async function failed(verb: string, said: string): Promise<EngineError> {
    const log = usesCriu
      ? criuErrors(await tailOf(join(work, verb === 'checkpoint' ? 'dump.log' : `${verb}.log`)))
      : '';
    const own = said.replace(`${place.runtime[0]} ${verb}: `, '').trim().slice(0, longestError);
    return runtimeError(place, verb, [own, log].filter((part) => part !== '').join(': '));
  }

  let life = await prepared(['run']);
  let isRestored = false;
  let storing: ChildProcess | null = null;

  /** Runs in the run's cgroups, as a start does. On abort the runtime ends with its CRIU before this rejects. */
  async function store(signal: AbortSignal): Promise<void> {
    await mkdir(image, { recursive: true, mode: 0o700 });
    await mkdir(work, { recursive: true, mode: 0o700 });
    signal.throwIfAborted();
    const program = launch(programOf(place, ['checkpoint', ...paths, id]));
    storing = program;
    let said = '';
    const poured = quiet(
      pour(program, {
        onFirstByte: () => undefined,
        onData: (_, chunk) => {
          if (said.length < longestError) said += chunk.toString('utf8');
        },
      }),
    );
    const end = () => void endGroup(program);
    signal.addEventListener('abort', end, { once: true });
    try {
      if ((await exitOf(program)) === 0) return;
    } finally {
      signal.removeEventListener('abort', end);
    }
    await Promise.race([poured, sleep(lastOutputMs)]);
    throw await failed('checkpoint', said);
  }

  const container: Container = {
    ...runtimeCalls(place),
    id,
    attach: async (sink) => ({ closed: quiet(pourPipes(life.pipes, sink)) }),

    async waitForExit() {
      const { output } = life.pipes;
      const exited = once(output, 'close').then((): number => {
        throw new EngineError(text.noDetachedExit, null);
      });
      return { exited: quiet(exited) };
    },

    async start() {
      const { waiting } = life;
      life.isStarted = true;
      waiting.go();
      const code = await waiting.exited;
      if (code === 0) return;
      const { error } = life.pipes;
      if (!error.closed) await Promise.race([once(error, 'close'), sleep(lastOutputMs)]);
      throw await failed(isRestored ? 'restore' : 'run', life.said);
    },

    async stop(graceSeconds) {
      const { output } = life.pipes;
      const ended = output.closed ? null : once(output, 'close');
      await call(place, ['kill', id, 'TERM']);
      const isOver = await Promise.race([ended, sleep(graceSeconds * 1_000, null, { ref: false })]);
      if (isOver === null) await call(place, ['kill', id, 'KILL']);
      await ended;
    },

    write: (line) => void life.pipes.input.write(line),

    async checkpoint(signal): Promise<Checkpoint> {
      await store(signal);
      return {
        bytes: () => treeBytes(image),
        async prepare() {
          // Some runtimes keep a stored container in their lists.
          await call(place, ['delete', '--force', id]).catch(() => undefined);
          life.pipes.close();
          life = await prepared(['restore', ...paths]);
          isRestored = true;
        },
        create: async () => container,
      };
    },

    async remove() {
      const { waiting, pipes, isStarted } = life;
      // A store that was given up may still be on its way.
      if (storing !== null) await endGroup(storing);
      if (!isStarted) await waiting.abandon();
      else await endGroup(waiting.child);
      await call(place, ['delete', '--force', id]).catch(() => undefined);
      pipes.close();
      await place.dispose();
    },
  };
  return container;
}
