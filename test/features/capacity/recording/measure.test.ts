import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { layoutOf } from '../../../../src/core/collect/cgroup/layout.ts';
import type { Bursts, Loop } from '../../../../src/features/capacity/recording/loop.ts';
import { measure, NotBegun } from '../../../../src/features/capacity/recording/measure.ts';
import type { Tracer } from '../../../../src/features/capacity/recording/tracer.ts';
import type { Target } from '../../../../src/features/capacity/recording/watch/target.ts';

const bursts: Bursts = { plain: [1, 2, 3], read: [1, 2, 3] };
const loop: Loop = {
  pid: 1,
  mark: async () => undefined,
  phase: async () => bursts,
  [Symbol.asyncDispose]: async () => undefined,
};

/** A command that ends at once. */
const short: Target = {
  record: { kind: 'command', name: 'true', command: ['true'], runtime: null, cgroup: '/x' },
  watched: { path: 'x', cgroup: { id: 1n, level: 1 }, pids: () => [], begins: 'program', isOurs: true },
  release: async () => undefined,
  ended: Promise.resolve(0),
  [Symbol.asyncDispose]: async () => undefined,
};

const tracerThat = (began: Promise<void>): Tracer => ({
  facts: { kind: 'bpftrace', version: '1', timedOneOf: null, repaired: false },
  open: async () => undefined,
  began,
  close: async () => undefined,
  counted: async () => ({
    window: { beginNs: 1, endNs: 11 },
    calls: [],
    places: [],
    switches: null,
    tasks: { forks: null, execs: null },
    faults: null,
    loopCalls: new Map(),
    saw32Bit: false,
    lost: 0,
  }),
  ended: new AbortController().signal,
  said: () => '',
  [Symbol.asyncDispose]: async () => undefined,
});

const measured = (began: Promise<void>) =>
  measure({
    target: short,
    tracer: tracerThat(began),
    loop,
    layout: layoutOf('', ''),
    before: bursts,
    forMs: null,
    interrupt: new AbortController().signal,
  });

test('what a short target did is counted, although the word of its begin comes after its end', async () => {
  expect(await measured(sleep(50))).toMatchObject({ endedBy: 'exit', exitCode: 0, windowNs: 10 });
});

test('a target that ended without a program is told', async () => {
  await expect(measured(new Promise(() => undefined))).rejects.toThrow(NotBegun);
});
