import { openTrialCgroup, type TrialCgroup } from '../../../core/collect/cgroup/trial.ts';
import { unreclaimable } from '../../../core/collect/process/host-memory.ts';
import type { Container, Engine } from '../../../core/engine/engine.ts';
import { runLabels } from '../../../core/engine/labels.ts';
import type { StepLimits } from '../../../core/measure/execute/deadline.ts';
import type { HostContext } from '../../../core/measure/execute/host-context.ts';

/** Least time limit of a step: starts overlap, so that each takes longer than alone. */
const stepLimitMs = 60_000;
/** Number of parallel starts or removals. Only idle memory is measured, so starts may overlap. */
const atOnce = 4;
/** Request for a minimal idle container. */
const request = { command: ['/bin/sleep', '3600'], timeoutMs: stepLimitMs } as const;

/** Cgroups for idle sandboxes. */
export interface IdlePlace {
  readonly engine: Engine;
  readonly place: HostContext;
  readonly image: string;
  /** Time limits of a runtime's containers that start one at a time. */
  readonly limitsOf: (runtime: string) => StepLimits;
  readonly interrupt: AbortSignal;
}

interface Sandbox {
  readonly cgroup: TrialCgroup;
  readonly container: Container;
}

/** The running idle sandboxes of a round. */
export class IdleSandboxes {
  readonly #options: IdlePlace;
  readonly #running = new Map<string, readonly Sandbox[]>();

  constructor(options: IdlePlace) {
    this.#options = options;
  }

  /** Starts `count` sandboxes with names that begin with `name`. On failure removes them, and rejects with the first error. */
  async start(runtime: string, name: string, count: number): Promise<void> {
    const started: Sandbox[] = [];
    this.#running.set(runtime, started);
    for (let first = 0; first < count; first += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, count - first) }, (_, index) =>
        this.#startOne(runtime, `${name}s${first + index}`),
      );
      const ended = await Promise.allSettled(some);
      started.push(...ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed === undefined) continue;
      await this.#remove(started);
      this.#running.delete(runtime);
      throw failed.reason;
    }
  }

  async #startOne(runtime: string, trialId: string): Promise<Sandbox> {
    const { engine, place, image, limitsOf, interrupt } = this.#options;
    const cgroup = openTrialCgroup({
      layout: place.layout,
      driver: place.driver,
      runId: place.runId,
      trialId,
    });
    await cgroup.prepare();
    const limitMs = Math.max(stepLimitMs, limitsOf(runtime).startMs);
    const signal = AbortSignal.any([interrupt, AbortSignal.timeout(limitMs)]);
    const name = `ocibench-${place.runId}-${trialId}`;
    try {
      const container = await engine.create(
        {
          name,
          image,
          runtime,
          request,
          cgroupParent: cgroup.parent,
          bindSources: {},
          labels: runLabels(place.runId),
        },
        signal,
      );
      await container.start(signal);
      return { cgroup, container };
    } catch (error) {
      await engine.forceRemove(name, AbortSignal.timeout(stepLimitMs)).catch(() => undefined);
      await cgroup.remove();
      throw error;
    }
  }

  /** Non-reclaimable memory charged to all of them, bytes; NaN if a figure cannot be read. */
  charged(): number {
    const { layout } = this.#options.place;
    return [...this.#running.values()]
      .flat()
      .reduce((sum, { cgroup }) => sum + (unreclaimable(layout, cgroup.path) ?? Number.NaN), 0);
  }

  async removeAll(): Promise<void> {
    for (const [runtime, sandboxes] of this.#running) {
      await this.#remove(sandboxes);
      this.#running.delete(runtime);
    }
  }

  async #remove(sandboxes: readonly Sandbox[]): Promise<void> {
    for (let first = 0; first < sandboxes.length; first += atOnce)
      await Promise.all(
        sandboxes.slice(first, first + atOnce).map(async ({ container, cgroup }) => {
          const signal = AbortSignal.timeout(stepLimitMs);
          await this.#options.engine.forceRemove(container.id, signal).catch(() => undefined);
          await cgroup.remove();
        }),
      );
  }
}
