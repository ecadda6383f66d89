import { expect, test } from 'vitest';
import type { Container, Engine, OutputSink } from '../../../../src/core/engine/engine.ts';
import { EngineError } from '../../../../src/core/engine/engine.ts';
import runner from '../../../../src/features/sandbox/group-runners/restore.ts';
import { fakeEngine } from '../../../core/measure/execute/support.ts';
import { runnerContext, silently } from '../runner-context.ts';

/** What a scripted service does wrong. */
interface Faults {
  /** Errors of the restores, in their order, before one succeeds. */
  readonly restores?: readonly Error[];
  readonly checkpoint?: Error;
  /** Loses its state when it is restored. */
  readonly forgets?: boolean;
}

/** An engine with one service, which keeps its state over a checkpoint; `asked`: its questions; `open`: attached streams. */
function scripted(faults: Faults) {
  const asked: string[] = [];
  const open = new Set<AbortSignal>();
  const restores = [...(faults.restores ?? [])];
  let state = new Map<string, string>([['hits', '0']]);
  let sink: OutputSink | null = null;
  const answerTo = (question: string) => {
    const [verb, key = '', value = ''] = question.trim().split(' ');
    if (verb === 'READ') return 'OK';
    if (verb === 'SET') state.set(key, value);
    if (verb === 'INCR') state.set(key, String(Number(state.get(key)) + 1));
    return verb === 'SET' ? 'OK' : state.get(key);
  };
  const life = (start: () => Promise<void>): Container => ({
    id: 'c',
    async attach(given, signal) {
      sink = given;
      open.add(signal);
      signal.addEventListener('abort', () => open.delete(signal), { once: true });
      return { closed: new Promise(() => {}) };
    },
    waitForExit: async () => ({ exited: Promise.resolve(137) }),
    start,
    write(question) {
      asked.push(question.trim());
      const answer = answerTo(question);
      setImmediate(() => sink?.onData('stdout', Buffer.from(`${answer}\n`)));
    },
    async checkpoint() {
      if (faults.checkpoint !== undefined) throw faults.checkpoint;
      return {
        bytes: async () => 4_096,
        create: async () =>
          life(async () => {
            const error = restores.shift();
            if (error !== undefined) throw error;
            if (faults.forgets) state = new Map([['hits', '0']]);
          }),
      };
    },
    exec: async () => 0,
    ...silently,
  });
  const engine: Engine = { ...fakeEngine({}, []), create: async () => life(async () => {}) };
  return { asked, open, engine };
}

function run(faults: Faults) {
  const { asked, open, engine } = scripted(faults);
  const context = runnerContext(engine, {}, { limitMs: 5_000 });
  const group = { kind: 'runner', runner: 'restore', count: 1, settings: { read: 'READ' } } as const;
  const result = runner.run(group, context, new AbortController().signal);
  const count = (name: string) => context.marks.list.filter((mark) => mark.name === name).length;
  return { asked, open, result, count };
}

/** As dockerd 28.5 says it. */
const exists = new EngineError(
  'failed to upload checkpoint to containerd: commit failed: content sha256:0a1b: already exists',
  500,
);

test('two lives with an answer each; the settled answers repeat the questions of the first', async () => {
  const { asked, result } = run({});
  const { copies, figures } = await result;
  expect(copies.map(({ marks }) => marks.filter(({ name }) => name === 'answer'))).toMatchObject([
    [{ name: 'answer' }],
    [{ name: 'answer' }],
  ]);
  expect(figures).toMatchObject({
    'restore.failed_tries': { value: 0 },
    'restore.tail': { value: expect.any(Number) },
    'checkpoint.image': { value: 4_096 },
  });
  const reads = asked.filter((question) => question.startsWith('READ'));
  const slices = Array.from({ length: 100 }, (_, i) => `READ ${i}`);
  expect(reads).toEqual([...slices, ...slices, ...slices, ...slices]);
});

test('a failed try is counted, its stream is closed, and nothing of the restore after it is measured', async () => {
  const { open, result, count } = run({ restores: [exists] });
  const { copies, figures } = await result;
  expect(copies).toHaveLength(2);
  expect(figures['restore.failed_tries']).toMatchObject({ value: 1 });
  expect(figures['restore.refused.0']).toEqual({ absent: exists.message });
  expect([count('restore-begin'), count('restore-right')]).toEqual([2, 1]);
  expect(figures).not.toHaveProperty('restore.tail');
  expect(figures).toHaveProperty(['fresh.tail']);
  expect(open.size).toBe(2);
});

test('another state after the restore is a failure of the runtime, and no restored service', async () => {
  const { result, count } = run({ forgets: true });
  await expect(result).rejects.toMatchObject({
    step: 'run',
    message: expect.stringContaining('its state is lost'),
  });
  expect([count('restore-begin'), count('restore-right')]).toEqual([1, 0]);
});

/** As dockerd 28.5 says it of a container without a network. */
const noNamespace = new EngineError(
  'bind-mount /proc/0/ns/net -> /run/x/exec/netns/1b4623b4dfc2: no such file or directory',
  500,
);

test('a dockerd that can restore nothing: stored, refused once for the passing reason and once for good', async () => {
  const { result, count } = run({ restores: [exists, noNamespace] });
  const { copies, figures } = await result;
  expect(copies).toHaveLength(1);
  expect(figures).toMatchObject({
    'restore.support': { absent: 'this dockerd cannot restore a container without a network' },
    'restore.refused.0': { absent: exists.message },
  });
  expect(figures).not.toHaveProperty(['restore.failed_tries']);
  expect(['checkpoint-begin', 'checkpoint-end', 'restore-begin', 'restore-right'].map(count)).toEqual([
    1, 1, 2, 0,
  ]);
});

test('CRIU that is missing at the checkpoint: unsupported; an unknown failure at the restore: failed', async () => {
  const missing = new EngineError('exec: "criu": executable file not found in $PATH', 500);
  const { copies, figures } = await run({ checkpoint: missing }).result;
  expect(copies).toHaveLength(1);
  expect(figures['restore.support']).toMatchObject({
    absent: expect.stringContaining('CRIU is not installed'),
  });
  await expect(run({ restores: [missing] }).result).rejects.toMatchObject({ step: 'start' });
});
