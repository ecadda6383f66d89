import type { AppContext } from '../../../app/context.ts';
import type { Clock } from '../../../app/reporter.ts';
import { notices } from '../../../core/messages/define.ts';
import { blocks } from '../cost/blocks.ts';
import type { CostPlan } from '../cost/measure.ts';
import { openData } from '../data/data.ts';
import type { MoveTrial } from '../record.ts';
import { renameVariables } from '../stack/project.ts';
import type { Stack } from '../stack/stack.ts';
import type { Compose } from '../trying/compose.ts';
import { Trials, type TryPlace } from '../trying/try.ts';
import { tryAll } from '../trying/try-all.ts';
import { nativeOf, ranNatively } from '../verdicts.ts';
import type { PreparedMove } from './prepare.ts';
import type { MoveRequest } from './request.ts';

const text = notices('move', {
  left: 'some of {project} could not be removed; to remove it:  @(clean)',
});

/** Time for costs where `--max-time` does not limit it all, and how much of it six blocks may need, ms. */
const costMs = { usual: 600_000, most: 1_800_000 } as const;

/** The trials of services. */
export interface TriedServices {
  readonly place: TryPlace;
  readonly runner: Trials;
  readonly trials: readonly MoveTrial[];
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

/** How many blocks are planned, and the time for them: what is copied for a block comes on top. */
export function planBlocks({ asked }: MoveRequest, { load }: PreparedMove, startMs: number) {
  const planned = asked.blocks ?? (load === null ? blocks.atRest : blocks.withLoad);
  const copyMs = planned * (1 + asked.targets.length) * startMs;
  return {
    planned,
    withinMs: asked.maxTimeMs ?? costMs.most + copyMs,
    // An answer that comes two minutes later is worth more than none.
    timeFor: (neededMs: number) => Math.max(costMs.usual, Math.min(costMs.most, 1.2 * neededMs)) + copyMs,
  };
}

/** Tries every service. */
export async function tryServices(
  app: AppContext,
  { config, asked, flags }: MoveRequest,
  prepared: PreparedMove,
  where: Pick<TryPlace, 'runId' | 'data' | 'held' | 'hostPlace' | 'interrupt'>,
): Promise<TriedServices> {
  const { reporter, clock } = app;
  const { baseline } = config;
  const { targets, staying, limitMs, settleMs } = asked;
  const { compose, explain, tried: stack, possible, load } = prepared;
  const place: TryPlace = {
    ...where,
    compose,
    stack,
    baseline,
    limitMs,
    settleMs,
    clock,
    explain,
    outside: flags.withNetwork ?? false,
    loadFromHost: load?.kind === 'command',
    variables: await givenVariables(compose, stack),
    onLeft: (project) => reporter.warn(text.left({ project })),
  };
  const runner = new Trials(place);
  const { interrupt } = place;
  const plan = { possible, targets, baseline, staying, trials: runner, stack, interrupt };
  return { place, runner, trials: await tryAll(app, plan) };
}

/** How the costs of the services are measured that ran under the baseline. */
export function costPlan(
  { asked: { patterns, idleMs } }: MoveRequest,
  { load }: PreparedMove,
  { place, runner, trials }: TriedServices,
): CostPlan {
  const { compose, stack, hostPlace, clock, baseline, interrupt } = place;
  const native = nativeOf(trials);
  const services = [...native.keys()].filter((service) => ranNatively(service, native, stack));
  const tasks = new Set(services.filter((service) => native.get(service) === 'done'));
  const common = { compose, hostPlace, clock, baseline, interrupt, load, patterns, idleMs };
  return { ...common, trials: runner, services, tasks, restCpus: new Map(), warmMs: 0 };
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
