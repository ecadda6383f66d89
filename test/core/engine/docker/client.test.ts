import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerClient } from '../../../../src/core/engine/docker/client.ts';
import { engineEnvironment } from '../../../../src/core/engine/embedded/engine.ts';
import { makeAuthority } from '../../../certificates.ts';

it('a socket that is given is the one that is asked, whatever DOCKER_HOST says', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-client-'));
  const socketPath = join(directory, 'docker.sock');
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ Name: 'the one' }));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const before = { ...process.env };
  process.env.DOCKER_HOST = 'tcp://127.0.0.1:1';
  process.env.DOCKER_CERT_PATH = '/nowhere';
  try {
    expect(await dockerClient({ socketPath }).info()).toEqual({ Name: 'the one' });
    expect(process.env.DOCKER_HOST).toBe('tcp://127.0.0.1:1');
  } finally {
    for (const name of ['DOCKER_HOST', 'DOCKER_CERT_PATH'])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true, force: true });
  }
});

it('the embedded engine gets PATH of our environment, and none of its secrets', () => {
  expect(
    engineEnvironment({ PATH: '/bin', GITHUB_TOKEN: 'hunter2', HTTPS_PROXY: 'http://a:hunter2@b' }),
  ).toEqual({
    PATH: '/bin',
  });
});

describe('an answer that is cut off in the middle ends its call with an error', () => {
  const cut: RequestListener = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
    response.write('{"Name": "');
    setTimeout(() => response.destroy(), 20);
  };

  /** Listens, makes one call, and ends the server. A call that never ends is for vitest's limit to end. */
  async function call(
    server: Server,
    listen: string | number,
    client: () => ReturnType<typeof dockerClient>,
  ) {
    await new Promise<void>((resolve) => server.listen(listen, resolve));
    try {
      return await client().info();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  async function within(run: (directory: string) => Promise<unknown>): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), 'ocibench-cut-'));
    try {
      await expect(run(directory)).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  it('over a socket', () =>
    within((directory) => {
      const socketPath = join(directory, 'docker.sock');
      return call(createServer(cut), socketPath, () => dockerClient({ socketPath }));
    }));

  it('over TLS', () =>
    within(async (directory) => {
      const authority = makeAuthority(directory, 'ca');
      const ofServer = authority.issue('server', { usage: 'serverAuth', names: 'IP:127.0.0.1' });
      const ofClient = authority.issue('client', { usage: 'clientAuth' });
      const [serverCert, serverKey, ca, cert, key] = await Promise.all(
        [
          join(ofServer, 'cert.pem'),
          join(ofServer, 'key.pem'),
          authority.ca,
          join(ofClient, 'cert.pem'),
          join(ofClient, 'key.pem'),
        ].map((path) => readFile(path)),
      );
      const tls = { cert: serverCert, key: serverKey, ca, requestCert: true, rejectUnauthorized: true };
      const server = createTlsServer(tls, cut);
      return call(server, 0, () => {
        const { port } = server.address() as AddressInfo;
        return dockerClient({ protocol: 'https', host: '127.0.0.1', port, ca, cert, key });
      });
    }));
});
