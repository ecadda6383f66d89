import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { strictFile } from '../../../src/app/container-profiles/seccomp-profile.ts';
import type { Session } from '../../../src/app/measure/engine-session.ts';
import { preflightLimitOf, runPreflights } from '../../../src/app/measure/preflights.ts';
import { sessionTrials } from '../../../src/app/measure/session.ts';
import { preflightImages } from '../../../src/app/measure/try-runtimes.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import { type Container, type ContainerSpec, EngineError } from '../../../src/core/engine/engine.ts';
import { external } from '../../../src/core/messages/compose.ts';
import type { Message } from '../../../src/core/messages/message.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../../src/core/model/runtime/runtime.ts';
import { imageId } from '../../../src/core/model/workload/image.ts';
import { fakeV2 } from '../../core/collect/cgroup/fake-hierarchy.ts';
import { fakeEngine, type Script } from '../../core/measure/execute/support.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

/** A process that is called and named as QEMU is for this container. */
async function startVm(containerId: string): Promise<() => Promise<unknown>> {
  const args = ['-e', 'setTimeout(() => {}, 60_000)', '--', '-name', `sandbox-${containerId}`];
  const child = spawn(process.execPath, args, { argv0: 'qemu-system-x86_64', stdio: 'ignore' });
  await once(child, 'spawn');
  return async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
}

/** An engine whose containers run as asked: those that sleep until they are killed, and beside them a virtual machine. */
function scriptedSession(calls: string[], withVm: boolean, script: Script = {}, coldMs = 0): Session {
  const create = async (spec: ContainerSpec): Promise<Container> => {
    const sleeps = spec.request.command.join(' ').includes('sleep');
    const stdout = sleeps ? 'idle\n' : 'ocibench\n';
    const id = randomBytes(32).toString('hex');
    const own = await fakeEngine({ stdout, exit: sleeps ? 'hang' : 0, ...script }, []).create(
      spec,
      AbortSignal.timeout(60_000),
    );
    const what = spec.request.command[0]?.endsWith('.wasm') ? 'module' : 'echo';
    calls.push(`${spec.runtime} ${sleeps ? 'idle' : what}`);
    let endVm = async (): Promise<unknown> => undefined;
    return {
      ...own,
      id,
      async start(signal) {
        if (withVm && sleeps) endVm = await startVm(id);
        if (coldMs > 0 && calls.filter((call) => call === 'runsc echo').length === 1) await sleep(coldMs);
        return own.start(signal);
      },
      async kill(signal) {
        await endVm();
        return own.kill(signal);
      },
    };
  };
  const { root, layout } = fakeV2();
  roots.push(root);
  const parts = {
    engine: { ...fakeEngine({}, []), create },
    runId: 'r',
    scratch: null,
    hostPlace: { layout, driver: 'cgroupfs', runId: 'r', engineCgroups: { absent: 'a test' } },
    prober: { ask: async () => 0n, ready: async () => {}, close: () => {} },
    guard: {
      during: (action: (gone: AbortSignal) => unknown) => action(new AbortController().signal),
      lost: () => null,
    },
  };
  const trials = sessionTrials(parts as unknown as Parameters<typeof sessionTrials>[0]);
  return { ...parts, trials } as unknown as Session;
}

async function preflights(
  entries: readonly RuntimeEntry[],
  sessionOf: (calls: string[]) => Session,
  code = 'start-failed',
  hasModules = true,
  noModuleImage?: Message,
): Promise<{ calls: readonly string[]; facts: readonly RuntimeFacts[] }> {
  const calls: string[] = [];
  const [workload, idle, module] = ['startup/echo', 'memory/idle', 'sandbox/wasm-start'].map((id) =>
    workloads.find((each) => each.id === id),
  );
  if (workload === undefined || idle === undefined || module === undefined)
    throw new Error('a workload is missing');
  const facts = await runPreflights({
    session: sessionOf(calls),
    entries,
    requested: null,
    workload,
    idle,
    ...(hasModules ? { module } : {}),
    ...(noModuleImage === undefined ? {} : { noModuleImage }),
    images: ['base', 'wasm'].map((recipe) => ({
      recipe,
      recipeHash: '',
      contentHash: '',
      reference: recipe,
      bytes: 1,
    })),
    explain: (_, message) => ({ code, message }),
    daemonJson: '/srv/daemon.json',
    limitOf: () => 5_000,
    interrupt: new AbortController().signal,
  });
  return { calls, facts };
}

