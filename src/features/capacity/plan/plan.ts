import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { saidAs } from '../../../core/model/failure/said.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { confidenceShown } from '../overhead/shown.ts';
import {
  type CapacityPlan,
  capacityPlanVersion,
  type Frontier,
  type PlanOption,
  type RuntimePlan,
} from './capacity-plan.ts';
import { type Draw, type PlacedService, usualUtilisation, worlds } from './demand.ts';
import { frontierOf } from './frontier.ts';
import type { HostType, PlanInput } from './input-record.ts';
import { mixOf, type OptionInput, optionOf } from './option.ts';
import { limitNote, type Placement, placement, replicaOf } from './replica.ts';
import type { ResolvedService } from './resolved.ts';
import type { RuntimeCost } from './runtime-cost.ts';

/** Hosts for all services under one runtime: of each type alone, and of all types if no type alone is enough. */
function runtimePlan(
  {
    runtime,
    family,
    kind,
  }: { readonly runtime: string; readonly family: string; readonly kind: RuntimeCost['kind'] },
  input: OptionInput,
  types: readonly HostType[],
  refused: readonly string[],
): RuntimePlan {
  const plan = { runtime, family, overhead: kind, refused: [...refused] };
  if (refused.length > 0) return { ...plan, options: [], best: null };
  const alone = types.map((type) => ({ type, option: optionOf(input, type) }));
  const isEnough = alone.some(({ option }) => option.reason === null);
  const inOrder = alone.toSorted((a, b) => worth(a.option) - worth(b.option)).map(({ type }) => type);
  const options = [
    ...alone.map(({ option }) => option),
    ...(isEnough || types.length < 2 ? [] : [mixOf(input, inOrder)]),
  ];
  return { ...plan, options, best: bestOf(options) };
}

/** Index of the best possible option: by cost if all have one, else by hosts. */
function bestOf(options: readonly PlanOption[]): number | null {
  const able = options.flatMap((option, at) => (option.reason === null ? [{ option, at }] : []));
  const isPriced = able.every(({ option }) => option.cost !== null);
  const [best] = able.toSorted(
    (a, b) => worth(a.option, isPriced) - worth(b.option, isPriced) || a.at - b.at,
  );
  return best?.at ?? null;
}

function worth({ needed, cost }: PlanOption, isPriced = cost !== null): number {
  if (needed === null) return Number.POSITIVE_INFINITY;
  return isPriced ? (cost?.value ?? Number.POSITIVE_INFINITY) : needed.value;
}

const words = messages('capacityPlan.notes', {
  usualUtilisation: '{services}: without an SLO, planned CPU utilisation is at most {share}',
  noInterval:
    '{services}: the CPU time under {runtime} has no interval and is assumed to be exact. The plan is more certain than it should be',
  noStart: '{runtime}: the CPU time of a start is unknown, so start storms are not checked',
  noFrontier: 'no single host type fits all services as they run today, so no move is priced',
});

/** Settings of a plan. */
export interface PlanSettings {
  readonly seed: number;
  readonly draws: number;
  readonly budget: number;
  readonly confidence: number;
}

export interface PlanSources {
  readonly input: Pick<PlanInput, 'hosts' | 'currency'>;
  readonly services: readonly ResolvedService[];
  /** Runtime → its cost, or why it is unknown; in the order of the output. */
  readonly costs: ReadonlyMap<string, RuntimeCost | Message>;
  /** The runtime before any move: one of `costs`. */
  readonly today: string;
  readonly run: RunRecord;
  /** What is to be read beside the plan: which run gave what, if several did. */
  readonly notes?: readonly Message[];
}

/** Plans hosts for the services under each runtime, and the services that can move. */
export function planOf(sources: PlanSources, settings: PlanSettings): CapacityPlan {
  const { input, services, costs, today, run } = sources;
  const { seed, draws, budget, confidence } = settings;
  const drawn = worlds(seed, draws, confidence);
  const table = new Map(
    [...costs].map(([runtime, cost]) => [
      runtime,
      services.map((each) =>
        mayMove(each, runtime)
          ? placement(each, runtime, cost)
          : placement(each, today, costs.get(today) ?? cost),
      ),
    ]),
  );
  const options = { hosts: input.hosts, worlds: drawn, confidence };
  const runtimes = [...costs].map(([runtime, cost]) => {
    const own = table.get(runtime) ?? [];
    const refused = services.filter((_, at) => !isPlaced(own[at])).map(({ service }) => service.name);
    const facts = run.runtimes.find(({ entry }) => entry.name === runtime);
    const about = {
      runtime,
      family: facts?.family ?? runtime,
      kind: 'text' in cost ? ('measured' as const) : cost.kind,
    };
    return runtimePlan(
      about,
      { placed: own.flatMap(placedOf), worlds: drawn, confidence },
      input.hosts,
      refused,
    );
  });
  const frontiers = frontiersOf(sources, table, runtimes, { ...settings, drawn });
  return {
    capacityPlanVersion,
    confidence,
    seed,
    draws,
    budget,
    currency: input.currency,
    today,
    run: { runId: run.runId, startedAt: run.startedAt, harnessVersion: run.harnessVersion },
    host: run.host,
    services: services.map((each, at) => ({
      name: each.service.name,
      replicas: each.service.replicas,
      cpuFrom: each.cpuFrom,
      memoryFrom: each.memoryFrom,
      runtimes: [...table].flatMap(([runtime, own]) => {
        const placement = own[at];
        return placement === undefined || !(mayMove(each, runtime) || runtime === today)
          ? []
          : [replicaOf(each, runtime, placement, options)];
      }),
    })),
    runtimes,
    frontiers: [...(frontiers ?? [])],
    notes: [
      ...notesOf(sources, [...table.values()].flat().flatMap(placedOf)),
      ...(frontiers === null ? [words.noFrontier] : []),
    ].map((note) => saidAs('note', note)),
  };
}

