import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { saidAs } from '../../../core/model/said.ts';
import type { Costs } from './attribution.ts';
import { callsOf, type Demand } from './features.ts';
import { type FeatureId, featureIds, type RangeExcess } from './prediction.ts';
import { featureName } from './words.ts';

/**
 * Factor beyond the largest rate of any application up to which costs are known to hold: applications that made 1.25 to 4.7 times
 * as many calls of a class as any other were predicted no worse than the rest, from these others alone
 * (bench/prove/results/prediction.md).
 */
const checkedRates = 5;
/** The same for CPUs used at once: no application says what a runtime does beyond, and there it can have cliffs. */
const checkedCpus = 1.25;
/** The same for threads and bytes per call, whose effect depends on the order of magnitude. */
const checkedSizes = 4;
/** Share of all calls, or of the native CPU time by the cells' costs, from which a feature is looked at. */
const smallShare = 0.05;
/** Share from which an unknown cost could spoil a prediction. */
const largeShare = 0.2;

/** A quantity beyond the applications', without its message. */
type Excess = Pick<RangeExcess, 'kind' | 'feature' | 'value' | 'most'>;

/** What of a recording exceeds the run's applications; the largest excess first. */
interface Range {
  /** Farther than the model was ever checked. */
  readonly refusals: RangeExcess[];
  /** No farther than that. */
  readonly beyond: RangeExcess[];
}

/** The largest known value; null if none is known. */
function most(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

/** What is compared, and the factor beyond the applications' largest up to which it was checked. */
type Quantity = readonly [
  kind: Excess['kind'],
  feature: FeatureId | null,
  checked: number,
  of: (demand: Demand) => number | null,
];

const quantities: readonly Quantity[] = [
  ['rate', null, checkedRates, callRate],
  ['concurrency', null, checkedCpus, ({ concurrency }) => concurrency],
  ['threads', null, checkedSizes, ({ tasks }) => tasks],
  ['size', 'bytes', checkedSizes, ({ bytesOfCall }) => bytesOfCall],
];

/** `user` and `kernel` are times, `crowded` follows from the CPUs, and bytes are looked at by the call. */
const notRates: ReadonlySet<FeatureId> = new Set(['user', 'kernel', 'crowded', 'bytes']);
const rated = featureIds.filter((id) => !notRates.has(id));

/** How much of a feature there is, by counts and by the cells' costs, whatever the chosen form makes of it. */
function shareOf({ features, cpuNs }: Demand, id: FeatureId, prices: Costs): number {
  const count = features[id] ?? 0;
  const ofCalls = id.startsWith('call.') ? count / callsOf(features) : 0;
  return Math.max(ofCalls, (count * (prices[id] ?? 0)) / cpuNs);
}

/**
 * Quantities of a recording that exceed those of the run's applications. Every class's rate is looked at, also where the chosen
 * form prices it at nothing: what no application has much of, no form can learn. `prices`: by the run's own cells.
 */
export function rangeOf(demand: Demand, applications: readonly Demand[], prices: Costs): Range {
  const rates = rated.flatMap((id): readonly Quantity[] => {
    const share = shareOf(demand, id, prices);
    const checked = share < largeShare ? Infinity : checkedRates;
    return share < smallShare ? [] : [['rate', id, checked, (of) => rateOf(of, id)]];
  });
  const found = [...rates, ...quantities].flatMap(([kind, feature, checked, of]) => {
    const [value, largest] = [of(demand), most(applications.map(of))];
    if (value === null || largest === null || value <= largest) return [];
    const isFar = value > (largest === 0 ? 0 : checked * largest);
    return [{ excess: { kind, feature, value, most: largest }, isFar: isFar && checked < Infinity }];
  });
  const sorted = found.toSorted((a, b) => timesOver(b.excess) - timesOver(a.excess));
  const said = (isFar: boolean) =>
    sorted.flatMap((each) => (each.isFar === isFar ? [saidOf(each.excess)] : []));
  return { refusals: said(true), beyond: said(false) };
}

/** Value ÷ the applications' largest; for a largest of 0, the largest number. */
function timesOver({ value, most: largest }: Excess): number {
  return largest > 0 ? value / largest : Number.MAX_VALUE;
}

/** Count of a feature per second of native CPU time. */
function rateOf({ features, cpuNs }: Demand, id: FeatureId): number {
  return ((features[id] ?? 0) / cpuNs) * 1e9;
}

/** System calls per second of native CPU time. */
export function callRate({ features, cpuNs }: Demand): number {
  return (callsOf(features) / cpuNs) * 1e9;
}

const text = notices('predict', {
  rate: '{feature}: {value} per second of CPU time; at most {most} in the applications that checked the model',
  callRate:
    'it makes {value} system calls per second of CPU time; the applications that checked the model make at most {most}',
  concurrency:
    'it uses {value} CPUs at once; the applications that checked the model use at most {most}, and beyond that a runtime can slow down abruptly',
  threads: 'it has {value} tasks; the applications that checked the model have at most {most}',
  size: 'one of its calls moves {value} bytes; those of the applications that checked the model move at most {most}',
});

function sentence({ kind, feature, value, most: largest }: Excess): Message {
  const whole = { value: quantity(value, ''), most: quantity(largest, '') };
  switch (kind) {
    case 'rate':
      return feature === null ? text.callRate(whole) : text.rate({ feature: featureName(feature), ...whole });
    case 'concurrency':
      return text.concurrency({ value: quantity(value, '', 2), most: quantity(largest, '', 2) });
    case 'threads':
      return text.threads(whole);
    case 'size':
      return text.size(whole);
  }
}

/** An excess with its message. */
function saidOf(excess: Excess): RangeExcess {
  return { ...excess, ...saidAs('reason', sentence(excess)) };
}
