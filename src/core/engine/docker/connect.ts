import { setTimeout as sleep } from 'node:timers/promises';
import { OcibenchError } from '../../model/error.ts';
import { type ContainerEngine, EngineError } from '../engine.ts';
import { noAnswer } from './calls.ts';
import { connectError } from './connect-errors.ts';
import type { DaemonFlags } from './context.ts';
import { type Endpoint, findEndpoint } from './endpoint.ts';
import { connectDocker } from './engine.ts';

/** A running daemon that answers; `close` ends the connection. */
export interface Connected {
  readonly engine: ContainerEngine;
  close(): Promise<void>;
}

/**
 * Timeout for the daemon's first answer, ms. systemd listens on Docker's socket before dockerd runs (docker.socket), so that the first
 * caller after a boot waits for dockerd's whole start: 2 s on a server, over 10 s in a small or an emulated machine.
 */
const firstAnswerLimitMs = 20_000;

/** Connects to an endpoint. OcibenchError (exit 3) with the reason where no daemon answers. */
export async function connectTo(endpoint: Endpoint): Promise<Connected> {
  const { connection, close } = await endpoint.open();
  const tooLate = sleep(firstAnswerLimitMs, undefined, { ref: false }).then(() => {
    throw new EngineError(noAnswer(firstAnswerLimitMs), null, undefined, true);
  });
  try {
    const { address, transport } = endpoint;
    const engine = await Promise.race([
      connectDocker(connection, { kind: 'docker', endpoint: address.shown, transport }),
      tooLate,
    ]);
    return { engine, close };
  } catch (error) {
    await close();
    // A daemon that is too old has its own complete error.
    throw error instanceof OcibenchError ? error : connectError(error, endpoint);
  }
}

/** Connects to the daemon that the environment or the context names, or else the default socket. OcibenchError (exit 3) if none answers. */
export async function reachDocker(): Promise<Connected & { readonly shown: string }> {
  const endpoint = await findEndpoint({});
  return { ...(await connectTo(endpoint)), shown: endpoint.address.shown };
}

/** The daemon that the flags, the environment or the context name, if it answers; null where none does. */
export async function connectIfThere(flags: DaemonFlags = {}): Promise<Connected | null> {
  const endpoint = await findEndpoint(flags);
  return connectTo(endpoint).catch(() => null);
}
