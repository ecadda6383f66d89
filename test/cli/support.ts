import { Writable } from 'node:stream';
import { openTerminal, type Streams, type Terminal } from '../../src/cli/terminal.ts';
import type { Lang } from '../../src/core/messages/message.ts';

/** Streams that are no terminal, and what was written to them. */
export function captured(): { readonly streams: Streams; stdout(): string; stderr(): string } {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    }) as unknown as NodeJS.WriteStream;
  return {
    streams: { stdout: stream('stdout'), stderr: stream('stderr') },
    stdout: () => written.stdout,
    stderr: () => written.stderr,
  };
}

/** A terminal that is none, and what was written to it. */
export function capturedTerminal(lang: Lang = 'en', environment: NodeJS.ProcessEnv = {}) {
  const { streams, ...written } = captured();
  const terminal: Terminal = openTerminal(streams, { lang, environment });
  return { terminal, ...written };
}
