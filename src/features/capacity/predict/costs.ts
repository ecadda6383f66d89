import { median } from 'simple-statistics';
import type { OverheadEstimate } from '../overhead/overhead-record.ts';
import { centreOf } from '../overhead/parts.ts';
import { busyCpus, type MeasuredCell, valuesOf } from './measured.ts';
import { type BoundedValue, type FeatureCost, type FeatureId, featureIds } from './prediction.ts';
import { type CostSource, costSources, shareSources, standIns } from './sources.ts';

/** Cost per feature under a runtime beyond its native cost, before any correction. */
export type CostTable = ReadonlyMap<FeatureId, Omit<FeatureCost, 'learntNs'>>;

/** A runtime and the native runtime it is compared with. */
export interface Pair {
  readonly runtime: string;
  readonly native: string;
  readonly confidence: number;
}

type SourceCell = Pick<CostSource, 'workload' | 'params'>;

/** CPU time of one operation by block, ns. */
function operationCpu(
  cells: readonly MeasuredCell[],
  cell: SourceCell & Pick<MeasuredCell, 'runtime'>,
  metric: string,
): ReadonlyMap<number, number> {
  const times = valuesOf(cells, cell, metric);
  if (metric === 'work.cpu') return times;
  const busy = valuesOf(cells, cell, busyCpus);
  return new Map(
    [...times].flatMap(([block, time]) => {
      const cpus = busy.get(block);
      return cpus === undefined ? [] : [[block, time * cpus] as const];
    }),
  );
}

/** CPU time that a runtime adds to one operation, over the blocks that have both; null if no block has. */
export function addedTo(
  cells: readonly MeasuredCell[],
  { workload, params }: SourceCell,
  metric: string,
  { runtime, native, confidence }: Pair,
  difference = (subject: number, own: number) => subject - own,
): BoundedValue | null {
  const own = operationCpu(cells, { runtime: native, workload, params }, metric);
  const differences = [...operationCpu(cells, { runtime, workload, params }, metric)].flatMap(
    ([block, value]) => {
      const beside = own.get(block);
      return beside === undefined ? [] : [difference(value, beside)];
    },
  );
  const centre = centreOf(differences, confidence);
  return centre === null ? null : { value: centre.value, low: centre.low, high: centre.high };
}

/** Medians of the values and of the ends; an end is null if any input has none. */
function middle(all: readonly BoundedValue[]): BoundedValue {
  const ends = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === values.length ? median(known) : null;
  };
  return {
    value: median(all.map(({ value }) => value)),
    low: ends(all.map(({ low }) => low)),
    high: ends(all.map(({ high }) => high)),
  };
}

/** Maps all three numbers, at least 0: a native call slower than the runtime's is chance, or an unsuitable cell. */
function mapped({ value, low, high }: BoundedValue, by: (ns: number) => number): BoundedValue {
  const kept = (bound: number) => Math.max(0, by(bound));
  return {
    value: kept(value),
    low: low === null ? null : kept(low),
    high: high === null ? null : kept(high),
  };
}

/** Cost of an operation's other features, by the costs known so far. */
function besideOf({ does, feature }: CostSource, known: CostTable): number {
  return featureIds.reduce((sum, id) => {
    return id === feature ? sum : sum + (does[id] ?? 0) * (known.get(id)?.ns.value ?? 0);
  }, 0);
}

const nameOf = ({ workload, params }: SourceCell) => `${workload} ${params}`.trim();

/**
 * Costs that a runtime adds per feature, from the cells of a run. Several cells, or several calls of a cell, give the median,
 * so that an unsuitable one does no harm. A feature without a cell has the cost of its stand-in, or none.
 */
export function costTable(cells: readonly MeasuredCell[], pair: Pair): CostTable {
  const table = new Map<FeatureId, Omit<FeatureCost, 'learntNs'>>();
  const enter = (feature: FeatureId, found: readonly (readonly [SourceCell, BoundedValue])[]) => {
    if (found.length > 0)
      table.set(feature, {
        feature,
        ns: middle(found.map(([, ns]) => ns)),
        standIn: null,
        sources: found.map(([source]) => nameOf(source)),
      });
  };
  for (const feature of new Set(costSources.map((source) => source.feature))) {
    const found = costSources.flatMap((source): readonly (readonly [SourceCell, BoundedValue])[] => {
      if (source.feature !== feature) return [];
      const all = source.metrics.flatMap((metric) => addedTo(cells, source, metric, pair) ?? []);
      const beside = besideOf(source, table);
      const count = source.does[feature] ?? 1;
      return all.length === 0 ? [] : [[source, mapped(middle(all), (ns) => (ns - beside) / count)]];
    });
    enter(feature, found);
  }
  for (const feature of ['user', 'kernel'] as const) {
    const found = shareSources[feature].flatMap(
      (source): readonly (readonly [SourceCell, BoundedValue])[] => {
        const share = addedTo(cells, source, 'work.cpu', pair, (subject, own) => subject / own - 1);
        return share === null ? [] : [[source, mapped(share, (each) => each)]];
      },
    );
    enter(feature, found);
  }
  for (const feature of featureIds) {
    const standIn = standIns[feature];
    const other = standIn === undefined ? undefined : table.get(standIn);
    if (!table.has(feature) && standIn !== undefined && other !== undefined)
      table.set(feature, { ...other, feature, standIn });
  }
  return table;
}

/** The workload that starts a container and does nothing in it. */
const startWorkload = 'startup/echo';

/**
 * Difference of a start under a runtime from a native start, in a metric of a container that prints a line; null if no block
 * has both.
 */
export function addedToStart(
  cells: readonly MeasuredCell[],
  metric: 'total.cpu' | 'startup.to_output',
  { runtime, native, confidence }: Pair,
): OverheadEstimate | null {
  const of = (name: string) =>
    valuesOf(cells, { runtime: name, workload: startWorkload, params: '' }, metric);
  const own = of(native);
  const added = [...of(runtime)].flatMap(([block, value]) => {
    const beside = own.get(block);
    return beside === undefined ? [] : [value - beside];
  });
  return centreOf(added, confidence);
}

/** Workloads that measure the costs of calls, files, faults and tasks. */
export const neededWorkloads: readonly string[] = [
  'syscall/trivial',
  'syscall/ipc',
  'syscall/process',
  'syscall/thread',
  'io/small-files',
  'memory/fault',
];
