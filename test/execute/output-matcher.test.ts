import { expect, test } from 'vitest';
import { OutputMatcher } from '../../src/execute/output-matcher.ts';

function watch() {
  let clock = 0n;
  const watched = new OutputMatcher(() => clock);
  return {
    add(text: string, at: number) {
      clock = BigInt(at);
      watched.add(Buffer.from(text));
    },
    until: (text: string, signal = new AbortController().signal) => watched.until(text, signal),
  };
}

test('a text that comes later is reported with its time, also when it comes in pieces', async () => {
  const { add, until } = watch();
  const ready = until('ready to serve');
  add('starting… rea', 1);
  add('dy to ser', 2);
  add('ve\n', 3);
  expect(await ready).toBe(3n);
});

test('a text that came before the question is reported with the time at which it came', async () => {
  const { add, until } = watch();
  add('one ', 1);
  add('ready ', 5);
  add('more', 9);
  expect(await until('ready')).toBe(5n);
});

test('several may wait for several texts', async () => {
  const { add, until } = watch();
  const both = Promise.all([until('b'), until('a')]);
  add('a', 1);
  add('b', 2);
  expect(await both).toEqual([2n, 1n]);
});

test('a text that does not come is given up with the signal', async () => {
  const { add, until } = watch();
  const stop = new AbortController();
  const waiting = until('never', stop.signal);
  add('x'.repeat(200_000), 1);
  stop.abort();
  await expect(waiting).rejects.toThrow("'never' was not printed");
});
