import type { AppContext } from '../../../app/context.ts';
import type { Clock } from '../../../app/reporter.ts';
import { notices } from '../../../core/messages/define.ts';
import { blocks } from '../cost/blocks.ts';
import { type FirstCost, firstCost, refuseUselessLoad } from '../cost/first.ts';
import { openData } from '../data/data.ts';
import type { MoveTrial } from '../record.ts';
import { renameVariables } from '../stack/project.ts';
import type { Stack } from '../stack/stack.ts';
import type { Compose } from '../trying/compose.ts';
import { Trials, type TryPlace } from '../trying/try.ts';
import { tryAll } from '../trying/try-all.ts';
import type { PreparedMove } from './prepare.ts';
import type { MoveRequest } from './request.ts';

const text = notices('move', {
  noCosts: 'costs are not measured: {what}',
  noRequests:
    'the load does not report how many requests it made: the CPU time of a request is left out (redis-benchmark reports it without -q and --csv; move.requests reads it)',
  left: 'some of {project} could not be removed; to remove it:  @(clean)',
});

/** Time for costs where `--max-time` does not limit it all, ms. */
const costMs = 600_000;

/** The trials of services. */
export interface TriedServices {
  readonly place: TryPlace;
  readonly trials: readonly MoveTrial[];
  /** Null where no cost is measured. */
  readonly first: FirstCost | null;
}

/** A copy of the user's data; null where volumes are empty. OcibenchError (exit 2) where there is too much of it. */
export async function openMoveData(
  app: AppContext,
  { asked, file }: MoveRequest,
  { docker, tried: stack }: PreparedMove,
  runId: string,
  signal: AbortSignal,
) {
  const { mostDataBytes: mostBytes } = asked;
  return mostBytes === null ? null : openData(app, { docker, stack, runId, file, mostBytes, signal });
}

/** How many blocks are planned, and the time for them, ms: what is copied for a block comes on top. */
export function planBlocks({ asked }: MoveRequest, { load }: PreparedMove, startMs: number) {
  const planned = asked.blocks ?? (load === null ? blocks.atRest : blocks.withLoad);
  const starts = planned * (1 + asked.targets.length);
  return { planned, withinMs: asked.maxTimeMs ?? costMs + starts * startMs };
}

/**
 * Tries every service, and measures the stack once under the baseline. OcibenchError (exit 2) where the load does not work, or takes
 * too long.
 */
export async function tryServices(
  app: AppContext,
  { config, asked, flags, file }: MoveRequest,
  prepared: PreparedMove,
  where: Pick<TryPlace, 'runId' | 'data' | 'held' | 'hostPlace'> & {
    readonly stop: Stop;
    readonly withinMs: number;
  },
): Promise<TriedServices> {
  const { reporter, clock } = app;
  const { baseline } = config;
  const { targets, staying, limitMs, settleMs, idleMs, patterns } = asked;
  const { compose, explain, tried: stack, possible, load } = prepared;
  const { runId, data, held, hostPlace, stop, withinMs } = where;
  const interrupt = stop.signal;
  const place: TryPlace = {
    compose,
    stack,
    baseline,
    runId,
    hostPlace,
    limitMs,
    settleMs,
    clock,
    explain,
    data,
    held,
    outside: flags.withNetwork ?? false,
    loadFromHost: load?.kind === 'command',
    variables: await givenVariables(compose, stack),
    interrupt,
    onLeft: (project) => reporter.warn(text.left({ project })),
  };
  const trials = new Trials(place);
  const firsts: FirstCost[] = [];
  const seen = await tryAll(app, {
    possible,
    targets,
    baseline,
    staying,
    trials,
    stack,
    interrupt,
    async afterBaseline(services, tasks) {
      if (flags.tryOnly === true || services.every((service) => staying.includes(service))) return;
      const restCpus = new Map();
      const plan = { trials, compose, hostPlace, clock, baseline, load, patterns, idleMs, restCpus };
      const first = await firstCost({ ...plan, services, tasks, interrupt }, withinMs);
      // What was cut off is no failure of the load.
      if (interrupt.aborted) return;
      firsts.push(first);
      refuseUselessLoad(first, { file, arms: 1 + targets.length, withinMs });
      if (first.failure !== null) reporter.warn(text.noCosts({ what: first.failure }));
      else if (load !== null && first.figures.load?.requests === null) reporter.warn(text.noRequests);
    },
  });
  return { place, trials: seen, first: firsts.at(-1) ?? null };
}

/** The variables that secrets and configurations are taken from, by their names of ours, with their values. */
export async function givenVariables(
  compose: Pick<Compose, 'valuesOf'>,
  stack: Stack,
): Promise<Readonly<Record<string, string>>> {
  const renamed = [...renameVariables(stack)];
  if (renamed.length === 0) return {};
  const values = await compose.valuesOf(renamed.map(([theirs]) => theirs));
  return Object.fromEntries(renamed.map(([theirs, ours]) => [ours, values[theirs] ?? '']));
}

/** A signal that is given at an interruption, or at a time that is set later. */
interface Stop extends Disposable {
  readonly signal: AbortSignal;
  /** On the clock, ms; infinite before it is set. */
  readonly deadline: number;
  at(deadline: number): void;
}

/** A signal that an interruption gives, and the clock once a deadline is set. */
export function openStop(clock: Clock, interrupt: AbortSignal): Stop {
  const late = new AbortController();
  const disposed = new AbortController();
  let deadline = Number.POSITIVE_INFINITY;
  return {
    signal: AbortSignal.any([interrupt, late.signal]),
    get deadline() {
      return deadline;
    },
    at(time) {
      deadline = time;
      // Node takes a longer time as 1 ms.
      clock.sleep(Math.min(time - clock.now(), 2 ** 31 - 1), disposed.signal).then(
        () => late.abort(),
        () => undefined,
      );
    },
    [Symbol.dispose]: () => disposed.abort(),
  };
}
