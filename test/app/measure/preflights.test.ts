import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { preflightLimitOf, runPreflights } from '../../../src/app/measure/preflights.ts';
import { type Session, sessionTrials } from '../../../src/app/measure/session.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import type { Container, ContainerSpec } from '../../../src/core/engine/engine.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../../src/core/model/runtime.ts';
import { fakeV2 } from '../../core/collect/cgroup/fake-hierarchy.ts';
import { fakeEngine } from '../../core/measure/execute/support.ts';

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
function scriptedSession(calls: string[], withVm: boolean): Session {
  const create = async (spec: ContainerSpec): Promise<Container> => {
    const sleeps = spec.request.command.join(' ').includes('sleep');
    const stdout = sleeps ? 'idle\n' : 'ocibench\n';
    const id = randomBytes(32).toString('hex');
    const own = await fakeEngine({ stdout, exit: sleeps ? 'hang' : 0 }, []).create(
      spec,
      AbortSignal.timeout(60_000),
    );
    calls.push(`${spec.runtime} ${sleeps ? 'idle' : 'echo'}`);
    let endVm = async (): Promise<unknown> => undefined;
    return {
      ...own,
      id,
      async start(signal) {
        if (withVm && sleeps) endVm = await startVm(id);
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
  withVm: boolean,
): Promise<{ calls: readonly string[]; facts: readonly RuntimeFacts[] }> {
  const calls: string[] = [];
  const [workload, idle] = ['startup/echo', 'memory/idle'].map((id) =>
    workloads.find((each) => each.id === id),
  );
  if (workload === undefined || idle === undefined) throw new Error('a workload is missing');
  const facts = await runPreflights({
    session: scriptedSession(calls, withVm),
    entries,
    requested: null,
    workload,
    idle,
    images: [{ recipe: 'base', recipeHash: '', contentHash: '', reference: 'base', bytes: 1 }],
    explain: (_, message) => ({ code: 'start-failed', message }),
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
      true,
    );
    expect(calls).toEqual(['runc echo', 'kata echo', 'kata idle', 'mine echo', 'mine idle']);
    expect(facts.map(({ preflight }) => preflight.status)).toEqual(Array(3).fill('available'));
    const vm = { comm: expect.any(String), inCgroup: false, emulation: 'QEMU TCG' };
    expect(facts.map((each) => each.vm)).toEqual([undefined, vm, vm]);
  });

  test('and may have none', async () => {
    const { facts } = await preflights([entry('mine', '/nowhere/mine')], false);
    expect(facts.map((each) => each.vm)).toEqual([null]);
  });
});

test('Kata has the time to say what is wrong, unless the user wants less', () => {
  const kata = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' } as const;
  expect(preflightLimitOf(kata, undefined)).toBeGreaterThan(30_400);
  expect(preflightLimitOf(kata, 10_000)).toBe(10_000);
  expect(preflightLimitOf(kata, 90_000)).toBe(preflightLimitOf(kata, undefined));
  expect(preflightLimitOf(entry('runc', '/usr/bin/runc'), undefined)).toBe(20_000);
});
