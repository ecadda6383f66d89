import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import Docker from 'dockerode';

/** The connection's settings as dockerode takes them. */
export type DockerConnection = Docker.DockerOptions;

/** The method by which node:http hands a request to its agent; `@types/node` does not know it. */
type AddRequest = (request: ClientRequest, options: object) => void;

/**
 * docker-modem listens for errors of a request only, while node tells of an answer that was cut off on the answer only: without
 * this the call would never end.
 */
function tellingOfCuts<T extends Agent>(agent: T): T {
  const { addRequest } = agent as unknown as { addRequest: AddRequest };
  const telling: AddRequest = (request, options) => {
    request.once('response', (response: IncomingMessage) =>
      response.on('error', (error) => request.emit('error', error)),
    );
    addRequest.call(agent, request, options);
  };
  return Object.assign(agent, { addRequest: telling });
}

/** Opens a client; nothing is asked yet. */
export function dockerClient(connection: DockerConnection): Docker {
  const { ca, cert, key } = connection;
  // NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment must not open the way to a daemon.
  const tls = { ca, cert, key, rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
  // Connections are kept, so that no connect is timed with a container.
  const agent = tellingOfCuts(
    ca === undefined ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true, ...tls }),
  );
  // docker-modem hands `agent` to node:http; its types do not know it.
  return withoutDockerHost(() => new Docker({ ...connection, agent } as DockerConnection));
}

/**
 * docker-modem reads DOCKER_HOST and DOCKER_CERT_PATH by itself and puts their host above the socket that it is given:
 * with a remote daemon in the environment the embedded engine's client would talk to that one.
 */
function withoutDockerHost<T>(make: () => T): T {
  const { DOCKER_HOST: kept } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return make();
  } finally {
    if (kept !== undefined) process.env.DOCKER_HOST = kept;
  }
}