const workloads = await loadWorkloads();
const entry = (name: string, path: string): RuntimeEntry => ({ name, path, origin: 'daemon.json' });

describe('a runtime that may start virtual machines', () => {
  test('is looked at while a container of its own is idle; others are not', async () => {
    const { calls, facts } = await preflights(
      [entry('runc', '/nowhere/runc'), entry('kata', '/nowhere/kata'), entry('mine', '/nowhere/mine')],
      (seen) => scriptedSession(seen, true),
    );
    expect(calls).toEqual(['runc echo', 'kata echo', 'kata idle', 'mine echo', 'mine idle']);
    expect(facts.map(({ preflight }) => preflight.status)).toEqual(Array(3).fill('available'));
    const vm = { comm: expect.any(String), inCgroup: false, emulation: 'QEMU TCG' };
    expect(facts.map((each) => each.vm)).toEqual([undefined, vm, vm]);
  });

  test('and may have none', async () => {
    const { facts } = await preflights([entry('mine', '/nowhere/mine')], (seen) =>
      scriptedSession(seen, false),
    );
    expect(facts.map((each) => each.vm)).toEqual([null]);
  });
});

test('a runtime that runs WebAssembly modules only is tried with a module', async () => {
  const { calls, facts } = await preflights(
    [entry('runc', '/nowhere/runc'), entry('mine', '/nowhere/crun-wasm')],
    (seen) => scriptedSession(seen, false),
  );
  expect(calls).toEqual(['runc echo', 'mine module']);
  expect(facts.map(({ family, preflight }) => [family, preflight.status])).toEqual([
    ['runc', 'available'],
    ['wasm', 'available'],
  ]);
});

test('where no test has a module, such a runtime is not started, and says so', async () => {
  const { calls, facts } = await preflights(
    [entry('runc', '/nowhere/runc'), entry('mine', '/nowhere/crun-wasm')],
    (seen) => scriptedSession(seen, false),
    'start-failed',
    false,
  );
  expect(calls).toEqual(['runc echo']);
  expect(facts.map(({ preflight }) => preflight)).toMatchObject([
    { status: 'available' },
    { status: 'unavailable', code: 'no-module', reason: expect.stringContaining('no test of this run') },
  ]);
});

test('where the image with modules cannot be provided, that is the row of such a runtime alone', async () => {
  const { calls, facts } = await preflights(
    [entry('runc', '/nowhere/runc'), entry('mine', '/nowhere/crun-wasm')],
    (seen) => scriptedSession(seen, false),
    'start-failed',
    false,
    external('no way to the archive'),
  );
  expect(calls).toEqual(['runc echo']);
  expect(facts.map(({ preflight }) => preflight)).toMatchObject([
    { status: 'available' },
    { status: 'unavailable', code: 'no-image', reason: expect.stringContaining('no way to the archive') },
  ]);
});

test('the image with modules is one of the run only where a test has a module', async () => {
  const images = async (path: string, hasModules: boolean) =>
    (await preflightImages([entry('mine', path)], hasModules)).map(imageId);
  expect(await images('/nowhere/crun-wasm', true)).toContain('wasm');
  expect(await images('/nowhere/crun-wasm', false)).not.toContain('wasm');
  expect(await images('/nowhere/crun', true)).not.toContain('wasm');
});

describe('an entry that cannot work', () => {
  test('is told without starting anything', async () => {
    const shim = entry('kata', '/opt/kata/bin/containerd-shim-kata-v2');
    const { calls, facts } = await preflights([entry('runc', '/nowhere/runc'), shim], (seen) =>
      scriptedSession(seen, false),
    );
    expect(calls).toEqual(['runc echo']);
    expect(facts[1]?.preflight).toMatchObject({
      status: 'unavailable',
      code: 'shim-by-path',
      error: '',
      fix: expect.stringMatching(
        /"kata": \{"runtimeType": "io\.containerd\.kata\.v2"\}.*\/srv\/daemon\.json/,
      ),
    });
  });

  test('by the version of its program', async () => {
    const place = mkdtempSync(join(tmpdir(), 'ocibench-kata-'));
    roots.push(place);
    const path = join(place, 'kata-runtime');
    writeFileSync(path, '#!/bin/sh\necho "kata-runtime  : 3.25.0"\n', { mode: 0o755 });
    const { calls, facts } = await preflights([entry('kata-runtime', path)], (seen) =>
      scriptedSession(seen, false),
    );
    expect([calls, facts[0]?.version]).toEqual([[], '3.25.0']);
    expect(facts[0]?.preflight).toMatchObject({ status: 'unavailable', code: 'kata-not-oci', error: '' });
  });
});

