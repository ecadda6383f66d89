import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recorded } from '../../../core/messages/record.ts';
import type { HostCount, PlanOption, Resource, StormHeadroom } from './capacity-plan.ts';
import {
  asEstimated,
  capacityOf,
  type Draw,
  demandOf,
  type PlacedService,
  resources,
  useOf,
  type View,
} from './demand.ts';
import { binsOf, countIn, hostCount, hostsOf, itemsOf, packingOf } from './host-count.ts';
import type { HostType } from './input-record.ts';
import { fitting, type Item, type Packing } from './pack.ts';

/** Tolerance, so that rounding errors do not add a host. */
const tolerance = 1e-9;

/**
 * Lower bound of the hosts of one type for any packing: the maximum over the dimensions of the bound L2 of Martello and Toth
 * (1990) for that dimension alone. Two items larger than half a host need two hosts, and items that do not fit beside them need
 * more.
 */
export function lowerBound(items: readonly Item[], capacity: readonly number[]): number {
  return Math.max(
    0,
    ...capacity.map((room, at) =>
      room === Number.POSITIVE_INFINITY
        ? 0
        : boundOf(
            items.flatMap(({ demand, count }) => {
              const size = (demand[at] ?? 0) / room;
              return size > 0 ? [{ size, count }] : [];
            }),
          ),
    ),
  );
}

interface SizedItem {
  /** Size as a fraction of a host. */
  readonly size: number;
  readonly count: number;
}

function boundOf(items: readonly SizedItem[]): number {
  const small = items.filter(({ size }) => size <= 1 / 2).map(({ size }) => size);
  return Math.max(...[0, ...small].map((least) => boundWith(items, least)));
}

/** The bound without items smaller than `least`. */
function boundWith(items: readonly SizedItem[], least: number): number {
  const amount = (own: readonly SizedItem[]) =>
    own.reduce((total, { size, count }) => total + size * count, 0);
  const number = (own: readonly SizedItem[]) => own.reduce((total, { count }) => total + count, 0);
  const alone = items.filter(({ size }) => size > 1 - least + tolerance);
  const large = items.filter(({ size }) => size <= 1 - least + tolerance && size > 1 / 2);
  const small = items.filter(({ size }) => size <= 1 / 2 && size >= least);
  const room = number(large) - amount(large);
  return number(alone) + number(large) + Math.max(0, Math.ceil(amount(small) - room - tolerance));
}

/** Hosts of each type. */
interface HostAllocation {
  readonly type: HostType;
  readonly hosts: number;
}

/**
 * CPUs that start storms take while all services run, if the starts are spread evenly over all CPUs. Excludes the work of the
 * starting program itself. Services without a storm, or whose runtime has no known start cost, are left out.
 */
function stormHeadrooms(
  placed: readonly PlacedService[],
  bought: readonly HostAllocation[],
): readonly StormHeadroom[] {
  const has = bought.reduce((sum, { type, hosts }) => sum + hosts * (type.cpus - type.reserved.cpus), 0);
  const used = placed.reduce((sum, each) => sum + each.service.replicas * useOf(each, asEstimated).cpus, 0);
  const freeCpus = Math.max(0, has - used);
  return placed.flatMap(({ service: { name, storm }, cost: { startCpuNs } }) => {
    if (storm === null || startCpuNs === null) return [];
    const work = (ns: number) => (storm.replicas * ns) / 1e6;
    const cpus = {
      estimate: work(startCpuNs.estimate) / storm.withinMs,
      low: work(startCpuNs.low) / storm.withinMs,
      high: work(startCpuNs.high) / storm.withinMs,
    };
    return [
      {
        service: name,
        cpus,
        freeCpus,
        fits: cpus.high <= freeCpus,
        shortestMs: freeCpus > 0 ? work(startCpuNs.estimate) / freeCpus : null,
      },
    ];
  });
}

const words = messages('capacityPlan.option', {
  tooLarge: 'a replica of {service} is larger than a host of this type',
  tooMany: '{needed} hosts are needed, and only {count} are available',
  notEnough: '{left} replicas do not fit on the available hosts',
});

/** Input of an option. */
export interface OptionInput {
  readonly placed: readonly PlacedService[];
  readonly worlds: readonly Draw[];
  readonly confidence: number;
}

/** Hosts of one type for a plan. */
export function optionOf(input: OptionInput, type: HostType): PlanOption {
  const { placed, worlds, confidence } = input;
  const packable = (view: View) => ({ placed, types: [type], view, limited: false });
  const packing = packingOf(packable('all'));
  const counted = (view: View) => hostCount(countIn(packable(view), worlds), confidence);
  const needed = counted('all');
  const requests = hostsOf(packingOf(packable('requests')));
  const bought = [{ type, hosts: needed?.value ?? 0 }];
  const reason = needed === null ? tooLarge(placed, type) : tooMany(needed, type);
  const capacity = capacityOf(type, costsOf(placed), asEstimated, 'all');
  return {
    hosts: bought.map(({ hosts }) => ({ type: type.name, hosts })),
    needed,
    ...saidReason(reason),
    byRequests: Number.isFinite(requests) ? requests : null,
    byUsage: counted('usage'),
    lowerBound: needed === null ? null : lowerBound(itemsOf(placed, asEstimated), capacity),
    ...(needed === null ? { binding: [], taken: [] } : fillOf(packing, [type], placed)),
    cost: type.price === null || needed === null ? null : costOf(needed, type.price),
    storms: needed === null ? [] : [...stormHeadrooms(placed, bought)],
  };
}

