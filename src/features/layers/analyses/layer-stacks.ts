import { blocksForInterval } from '../../../core/analyze/claims/looks.ts';
import type { AnalysisPart } from '../../../core/analyze/part.ts';
import { describeSample } from '../../../core/analyze/stats/order-statistic.ts';
import { pairedCentre, widened } from '../../../core/analyze/stats/paired-centre.ts';
import type { CellSamples } from '../../../core/analyze/values/samples.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import {
  type Cell,
  cellKey,
  formatParams,
  isBaselineArm,
  type Layer,
  parseParams,
} from '../../../core/model/trial/cell.ts';
import type { LayerStack, StackInterval, StackPart } from '../../../core/model/trial/layer-stack.ts';

/** block → ns */
type ByBlock = ReadonlyMap<number, number>;

/** A place where a start can be measured: its layer, and the parts that it adds to the place below. */
interface StackPlace {
  readonly layer: Layer;
  /** The tool of a floor; null: the runtime of the stack. */
  readonly tool: string | null;
  readonly adds: readonly StackPart[];
}

const places: readonly StackPlace[] = [
  { layer: 'floor', tool: 'fork', adds: ['process'] },
  { layer: 'floor', tool: 'unshare', adds: ['namespaces'] },
  { layer: 'oci', tool: null, adds: ['runtime'] },
  { layer: 'containerd', tool: null, adds: ['containerd'] },
  { layer: 'docker', tool: null, adds: ['docker'] },
];

/** Layers beside the stack: other ways to start a container of the same runtime. */
const besides: readonly Layer[] = ['podman'];

/** Layers at which the harness mounts the image itself: harness work, excluded (also from `create`). */
const mountedByUs: ReadonlySet<Layer> = new Set(['floor', 'oci']);

/** The metrics of a stack, each with the phases in which the harness mounts and unmounts. */
const metrics = [
  { metric: 'startup.to_output', mounting: ['startup.create'] },
  { metric: 'startup.total', mounting: ['startup.create', 'startup.remove'] },
] as const;

/** Settings of the estimates of a run. */
interface EstimateSettings {
  readonly confidence: number;
  /** Factor of all half-widths, from the A/A check. */
  readonly widening: number;
}

/**
 * Every start that was measured at two or more layers, split into the parts of its stack: one entry for each workload,
 * runtime, engine and metric, in the order of the schedule. Empty for a run of one layer.
 */
export function layerStacks(
  run: RunRecord,
  cells: ReadonlyMap<string, CellSamples>,
  widening = 1,
): LayerStack[] {
  const how = { confidence: 1 - run.config.thresholds.alpha, widening };
  const { baseline } = run.config;
  const own = [...cells.values()]
    .map(({ cell }) => cell)
    .filter(({ layer, runtime }) => layer !== 'floor' && !isBaselineArm(runtime, baseline));
  const order = new Map(run.runtimes.map(({ entry }, at) => [entry.name, at]));
  const scheduled = (cell: Cell) =>
    run.subjects.findIndex(({ workload, params }) => workload === cell.workload && params === cell.params);
  const wholes = [...Map.groupBy(own, wholeKey).values()]
    .flatMap(forEachEngine)
    .toSorted(
      (a, b) => scheduled(a) - scheduled(b) || (order.get(a.runtime) ?? 0) - (order.get(b.runtime) ?? 0),
    );
  return wholes.flatMap((cell) =>
    metrics.flatMap(({ metric, mounting }) => stackOf(cell, metric, mounting, cells, how) ?? []),
  );
}

function wholeKey({ runtime, profile, workload, params }: Cell): string {
  return JSON.stringify([runtime, profile, workload, params]);
}

/** The cell for each engine that has it, or once where no engine is named. `same`: its places, of one whole key. */
function forEachEngine(same: readonly Cell[]): readonly Cell[] {
  const [first] = same;
  if (first === undefined) return [];
  const names = new Set(same.flatMap(({ engine }) => (engine === undefined ? [] : [engine])));
  const { engine: _, ...alone } = first;
  return names.size === 0 ? [alone] : [...names].map((engine) => ({ ...alone, engine }));
}

/** The cell's measurements at a layer: those of its engine, or those without an engine where the layer has none. */
function at(cells: ReadonlyMap<string, CellSamples>, cell: Cell, layer: Layer, tool: string | null = null) {
  const { engine, ...alone } = { ...cell, layer, runtime: tool ?? cell.runtime };
  const named = engine === undefined ? undefined : cells.get(cellKey({ ...alone, engine }));
  return named ?? cells.get(cellKey(alone));
}

function valuesOf(samples: CellSamples | undefined, metric: string): ByBlock | undefined {
  const values = samples?.samples.get(metric)?.byBlock;
  return values === undefined || values.size === 0 ? undefined : values;
}

/** A place that was measured. `parts`: its own, and those of the unmeasured places directly below it. */
interface MeasuredPlace {
  readonly layer: Layer;
  readonly parts: readonly StackPart[];
  /** Excludes the time in which the harness mounts and unmounts. */
  readonly values: ByBlock;
}