test('what QEMU said is shown beside the reason, and decides nothing', async () => {
  const place = mkdtempSync(join(tmpdir(), 'ocibench-journal-'));
  roots.push(place);
  const line = 'level=error msg="Could not access KVM kernel module: No such file or directory" qemuPid=1';
  writeFileSync(join(place, 'journalctl'), `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${place}:${process.env.PATH}`);
  const kata = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' } as const;
  const script = { start: new EngineError('exiting QMP loop, command cancelled', 500) };
  const preflightOf = async (entry: RuntimeEntry, code: string) =>
    (await preflights([entry], (seen) => scriptedSession(seen, false, script), code)).facts[0]?.preflight;
  try {
    expect(await preflightOf(kata, 'kata-vmm-ended')).toMatchObject({
      code: 'kata-vmm-ended',
      reason: expect.stringMatching(/QMP loop.*said: Could not access KVM kernel module: No such file/),
      error: 'exiting QMP loop, command cancelled',
    });
    const others = [
      await preflightOf(kata, 'kata-vsock-missing'),
      await preflightOf(entry('runc', '/x'), 'timeout'),
    ];
    for (const other of others) expect(JSON.stringify(other)).not.toContain('kernel module');
  } finally {
    vi.unstubAllEnvs();
  }
});

test('Kata has the time to say what is wrong, unless the user wants another', () => {
  const { facts } = fakeEngine({}, []);
  const limit = (of: RuntimeEntry, asked?: number) => preflightLimitOf(of, asked, facts);
  const kata = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' } as const;
  // dial_timeout as it is shipped, 45 s, and the request to the agent that follows.
  expect(limit(kata)).toBeGreaterThan(75_000);
  expect([limit(kata, 10_000), limit(kata, 180_000)]).toEqual([10_000, 180_000]);
  const runc = entry('runc', '/usr/bin/runc');
  expect([limit(runc), limit(runc, 10_000), limit(runc, 90_000)]).toEqual([20_000, 10_000, 20_000]);

  const place = mkdtempSync(join(tmpdir(), 'ocibench-kata-'));
  roots.push(place);
  writeFileSync(join(place, 'kata.toml'), '[agent.kata]\ndial_timeout = 120\n');
  expect(limit({ ...kata, options: { ConfigPath: join(place, 'kata.toml') } })).toBe(165_000);
});

test("a runtime that the daemon's own seccomp profile stops is unavailable for that reason", async () => {
  const seccomp = strictFile;
  const session = scriptedSession([], false);
  const create: Session['engine']['create'] = (spec, signal) =>
    fakeEngine(
      spec.seccomp === undefined ? { stdout: 'not permitted\n', exit: 1 } : { stdout: 'ocibench\n', exit: 0 },
      [],
    ).create(spec, signal);
  const { engine, ...rest } = session;
  const own = { ...rest, engine: { ...engine, create, conditions: async () => ({ seccomp }) } };
  const trials = sessionTrials(own as unknown as Parameters<typeof sessionTrials>[0]);
  const { facts } = await preflights([entry('mine', '/nowhere/mine')], () => ({ ...own, trials }) as Session);
  expect(facts[0]?.preflight).toMatchObject({
    status: 'unavailable',
    code: 'seccomp-refused',
    reason: expect.stringContaining(`seccomp profile, ${seccomp}`),
    fix: expect.stringContaining('remove "seccomp-profile" from'),
    error: 'exit code 1: not permitted',
  });
});

test('a runtime whose first container was slow is not slow for that: a second one is looked at', async () => {
  const coldMs = 2_500;
  const entries = [entry('runc', '/nowhere/runc'), entry('runsc', '/nowhere/runsc')];
  const { calls, facts } = await preflights(entries, (seen) => scriptedSession(seen, false, {}, coldMs));
  expect(calls).toEqual(['runc echo', 'runsc echo', 'runsc echo']);
  const took = facts.map(({ preflight }) => (preflight.status === 'available' ? preflight.tookMs : null));
  expect(took[1]).toBeLessThan(coldMs);
});
