import { expect, test } from 'vitest';
import type { ContainerSpec, Engine } from '../../../../src/core/engine/engine.ts';
import { peerRuntime, trialRunner } from '../../../../src/core/measure/execute/runner.ts';
import type { ScenarioStep } from '../../../../src/core/model/workload/scenario.ts';
import type { Workload } from '../../../../src/core/model/workload/workload.ts';
import { EngineError, fakeEngine, fakeWorkload, type Script } from './support.ts';

const exec: ScenarioStep = {
  do: 'peer-exec',
  name: 'ask',
  command: ['ask', 'tcp://{address}:80', '{address}'],
};

/** Runs one trial of a workload with a peer on a scripted engine; the calls of both containers in order. */
async function withPeer(
  options: {
    script?: Script;
    steps?: readonly ScenarioStep[];
    peerFails?: boolean;
    peer?: boolean;
    patience?: number;
  } = {},
) {
  const calls: string[] = [];
  const specs: ContainerSpec[] = [];
  const scripted = fakeEngine({ exit: 'hang', ...options.script }, calls);
  const engine: Engine = {
    ...scripted,
    async create(spec, signal) {
      specs.push(spec);
      if (options.peerFails && spec.name.endsWith('-peer')) throw new EngineError('no such image', 404);
      const stats = () => Promise.reject(new EngineError('no stats', 404));
      return { ...(await scripted.create(spec, signal)), stats };
    },
  };
  const { peer = true, patience } = options;
  const workload: Workload = {
    ...fakeWorkload(),
    container: () => ({ command: ['serve'], network: 'bridge', timeoutMs: 500 }),
    ...(peer ? { peer: () => ({ image: 'clients', command: ['wait'] }) } : {}),
    steps: () => [...(options.steps ?? [exec]), { do: 'kill' }],
  };
  const run = trialRunner({
    engine,
    runId: 'r',
    scratch: null,
    hostPlace: null,
    prober: { ask: async () => process.hrtime.bigint(), ready: async () => {}, close: () => {} },
    images: new Map([
      ['base', 'ocibench/base:1'],
      ['clients', 'ocibench/clients:1'],
    ]),
    subjects: [{ workload, params: {} }],
    explain: (_, message) => ({ code: 'explained', message }),
    interrupt: new AbortController().signal,
    ...(patience === undefined ? {} : { patience }),
  });
  const cell = {
    runtime: 'runsc',
    profile: 'default',
    layer: 'docker' as const,
    workload: workload.id,
    params: '',
  };
  const { record } = await run(
    { trialId: 'b001p000', position: 0, cell },
    { block: 1, phase: 'measure', attempt: 1 },
  );
  return { record, calls, specs };
}

test('the peer is under runc whatever is measured, on the bridge, in its own image, and there before the trial', async () => {
  const { record, calls, specs } = await withPeer();
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(specs.map(({ name, runtime, image, request }) => [name, runtime, image, request.network])).toEqual([
    ['ocibench-r-b001p000-peer', peerRuntime, 'ocibench/clients:1', 'bridge'],
    ['ocibench-r-b001p000', 'runsc', 'ocibench/base:1', 'bridge'],
  ]);
  expect(peerRuntime).toBe('runc');
  expect(calls.slice(0, 3)).toEqual([
    'create ocibench-r-b001p000-peer',
    'start',
    'create ocibench-r-b001p000',
  ]);
  expect(calls.at(-1)).toBe('force-remove ocibench-r-b001p000-peer');
  expect(specs[0]?.labels).toEqual(specs[1]?.labels);
});

test('a program in the peer gets the address of the container under test, and its output is kept', async () => {
  const { record, calls } = await withPeer();
  expect(calls).toContain('exec ask tcp://192.0.2.1:80 192.0.2.1');
  expect(record.outputs.ask?.stdout).toBe('done\n');
  const at = Object.fromEntries(record.marks.map(({ name, atNs }) => [name, atNs]));
  expect(at['ask-begin']).toBeLessThanOrEqual(at['ask-output'] ?? Number.NaN);
  expect(at['ask-output']).toBeLessThanOrEqual(at['ask-end'] ?? Number.NaN);
  expect(record.window).toMatchObject({ cpuNs: null, engineCpuNs: null });
  expect(record.window?.hostNs).toBeGreaterThan(0);
  expect(record.window?.containerNs).toBe(record.window?.hostNs);
});

test('a program in the peer that fails is a failed trial that quotes it, and leaves neither container', async () => {
  const { record, calls } = await withPeer({ script: { execExit: 3 } });
  expect(record.outcome).toMatchObject({
    status: 'failed',
    step: 'peer',
    error: { message: "'ask' ended with exit code 3: done" },
  });
  expect(record.window).toBeNull();
  expect(calls.filter((call) => call.startsWith('force-remove'))).toHaveLength(2);
});

test('a peer that cannot be started fails the trial before it begins', async () => {
  const { record, calls, specs } = await withPeer({ peerFails: true });
  expect(record.outcome).toMatchObject({
    status: 'failed',
    step: 'peer',
    error: { message: 'no such image' },
  });
  expect(specs).toHaveLength(1);
  expect(calls).toContain('force-remove ocibench-r-b001p000-peer');
});

test('a step for a peer that the workload does not have is an error', async () => {
  const { record } = await withPeer({ peer: false });
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'peer' });
});

test('the container under test that ends while the peer still asks is a failure, not a measurement', async () => {
  const { record } = await withPeer({ script: { exit: 0 }, steps: [{ do: 'settle', ms: 50 }, exec] });
  expect(record.outcome).toMatchObject({ status: 'failed' });
  expect(JSON.stringify(record.outcome)).toContain('ended by itself with exit code 0');
});

test('the mark of a service is the instant that the prober tells', async () => {
  const { record } = await withPeer({
    steps: [{ do: 'await-service', port: 80, protocol: 'http', mark: 'serving' }],
  });
  expect(record.outcome).toEqual({ status: 'ok' });
  const at = Object.fromEntries(record.marks.map(({ name, atNs }) => [name, atNs]));
  expect(at.serving).toBeGreaterThan(at['start-begin'] ?? Number.NaN);
  expect(at.serving).toBeLessThanOrEqual(at['kill-begin'] ?? Number.NaN);
});

test.each([
  [undefined, 500],
  [4, 2000],
])('with patience %s a container and its peer may take %i ms', async (patience, limitMs) => {
  const { specs } = await withPeer(patience === undefined ? {} : { patience });
  expect(specs.map(({ request }) => request.timeoutMs)).toEqual([limitMs, limitMs]);
});
