import { constants, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { EngineError, type OutputSink } from '../../../core/engine/engine.ts';
import { runProgram } from '../../../core/host/programs.ts';
import { notices } from '../../../core/messages/define.ts';

const text = notices('layer.containerd', { noFifo: 'the pipe for output could not be created: {said}' });

/** Number of pipes that are created together. */
const batch = 16;

/** The named pipes of one process. The harness has opened them for reading; the shim opens them for writing by their paths. */
export interface OutputPipes {
  readonly stdout: string;
  readonly stderr: string;
  /** Passes output on; resolves when all writers of both pipes have closed them. */
  pour(sink: OutputSink): Promise<void>;
  /** Closes them. Reuses them if all their output was read, else removes them. */
  release(): Promise<void>;
}

type Pair = Pick<OutputPipes, 'stdout' | 'stderr'>;

/** Opens a pipe for reading before it has a writer, so that nothing is lost and no writer waits. */
function pipeReader(path: string): Socket {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** Named pipes below a directory. They are created in advance: mkfifo(1) is a program, which must not run in a timed step. */
export async function namedPipes(directory: string) {
  const free: string[] = [];
  let made = 0;

  async function make(): Promise<void> {
    const paths = Array.from({ length: batch }, () => {
      made++;
      return join(directory, String(made));
    });
    const { exitCode, stderr } = await runProgram('mkfifo', ['-m', '600', '--', ...paths]);
    if (exitCode !== 0) throw new EngineError(text.noFifo({ said: stderr.trim() }), null);
    free.push(...paths);
  }

  await make();
  return {
    /** Takes the path of an unused pipe. Rejects with EngineError where no more can be created. */
    async take(): Promise<string> {
      if (free.length === 0) await make();
      return free.shift() as string;
    },
    /** Makes more where few are left: called where no time is measured. */
    async topUp(): Promise<void> {
      if (free.length < batch / 2) await make();
    },
    /** Returns a pipe. Keeps it if all writers have closed it, else removes it: a leftover process may still write to it. */
    async give(path: string, isWhole: boolean): Promise<void> {
      if (isWhole) free.push(path);
      else await rm(path, { force: true });
    },
  };
}

/** Pairs of named pipes below a directory. */
export async function outputPipes(directory: string) {
  const pipes = await namedPipes(directory);
  return {
    /** Rejects with EngineError where no more pipes can be created. */
    async take(): Promise<OutputPipes> {
      const pair: Pair = { stdout: await pipes.take(), stderr: await pipes.take() };
      const sockets = [pipeReader(pair.stdout), pipeReader(pair.stderr)] as const;
      let ended = 0;
      const over = Promise.withResolvers<void>();
      for (const socket of sockets) {
        socket.on('error', () => undefined);
        socket.once('end', () => {
          ended++;
          if (ended === sockets.length) over.resolve();
        });
      }
      return {
        ...pair,
        pour(sink) {
          let seen = false;
          for (const [at, name] of (['stdout', 'stderr'] as const).entries())
            sockets[at]?.on('data', (chunk: Buffer) => {
              if (!seen) {
                seen = true;
                sink.onFirstByte();
              }
              sink.onData(name, chunk);
            });
          return over.promise;
        },
        async release() {
          const isWhole = ended === sockets.length;
          for (const socket of sockets) socket.destroy();
          for (const path of [pair.stdout, pair.stderr]) await pipes.give(path, isWhole);
        },
      };
    },
  };
}

export type PipePool = Awaited<ReturnType<typeof outputPipes>>;
