import { setTimeout as sleep } from 'node:timers/promises';
import { messages, notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { OcibenchError } from '../../model/error.ts';
import { EngineError } from '../engine.ts';
import { toEngineError } from './errors.ts';

const words = messages('engine', { calling: '{what}: {why}' });

const text = notices('engine', {
  noAnswer: 'no answer within {seconds} s',
  silent: 'it does not answer: {why}',
  tooSlow: 'it does not answer within {limitMs} ms',
});

/** Error text of a call without an answer within `limitMs`. */
export const noAnswer = (limitMs: number): Message => text.noAnswer({ seconds: limitMs / 1000 });

/** Timeout of a call to the daemon that is not part of a trial, ms. */
export const answerLimitMs = 30_000;

/** Makes a call to the daemon; rejects with EngineError. */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toEngineError(error);
  }
}

/** Makes a call to the daemon with a timeout. EngineError that begins with `what` where it fails or times out. */
export async function within<T>(what: Message, limitMs: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new EngineError(noAnswer(limitMs), null, undefined, true)), limitMs);
  });
  try {
    return await Promise.race([call(), late]);
  } catch (error) {
    if (error instanceof OcibenchError) throw error;
    const { said, statusCode, connectionLost } = toEngineError(error);
    throw new EngineError(words.calling({ what, why: said }), statusCode, error, connectionLost);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a daemon does not answer `ping` within `limitMs`; null where it does. */
export async function whyUnreachable(ping: () => Promise<unknown>, limitMs: number): Promise<Message | null> {
  const answer = ping().then(
    () => null,
    (error: unknown) => text.silent({ why: toEngineError(error).said }),
  );
  return Promise.race([answer, sleep(limitMs, text.tooSlow({ limitMs }), { ref: false })]);
}
