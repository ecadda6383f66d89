import { constants, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Checkpoint, Container } from '../../../core/engine/engine.ts';
import { removeTree } from '../../../core/engine/scratch.ts';
import { treeBytes } from '../../../core/files/tree-size.ts';
import type { ContainerdClient } from './client.ts';
import type { namedPipes, OutputPipes, PipePool } from './fifos.ts';
import type { ShimRuntime } from './runtime.ts';

/** The named pipe of a standard input, which the harness has opened. */
interface InputPipe {
  readonly path: string;
  readonly socket: Socket;
}

/** Opened for reading, too: the shim finds no end of it while no line is written. */
export function inputPipe(path: string): InputPipe {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on('error', () => undefined);
  return { path, socket };
}

/** A container whose task can be stored. */
interface RestorableTask {
  readonly id: string;
  readonly client: ContainerdClient;
  /** The shim of runc's command line, with its options. */
  readonly options: NonNullable<ShimRuntime['options']>;
  /** Of the request that creates its task, without the pipes. */
  readonly task: object;
  readonly input: InputPipe;
  readonly output: OutputPipes;
  readonly pipes: PipePool;
  readonly inputs: Awaited<ReturnType<typeof namedPipes>>;
  /** Directory for its checkpoint, removed with it. */
  readonly directory: string;
  /** A container around pipes: its calls know the task that has them. */
  around(output: OutputPipes): Container;
}

/**
 * A container that containerd's shim stores in a directory, without containerd's own store of contents; a new task of the same
 * container goes on from it. See {@link Container}.
 */
export function restorableContainer(first: Container, place: RestorableTask): Container {
  const { id, client, options, directory, inputs } = place;
  const paths = { image: join(directory, 'image'), work: join(directory, 'work') };
  let life = { container: first, input: place.input, output: place.output };

  async function drop(): Promise<void> {
    life.input.socket.destroy();
    // The shim of a task that has ended may still hold it.
    await inputs.give(life.input.path, false);
  }

  const container: Container = {
    ...first,
    attach: (sink, signal) => life.container.attach(sink, signal),
    waitForExit: (signal) => life.container.waitForExit(signal),
    stop: (graceSeconds, signal) => life.container.stop(graceSeconds, signal),
    write: (text) => void life.input.socket.write(text),

    async checkpoint(signal): Promise<Checkpoint> {
      for (const each of [directory, paths.image, paths.work]) await mkdir(each, { mode: 0o700 });
      const asked = { exit: true, imagePath: paths.image, workPath: paths.work };
      const stored = client.any('containerd.runc.v1.CheckpointOptions', asked);
      await client.call('tasks', 'Checkpoint', { containerId: id, options: stored }, { signal });
      return {
        bytes: () => treeBytes(paths.image),

        async prepare() {
          await client.call('tasks', 'Delete', { containerId: id });
          await life.output.release();
          await drop();
          const output = await place.pipes.take();
          const input = inputPipe(await inputs.take());
          await inputs.topUp();
          life = { container: place.around(output), input, output };
        },

        async create(limit) {
          const from = { criuImagePath: paths.image, criuWorkPath: paths.work };
          const { stdout, stderr } = life.output;
          const request = {
            ...place.task,
            stdin: life.input.path,
            stdout,
            stderr,
            options: client.any(options.type, { ...options.value, ...from }),
          };
          await client.call('tasks', 'Create', request, { signal: limit });
          return container;
        },
      };
    },

    async remove(signal) {
      await life.container.remove(signal);
      await drop();
      await removeTree(directory);
    },
  };
  return container;
}
