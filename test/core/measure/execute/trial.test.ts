import { afterEach, expect, test, vi } from 'vitest';
import { EngineError, runScripted } from './support.ts';

test('a good trial goes through its steps in order, attached and waited for before it starts', async () => {
  const { record, calls } = await runScripted({});
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(calls).toEqual([
    'observer prepare',
    'create ocibench-r-t',
    'observer created',
    'attach',
    'wait',
    'start',
    'observer running',
    'observer stopped',
    'remove',
    'observer stopped',
    'observer finish',
  ]);
  expect(record.marks.map((mark) => mark.name)).toEqual([
    'create-begin',
    'create-end',
    'start-begin',
    'first-output',
    'start-end',
    'exit',
    'remove-begin',
    'remove-end',
  ]);
  expect(record.marks[0]?.atNs).toBe(0);
  const times = record.marks.map((mark) => mark.atNs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(record.output.stdout).toBe('ready\n');
  expect(record.exitCode).toBe(0);
});

test('the time of the whole iteration agrees with the marks', async () => {
  const begin = process.hrtime.bigint();
  const { record } = await runScripted({});
  const whole = Number(process.hrtime.bigint() - begin);
  expect(record.iterationNs).toBeGreaterThanOrEqual(record.marks.at(-1)?.atNs ?? Number.NaN);
  expect(record.iterationNs).toBeLessThanOrEqual(whole);
});

test.each(['create', 'start', 'remove'] as const)(
  'a %s that never answers costs one time limit and names its step',
  async (step) => {
    const { record, calls } = await runScripted({ [step]: 'hang' });
    expect(record.outcome).toEqual({ status: 'timed-out', step, limitMs: 60 });
    expect(record.iterationNs).toBeNull();
    expect(calls.filter((call) => call.startsWith('force-remove'))).toHaveLength(1);
    expect(calls.at(-1)).toBe('observer finish');
  },
);

test('a container that never ends is timed out in its run', async () => {
  const { record } = await runScripted({ exit: 'hang' });
  expect(record.outcome).toEqual({ status: 'timed-out', step: 'run', limitMs: 100 });
});

test.each(['create', 'start', 'remove'] as const)(
  'an error of %s is recorded with reason and fix',
  async (step) => {
    const { record } = await runScripted({ [step]: new EngineError('it broke', 500) });
    expect(record.outcome).toEqual({
      status: 'failed',
      step,
      error: { code: 'explained', message: 'it broke', fix: 'mend it', detail: 'it broke' },
    });
  },
);

test('leftovers of a failed start are ended and the container is removed once more', async () => {
  const { record, calls } = await runScripted({ start: new EngineError('it broke', 500), leaks: true });
  expect(record.leaked).toHaveLength(1);
  expect(calls.slice(-3)).toEqual([
    `force-remove ${'f'.repeat(64)}`,
    'observer finish',
    `force-remove ${'f'.repeat(64)}`,
  ]);
});

test('an exit code is a failure that quotes the last line', async () => {
  const { record } = await runScripted({ exit: 3, stdout: 'first\nboom\n' });
  expect(record.outcome).toMatchObject({
    status: 'failed',
    step: 'run',
    error: { message: 'exit code 3: boom' },
  });
});

test('output that cannot be believed is a failed trial, and is kept', async () => {
  const { record } = await runScripted({ stdout: 'nonsense' });
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'parse' });
  expect(record.output.stdout).toBe('nonsense');
});

test('an idle container is looked at after it settled, then ended; its exit code is not judged', async () => {
  const { record, calls } = await runScripted({ exit: 'hang' }, { observe: { kind: 'idle', settleMs: 5 } });
  expect(record.outcome).toEqual({ status: 'ok' });
  expect(record.exitCode).toBe(137);
  expect(calls).toContain('observer snapshot');
  expect(calls.indexOf('observer snapshot')).toBeLessThan(calls.indexOf('kill'));
});

test('an idle container that ends by itself is a failure', async () => {
  const { record } = await runScripted({ exit: 0 }, { observe: { kind: 'idle', settleMs: 50 } });
  expect(record.outcome).toMatchObject({ status: 'failed', step: 'run' });
});

test('an interrupt ends the trial at once and cleans up', async () => {
  const { record, calls } = await runScripted({ exit: 'hang' }, { interruptAfterMs: 20 });
  expect(record.outcome).toEqual({ status: 'interrupted' });
  expect(calls).toContain(`force-remove ${'f'.repeat(64)}`);
});

test('a flood of output is cut, not kept', async () => {
  const { record } = await runScripted({ stdout: 'x'.repeat(5_000_000) });
  expect(record.output.truncated).toBe(true);
  expect(record.output.stdout.length).toBeLessThan(2.2e6);
});

afterEach(() => vi.useRealTimers());

test.each([-3_600_000, 3_600_000])(
  'a wall clock that is stepped by %i ms changes no time',
  async (stepMs) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const begin = process.hrtime.bigint();
    const running = runScripted({ exit: 'hang' }, { steps: [{ do: 'settle', ms: 30 }, { do: 'kill' }] });
    for (let step = 1; step <= 4; step++) {
      vi.setSystemTime(Date.now() + stepMs);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const { record } = await running;
    const whole = Number(process.hrtime.bigint() - begin);
    const times = record.marks.map((mark) => mark.atNs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const time of [...times, record.iterationNs ?? Number.NaN]) {
      expect(time).toBeGreaterThanOrEqual(0);
      expect(time).toBeLessThanOrEqual(whole);
    }
  },
);

test('a connection that breaks says nothing of the runtime: the trial is to be tried again', async () => {
  const broken = new EngineError('read ECONNRESET', null, undefined, true);
  const { record } = await runScripted({ start: broken });
  expect(record.outcome).toEqual({
    status: 'interrupted',
    reason: 'start: read ECONNRESET',
    messages: {
      reason: {
        id: 'trial.engineLost',
        values: { step: 'start', error: { id: 'external', values: { text: 'read ECONNRESET' } } },
      },
    },
  });
});

test('processes that outlive the removal fail the trial that left them', async () => {
  const { record } = await runScripted({ leaks: true });
  expect(record.outcome).toMatchObject({
    status: 'failed',
    step: 'remove',
    error: { code: 'leaked', message: expect.stringContaining('runsc-sandbox') },
  });
});

test('where the removal hangs too, the processes are ended, and no second time limit is waited for', async () => {
  const { calls } = await runScripted({ start: 'hang', forceRemove: 'hang-until-ended' });
  expect(calls.slice(-3)).toEqual([
    `force-remove ${'f'.repeat(64)}`,
    'observer end-processes',
    'observer finish',
  ]);
});

test('a kill that does nothing is timed out where the daemon would not have done it instead', async () => {
  const { record } = await runScripted(
    { exit: 'hang', kill: 'hang' },
    { observe: { kind: 'idle', settleMs: 5 } },
  );
  expect(record.outcome).toEqual({ status: 'timed-out', step: 'stop', limitMs: 60 });
});
