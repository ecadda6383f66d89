import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { answerCutOff, toEngineError } from './errors.ts';

/** How long dockerd may take for a container whose request it got and whose connection ended before the answer, ms. */
const lateMs = 1_500;
/** How often it is looked for such a container, ms. */
const pollMs = 50;

/** The containers that a daemon is being asked for. */
export interface Creations {
  /** Asks for a container. Rejects at once when `signal` is aborted; what is created after that is removed. */
  create(options: Docker.ContainerCreateOptions, signal: AbortSignal): Promise<Docker.Container>;
  /** Resolves when nothing of this name is under way any more, or when `signal` is aborted. */
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
 * dockerd goes on creating when the client goes away (moby daemon/create.go), and until it is done a removal by name finds
 * nothing: a request that is cut off leaves a container. So no request is cut off, whoever gives up only stops to wait, and
 * removals wait for the end.
 */
export function creations(docker: Docker): Creations {
  const pending = new Map<string, Promise<void>>();

  /** Removes what nobody waits for any more; never rejects. */
  const remove = async (name: string): Promise<number | null> =>
    docker
      .getContainer(name)
      .remove({ force: true, v: true })
      .then(
        () => null,
        (error: unknown) => toEngineError(error).statusCode,
      );

  /** Resolves when nothing more will come of a request that nobody waits for, or that got no answer. */
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