function stackOf(
  cell: Cell,
  metric: LayerStack['metric'],
  mounting: readonly string[],
  cells: ReadonlyMap<string, CellSamples>,
  how: EstimateSettings,
): LayerStack | null {
  const measured = inCommonBlocks(measuredPlaces(cell, metric, mounting, cells), how);
  const [bottom, ...higher] = measured;
  const top = measured.at(-1);
  // A stack of floors alone says nothing about the runtime.
  if (bottom === undefined || top === undefined || higher.length === 0 || top.layer === 'floor') return null;
  const increments = higher.flatMap((place, index) => {
    const below = measured[index];
    return below === undefined ? [] : stepOf(place.parts, differences(place.values, below.values), how);
  });
  const steps = [...stepOf(bottom.parts, [...bottom.values.values()], how), ...increments];
  const alone = measured.find(({ layer }) => layer === 'oci')?.values;
  const bridged = bridgedCell(cell, top.layer);
  const withBridge = bridged === null ? undefined : valuesOf(at(cells, bridged, top.layer), metric);
  const { runtime, workload, params, engine } = cell;
  return {
    runtime,
    workload,
    params,
    metric,
    top: top.layer,
    ...(engine === undefined ? {} : { engine }),
    steps,
    whole: medianOf(top.values, how),
    sum: steps.reduce((total, step) => total + step.estimate, 0),
    above: alone === undefined || top.layer === 'oci' ? null : estimate(differences(top.values, alone), how),
    network: withBridge === undefined ? null : estimate(differences(withBridge, top.values), how),
    beside: besides.flatMap((layer) => {
      const values = valuesOf(at(cells, cell, layer), metric);
      return values === undefined ? [] : [{ layer, ...medianOf(values, how) }];
    }),
  };
}

/** The measured places from bottom to top, each with at least one block that the place below has too. */
function measuredPlaces(
  cell: Cell,
  metric: string,
  mounting: readonly string[],
  cells: ReadonlyMap<string, CellSamples>,
): readonly MeasuredPlace[] {
  const measured: MeasuredPlace[] = [];
  let waiting: StackPart[] = [];
  for (const { layer, tool, adds } of places) {
    waiting.push(...adds);
    const samples = at(cells, cell, layer, tool);
    const all = valuesOf(samples, metric);
    const mounts = mountedByUs.has(layer) ? mounting.map((each) => valuesOf(samples, each)) : [];
    const values = all === undefined ? undefined : without(all, mounts);
    const below = measured.at(-1)?.values;
    if (values === undefined || values.size === 0) continue;
    if (below !== undefined && differences(values, below).length === 0) continue;
    measured.push({ layer, parts: waiting, values });
    waiting = [];
  }
  return measured;
}

/**
 * Restrict all places to the blocks that every one has: comparisons stop at different blocks, and on a host that drifts
 * the sum would differ from the whole. Unchanged where too few blocks are complete for an interval.
 */
function inCommonBlocks(
  measured: readonly MeasuredPlace[],
  { confidence }: EstimateSettings,
): readonly MeasuredPlace[] {
  const [first, ...others] = measured.map(({ values }) => values);
  const common = [...(first?.keys() ?? [])].filter((block) => others.every((values) => values.has(block)));
  if (common.length < blocksForInterval(1 - confidence)) return measured;
  const kept = new Set(common);
  return measured.map((place) => ({
    ...place,
    values: new Map([...place.values].filter(([block]) => kept.has(block))),
  }));
}

/** The values minus these parts, in the blocks that have all of the parts. */
function without(values: ByBlock, parts: readonly (ByBlock | undefined)[]): ByBlock {
  return new Map(
    [...values].flatMap(([block, value]) => {
      const own = parts.map((part) => part?.get(block));
      return own.includes(undefined)
        ? []
        : [[block, own.reduce<number>((rest, part) => rest - (part ?? 0), value)] as const];
    }),
  );
}

function stepOf(
  parts: readonly StackPart[],
  values: readonly number[],
  how: EstimateSettings,
): LayerStack['steps'] {
  const known = estimate(values, how);
  return known === null ? [] : [{ parts: [...parts], ...known }];
}

/** The same start on the default bridge of its engine; null where the cell names a network already, or is not in Docker. */
function bridgedCell(cell: Cell, layer: Layer): Cell | null {
  const params = parseParams(cell.params);
  if (layer !== 'docker' || 'network' in params) return null;
  return { ...cell, params: formatParams({ ...params, network: 'bridge' }) };
}

/** Differences in the blocks that both have. */
function differences(values: ByBlock, below: ByBlock | undefined): readonly number[] {
  return [...values].flatMap(([block, value]) => {
    const reference = below?.get(block);
    return reference === undefined ? [] : [value - reference];
  });
}

/** Paired centre with its interval; null without values. */
function estimate(
  values: readonly number[],
  { confidence, widening }: EstimateSettings,
): StackInterval | null {
  const centre = pairedCentre(values, confidence);
  if (centre === null) return null;
  const { estimate: value, low, high } = widened(centre, widening);
  return { estimate: value, low, high, n: values.length };
}

function medianOf(values: ByBlock, { confidence }: EstimateSettings): StackInterval {
  const { median, ciLow, ciHigh, n } = describeSample([...values.values()], confidence);
  return { estimate: median, low: ciLow, high: ciHigh, n };
}

/** Where the time of a start goes. */
export default {
  fields({ aaCheck }, { run, cells }) {
    const layers = layerStacks(run, cells, aaCheck?.widening);
    return layers.length === 0 ? {} : { layers };
  },
} satisfies AnalysisPart;
