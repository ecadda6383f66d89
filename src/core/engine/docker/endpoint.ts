import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { dockerdOfConnection } from '../../host/dockerd-options.ts';
import { messages, notices } from '../../messages/define.ts';
import { OcibenchError } from '../../model/error.ts';
import type { EngineFacts } from '../../model/host.ts';
import { type ContainerEngine, EngineError } from '../engine.ts';
import { type DaemonAddress, parseAddress, refuse } from './address.ts';
import type { DockerConnection } from './client.ts';
import { type ConnectionAttempt, connectError } from './connect-errors.ts';
import { type ChosenDaemon, chooseDaemon, type DaemonFlags, type EnvironmentVariables } from './context.ts';
import { connectDocker } from './engine.ts';
import { noAnswer } from './errors.ts';
import { openTunnel } from './ssh-tunnel.ts';
import { loadTls } from './tls-files.ts';

/** Address of a daemon, and how to reach it. */
export interface Endpoint extends ConnectionAttempt {
  readonly transport: NonNullable<EngineFacts['transport']>;
  /** Did the user name it? False for the default socket. */
  readonly named: boolean;
  /** Opens what the connection needs (a tunnel); `close` ends it. */
  open(): Promise<{ readonly connection: DockerConnection; close(): Promise<void> }>;
}

const notice = notices('daemon', {
  insecure: '{shown} is refused: whoever reaches this port is root on that host',
  withoutTls: 'is not protected by TLS',
});

const words = messages('daemon', {
  useTls: 'use TLS or ssh://',
  orInsecure: '{fix}; to connect anyway, on a network of your own:  --set insecureTcp=true',
});

const nothing = async () => undefined;

/** Docker's ports by convention. */
const ports = { tls: 2376, tcp: 2375 } as const;

async function tcp(
  address: Extract<DaemonAddress, { kind: 'tcp' }>,
  { source, tls, withoutTls }: ChosenDaemon,
  insecure: boolean,
): Promise<Pick<Endpoint, 'transport' | 'open'>> {
  const { host } = address;
  if (tls !== null) {
    const material = await loadTls(tls);
    const connection = { protocol: 'https' as const, host, port: address.port ?? ports.tls, ...material };
    return { transport: 'tls', open: async () => ({ connection, close: nothing }) };
  }
  if (!insecure)
    throw refuse(notice.insecure({ shown: address.shown }), source, {
      message: withoutTls?.message ?? notice.withoutTls,
      fix: words.orInsecure({ fix: withoutTls?.fix ?? words.useTls }),
    });
  const connection = { protocol: 'http' as const, host, port: address.port ?? ports.tcp };
  return { transport: 'tcp', open: async () => ({ connection, close: nothing }) };
}

/**
 * Finds the daemon as the Docker CLI does (see {@link chooseDaemon}) and checks that the connection is protected.
 * OcibenchError (exit 2) with every problem of address and TLS files. Does not connect.
 */
export async function findEndpoint(
  flags: DaemonFlags,
  environment: EnvironmentVariables = process.env,
): Promise<Endpoint> {
  const chosen = await chooseDaemon(flags, environment);
  const { origin, source } = chosen;
  const address = parseAddress(chosen.url, source);
  const common = { address, origin, source, tls: chosen.tls, named: origin !== 'default socket' };
  switch (address.kind) {
    case 'unix':
      return {
        ...common,
        transport: 'unix',
        open: async () => ({ connection: { socketPath: address.path }, close: nothing }),
      };
    case 'ssh':
      return {
        ...common,
        transport: 'ssh',
        open: async () => {
          const { socketPath, close } = await openTunnel(address, source);
          return { connection: { socketPath }, close };
        },
      };
    case 'tcp':
      return { ...common, ...(await tcp(address, chosen, flags.insecureTcp ?? false)) };
  }
}

/** Time for a daemon to accept a connection after the kernel has made it, ms. */
const acceptLimitMs = 200;

/** Is the name or address one of this machine? The loopback is, whatever is forwarded there. */
async function isOfThisMachine(host: string): Promise<boolean> {
  const { address } = await lookup(host).catch(() => ({ address: '' }));
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all.map((each) => each.address));
  return own.includes(address) || address.startsWith('127.');
}

/**
 * Host id of the dockerd of this machine that accepts a connection to this address; null where none is seen to. A port may be
 * forwarded, by ssh or into a virtual machine: then another program accepts it.
 */
async function dockerdBehind({ host, port, ca, cert, key }: DockerConnection): Promise<number | null> {
  const to = { host: String(host), port: Number(port) };
  const tls = { ...to, ca, cert, key, rejectUnauthorized: true } as ConnectionOptions;
  const socket = ca === undefined ? connectTcp(to) : connectTls(tls);
  // A daemon that refuses the certificate says so only after the handshake.
  socket.on('error', () => undefined);
  try {
    await once(socket, ca === undefined ? 'connect' : 'secureConnect', {
      signal: AbortSignal.timeout(firstAnswerLimitMs),
    });
    const ports = { local: socket.localPort ?? 0, remote: to.port };
    for (const deadline = performance.now() + acceptLimitMs; ; await sleep(10)) {
      const found = dockerdOfConnection(ports);
      if (found !== 'pending') return found;
      if (performance.now() > deadline) return null;
    }
  } catch {
    // The connection that is used says why.
    return null;
  } finally {
    socket.destroy();
  }
}

/** A running daemon that answers; `close` ends the connection. */
interface DaemonConnection {
  readonly engine: ContainerEngine;
  close(): Promise<void>;
}

/**
 * Timeout for the daemon's first answer, ms. systemd listens on Docker's socket before dockerd runs (docker.socket), so the
 * first caller after a boot waits for dockerd's whole start: 2 s on a server, over 10 s on a small or emulated machine.
 */
const firstAnswerLimitMs = 20_000;

/** Connects to an endpoint. OcibenchError (exit 3) with the reason where no daemon answers. */
export async function connectTo(endpoint: Endpoint): Promise<DaemonConnection> {
  const { connection, close } = await endpoint.open();
  const tooLate = sleep(firstAnswerLimitMs, undefined, { ref: false }).then(() => {
    throw new EngineError(noAnswer(firstAnswerLimitMs), null, undefined, true);
  });
  try {
    const { address, transport } = endpoint;
    const { shown } = address;
    const peer = { kind: 'docker', endpoint: shown, transport } as const;
    const connect = async () => {
      const mayBeHere = address.kind === 'tcp' && (await isOfThisMachine(address.host));
      const dockerd = mayBeHere ? await dockerdBehind(connection) : null;
      return connectDocker(connection, { ...peer, dockerd });
    };
    const engine = await Promise.race([connect(), tooLate]);
    return { engine, close };
  } catch (error) {
    await close();
    // A daemon that is too old has its own complete error.
    throw error instanceof OcibenchError ? error : connectError(error, endpoint);
  }
}

/**
 * Connects to the daemon that the environment or the context names, or else the default socket. OcibenchError (exit 3) if none
 * answers.
 */
export async function reachDocker(): Promise<DaemonConnection & { readonly shown: string }> {
  const endpoint = await findEndpoint({});
  return { ...(await connectTo(endpoint)), shown: endpoint.address.shown };
}

/** The daemon that the flags, the environment or the context name, if it answers; null where none does. */
export async function connectIfThere(flags: DaemonFlags = {}): Promise<DaemonConnection | null> {
  const endpoint = await findEndpoint(flags);
  return connectTo(endpoint).catch(() => null);
}
