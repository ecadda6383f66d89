import { setTimeout as sleep } from 'node:timers/promises';
import { notices } from '../../messages/define.ts';
import { EngineError } from '../engine.ts';

const text = notices('engine', { answersNoMore: 'it does not answer any more' });

/** How often the daemon is pinged during a long call, and its timeout for the answer, ms. */
const usual = { everyMs: 5_000, answerMs: 10_000 };

/**
 * Resolves as `work` does, which may take minutes. Rejects with EngineError once the daemon fails to answer `ask` in
 * time twice in a row: a daemon that is stopped (SIGSTOP) or hangs would otherwise block until the timeout of `work`.
 */
export async function whileAnswering<T>(
  ask: () => Promise<unknown>,
  work: () => Promise<T>,
  { everyMs, answerMs }: typeof usual = usual,
): Promise<T> {
  const over = new AbortController();
  const silence = async (): Promise<never> => {
    for (let missed = 0; missed < 2; ) {
      await sleep(everyMs, undefined, { signal: over.signal });
      const answered = await Promise.race([
        ask().then(
          () => true,
          () => false,
        ),
        sleep(answerMs, false, { signal: over.signal }),
      ]);
      missed = answered ? 0 : missed + 1;
    }
    throw new EngineError(text.answersNoMore, null, undefined, true);
  };
  const silent = silence();
  silent.catch(() => undefined);
  try {
    return await Promise.race([work(), silent]);
  } finally {
    over.abort();
  }
}
