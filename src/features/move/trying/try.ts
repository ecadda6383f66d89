import type { Clock } from '../../../app/reporter.ts';
import type { TrialCgroup } from '../../../core/collect/cgroup/trial.ts';
import { runLabels } from '../../../core/engine/labels.ts';
import type { HostContext } from '../../../core/measure/execute/host-context.ts';
import { OcibenchError } from '../../../core/model/failure/error.ts';
import type { ErrorRecord } from '../../../core/model/failure/error-record.ts';
import type { TrialData } from '../data/data.ts';
import { type MoveTrial, runs, type TriedService } from '../record.ts';
import type { HeldSources } from '../stack/held-sources.ts';
import { projectOf } from '../stack/project.ts';
import { depthOf, type Stack, tasksOf, withDependencies } from '../stack/stack.ts';
import { type Compose, projectPrefix, trialLabel } from './compose.ts';
import type { ContainerState } from './container-state.ts';
import { outcomeAfter, outcomeAtEnd, outcomeNow, recordService, type Seen } from './outcome.ts';
import { TrialCgroups } from './trial-cgroups.ts';

/** Where and how stacks are tried. */
export interface TryPlace {
  readonly compose: Compose;
  /** Only the services that may be started here. */
  readonly stack: Stack;
  readonly baseline: string;
  readonly runId: string;
  readonly hostPlace: HostContext;
  /** A service has to be healthy within this time after it could start, ms. */
  readonly limitMs: number;
  /** A service has to stay up for this time, ms. */
  readonly settleMs: number;
  /** May services reach what is outside of the stack? */
  readonly outside: boolean;
  /** Does a command of the host send requests to services while they are measured? */
  readonly loadFromHost: boolean;
  /** Services that are waited for until they end; default: tasks alone. */
  readonly ending?: readonly string[];
  /** Is a trial over once a service is in this state? Default: never. */
  readonly isEnough?: (service: string, state: ContainerState) => boolean;
  /** Variables that secrets and configurations of the stack are taken from. */
  readonly variables: Readonly<Record<string, string>>;
  /** Copies of the user's data; null: volumes are empty. */
  readonly data: TrialData | null;
  /** What mounts of the stack lead to. */
  readonly held: Pick<HeldSources, 'refuseExchanged'>;
  readonly clock: Clock;
  readonly interrupt: AbortSignal;
  /** The known cause of what the engine said of a start. */
  readonly explain: (runtime: string, said: string) => ErrorRecord;
  /** Called where a project could not be removed. */
  readonly onLeft: (project: string) => void;
}

/** A service that runs, with what counts it. */
export interface ServiceUp {
  readonly service: string;
  readonly containerId: string;
  readonly cgroup: TrialCgroup;
}

/** A stack that runs. */
export interface StackUp {
  readonly trialId: string;
  /** Without tasks that have ended. */
  readonly services: readonly ServiceUp[];
  /** The services that do not run any more as they did: they ended, were started again, or became unhealthy. */
  lost(): Promise<readonly string[]>;
  /** A cgroup for a command of the host; what is in it at the end is killed. */
  addCgroup(): Promise<TrialCgroup>;
  /** Makes the container of one more service, under the baseline, and does not start it; or says why it could not. */
  add(service: string): Promise<ServiceUp | { readonly refused: string }>;
}

const pollMs = 250;

/** Tries stacks one after the other, each as a project of ours that is removed afterwards. */
export class Trials {
  readonly #place: TryPlace;
  #count = 0;
  /** Services that ended with 0 under the baseline: tasks. */
  readonly #tasks: Set<string>;
  /** Service → how old it was when it was last looked at under the baseline, ms. */
  readonly #ages = new Map<string, number>();

  constructor(place: TryPlace) {
    this.#place = place;
    this.#tasks = new Set([...tasksOf(place.stack), ...(place.ending ?? [])]);
  }

