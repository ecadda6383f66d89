import { basename } from 'node:path';
import type { OutputSink } from '../../../core/engine/engine.ts';
import { namedPipes, pipeReader } from '../containerd/fifos.ts';
import { criLogReader } from './log.ts';

/**
 * The log of one container: a named pipe where the kubelet has a file. containerd does the same for both: it reads the
 * container's output, puts time and stream before each line, and writes it to the path that it was told. Of a file the end of
 * the output would be unknown, and a first line would be seen as late as the file is looked at; of a pipe both come at once, on
 * this harness's own clock, as they do at the other layers. The CRI has no other way to the output of a container that was not
 * started interactively: its `Attach` gives the address of a web server.
 */
export interface LogPipe {
  /** Name in the log directory. */
  readonly name: string;
  /** Passes output on; resolves when containerd has closed the log. Rejects with EngineError where it is none. */
  pour(sink: OutputSink): Promise<void>;
  release(): Promise<void>;
}

/** Logs below a directory. */
export async function logPipes(directory: string) {
  const pipes = await namedPipes(directory);
  return {
    directory,
    /** Rejects with EngineError where no more can be made. */
    async take(): Promise<LogPipe> {
      const path = await pipes.take();
      const socket = pipeReader(path);
      const over = Promise.withResolvers<void>();
      over.promise.catch(() => undefined);
      let isWhole = false;
      socket.on('error', () => undefined);
      socket.once('end', () => {
        isWhole = true;
        over.resolve();
      });
      return {
        name: basename(path),
        pour(sink) {
          const log = criLogReader((stream, chunk) => sink.onData(stream, chunk));
          let seen = false;
          socket.on('data', (chunk: Buffer) => {
            if (!seen) {
              seen = true;
              sink.onFirstByte();
            }
            try {
              log.add(chunk);
            } catch (error) {
              socket.destroy();
              over.reject(error);
            }
          });
          return over.promise;
        },
        async release() {
          socket.destroy();
          await pipes.give(path, isWhole);
        },
      };
    },
  };
}
