import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { readCmdline, userProcesses } from '../../src/core/collect/process/read.ts';
import { dockerClient } from '../../src/core/engine/docker/client.ts';
import { libpod } from '../../src/core/engine/docker/podman-container.ts';
import type { ContainerSpec, OutputSink } from '../../src/core/engine/engine.ts';
import type { LayerEngine } from '../../src/core/engine/layer.ts';
import type { ContainerRequest } from '../../src/core/model/workload/workload.ts';
import { openRealSession } from '../support/app-context.ts';
import { tracesOf } from './ours.ts';
import { canRun } from './support.ts';

const entries = ['runc', 'crun'].map((name) => ({ name, path: name, origin: 'built-in' as const }));
const limitMs = 30_000;

describe.skipIf(!canRun)('the services of podman', () => {
  let session: Session;
  let podman: LayerEngine;
  let image = '';

  /** The service at the socket of a runtime. */
  function serviceOf(runtime: string) {
    const name = `podman${entries.findIndex((entry) => entry.name === runtime)}.sock`;
    for (const { pid } of userProcesses('/proc')) {
      const argv = readCmdline('/proc', pid);
      const socket = argv.find((word) => word.startsWith('unix://'))?.slice('unix://'.length) ?? '';
      if (argv[0] === 'podman' && socket.endsWith(`${session.runId}/${name}`)) return { pid, socket, argv };
    }
    throw new Error(`there is no service of ${runtime}`);
  }

  /** Replaces the service of crun by one whose containers all get runc. */
  async function replaceService() {
    const { pid, socket, argv } = serviceOf('crun');
    const [init] = userProcesses('/proc').filter(({ pid: each }) => {
      const [, , , name, scratch = ''] = readCmdline('/proc', each);
      return name === 'ocibench-podman' && scratch.includes(session.runId);
    });
    const environment = Object.fromEntries(
      readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .filter(Boolean)
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    process.kill(pid, 'SIGKILL');
    const words = argv.filter(Boolean).map((word) => (word === 'crun' ? 'runc' : word));
    const into = ['-t', String(init?.pid), '--mount', '--pid', '--'];
    spawn('nsenter', [...into, 'sh', '-c', `rm -f ${socket}; exec "$@"`, 'sh', ...words], {
      stdio: 'ignore',
      env: environment,
    });
    const docker = dockerClient({ socketPath: socket });
    const until = performance.now() + limitMs;
    for (;;)
      try {
        await docker.ping();
        return;
      } catch (error) {
        if (performance.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
  }

  beforeAll(async () => {
    session = await openRealSession(newRunId(new Date()), 'embedded', entries, ['podman']);
    const engine = session.layers?.engines.get('podman');
    if (engine === undefined) throw new Error('the layer podman was not opened');
    podman = engine;
  }, 300_000);
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    expect(await tracesOf(session.runId, 20_000)).toEqual([]);
  }, 300_000);

  const spec = (runtime: string, request: Partial<ContainerRequest> = {}): ContainerSpec => ({
    name: `ocibench-${session.runId}-${runtime}`,
    image,
    runtime,
    request: { command: ['/bin/sh', '-c', 'echo here; exit 7'], timeoutMs: limitMs, ...request },
    cgroupParent: `/ocibench/${session.runId}/other`,
    bindSources: {},
    labels: {},
  });
  const signal = () => AbortSignal.timeout(limitMs);

  test('a container whose runtime is another one is not measured, and the record says which it was', async () => {
    await replaceService();
    const [facts] = await session.provideImages(['base']);
    image = facts?.reference ?? '';
    expect(podman.seenRuntimes?.()).toEqual({ runc: 'runc', crun: 'runc' });
    await expect(podman.create(spec('crun'), signal())).rejects.toThrow(
      'podman created a container with runc instead of crun',
    );
  });

  test('podman ignores the runtime of a request: a service for each is the only way', async () => {
    const docker = dockerClient({ socketPath: serviceOf('runc').socket });
    const { id } = await docker.createContainer({ Image: image, HostConfig: { Runtime: 'no-such-runtime' } });
    expect(await libpod(docker, 'GET', `/containers/${id}/json`, {}, signal())).toMatchObject({
      OCIRuntime: 'runc',
    });
    await podman.forceRemove(id, signal());
  });

  test('a container says what it prints and how it ends, and its name is free again', async () => {
    for (let round = 0; round < 2; round++) {
      let printed = '';
      const sink: OutputSink = {
        onFirstByte: () => undefined,
        onData: (_, chunk) => {
          printed += chunk.toString();
        },
      };
      const container = await podman.create(spec('runc'), signal());
      const { closed } = await container.attach(sink, signal());
      const { exited } = await container.waitForExit(signal());
      await container.start(signal());
      expect(await exited).toBe(7);
      await closed;
      expect(printed).toBe('here\n');
      await container.remove(signal());
    }
  });

  test('one that runs is removed at once, whatever it does with SIGTERM', async () => {
    const command = ['/bin/sh', '-c', "trap '' TERM; while :; do sleep 1; done"];
    const container = await podman.create(spec('runc', { command }), signal());
    await container.start(signal());
    const began = performance.now();
    await podman.forceRemove(spec('runc').name, signal());
    // podman gives it 10 s by itself.
    expect(performance.now() - began).toBeLessThan(9_000);
    await podman.forceRemove(spec('runc').name, signal());
  });

  test('a program that the image lacks is the container’s fault, in the words of the runtime', async () => {
    const container = await podman.create(spec('runc', { command: ['/no/such'] }), signal());
    await expect(container.start(signal())).rejects.toThrow(/no such file or directory/);
    await container.remove(signal());
  });

  test('a service that is gone does not answer; one that is there does', async () => {
    process.kill(serviceOf('crun').pid, 'SIGKILL');
    expect((await podman.unreachable?.('crun', 2_000))?.text).toMatch(/does not answer/);
    expect(await podman.unreachable?.('runc', 10_000)).toBeNull();
  });
});