  /**
   * Starts services and what they need, `under` of them under `runtime` and the others under the baseline. `whileUp` is called
   * where all of them run, before they are removed. A start without both is what the others are compared with.
   */
  async run(
    runtime: string,
    services: readonly string[],
    under: readonly string[],
    whileUp?: (up: StackUp) => Promise<void>,
  ): Promise<MoveTrial> {
    const { compose, stack, baseline, runId, hostPlace, clock, interrupt, variables, data, held } =
      this.#place;
    const { outside, loadFromHost } = this.#place;
    const names = withDependencies(stack, services);
    const project = `${projectPrefix}${runId}-${++this.#count}`;
    const labels = { ...runLabels(runId), [trialLabel]: project };
    const trialId = `m${this.#count}`;
    await using undone = new AsyncDisposableStack();
    const cgroups = undone.use(new TrialCgroups(trialId, runId, hostPlace));
    const fileFor = async (all: readonly string[]) => {
      for (const name of all) await cgroups.of(name);
      return JSON.stringify(
        projectOf(stack, {
          project,
          services: all,
          outside,
          loadFromHost: loadFromHost && whileUp !== undefined,
          labels,
          ...(data === null ? {} : { copies: data.namesFor(project) }),
          runtimeOf: (name) => (under.includes(name) ? runtime : baseline),
          cgroupParentOf: (name) => cgroups.get(name)?.parent ?? null,
        }),
      );
    };
    const file = await fileFor(names);
    undone.defer(async () => {
      if (!(await compose.down(project, file, `${trialLabel}=${project}`))) this.#place.onLeft(project);
    });
    held.refuseExchanged();
    const uncopied = await data?.fill(project, labels, interrupt).then(
      () => null,
      (error: unknown) => {
        // The first copy worked: one that does not is a failure of this start.
        if (error instanceof OcibenchError) return error.message;
        throw error;
      },
    );
    // What is copied is no part of the start.
    const began = clock.now();
    const { refused, seen } =
      typeof uncopied === 'string'
        ? { refused: uncopied, seen: new Map<string, Seen>() }
        : await this.#watch(project, file, names);
    const tried: TriedService[] = [];
    for (const name of names) {
      const own = seen.get(name);
      const atEnd = interrupt.aborted ? 'cut' : outcomeAtEnd(own?.state, refused !== null);
      const outcome = own?.outcome ?? atEnd;
      if (under.length === 0 && whileUp === undefined) {
        if (outcome === 'done') this.#tasks.add(name);
        this.#ages.set(name, own?.ageMs ?? 0);
      }
      const isLogged = own !== undefined && !runs(outcome) && outcome !== 'cut';
      const log = isLogged ? await compose.logs(own.state.id) : '';
      const runtimeOfIt = under.includes(name) ? runtime : baseline;
      tried.push(
        recordService(name, outcome, { own, refused, log }, (said) => this.#place.explain(runtimeOfIt, said)),
      );
    }
    if (whileUp !== undefined && !interrupt.aborted && tried.every(({ outcome }) => runs(outcome))) {
      const services = tried.flatMap(({ service, outcome }) => {
        const [state, cgroup] = [seen.get(service)?.state, cgroups.get(service)];
        const isGone = outcome === 'done' || state === undefined || cgroup === undefined;
        return isGone ? [] : [{ service, containerId: state.id, startedAt: state.startedAt, cgroup }];
      });
      const statesNow = () => compose.states(`${trialLabel}=${project}`);
      await whileUp({
        trialId,
        services,
        async lost() {
          const states = await statesNow();
          return services
            .filter(({ service, containerId, startedAt }) => {
              const now = states?.get(service);
              const isSame = now?.id === containerId && now.startedAt === startedAt;
              return !isSame || now.status !== 'running' || now.health === 'unhealthy';
            })
            .map(({ service }) => service);
        },
        addCgroup: () => cgroups.of(`load of ${project}`, true),
        add: async (name) => {
          const added = await fileFor([...names, name]);
          held.refuseExchanged();
          const refusal = await compose.create(project, added, name, variables);
          const state = refusal === null ? (await statesNow())?.get(name) : undefined;
          const cgroup = cgroups.get(name);
          return state === undefined || cgroup === undefined
            ? { refused: refusal ?? '' }
            : { service: name, containerId: state.id, cgroup };
        },
      });
    }
    return {
      runtime,
      under: [...under],
      services: tried,
      seconds: (clock.now() - began) / 1000,
    };
  }

  /** Starts the project and looks at its containers until each is decided, nothing can change any more, or time is up. */
  async #watch(project: string, file: string, names: readonly string[]): Promise<Watched> {
    const { compose, stack, limitMs, clock, interrupt, variables, isEnough, held } = this.#place;
    held.refuseExchanged();
    const started: { refused: string | null; hasEnded: boolean } = { refused: null, hasEnded: false };
    const ended = new AbortController();
    const up = compose
      .up(project, file, AbortSignal.any([interrupt, ended.signal]), variables)
      .then((said) => {
        started.refused = said;
        started.hasEnded = true;
      });
    const deadline = clock.now() + limitMs * depthOf(stack, names);
    const seen = new Map<string, Seen>();
    try {
      while (!interrupt.aborted) {
        // What is read after Compose has ended is final where nothing is pending.
        const isLast = started.hasEnded;
        const states = await compose.states(`${trialLabel}=${project}`);
        const now = clock.now();
        for (const [name, state] of states ?? [])
          seen.set(name, this.#seen(name, seen.get(name), state, now));
        if ([...seen].some(([name, { state }]) => isEnough?.(name, state) === true)) break;
        const pending = names.filter((name) => (seen.get(name)?.outcome ?? null) === null);
        const canChange = pending.some((name) =>
          /^re?start|^running/.test(seen.get(name)?.state.status ?? ''),
        );
        if (pending.length === 0 || (isLast && states !== null && !canChange) || now > deadline) break;
        await clock.sleep(pollMs, interrupt).catch(() => undefined);
      }
    } finally {
      ended.abort();
      await up;
    }
    return { refused: started.refused, seen };
  }

  #seen(name: string, before: Seen | undefined, state: ContainerState, now: number): Seen {
    const { startedAt } = state;
    const isSame = before?.state.startedAt === startedAt;
    const runningAt = startedAt === null ? null : isSame ? (before?.runningAt ?? now) : now;
    const upMs = runningAt === null ? 0 : now - runningAt;
    const bornAt = before?.bornAt ?? (startedAt === null ? null : now);
    const ageMs = bornAt === null ? 0 : now - bornAt;
    const outcome = outcomeNow(state, {
      upMs,
      settleMs: this.#place.settleMs,
      mustEnd: this.#tasks.has(name),
    });
    const decided = before?.outcome ?? null;
    const limit = this.#ages.get(name) ?? Number.POSITIVE_INFINITY;
    return {
      state,
      runningAt,
      bornAt,
      ageMs,
      healthyAt: before?.healthyAt ?? (state.health === 'healthy' ? now : null),
      outcome: decided === null ? outcome : outcomeAfter(decided, outcome, ageMs, limit),
    };
  }
}

/** A project after it was watched. */
interface Watched {
  /** What Compose said against it; null: nothing. */
  readonly refused: string | null;
  readonly seen: ReadonlyMap<string, Seen>;
}
