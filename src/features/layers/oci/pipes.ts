import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { EngineError } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import { spawn } from '../../../core/programs/spawn.ts';

const text = notices('layer.oci', { noPipes: 'no pipes could be made for the container' });

/** Standard input, output and error. */
const count = 3;

/**
 * Shell script: its parts have a pipe between each two, print their process ids, and end with descriptor 3. A part redirects
 * nothing itself, so that its standard output stays the pipe. Node.js makes no pipes: what it calls so are sockets.
 */
const holder = `part() { sh -c 'echo $PPID >&2; exec cat <&3 >/dev/null'; :; }
${'part | '.repeat(count)}part 2>/dev/null`;

/** Anonymous pipes between the harness and a container: CRIU stores neither sockets nor named pipes of the host. */
export interface ContainerPipes {
  /** The container's ends: its standard input, output and error. */
  readonly theirs: readonly number[];
  readonly input: Socket;
  readonly output: Socket;
  readonly error: Socket;
  /** Closes the container's ends here, once a process has them. */
  handOver(): void;
  close(): void;
}

/** Makes the pipes of one container. Rejects with EngineError where that fails. */
export async function containerPipes(): Promise<ContainerPipes> {
  const child = spawn('sh', ['-c', holder], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').catch(() => undefined);
  const opened: number[] = [];
  const open = (path: string, flags: number) => {
    const file = openSync(path, flags);
    opened.push(file);
    return file;
  };
  try {
    const pids: string[] = [];
    for await (const pid of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
      pids.push(pid);
      if (pids.length === count) break;
    }
    if (pids.length < count) throw new EngineError(text.noPipes, null);
    // Each process has one end as its standard output; to open that is to open the pipe once more.
    const ends = pids.map((pid) => ({
      read: open(`/proc/${pid}/fd/1`, constants.O_RDONLY),
      write: open(`/proc/${pid}/fd/1`, constants.O_WRONLY),
    }));
    const [input, output, error] = ends;
    if (input === undefined || output === undefined || error === undefined)
      throw new EngineError(text.noPipes, null);
    let theirs = [input.read, output.write, error.write];
    const sockets = {
      input: new Socket({ fd: input.write, readable: false, writable: true }),
      output: new Socket({ fd: output.read, readable: true, writable: false }),
      error: new Socket({ fd: error.read, readable: true, writable: false }),
    };
    // A container that has ended does not read; its end is reported elsewhere.
    for (const socket of Object.values(sockets)) socket.on('error', () => undefined);
    const handOver = () => {
      for (const file of theirs) closeSync(file);
      theirs = [];
    };
    return {
      theirs,
      ...sockets,
      handOver,
      close() {
        handOver();
        for (const socket of Object.values(sockets)) socket.destroy();
      },
    };
  } catch (error) {
    for (const file of opened) closeSync(file);
    throw error instanceof EngineError ? error : new EngineError(text.noPipes, null, error);
  } finally {
    (child.stdio[3] as Socket).destroy();
    await ended;
  }
}
