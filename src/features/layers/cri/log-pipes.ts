import { basename } from 'node:path';
import { EngineError, type OutputSink } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import { namedPipes, pipeReader } from '../containerd/fifos.ts';

const text = notices('layer.cri', {
  oddLine: 'containerd wrote a line into a log that has no form of a log’s: {line}',
});

/** `TIME STREAM TAG CONTENT`; the tag is P for a part of a line, whose end is in a later one (CRI, "Container logs"). */
const head = /^\S+ (stdout|stderr) ([PF])(?::\S*)? $/;
/** Length of the longest text before a line's content, bytes. */
const longestHead = 80;
const newline = 0x0a;
const space = 0x20;

/** Where the content of a line begins: after its third space. */
function contentAt(line: Buffer): number {
  let at = 0;
  for (let found = 0; found < 3; found++) {
    at = line.indexOf(space, at) + 1;
    if (at === 0) return -1;
  }
  return at;
}

/**
 * Takes the chunks of a log as the CRI writes it, and passes on what the container has printed, byte for byte. The times in it
 * are not used: they are of the wall clock, and of the moment when containerd has read a line.
 */
export function criLogReader(onData: (stream: 'stdout' | 'stderr', chunk: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);

  function pass(line: Buffer): void {
    const at = contentAt(line);
    const found = at < 0 || at > longestHead ? null : head.exec(line.toString('latin1', 0, at));
    if (found === null)
      throw new EngineError(text.oddLine({ line: line.toString('utf8', 0, longestHead) }), null);
    const [, stream, tag] = found;
    // A whole line's own end of line is the one that ends it in the log.
    const content = line.subarray(at, tag === 'F' ? line.length : line.length - 1);
    if (content.length > 0) onData(stream === 'stderr' ? 'stderr' : 'stdout', content);
  }

  return {
    /** Throws EngineError where a line is none of a log. */
    add(chunk: Buffer): void {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
        const line = rest.subarray(0, end + 1);
        rest = rest.subarray(end + 1);
        pass(line);
      }
    },
  };
}

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
