import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connectTo, findEndpoint } from '../../../../src/core/engine/docker/endpoint.ts';

/** Longer than the 5 s after which a daemon that was there counts as lost. */
const startMs = 6_000;

test('a daemon that systemd starts for the first call is waited for', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-test-'));
  const socket = join(directory, 'docker.sock');
  // The socket accepts at once, as docker.socket does; dockerd answers when it runs.
  const started = sleep(startMs);
  const server = createServer(async (request, response) => {
    await started;
    const info = { CgroupVersion: '2', CgroupDriver: 'systemd', Driver: 'overlay2', DefaultRuntime: 'runc' };
    const answer = request.url?.endsWith('/info')
      ? { ...info, DockerRootDir: '/var/lib/docker' }
      : { Version: '26.1.5', ApiVersion: '1.45', Components: [] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  try {
    await new Promise<void>((done) => server.listen(socket, done));
    const endpoint = await findEndpoint({}, { DOCKER_HOST: `unix://${socket}`, HOME: directory });
    const { engine, close } = await connectTo(endpoint);
    expect(engine.facts).toMatchObject({ version: '26.1.5', cgroupDriver: 'systemd' });
    await close();
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true });
  }
});
