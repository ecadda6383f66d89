import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import Docker from 'dockerode';

/** The connection's settings as dockerode takes them. */
export type DockerConnection = Docker.DockerOptions;

/** The method by which node:http hands a request to its agent; `@types/node` does not know it. */
type AddRequest = (this: Agent, request: ClientRequest, options: object) => void;

/**
 * Keeps connections alive, so that no connect is timed with a container. docker-modem listens for errors of a request only,
 * while node tells of an answer that was cut off on the answer only: without this the call would never end.
 */
class DockerAgent extends Agent {
  addRequest(request: ClientRequest, options: object): void {
    request.once('response', (response: IncomingMessage) =>
      response.on('error', (error) => request.emit('error', error)),
    );
    (Agent.prototype as unknown as { addRequest: AddRequest }).addRequest.call(this, request, options);
  }
}

/** Opens a client; nothing is asked yet. */
export function dockerClient(connection: DockerConnection): Docker {
  // docker-modem hands `agent` to node:http; its types do not know it. TLS and SSH bring agents of their own.
  const options: DockerConnection & { agent?: Agent } = { ...connection };
  if (connection.socketPath !== undefined) options.agent = new DockerAgent({ keepAlive: true });
  return new Docker(options);
}
