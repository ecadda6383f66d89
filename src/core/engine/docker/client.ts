import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker from './dockerode.ts';

/** Connection settings of dockerode. */
export type DockerConnection = Docker.DockerOptions;

/** The method by which node:http passes a request to its agent; missing in `@types/node`. */
type AddRequest = (request: ClientRequest, options: object) => void;

/**
 * Makes truncated answers end their call: docker-modem listens for errors of a request only, while node reports a
 * truncated answer on the answer only.
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

/** The method by which docker-modem sends a request; missing in its types. */
type BuildRequest = (options: object, ...rest: unknown[]) => void;

/**
 * docker-modem formats every request for its debug log, even if nobody reads the log. That includes the signal, the agent and
 * everything reachable from its sockets, which took half of the harness's CPU time.
 */
function withoutLog(docker: Docker): Docker {
  const { modem } = docker as unknown as { modem: { buildRequest: BuildRequest } };
  const { buildRequest } = modem;
  modem.buildRequest = (options, ...rest) =>
    buildRequest.call(modem, Object.assign(options, { [inspect.custom]: () => 'request' }), ...rest);
  return docker;
}

/** Makes a client; sends no request yet. */
export function dockerClient(connection: DockerConnection): Docker {
  const { ca, cert, key } = connection;
  // NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment must not disable verification.
  const tls = { ca, cert, key, rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
  // Keep-alive, so that no container's time includes a connect.
  const agent = tellingOfCuts(
    ca === undefined ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true, ...tls }),
  );
  // docker-modem passes `agent` to node:http; its types lack the option.
  return withoutLog(withoutDockerHost(() => new Docker({ ...connection, agent } as DockerConnection)));
}

/**
 * Runs `make` without DOCKER_HOST and DOCKER_CERT_PATH. docker-modem reads both itself and prefers their host to the
 * given socket: with a remote daemon in the environment the embedded engine's client would talk to that one.
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
