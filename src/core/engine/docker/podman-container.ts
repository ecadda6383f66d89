import type Docker from 'dockerode';
import { notices } from '../../messages/define.ts';
import { type Container, EngineError } from '../engine.ts';
import { quiet } from '../started-program.ts';
import { dockerContainer } from './container.ts';
import { guarded } from './errors.ts';

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

const text = notices('layer.podman', {
  oddWait: 'wait answered {answer}',
  notRemoved: 'podman did not remove the container: {said}',
});

/**
 * Interval at which podman looks for the end of a container whose output has ended. Docker's waiting calls look every 250 ms,
 * and events come up to 200 ms late.
 */
const interval = '2ms';

async function exitCode(docker: Docker, id: string, signal: AbortSignal): Promise<number> {
  const query = { condition: 'exited', interval };
  const answer = String(await libpod(docker, 'POST', `/containers/${id}/wait`, query, signal)).trim();
  if (/^\d{1,3}$/.test(answer)) return Number(answer);
  throw new EngineError(text.oddWait({ answer: answer.slice(0, 200) }), null);
}

/** Removes a container, running or not, by name or id. Docker's call gives it 10 s to end, whatever it is told. */
export async function removeContainer(docker: Docker, nameOrId: string, signal: AbortSignal): Promise<void> {
  const query = { force: 'true', v: 'true', timeout: '0' };
  const reports = await libpod(docker, 'DELETE', `/containers/${nameOrId}`, query, signal);
  // The status is 200 also where a report has an error.
  const failed = (Array.isArray(reports) ? reports : []).find((report) => Object(report).Err);
  if (failed !== undefined)
    throw new EngineError(text.notRemoved({ said: JSON.stringify(failed.Err).slice(0, 4_000) }), null);
}

/**
 * A container of podman; see {@link Container}. Its exit code is asked for once its output has ended: a waiter that looks
 * from the beginning holds the lock that podman's own clean-up needs. Nothing has to be registered: podman keeps the code
 * until the container is removed.
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
    // May be called before the attachment is there.
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
