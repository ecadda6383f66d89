import { setTimeout as sleep } from 'node:timers/promises';
import { messages, notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { OcibenchError } from '../../model/failure/error.ts';
import { EngineError } from '../engine.ts';

const cutOff = notices('engine.cutOff', {
  id: 'the connection to the engine ended before it returned the id of the container',
  output: 'the connection to the engine ended before it had sent all output',
  end: 'the connection to the engine ended before it reported how the container ended',
});

/** The useful fields of docker-modem's errors. */
interface ModemError {
  readonly statusCode?: number;
  readonly json?: { readonly message?: unknown };
  readonly message?: string;
  readonly code?: string;
}

/** Node's errors where no daemon listens at the socket, or the connection ends before the answer does. */
const connectionCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|HPE_\w+|ERR_STREAM_PREMATURE_CLOSE)$/;

/**
 * Maximum length of an engine's message, characters. It is part of every failure's record: a runtime that prints
 * megabytes must not fill the run with them.
 */
const longestMessage = 4_000;

function shortened(text: string): string {
  if (text.length <= longestMessage) return text;
  const half = longestMessage / 2;
  const left = text.length - longestMessage;
  return `${text.slice(0, half)} [… ${left} characters …] ${text.slice(-half)}`.toWellFormed();
}

/**
 * Converts an error of docker-modem, which adds `(HTTP code 500) server error - ` before and a blank after the daemon's
 * text.
 */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const known = error as ModemError;
  const said = known.json?.message;
  const text =
    typeof said === 'string'
      ? said
      : String(known.message ?? error).replace(/^\(HTTP code \d+\) [^-]*- /, '');
  const lost = known.statusCode === undefined && connectionCodes.test(known.code ?? '');
  return new EngineError(shortened(text.trim()), known.statusCode ?? null, error, lost);
}

/** The error of a connection that ended before an answer. */
export function answerCutOff(before: keyof typeof cutOff): EngineError {
  return new EngineError(cutOff[before], null, undefined, true);
}

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
