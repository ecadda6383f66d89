import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { notices } from '../../messages/define.ts';
import { MessageError } from '../../model/said.ts';
import type { ServiceProtocol } from '../../model/scenario.ts';
import { proberScript } from './prober-script.ts';

const text = notices('prober', {
  ended: 'the prober ended with {code}',
  noOutput: 'the prober has no output',
  tooLate: 'the server did not answer in time',
});

/** Sends requests to servers in containers until they answer; see {@link proberScript}. */
export interface Prober {
  /**
   * Resolves with the host's CLOCK_MONOTONIC at the answer, ns. Rejects when the signal is aborted or the prober has
   * ended.
   */
  ask(
    service: { readonly host: string; readonly port: number; readonly protocol: ServiceProtocol },
    signal: AbortSignal,
  ): Promise<bigint>;
  /** Starts the process if it is not running, so that no trial waits for it. */
  ready(): Promise<void>;
  close(): void;
}

interface Pending {
  resolve(atNs: bigint): void;
  reject(error: Error): void;
}

/**
 * Creates a prober that starts its process on first use. `namespace`: file of the network namespace to send requests
 * from; null: this process's.
 */
export function openProber(namespace: string | null): Prober {
  const pending = new Map<number, Pending>();
  let next = 0;
  let started: Promise<ChildProcess> | null = null;
  let running: ChildProcess | null = null;

  const start = () =>
    new Promise<ChildProcess>((resolve, reject) => {
      const node = [process.execPath, '-e', proberScript];
      const [program = '', ...args] = namespace === null ? node : ['nsenter', `--net=${namespace}`, ...node];
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
      running = child;
      const fail = (error: Error) => {
        if (running === child) started = null;
        reject(error);
        for (const { reject: giveUp } of pending.values()) giveUp(error);
        pending.clear();
      };
      child.once('error', fail);
      child.once('exit', (code) => fail(new MessageError(text.ended({ code: String(code) }))));
      child.stdin?.on('error', fail);
      if (child.stdout === null) return fail(new MessageError(text.noOutput));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as { ready?: true; id: number; atNs: string };
        if (said.ready) return resolve(child);
        pending.get(said.id)?.resolve(BigInt(said.atNs));
        pending.delete(said.id);
      });
    });
  const child = () => {
    started ??= start();
    return started;
  };

  return {
    async ready() {
      await child();
    },
    async ask(service, signal) {
      const { stdin } = await child();
      const tooLate = () => new MessageError(text.tooLate);
      // A signal that was aborted while the process started fires no further event.
      if (signal.aborted) throw tooLate();
      const id = next++;
      const say = (message: object) => stdin?.write(`${JSON.stringify(message)}\n`);
      signal.throwIfAborted();
      return new Promise<bigint>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        signal.addEventListener(
          'abort',
          () => {
            if (!pending.delete(id)) return;
            say({ id });
            reject(tooLate());
          },
          { once: true },
        );
        say({ id, ...service });
      });
    },
    close() {
      running?.removeAllListeners('exit');
      running?.stdin?.end();
      running?.kill();
    },
  };
}
