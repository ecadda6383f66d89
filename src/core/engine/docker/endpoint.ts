import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { dockerdOfConnection } from '../../host/dockerd-options.ts';
import { notices, reasons } from '../../messages/define.ts';
import { OcibenchError, refusal } from '../../model/failure/error.ts';
import type { EngineFacts } from '../../model/machine/host.ts';
import { type ContainerEngine, EngineError } from '../engine.ts';
import type { DockerConnection } from './client.ts';
import { type ConnectionAttempt, connectError } from './connect-errors.ts';
import { chooseDaemon, type DaemonFlags, parseAddress } from './context.ts';
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
});

const text = reasons('daemon', {
  unprotected: {
    message: 'has no TLS that verifies the daemon',
    fix: 'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, give the context ca, cert and key, or use ssh://; to connect anyway, on a network of your own:  --set insecureTcp=true',
  },
});

/** Docker's ports by convention. */
const ports = { tls: 2376, tcp: 2375 } as const;

/**
 * Finds the daemon as the Docker CLI does (see {@link chooseDaemon}) and checks that the connection is protected.
 * OcibenchError (exit 2) with every problem of address and TLS files. Does not connect.
 */
export async function findEndpoint(
  flags: DaemonFlags,
  environment: Parameters<typeof chooseDaemon>[1] = process.env,
): Promise<Endpoint> {
  const chosen = await chooseDaemon(flags, environment);
  const { url, origin, source, tls } = chosen;
  const address = parseAddress(url, source);
  const common = { address, origin, source, tls, named: origin !== 'default socket' };
  const through = (connection: DockerConnection) => async () => ({
    connection,
    close: async () => undefined,
  });
  if (address.kind === 'unix')
    return { ...common, transport: 'unix', open: through({ socketPath: address.path }) };
  if (address.kind === 'ssh')
    return {
      ...common,
      transport: 'ssh',
      open: async () => {
        const { socketPath, close } = await openTunnel(address);
        return { connection: { socketPath }, close };
      },
    };
  const { host, port, shown } = address;
  if (tls !== null) {
    const connection = { protocol: 'https', host, port: port ?? ports.tls, ...(await loadTls(tls)) } as const;
    return { ...common, transport: 'tls', open: through(connection) };
  }
  if (!flags.insecureTcp) throw refusal(notice.insecure({ shown }), source, text.unprotected);
  return {
    ...common,
    transport: 'tcp',
    open: through({ protocol: 'http', host, port: port ?? ports.tcp }),
  };
}

/** Time for a daemon to accept a connection after the kernel has made it, ms. */
const acceptLimitMs = 200;

/**
 * Host id of the dockerd of this machine that accepts a connection to this port; null where none is seen to. A port may be
 * forwarded, by ssh or into a virtual machine: then another program accepts it.
 */
async function dockerdBehind({ host, port }: DockerConnection): Promise<number | null> {
  const socket = connect({ host: String(host), port: Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(firstAnswerLimitMs) });
    const { localPort = 0, remotePort = 0, remoteAddress = '' } = socket;
    const own = Object.values(networkInterfaces()).flatMap((all = []) => all.map((each) => each.address));
    // Every address that begins so is the loopback's.
    if (!own.includes(remoteAddress) && !remoteAddress.startsWith('127.')) return null;
    for (const deadline = performance.now() + acceptLimitMs; ; await sleep(10)) {
      const found = dockerdOfConnection({ local: localPort, remote: remotePort });
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
  readonly connection: DockerConnection;
  close(): Promise<void>;
}

/**
 * Timeout for the daemon's first answer, ms. systemd listens on Docker's socket before dockerd runs (docker.socket), so the
 * first caller after a boot waits for dockerd's whole start: 2 s on a server, over 10 s on a small or emulated machine.
 */
const firstAnswerLimitMs = 20_000;

/** Connects to an endpoint. OcibenchError (exit 3) with the reason where no daemon answers. */
export async function connectTo(endpoint: Endpoint): Promise<DaemonConnection> {
  const { address, transport } = endpoint;
  const opened = await endpoint.open().catch((error: unknown) => {
    throw error instanceof OcibenchError ? error : connectError(error, endpoint);
  });
  const { connection } = opened;
  const connectEngine = async () => {
    const dockerd = address.kind === 'tcp' ? await dockerdBehind(connection) : null;
    return connectDocker(connection, { kind: 'docker', endpoint: address.shown, transport, dockerd });
  };
  const tooLate = sleep(firstAnswerLimitMs, undefined, { ref: false }).then(() => {
    throw new EngineError(noAnswer(firstAnswerLimitMs), null, undefined, true);
  });
  try {
    const engine = await Promise.race([connectEngine(), tooLate]);
    return { engine, connection, close: opened.close };
  } catch (error) {
    await opened.close();
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
