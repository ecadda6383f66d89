import { expect, test } from 'vitest';
import { pausedReason, watchPauses } from '../../../../src/core/measure/execute/suspend-detection.ts';

/** Keeps the main thread busy, as reading a long answer does. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('a main thread that is busy has not been paused', async () => {
  using pauses = await watchPauses();
  const paused = await pauses.begin();
  block(600);
  expect(await paused()).toBeNull();
});

test('a signal that ends a pause makes what was being timed no value, and only that', async () => {
  using pauses = await watchPauses();
  const during = await pauses.begin();
  process.emit('SIGCONT', 'SIGCONT');
  expect(await during()).toBe(pausedReason);
  const after = await pauses.begin();
  expect(await after()).toBeNull();
});

test('nothing is left of it', async () => {
  const listeners = process.listenerCount('SIGCONT');
  {
    using _ = await watchPauses();
    expect(process.listenerCount('SIGCONT')).toBe(listeners + 1);
  }
  expect(process.listenerCount('SIGCONT')).toBe(listeners);
});
