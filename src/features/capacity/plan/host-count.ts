import type { HostCount } from './capacity-plan.ts';
import { asEstimated, capacityOf, type Draw, demandOf, type PlacedService, type View } from './demand.ts';
import type { HostType } from './input-record.ts';
import { type Bin, type Item, type Packing, pack } from './pack.ts';

/** All replicas of a plan as items of one world. */
export function itemsOf(placed: readonly PlacedService[], draw: Draw): readonly Item[] {
  return placed.map((each) => ({ demand: demandOf(each, draw), count: each.service.replicas }));
}

/** Host types as bins of one world; `limited`: with the available number of each as limit. */
export function binsOf(
  types: readonly HostType[],
  placed: readonly PlacedService[],
  { draw, view, limited }: { readonly draw: Draw; readonly view: View; readonly limited: boolean },
): readonly Bin[] {
  const costs = placed.map(({ cost }) => cost);
  return types.map((type) => ({
    capacity: capacityOf(type, costs, draw, view),
    limit: limited ? type.count : null,
  }));
}

/** Input of a packing: services and host types. */
export interface PackingInput {
  readonly placed: readonly PlacedService[];
  readonly types: readonly HostType[];
  readonly view: View;
  /** Is the number of hosts of a type limited to those available? */
  readonly limited: boolean;
}

/** Packs a plan in one world. `only`: tries only this measure of size. */
export function packingOf(
  { placed, types, view, limited }: PackingInput,
  draw: Draw = asEstimated,
  only: number | null = null,
): Packing {
  return pack(itemsOf(placed, draw), binsOf(types, placed, { draw, view, limited }), only);
}

/** Hosts for the estimates, and in each world, there with the measure of size that was best for the estimates. */
export function countIn(packable: PackingInput, worlds: readonly Draw[]): HostCounts {
  const estimated = packingOf(packable);
  return {
    value: hostsOf(estimated),
    drawn: worlds.map((draw) => hostsOf(packingOf(packable, draw, estimated.measure))),
  };
}

/** Hosts of a packing; infinite if items are left over. */
export function hostsOf({ hosts, left }: Packing): number {
  return left > 0 ? Number.POSITIVE_INFINITY : hosts;
}

/** A number of hosts for the estimates (`value`) and in each world (`drawn`). */
export interface HostCounts {
  readonly value: number;
  readonly drawn: readonly number[];
}

/** The number of hosts with its interval; null if even the estimates fit on no number of hosts. */
export function hostCount({ value, drawn }: HostCounts, confidence: number): HostCount | null {
  if (!Number.isFinite(value)) return null;
  const { low, median, high } = interval(drawn.length === 0 ? [value] : drawn, confidence);
  const orNull = (hosts: number) => (Number.isFinite(hosts) ? hosts : null);
  return { value, median: orNull(median), low: orNull(low), high: orNull(high) };
}

/** Median, and the central interval that contains `confidence` of the values; all are observed values. */
export function interval(
  values: readonly number[],
  confidence: number,
): { readonly low: number; readonly median: number; readonly high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  const at = (rank: number) => sorted[rank] ?? Number.NaN;
  return {
    low: at(Math.floor((last * (1 - confidence)) / 2)),
    median: at(Math.round(last / 2)),
    high: at(Math.ceil((last * (1 + confidence)) / 2)),
  };
}
