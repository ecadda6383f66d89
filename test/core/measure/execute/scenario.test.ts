import { expect, test } from 'vitest';
import { ParseError } from '../../../../src/core/model/trial/parser-output.ts';
import type { ScenarioStep } from '../../../../src/core/model/workload/scenario.ts';
import { runScripted } from './support.ts';

const idle = { exit: 'hang' } as const;
const names = (marks: readonly { readonly name: string }[]) => marks.map(({ name }) => name);

test('steps happen in order while the container runs, each with its marks', async () => {
  const steps: ScenarioStep[] = [
    { do: 'await-first-output' },
    { do: 'await-output', text: 'ready', mark: 'is-ready' },
    { do: 'pause' },
    { do: 'unpause' },
    { do: 'exec', name: 'hello', command: ['/bin/echo', 'hi'] },
    { do: 'stop', graceSeconds: 5 },
  ];
  const { record, calls } = await runScripted(idle, { steps });
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(calls.slice(calls.indexOf('observer running'))).toEqual([
    'observer running',
    'pause',
    'unpause',
    'exec /bin/echo hi',
    'stop',
    'observer stopped',
    'remove',
    'observer stopped',
    'observer finish',
  ]);
  expect(names(record.marks)).toEqual([
    'create-begin',
    'create-end',
    'start-begin',
    'first-output',
    'start-end',
    'is-ready',
    'pause-begin',
    'pause-end',
    'unpause-begin',
    'unpause-end',
    'hello-begin',
    'hello-output',
    'hello-end',
    'stop-begin',
    'stop-end',
    'exit',
    'remove-begin',
    'remove-end',
  ]);
  expect(record.outputs.hello?.stdout).toBe('done\n');
});

test('a program that fails in the container fails the trial at that step, and the container is removed', async () => {
  const { record, calls } = await runScripted(
    { ...idle, execExit: 3 },
    { steps: [{ do: 'exec', name: 'hello', command: ['/bin/false'] }, { do: 'kill' }] },
  );
  // In its own words: it is no failed start, which is what `explain` of these tests would say.
  expect(record.outcome).toMatchObject({
    status: 'failed',
    step: 'exec',
    error: { code: 'step-failed', message: expect.stringContaining('exit code 3') },
  });
  expect(record.outcome).not.toHaveProperty('error.fix');
  expect(calls).toContain(`force-remove ${'f'.repeat(64)}`);
  expect(calls).not.toContain('kill');
});

test('a container that ends before its steps are over is a failure that says so', async () => {
  const { record } = await runScripted({ exit: 4 }, { steps: [{ do: 'settle', ms: 1000 }, { do: 'kill' }] });
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'run' });
  expect(record.outcome.status === 'failed' && record.outcome.error.detail).toContain(
    'ended by itself with exit code 4',
  );
});

test('a step that never ends costs its time limit', async () => {
  const { record } = await runScripted(idle, {
    steps: [{ do: 'await-output', text: 'never', mark: 'x' }, { do: 'kill' }],
  });
  expect(record.outcome).toEqual({ status: 'timed-out', step: 'run', limitMs: 100 });
});

test('a program in a peer needs a peer', async () => {
  const { record } = await runScripted(idle, {
    steps: [{ do: 'peer-exec', name: 'client', command: ['wrk'] }, { do: 'kill' }],
  });
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'peer' });
});

test('a burst starts all before it waits for one, and keeps the marks of each', async () => {
  const { record, calls } = await runScripted({ exit: 0 }, { group: { kind: 'burst', count: 3 } });
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(calls.filter((call) => call.startsWith('create'))).toEqual(
    [0, 1, 2].map((i) => `create ocibench-r-t-${i}`),
  );
  expect(calls.lastIndexOf('create ocibench-r-t-2')).toBeLessThan(calls.indexOf('start'));
  expect(record.copies.map(({ index }) => index)).toEqual([0, 1, 2]);
  for (const { marks } of record.copies)
    expect(names(marks)).toEqual(
      expect.arrayContaining([
        'create-begin',
        'create-end',
        'start-begin',
        'first-output',
        'start-end',
        'exit',
      ]),
    );
  expect(calls.filter((call) => call === 'remove')).toHaveLength(3);
});

test('of a burst in which one fails every container is removed by name', async () => {
  const { record, calls } = await runScripted(
    { start: new Error('no') },
    { group: { kind: 'burst', count: 2 } },
  );
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'start' });
  for (const index of [0, 1]) expect(calls).toContain(`force-remove ocibench-r-t-${index}`);
});

test('idle containers are watched together and their figures kept', async () => {
  const { record, calls } = await runScripted(idle, {
    group: { kind: 'density', count: 5, budgetBytes: 1e9, idleMs: 10 },
  });
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(record.copies).toHaveLength(5);
  expect(record.figures['sandboxes.count']).toMatchObject({ value: 5 });
  expect(record.figures['sandboxes.charged']).toEqual({ absent: 'fake' });
  expect(calls.filter((call) => call === 'remove')).toHaveLength(5);
});

test('idle containers are left to settle before their CPU time is counted', async () => {
  const settleMs = 60;
  const { record } = await runScripted(idle, {
    group: { kind: 'density', count: 2, budgetBytes: 1e9, settleMs, idleMs: 10 },
  });
  const at = (name: string) => record.marks.find((mark) => mark.name === name)?.atNs ?? Number.NaN;
  const counted = record.figures['sandboxes.idle_time'];
  if (counted === undefined || 'absent' in counted) throw new Error(JSON.stringify(counted));
  // A timer may be a millisecond early.
  expect(at('looked-at') - at('all-running') - counted.value).toBeGreaterThan((settleMs - 2) * 1e6);
});

test('a refusal that the output tells is no failure, whatever the exit code', async () => {
  const { record } = await runScripted(
    { exit: 1, stdout: 'EPERM\n' },
    { workload: { refused: ({ stdout }) => (stdout === 'EPERM\n' ? 'seccomp refuses it' : null) } },
  );
  expect(record.outcome).toEqual({ status: 'unsupported', reason: 'seccomp refuses it' });
});

test('an exit code that the workload expects is no failure, any other is', async () => {
  const workload = { exitCodes: [0, 137] };
  expect((await runScripted({ exit: 137 }, { workload })).record.outcome).toEqual({ status: 'ok' });
  expect((await runScripted({ exit: 1 }, { workload })).record.outcome).toMatchObject({ status: 'failed' });
});

test('facts that cannot be read make the trial a failed one', async () => {
  const facts = () => {
    throw new ParseError('no kernel release');
  };
  const { record } = await runScripted({ exit: 0 }, { workload: { facts } });
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'parse' });
});

test('a container that was to stamp its work and did not is a failed trial', async () => {
  const container = () => ({ command: ['true'], stamped: true, timeoutMs: 100 });
  const silent = await runScripted({ exit: 0 }, { workload: { container } });
  expect(silent.record.outcome).toMatchObject({ status: 'failed', error: { code: 'no-stamps' } });
  const stdout = '@ocibench begin 1.5\nready\n@ocibench end 2.5\n';
  const { record } = await runScripted({ exit: 0, stdout }, { workload: { container } });
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(record.output.stdout).toBe('ready\n');
  // It says that a second has passed, and the host knows better.
  expect(record.window?.containerNs).toBe(1e9);
  expect(record.window?.hostNs).toBeLessThan(0.5e9);
});
