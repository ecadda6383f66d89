import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { answerCutOff, toEngineError } from './errors.ts';

/** Time that dockerd gets to make a container after the connection of its request ended without an answer, ms. */
const lateMs = 1_500;
/** Interval of the checks for such a container, ms. */
const pollMs = 50;

/** Create requests in progress of a daemon. */
export interface Creations {
  /** Requests a container. Rejects at once when `signal` is aborted; a container that is created later is removed. */
  create(options: Docker.ContainerCreateOptions, signal: AbortSignal): Promise<Docker.Container>;
  /** Resolves when no request for this name is in progress, or when `signal` is aborted. */
  settled(name: string, signal: AbortSignal): Promise<void>;
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  promise.catch(() => undefined);
  return promise;
}

/**
 * Tracks create requests. dockerd continues creating when the client disconnects (moby daemon/create.go), and until
 * then a removal by name finds nothing, so an aborted request would leave a container. Requests are therefore never
 * aborted: callers that give up stop waiting, and removals wait for the end.
 */
export function creations(docker: Docker): Creations {
  const pending = new Map<string, Promise<void>>();

  /** Removes a container whose caller gave up; never rejects. */
  const remove = async (name: string): Promise<number | null> =>
    docker
      .getContainer(name)
      .remove({ force: true, v: true })
      .then(
        () => null,
        (error: unknown) => toEngineError(error).statusCode,
      );

  /** Resolves when a request without a caller, or without an answer, can no longer leave a container. */
  const clearUp = async (name: string, answer: Promise<unknown>, given: AbortSignal): Promise<void> => {
    try {
      await answer;
      if (given.aborted) await remove(name);
    } catch (error) {
      if (!toEngineError(error).connectionLost) return;
      for (const deadline = performance.now() + lateMs; performance.now() < deadline; await sleep(pollMs))
        if ((await remove(name)) !== 404) return;
    }
  };

  return {
    create(options, signal) {
      const { name = '' } = options;
      const answer = docker.createContainer(options).then((handle) => {
        if (typeof handle.id !== 'string') throw answerCutOff('id');
        return handle;
      });
      const ended = clearUp(name, answer, signal).finally(() => {
        if (pending.get(name) === ended) pending.delete(name);
      });
      pending.set(name, ended);
      return Promise.race([answer, aborted(signal)]);
    },
    settled: (name, signal) =>
      Promise.race([pending.get(name) ?? Promise.resolve(), aborted(signal)]).catch(() => undefined),
  };
}
