import { EngineError } from './engine.ts';

/** The fields of docker-modem's errors that mean something; everything else of them is noise. */
interface ModemError {
  readonly statusCode?: number;
  readonly json?: { readonly message?: unknown };
  readonly message?: string;
  readonly code?: string;
}

/** docker-modem puts `(HTTP code 500) server error - ` before and a blank after what the daemon said. */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const known = error as ModemError;
  const said = known.json?.message;
  const text =
    typeof said === 'string'
      ? said
      : String(known.message ?? error).replace(/^\(HTTP code \d+\) [^-]*- /, '');
  return new EngineError(text.trim(), known.statusCode ?? null, error);
}
