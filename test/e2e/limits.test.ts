import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import type { Container } from '../../src/core/engine/engine.ts';
import { droppedCapabilities } from '../../src/core/model/workload/workload.ts';
import { capabilityNames } from '../../workloads/lib/isolation.ts';
import { openRealSession as openSession } from '../support/app-context.ts';
import { canRun } from './support.ts';

const signal = AbortSignal.timeout(240_000);

describe.skipIf(!canRun)('a real container of a workload that asks for nothing', () => {
  let session: Session;
  let container: Container;

  beforeAll(async () => {
    session = await openSession(newRunId(new Date()), 'embedded', [
      { name: 'runc', path: 'runc', origin: 'built-in' },
    ]);
    const [image] = await session.provideImages(['base']);
    container = await session.engine.create(
      {
        name: `ocibench-${session.runId}-limits`,
        image: image?.reference ?? '',
        runtime: 'runc',
        request: { command: ['/bin/sleep', '60'], timeoutMs: 60_000 },
        cgroupParent: null,
        bindSources: {},
        labels: {},
      },
      signal,
    );
    await container.start(signal);
  }, 300_000);
  afterAll(async () => {
    await container.remove(signal);
    await session[Symbol.asyncDispose]();
  }, 300_000);

  async function inside(...command: string[]): Promise<string> {
    const chunks: Buffer[] = [];
    const sink = { onFirstByte: () => undefined, onData: (_: string, chunk: Buffer) => chunks.push(chunk) };
    expect(await container.exec(command, sink, signal)).toBe(0);
    return Buffer.concat(chunks).toString('utf8');
  }

  test('the kernel holds it to no new privileges, a filter of system calls, and fewer capabilities', async () => {
    const status = await inside('/bin/cat', '/proc/1/status');
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    const has = capabilityNames(/^CapBnd:\s+(\w+)$/m.exec(status)?.[1] ?? '');
    expect(has).toContain('SETUID');
    for (const name of [...droppedCapabilities, 'SYS_ADMIN', 'SYS_PTRACE', 'NET_ADMIN'])
      expect(has).not.toContain(name);
  });

  test('nothing of the host is mounted, there is no device of it, and no network', async () => {
    const mounts = await inside('/bin/cat', '/proc/self/mounts');
    expect(mounts).not.toMatch(/docker\.sock|\/var\/tmp\/ocibench-\S+\/trials/);
    const devices = (await inside('/bin/ls', '/dev')).split(/\s+/).filter(Boolean);
    expect(devices).not.toEqual(expect.arrayContaining(['kvm']));
    expect(devices.filter((name) => /^(sd|vd|nvme|loop|mem$|kmsg$)/.test(name))).toEqual([]);
    const interfaces = (await inside('/bin/ls', '/sys/class/net')).split(/\s+/).filter(Boolean);
    expect(interfaces).toEqual(['lo']);
  });

  test('the engine holds it to its limits, and gave it no privilege and no namespace of the host', async () => {
    const socketPath = session.engine.facts.endpoint.replace('unix://', '');
    const { HostConfig: host } = await new Docker({ socketPath }).getContainer(container.id).inspect();
    expect(host).toMatchObject({
      Privileged: false,
      Memory: 512 * 2 ** 20,
      MemorySwap: 512 * 2 ** 20,
      PidsLimit: 1024,
      NetworkMode: 'none',
      PidMode: '',
      UTSMode: '',
      CapAdd: null,
      Binds: null,
      ReadonlyPaths: expect.arrayContaining(['/proc/sys']),
      MaskedPaths: expect.arrayContaining(['/proc/kcore']),
    });
    expect(host.IpcMode).not.toBe('host');
    expect(host.Devices ?? []).toEqual([]);
  });
});
