import type Docker from 'dockerode';
import { guarded } from './calls.ts';

/** The oldest version of podman's own API with every call here; podman 5 answers it, too. */
const version = 'v4.0.0';

/** A call of podman's own API (docs.podman.io, "libpod"), which Docker's client lacks. Rejects with EngineError. */
export function libpod(
  docker: Docker,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  return guarded(
    () =>
      new Promise((resolve, reject) => {
        docker.modem.dial(
          {
            path: `/${version}/libpod${path}?`,
            method,
            options: { _query: query, _body: {} },
            abortSignal: signal,
            statusCodes: { 200: true, 204: true },
          },
          (error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer)),
        );
      }),
  );
}
