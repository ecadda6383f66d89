import type { Frontier, FrontierStep } from './capacity-plan.ts';
import { asEstimated, capacityOf, type Draw, demandOf, type PlacedService } from './demand.ts';
import { countIn, type HostCounts, hostCount } from './host-count.ts';
import type { HostType } from './input-record.ts';

/** A service under today's runtime, and under the runtime to move to; null if it may not or cannot move. */
interface Move {
  readonly from: PlacedService;
  readonly to: PlacedService | null;
}

export interface FrontierInput {
  readonly runtime: string;
  readonly moves: readonly Move[];
  readonly type: HostType;
  /** Allowed share of additional hosts, as a fraction. */
  readonly budget: number;
  readonly worlds: readonly Draw[];
  readonly confidence: number;
}

/** Maximum number of packings of a frontier: it tries every service in every world, so many services get fewer worlds. */
const mostPackings = 5000;
const leastWorlds = 20;

/**
 * Finds the services that can move, those that add the fewest fractional hosts first. After each move, all services are packed
 * again to count the hosts. A service that would exceed the budget stays. First-fit can need fewer hosts for more items; the
 * count is kept from falling as more services move. Null if the services do not fit as they are.
 */
export function frontierOf(asked: FrontierInput): Frontier | null {
  const { runtime, moves, type, budget, confidence } = asked;
  const worlds = asked.worlds.slice(0, Math.max(leastWorlds, Math.floor(mostPackings / moves.length)));
  const input = { ...asked, worlds };
  const before = countAll(input, new Set());
  const beforeCount = hostCount(before, confidence);
  if (beforeCount === null) return null;
  const allowed = Math.min(
    allowedHosts(before.value, budget),
    Math.max(before.value, type.count ?? Number.POSITIVE_INFINITY),
  );
  const movable = moves.filter(({ to }) => to !== null).toSorted((a, b) => growth(a, type) - growth(b, type));
  const moved = new Set<Move>();
  let last = before;
  const [accepted, stays]: [FrontierStep[], FrontierStep[]] = [[], []];
  for (const move of movable) {
    const found = noLess(countAll(input, new Set([...moved, move])), last);
    const hosts = hostCount(found, confidence);
    if (hosts === null) continue;
    const step = {
      service: move.from.service.name,
      hosts,
      added: found.value - before.value,
      addedCost: type.price === null ? null : (found.value - before.value) * type.price,
      within: withinShare(found, before, budget, worlds.length),
    };
    if (found.value > allowed) {
      stays.push(step);
      continue;
    }
    accepted.push(step);
    moved.add(move);
    last = found;
  }
  const shown = new Set([...accepted, ...stays].map(({ service }) => service));
  return {
    runtime,
    before: beforeCount,
    allowed,
    moves: accepted,
    stays,
    cannot: moves.map(({ from }) => from.service.name).filter((name) => !shown.has(name)),
  };
}

/** Whole hosts that the budget allows. */
function allowedHosts(before: number, budget: number): number {
  // 10 hosts and 10 % must be 11 despite rounding errors.
  return Math.floor(before * (1 + budget) + 1e-9);
}

function countAll({ moves, type, worlds }: FrontierInput, moved: ReadonlySet<Move>): HostCounts {
  const placed = moves.map((move) => (moved.has(move) ? (move.to ?? move.from) : move.from));
  return countIn({ placed, types: [type], view: 'all', limited: false }, worlds);
}

function noLess(found: HostCounts, last: HostCounts): HostCounts {
  return {
    value: Math.max(found.value, last.value),
    drawn: found.drawn.map((hosts, at) => Math.max(hosts, last.drawn[at] ?? 0)),
  };
}

/** Share of the worlds in which the hosts are within the budget of the same world. */
function withinShare(found: HostCounts, before: HostCounts, budget: number, draws: number): number {
  const within = found.drawn.filter((hosts, at) => hosts <= allowedHosts(before.drawn[at] ?? 0, budget));
  return draws === 0 ? 1 : within.length / draws;
}

/** Fractional hosts that a move adds: the maximum over the resources. */
function growth({ from, to }: Move, type: HostType): number {
  if (to === null) return 0;
  const capacity = capacityOf(type, [from.cost, to.cost], asEstimated, 'all');
  const after = demandOf(to, asEstimated);
  const grown = demandOf(from, asEstimated).map((size, at) =>
    Number.isFinite(capacity[at]) ? ((after[at] ?? 0) - size) / (capacity[at] ?? 1) : 0,
  );
  return from.service.replicas * Math.max(...grown);
}
