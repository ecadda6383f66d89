import { expect, test } from 'vitest';
import { OutputMatcher } from '../../../../src/core/measure/execute/output-matcher.ts';
import { linearPattern } from '../../../../src/core/model/workload/linear-pattern.ts';

function watch() {
  let clock = 0n;
  const watched = new OutputMatcher(() => clock);
  return {
    add(text: string, at: number) {
      clock = BigInt(at);
      watched.add(Buffer.from(text));
    },
    match: (pattern: RegExp, signal = new AbortController().signal) => watched.match(pattern, signal),
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

test('a pattern is sought in lines, in one that is not ended too', async () => {
  const { add, match } = watch();
  const ready = match(/^listening on \d+$/);
  const prompt = match(/> $/);
  add('not listening on 1\nlisten', 1);
  add('ing on 80', 2);
  add('80\n', 3);
  add('db> ', 4);
  expect(await ready).toBe(2n);
  expect(await prompt).toBe(4n);
});

test('a match that came before the question is reported with the time at which it came', async () => {
  const { add, match } = watch();
  add('one\ntwo rea', 1);
  add('dy', 5);
  add(' three\n', 9);
  expect(await match(/ready/)).toBe(5n);
});

test('a pattern costs no more than the length of a line', async () => {
  const { add, match } = watch();
  const ready = match(linearPattern('(x+x+)+ready$'));
  add(`${'x'.repeat(60_000)}\n`, 1);
  add('xxready', 2);
  expect(await ready).toBe(2n);
});
