import { EngineError } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';

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
