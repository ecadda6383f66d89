import type { Container, ContainerSpec, Engine, OutputSink } from '../../engine/engine.ts';
import { type StepLimits, withDeadline } from './deadline.ts';
import type { Marks } from './marks.ts';
import type { TrialObserver } from './observer.ts';

/** Input of a start. */
export interface StartContext {
  readonly engine: Engine;
  readonly observer: TrialObserver;
  readonly limits: StepLimits;
  readonly interrupt: AbortSignal;
  /** Gets `create-begin`, `pod-ready` of a container in a pod, `create-end`, `start-begin`, `start-end` and `first-output`. */
  readonly marks: Marks;
  /** Receives the container as soon as it exists, for the cleanup. */
  readonly containers: Container[];
}

/** A started container and its pending events. */
export interface StartedContainer {
  readonly container: Container;
  /** Resolves at the container's first output. */
  readonly firstByte: Promise<void>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  /** Resolves when the output has ended; rejects when it was truncated. */
  readonly closed: Promise<void>;
}

/**
 * Creates a container, attaches to it and registers the waiter at once, and starts it. Output and waiter outlive these
 * steps, so they use `whole`, the signal of the trial. Rejects like the steps.
 */
export async function startContainer(
  spec: ContainerSpec,
  context: StartContext,
  onData: OutputSink['onData'],
  whole: AbortSignal,
): Promise<StartedContainer> {
  const { engine, observer, limits, interrupt, marks, containers } = context;
  const { prepare } = engine;
  if (prepare !== undefined) await withDeadline('create', limits.createMs, interrupt, () => prepare(spec));
  marks.set('create-begin');
  const container = await withDeadline('create', limits.createMs, interrupt, (signal) =>
    engine.create(spec, signal),
  );
  if (container.pod !== undefined) marks.set('pod-ready', container.pod.readyAt);
  marks.set('create-end');
  containers.push(container);
  observer.created(container);

  let onFirstByte = () => {};
  const firstByte = new Promise<void>((resolve) => {
    onFirstByte = () => {
      marks.set('first-output');
      resolve();
    };
  });
  const [{ closed }, { exited }] = await withDeadline('attach', limits.createMs, interrupt, () =>
    Promise.all([
      container.attach({ onFirstByte: () => onFirstByte(), onData }, whole),
      container.waitForExit(whole),
    ]),
  );

  marks.set('start-begin');
  await withDeadline('start', limits.startMs, interrupt, (signal) => container.start(signal));
  marks.set('start-end');
  return { container, firstByte, exited, closed };
}
