import { basename } from 'node:path';
import { EngineError, type OutputSink } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import { namedPipes, pipeReader } from '../containerd/fifos.ts';

const text = notices('layer.cri', {
  oddLine: 'containerd wrote a malformed log line: {line}',
});

/** Head of `TIME STREAM TAG CONTENT`; tag P marks a part of a line that continues in a later entry (CRI, "Container logs"). */
const head = /^\S+ (stdout|stderr) ([PF])(?::\S*)? $/;
/** Longest head of a log line, bytes. */
const longestHead = 80;
const newline = 0x0a;
const space = 0x20;

/** Offset of a line's content: after its third space. */
function contentAt(line: Buffer): number {
  let at = 0;
  for (let found = 0; found < 3; found++) {
    at = line.indexOf(space, at) + 1;
    if (at === 0) return -1;
  }
  return at;
}

/**
 * Parses the chunks of a CRI log and passes on the container's output byte for byte. The times in the log are not used: they
 * are wall-clock times at which containerd read a line.
 */
export function criLogReader(onData: (stream: 'stdout' | 'stderr', chunk: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);

  function pass(line: Buffer): void {
    const at = contentAt(line);
    const found = at < 0 || at > longestHead ? null : head.exec(line.toString('latin1', 0, at));
    if (found === null)
      throw new EngineError(text.oddLine({ line: line.toString('utf8', 0, longestHead) }), null);
    const [, stream, tag] = found;
    // For a full line, the newline in the log is the container's own.
    const content = line.subarray(at, tag === 'F' ? line.length : line.length - 1);
    if (content.length > 0) onData(stream === 'stderr' ? 'stderr' : 'stdout', content);
  }

  return {
    /** Throws EngineError where a line is not a log line. */
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
 * The log of one container: a named pipe, where the kubelet uses a file. containerd treats both alike: it reads the container's
 * output, prefixes each line with time and stream, and writes it to the given path. With a file, the end of the output would be
 * unknown and a first line would be noticed only at the next poll; with a pipe, both arrive immediately on this harness's
 * clock, as at the other layers. The CRI has no other access to the output of a non-interactive container: its `Attach` returns
 * the address of a web server.
 */
export interface LogPipe {
  /** Name in the log directory. */
  readonly name: string;
  /** Passes output on; resolves when containerd has closed the log. Rejects with EngineError where the text is not a log. */
  pour(sink: OutputSink): Promise<void>;
  release(): Promise<void>;
}

/** Logs below a directory. */
export async function logPipes(directory: string) {
  const pipes = await namedPipes(directory);
  return {
    directory,
    /** Rejects with EngineError where no more pipes can be created. */
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
