import type { Clock } from '../../../app/context.ts';
import { openTrialCgroup } from '../../../core/collect/cgroup/trial.ts';
import { runLabel, runLabels } from '../../../core/engine/labels.ts';
import type { HostContext } from '../../../core/measure/execute/host-observer.ts';
import type { ErrorRecord } from '../../../core/model/error-record.ts';
import type { MoveOutcome, MoveTrial, TriedService } from '../record.ts';
import { projectOf } from '../stack/project.ts';
import { type Stack, withDependencies } from '../stack/stack.ts';
import type { Compose } from './compose.ts';
import type { ContainerState } from './container-state.ts';
import { outcomeNow } from './outcome.ts';

/** Where and how stacks are tried. */
export interface TryPlace {
  readonly compose: Compose;
  readonly stack: Stack;
  readonly baseline: string;
  readonly runId: string;
  readonly hostPlace: HostContext;
  /** A service has to be healthy within this time, ms. */
  readonly limitMs: number;
  /** May host paths be written to? */
  readonly writable: boolean;
  readonly clock: Clock;
  readonly interrupt: AbortSignal;
  /** The known cause of what the engine said of a start. */
  readonly explain: (runtime: string, said: string) => ErrorRecord;
}

const pollMs = 250;

/** Tries stacks one after the other, each as a project of ours that is removed afterwards. */
export class Trials {
  readonly #place: TryPlace;
  #count = 0;

  constructor(place: TryPlace) {
    this.#place = place;
  }

  /** Starts `services` and what they need, `under` of them under `runtime` and the others under the baseline. */
  async run(
    kind: MoveTrial['kind'],
    runtime: string,
    services: readonly string[],
    under: readonly string[],
  ): Promise<MoveTrial> {
    const { compose, stack, baseline, runId, hostPlace, clock, writable, interrupt } = this.#place;
    const names = withDependencies(stack, services);
    const project = `ocibench-${runId}-${++this.#count}`;
    const began = clock.now();
    await using undone = new AsyncDisposableStack();
    const parents = new Map<string, string>();
    for (const [index, name] of names.entries()) {
      const cgroup = openTrialCgroup({
        ...{ layout: hostPlace.layout, driver: hostPlace.driver, runId },
        trialId: `m${this.#count}s${index}`,
      });
      undone.defer(async () => void (await cgroup.remove()));
      await cgroup.prepare();
      parents.set(name, cgroup.parent);
    }
    const labels = { ...runLabels(runId), [trialLabel]: project };
    const composed = projectOf(stack, {
      ...{ project, services: names, labels, writable },
      runtimeOf: (name) => (under.includes(name) ? runtime : baseline),
      cgroupParentOf: (name) => parents.get(name) ?? null,
    });
    const file = JSON.stringify(composed);
    undone.defer(() => compose.down(file));
    const { refused, states, times } = await this.#watch(file, project, names);
    const tried: TriedService[] = [];
    for (const name of names) {
      const state = states.get(name);
      const log = state === undefined || interrupt.aborted ? '' : await compose.logs(state.id);
      const own = times.get(name);
      const seen = { state, refused, log, times: own };
      tried.push(this.#tried(name, under.includes(name) ? runtime : baseline, seen));
    }
    return {
      ...{ runtime, kind, under: [...under], services: tried },
      seconds: (clock.now() - began) / 1000,
    };
  }

  /** Starts the project and looks at its containers until each is decided, nothing can change any more, or time is up. */
  async #watch(file: string, project: string, names: readonly string[]): Promise<Watched> {
    const { compose, limitMs, clock, interrupt } = this.#place;
    let refused: string | null = null;
    let hasEnded = false;
    const ended = new AbortController();
    const signal = AbortSignal.any([interrupt, ended.signal]);
    const up = compose.up(file, limitMs, signal).then((said) => {
      if (!ended.signal.aborted) refused = said;
      hasEnded = true;
    });
    const began = clock.now();
    const times = new Map<string, SeenTimes>();
    let states: ReadonlyMap<string, ContainerState> = new Map();
    try {
      while (!interrupt.aborted) {
        // What is read after Compose has ended is final where nothing is pending.
        const isLast = hasEnded;
        states = await compose.states(`${trialLabel}=${project}`);
        const now = clock.now();
        for (const [name, state] of states) times.set(name, seenAt(times.get(name), state, now));
        const pending = names.filter(
          (name) => outcomeNow(states.get(name), upMs(times.get(name), now)) === null,
        );
        const canChange = pending.some((name) => states.get(name)?.status === 'running');
        if (pending.length === 0 || (isLast && !canChange) || now - began > limitMs) break;
        await clock.sleep(pollMs, interrupt).catch(() => undefined);
      }
    } finally {
      ended.abort();
      await up;
    }
    return { refused, states, times };
  }

  #tried(
    service: string,
    runtime: string,
    {
      state,
      refused,
      log,
      times,
    }: Omit<Watched, 'states' | 'times'> & {
      readonly state: ContainerState | undefined;
      readonly log: string;
      readonly times: SeenTimes | undefined;
    },
  ): TriedService {
    const missing: MoveOutcome = refused === null ? 'late' : 'not-started';
    const outcome =
      outcomeNow(state, upMs(times, this.#place.clock.now())) ??
      (state?.hasStarted === true ? 'late' : missing);
    const said = saidOf(outcome, state, refused ?? '');
    const cause = outcome === 'not-started' && said !== '' ? this.#place.explain(runtime, said) : null;
    const hasExited = state?.hasStarted === true && state.status !== 'running';
    return {
      ...{ service, outcome, said, log },
      exitCode: hasExited ? state.exitCode : null,
      oomKilled: state?.oomKilled ?? false,
      healthyMs: times === undefined || times.healthyAt === null ? null : times.healthyAt - times.runningAt,
      ...(cause?.fix === undefined
        ? {}
        : { cause: { code: cause.code, message: cause.message, fix: cause.fix } }),
    };
  }
}

/** A project after it was watched. */
interface Watched {
  /** What Compose said against it; null: nothing. */
  readonly refused: string | null;
  readonly states: ReadonlyMap<string, ContainerState>;
  readonly times: ReadonlyMap<string, SeenTimes>;
}

/** When a container was first seen running, and healthy: ms, monotonic, later than it was by up to one look. */
interface SeenTimes {
  readonly runningAt: number;
  readonly healthyAt: number | null;
}

function seenAt(
  before: SeenTimes | undefined,
  { hasStarted, health }: ContainerState,
  now: number,
): SeenTimes {
  const runningAt = hasStarted ? Math.min(before?.runningAt ?? now, now) : Number.POSITIVE_INFINITY;
  return { runningAt, healthyAt: before?.healthyAt ?? (health === 'healthy' ? now : null) };
}

const upMs = (times: SeenTimes | undefined, now: number) =>
  times === undefined ? 0 : Math.max(0, now - times.runningAt);

/** Label of what belongs to one trial. */
const trialLabel = `${runLabel}.trial`;

const longestSaid = 2_000;

function saidOf(outcome: MoveOutcome, state: ContainerState | undefined, refused: string): string {
  const said =
    outcome === 'unhealthy' || outcome === 'late'
      ? (state?.lastCheck ?? '')
      : outcome === 'not-started'
        ? state?.error || refused
        : (state?.error ?? '');
  return said.slice(-longestSaid);
}