/** May the service run under this runtime? Otherwise it stays. */
function mayMove({ service: { runtimes } }: ResolvedService, runtime: string): boolean {
  return runtimes === null || runtimes.includes(runtime);
}

function isPlaced(placement: Placement | undefined): boolean {
  return placement !== undefined && 'placed' in placement;
}

function placedOf(placement: Placement): readonly PlacedService[] {
  return 'placed' in placement ? [placement.placed] : [];
}

/** One frontier per runtime but today's; null if no single host type holds all services as they are today. */
function frontiersOf(
  { input, services, today }: PlanSources,
  table: ReadonlyMap<string, readonly Placement[]>,
  runtimes: CapacityPlan['runtimes'],
  { budget, confidence, drawn }: PlanSettings & { readonly drawn: readonly Draw[] },
): readonly Frontier[] | null {
  const now = table.get(today) ?? [];
  const plan = runtimes.find(({ runtime }) => runtime === today);
  const others = [...table.keys()].filter((runtime) => runtime !== today);
  if (others.length === 0) return [];
  const type = bestType(plan, input.hosts);
  if (type === null || !now.every(isPlaced)) return null;
  return others.flatMap((runtime) => {
    const moves = services.flatMap((each, at) => {
      const [from] = now[at] === undefined ? [] : placedOf(now[at]);
      const [to] = (table.get(runtime) ?? []).slice(at, at + 1).flatMap(placedOf);
      return from === undefined ? [] : [{ from, to: mayMove(each, runtime) ? (to ?? null) : null }];
    });
    return frontierOf({ runtime, moves, type, budget, worlds: drawn, confidence }) ?? [];
  });
}

function bestType(
  plan: CapacityPlan['runtimes'][number] | undefined,
  types: readonly HostType[],
): HostType | null {
  const option = plan?.best == null ? undefined : plan.options[plan.best];
  const [only, ...more] = option?.hosts.filter(({ hosts }) => hosts > 0) ?? [];
  return more.length > 0 ? null : (types.find(({ name }) => name === only?.type) ?? null);
}

function notesOf(
  { services, costs, notes = [] }: PlanSources,
  placed: readonly PlacedService[],
): readonly Message[] {
  const without = services.flatMap(({ service }) => (service.slo === null ? [service.name] : []));
  const known = [...costs.values()].flatMap((cost) => ('text' in cost ? [] : [cost]));
  const hasStorms = services.some(({ service }) => service.storm !== null);
  return [
    ...new Map(placed.flatMap(limitNote).map((note) => [note.text, note])).values(),
    ...notes,
    ...services.flatMap((each) => each.notes),
    ...(without.length === 0
      ? []
      : [words.usualUtilisation({ services: listed(without), share: confidenceShown(usualUtilisation) })]),
    ...[...costs.keys()].flatMap((runtime) => {
      const own = services
        .filter((each) => isWithoutInterval(each, runtime))
        .map(({ service }) => service.name);
      return own.length === 0 ? [] : [words.noInterval({ services: listed(own), runtime })];
    }),
    ...known.flatMap((each) => each.notes),
    ...(hasStorms ? known.filter(({ startCpuNs }) => startCpuNs === null) : []).map(({ runtime }) =>
      words.noStart({ runtime }),
    ),
  ];
}

/** Was the ratio measured from too little data for an interval? A given ratio counts as exact. */
function isWithoutInterval({ ratios }: ResolvedService, runtime: string): boolean {
  const known = ratios.get(runtime);
  if (known === undefined || 'refusals' in known) return false;
  const { ratio, from } = known;
  return from === 'measured' && ratio.low === ratio.high;
}
