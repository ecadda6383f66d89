import { expect, test } from 'vitest';
import type { Container, Engine } from '../../../src/core/engine/engine.ts';
import { EngineError } from '../../../src/core/engine/engine.ts';
import { StepTimeout } from '../../../src/core/measure/execute/deadline.ts';
import runner from '../../../src/features/sandbox/group-runners/tti.ts';
import { fakeEngine } from '../../core/measure/execute/support.ts';
import { runnerContext, silently } from './runner-context.ts';

const hidden = { absent: 'fake' } as const;

/**
 * An engine whose sandboxes answer, except those of these names, and those that it never finishes to create; `calls` are what it
 * was asked for.
 */
function engineOf(fails: Readonly<Record<string, Error>>, stuck: readonly string[], calls: string[]): Engine {
  const container = (name: string): Container => ({
    id: name,
    attach: async () => ({ closed: Promise.resolve() }),
    waitForExit: async () => ({ exited: new Promise<number>(() => {}) }),
    start: async () => {
      calls.push(`start ${name}`);
      if (fails[name] !== undefined) throw fails[name];
    },
    exec: async (command, sink) => {
      sink.onFirstByte();
      sink.onData('stdout', Buffer.from(`${command[1]}\n`));
      return 0;
    },
    ...silently,
  });
  return {
    ...fakeEngine({}, []),
    create: ({ name }) => (stuck.includes(name) ? new Promise(() => {}) : Promise.resolve(container(name))),
    forceRemove: async (name) => {
      calls.push(`remove ${name}`);
    },
  };
}

async function run(
  mode: string,
  count: number,
  fails: Readonly<Record<string, Error>> = {},
  stuck: readonly string[] = [],
) {
  const calls: string[] = [];
  const observer = {
    availableNow: () => hidden,
    memoryNow: async () => ({ charged: hidden, footprint: hidden, resident: hidden, available: hidden }),
  };
  const limitMs = stuck.length === 0 ? 1_000 : 50;
  const context = runnerContext(engineOf(fails, stuck, calls), observer, { limitMs, timeoutMs: 1_000 });
  const group = { kind: 'runner', runner: 'tti', count, settings: { mode } } as const;
  const settled = runner.run(group, context, new AbortController().signal);
  return { calls, marks: context.marks, result: await settled };
}

const removed = (calls: readonly string[]) => calls.filter((call) => call.startsWith('remove')).toSorted();

test('a burst starts all, and removes all', async () => {
  const { calls, result } = await run('burst', 5);
  expect(result.copies.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  expect(calls.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((i) => `start c-${i}`));
  expect(removed(calls)).toEqual([0, 1, 2, 3, 4].map((i) => `remove c-${i}`));
});

test('one after the other: each is removed before the next starts', async () => {
  const { calls } = await run('sequential', 3);
  expect(calls).toEqual([0, 1, 2].flatMap((i) => [`start c-${i}`, `remove c-${i}`]));
});

test.each(['burst', 'sequential'])(
  '%s: a failure is kept with its cause, disturbs no other, and is removed',
  async (mode) => {
    const { calls, result } = await run(mode, 4, { 'c-1': new EngineError('cannot clone', 500) });
    expect(result.copies.map(({ index }) => index)).toEqual([0, 2, 3]);
    expect(result.figures['sandbox.1']).toMatchObject({ absent: 'start: cannot clone' });
    expect(removed(calls)).toEqual([0, 1, 2, 3].map((i) => `remove c-${i}`));
  },
);

test.each(['burst', 'sequential'])(
  '%s: one whose creation took too long is removed once more after the others',
  async (mode) => {
    const { calls, result } = await run(mode, 2, {}, ['c-0']);
    expect(result.figures['sandbox.0']).toMatchObject({
      absent: expect.stringMatching(/^create: did not end/),
    });
    expect(calls.filter((call) => call === 'remove c-0')).toHaveLength(2);
    expect(calls.at(-1)).toBe('remove c-0');
  },
);

test.each(['burst', 'sequential'])(
  '%s: where all fail, each keeps its cause, and is removed',
  async (mode) => {
    const fails = Object.fromEntries([0, 1].map((i) => [`c-${i}`, new EngineError(`no ${i}`, 500)]));
    const { calls, result } = await run(mode, 2, fails);
    expect(result.copies).toEqual([]);
    expect(result.figures).toMatchObject({
      'sandbox.0': { absent: 'start: no 0' },
      'sandbox.1': { absent: 'start: no 1' },
    });
    expect(removed(calls)).toEqual(['remove c-0', 'remove c-1']);
  },
);

test.each(['burst', 'sequential'])('%s: where all take too long, the trial did', async (mode) => {
  await expect(run(mode, 2, {}, ['c-0', 'c-1'])).rejects.toBeInstanceOf(StepTimeout);
});

test('a lost engine is no failure of a sandbox: the trial is over', async () => {
  const lost = new EngineError('socket hang up', null, undefined, true);
  await expect(run('burst', 3, { 'c-2': lost })).rejects.toMatchObject({ cause: lost });
});

test('staggered sandboxes begin 200 ms apart', async () => {
  const { result } = await run('staggered', 3);
  const begins = result.copies.map(
    ({ marks }) => marks.find(({ name }) => name === 'create-begin')?.atNs ?? Number.NaN,
  );
  // A timer may be a millisecond early.
  for (const i of [1, 2]) expect(begins[i]).toBeGreaterThanOrEqual(i * 200e6 - 2e6);
});