/**
 * Hosts of several types for a plan: uses each type in order up to its available number. The cost has no interval, since
 * another number of hosts would mean other types.
 */
export function mixOf({ placed, worlds, confidence }: OptionInput, types: readonly HostType[]): PlanOption {
  const packable = (view: View) => ({ placed, types, view, limited: true });
  const packing = packingOf(packable('all'));
  const counted = (view: View) => hostCount(countIn(packable(view), worlds), confidence);
  const bought = types.map((type, at) => ({
    type,
    hosts: packing.filled.reduce((sum, { bin, hosts }) => sum + (bin === at ? hosts : 0), 0),
  }));
  const requests = hostsOf(packingOf(packable('requests')));
  const isWhole = packing.left === 0;
  return {
    hosts: bought.map(({ type, hosts }) => ({ type: type.name, hosts })),
    needed: counted('all'),
    ...saidReason(isWhole ? null : words.notEnough({ left: packing.left })),
    byRequests: Number.isFinite(requests) ? requests : null,
    byUsage: counted('usage'),
    lowerBound: null,
    ...fillOf(packing, types, placed),
    cost: isWhole ? priceOf(bought) : null,
    storms: isWhole ? [...stormHeadrooms(placed, bought)] : [],
  };
}

/** Number of replicas that fit on an empty host without other services. Infinite if nothing limits it. */
export function aloneOn(placed: PlacedService, type: HostType, draw: Draw, view: View): number {
  return fitting(demandOf(placed, draw), capacityOf(type, [placed.cost], draw, view));
}

function costsOf(placed: readonly PlacedService[]) {
  return placed.map(({ cost }) => cost);
}

function saidReason(reason: Message | null): Pick<PlanOption, 'reason' | 'messages'> {
  return reason === null ? { reason: null } : recorded({ reason });
}

function tooLarge(placed: readonly PlacedService[], type: HostType): Message {
  const capacity = capacityOf(type, costsOf(placed), asEstimated, 'all');
  const found = placed.find((each) => fitting(demandOf(each, asEstimated), capacity) === 0);
  return words.tooLarge({ service: found?.service.name ?? '?' });
}

function tooMany(needed: HostCount, { count }: HostType): Message | null {
  return count !== null && needed.value > count ? words.tooMany({ needed: needed.value, count }) : null;
}

function costOf({ value, low, high }: HostCount, price: number): NonNullable<PlanOption['cost']> {
  const priced = (hosts: number | null) => (hosts === null ? null : hosts * price);
  return { value: value * price, low: priced(low), high: priced(high) };
}

function priceOf(bought: readonly HostAllocation[]): PlanOption['cost'] {
  if (bought.some(({ type, hosts }) => hosts > 0 && type.price === null)) return null;
  const value = bought.reduce((sum, { type, hosts }) => sum + hosts * (type.price ?? 0), 0);
  return { value, low: null, high: null };
}

/** Used fractions of the hosts, and the fullest resource of each. */
function fillOf(
  { filled }: Packing,
  types: readonly HostType[],
  placed: readonly PlacedService[],
): Pick<PlanOption, 'binding' | 'taken'> {
  const bins = binsOf(types, placed, { draw: asEstimated, view: 'all', limited: false });
  const binding = new Map<Resource, number>();
  const sums = resources.map(() => ({ taken: 0, capacity: 0 }));
  for (const { bin, hosts, taken } of filled) {
    const capacity = bins[bin]?.capacity ?? [];
    const fill = (at: number) => {
      const room = capacity[at] ?? 0;
      return Number.isFinite(room) && room > 0 ? (taken[at] ?? 0) / room : 0;
    };
    const most = resources.reduce((best, _, at) => (fill(at) > fill(best) ? at : best), 0);
    const resource = resources[most] ?? 'pods';
    binding.set(resource, (binding.get(resource) ?? 0) + hosts);
    for (const [at, sum] of sums.entries()) {
      const room = capacity[at] ?? 0;
      if (!Number.isFinite(room)) continue;
      sum.taken += hosts * (taken[at] ?? 0);
      sum.capacity += hosts * room;
    }
  }
  // A resource of several dimensions is as full as the fullest of them.
  const fractions = new Map<Resource, number>();
  for (const [at, resource] of resources.entries()) {
    const { taken = 0, capacity = 0 } = sums[at] ?? {};
    if (capacity > 0) fractions.set(resource, Math.max(fractions.get(resource) ?? 0, taken / capacity));
  }
  return {
    binding: [...binding]
      .map(([resource, hosts]) => ({ resource, hosts }))
      .toSorted((a, b) => b.hosts - a.hosts),
    taken: [...fractions].map(([resource, fraction]) => ({ resource, fraction })),
  };
}
