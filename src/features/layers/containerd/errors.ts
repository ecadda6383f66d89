import { EngineError } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import { type ServiceError, status } from './grpc.ts';

const text = notices('layer.containerd', { givenUp: 'the call timed out' });

/**
 * grpc-js's own texts for a failed connection. containerd uses the same code for a shim that does not answer, which is a
 * failure of the runtime.
 */
const connectionWords =
  /^(?:No connection established|Connection dropped|Name resolution failed|Received RST_STREAM|connect E|read E|write E)/;

/** The error of a call, with containerd's own text. */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const { code, details } = error as Partial<ServiceError>;
  if (code === undefined) return new EngineError(String(error), null, error);
  if (code === status.CANCELLED) return new EngineError(text.givenUp, null, error);
  const lost = code === status.UNAVAILABLE && connectionWords.test(details ?? '');
  return new EngineError(details || String(error), null, error, lost);
}

function codeOf(error: unknown): number | undefined {
  return error instanceof EngineError ? (error.cause as Partial<ServiceError> | undefined)?.code : undefined;
}

/** Did containerd reject the request itself (its arguments), rather than fail to carry it out? */
export function isRefused(error: unknown): boolean {
  return codeOf(error) === status.INVALID_ARGUMENT;
}

/** Waits for a call, and ignores that its object does not exist (any more). */
export async function unlessGone<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (codeOf(error) === status.NOT_FOUND) return null;
    throw error;
  }
}

/** Waits for a call, and ignores that the object to create already exists. */
export async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (codeOf(error) !== status.ALREADY_EXISTS) throw error;
  }
}
