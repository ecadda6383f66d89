import type Docker from 'dockerode';
import { notices } from '../../messages/define.ts';
import { type Container, EngineError, quiet } from '../engine.ts';
import { dockerContainer } from './container.ts';
import { guarded } from './errors.ts';

/** The oldest version of podman's own API that has all calls used here; podman 5 still serves it. */
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

const text = notices('layer.podman', {
  oddWait: 'wait answered {answer}',
  notRemoved: 'podman did not remove the container: {said}',
});

/**
 * Interval at which podman polls for the exit of a container whose output has ended. Docker's wait call polls every 250 ms, and
 * events come up to 200 ms late.
 */
const interval = '2ms';

async function exitCode(docker: Docker, id: string, signal: AbortSignal): Promise<number> {
  const query = { condition: 'exited', interval };
  const answer = String(await libpod(docker, 'POST', `/containers/${id}/wait`, query, signal)).trim();
  if (/^\d{1,3}$/.test(answer)) return Number(answer);
  throw new EngineError(text.oddWait({ answer: answer.slice(0, 200) }), null);
}

/** Removes a container, running or not, by name or id. Docker's call waits 10 s for its end, whatever the request says. */
export async function removeContainer(docker: Docker, nameOrId: string, signal: AbortSignal): Promise<void> {
  const query = { force: 'true', v: 'true', timeout: '0' };
  const reports = await libpod(docker, 'DELETE', `/containers/${nameOrId}`, query, signal);
  // The HTTP status is 200 even if a report has an error.
  const failed = (Array.isArray(reports) ? reports : []).find((report) => Object(report).Err);
  if (failed !== undefined)
    throw new EngineError(text.notRemoved({ said: JSON.stringify(failed.Err).slice(0, 4_000) }), null);
}

/**
 * A container of podman; see {@link Container}. The exit code is requested after the output has ended: a waiter that polls from
 * the start would hold the lock that podman's clean-up needs. No waiter has to be registered early: podman keeps the code until
 * the container is removed.
 */
export function podmanContainer(docker: Docker, handle: Docker.Container): Container {
  const container = dockerContainer(docker, handle);
  let attached: Promise<{ readonly closed: Promise<void> }> | null = null;
  return {
    ...container,
    attach(sink, signal) {
      attached = container.attach(sink, signal);
      return attached;
    },
    // May be called before `attach`.
    waitForExit: async (signal) => ({
      exited: quiet(
        (async () => {
          await (await attached)?.closed;
          return exitCode(docker, handle.id, signal);
        })(),
      ),
    }),
    remove: (signal) => removeContainer(docker, handle.id, signal),
  };
}
