import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dockerClient } from '../../src/engine/docker-engine.ts';
import { engineEnvironment } from '../../src/engine/embedded.ts';

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
