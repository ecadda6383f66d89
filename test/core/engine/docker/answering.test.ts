import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { whileAnswering } from '../../../../src/core/engine/docker/images.ts';
import { EngineError } from '../../../../src/core/engine/engine.ts';

const fast = { everyMs: 5, answerMs: 5 };
const never = () => new Promise<never>(() => undefined);

test('a daemon that stops answering ends the call, however long that may take', async () => {
  await expect(whileAnswering(never, never, fast)).rejects.toThrow(EngineError);
  await expect(whileAnswering(() => Promise.reject(new Error('refused')), never, fast)).rejects.toThrow(
    'it no longer answers',
  );
});

test('one that answers is waited for, and one silence is none', async () => {
  let asked = 0;
  const ask = () => (++asked % 2 === 0 ? never() : Promise.resolve());
  expect(await whileAnswering(ask, () => sleep(100, 'done'), fast)).toBe('done');
  expect(asked).toBeGreaterThan(2);
});

test('what the call says is said', async () => {
  await expect(whileAnswering(never, () => Promise.reject(new Error('no space')), fast)).rejects.toThrow(
    'no space',
  );
});
