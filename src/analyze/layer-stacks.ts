import { isBaselineArm } from '../model/aa-control.ts';
import { type Cell, cellKey, formatParams, type Layer, parseParams } from '../model/cell.ts';
import type { LayerStack, StackInterval, StackPart } from '../model/layer-stack.ts';
import type { RunRecord } from '../model/run.ts';
import type { CellSamples } from './samples.ts';
import { describeSample } from './stats/order-statistic.ts';
import { pairedCentre, widened } from './stats/paired-centre.ts';

/** block → ns */
type ByBlock = ReadonlyMap<number, number>;

/** A place where a start can be measured: the cell there, and what it holds that the place below does not. */
interface Place {
  readonly layer: Layer;
  /** The tool of a floor; null: the stack's runtime. */
  readonly tool: string | null;
  readonly adds: readonly StackPart[];
}

const places: readonly Place[] = [
  { layer: 'floor', tool: 'fork', adds: ['root', 'process'] },
  { layer: 'floor', tool: 'unshare', adds: ['namespaces'] },
  { layer: 'oci', tool: null, adds: ['runtime'] },
  { layer: 'containerd', tool: null, adds: ['containerd'] },
  { layer: 'docker', tool: null, adds: ['docker'] },
];

/** Layers beside the stack: other engines on the same runtime. */
const besides: readonly Layer[] = ['podman'];

/** Where the harness mounts the image itself, in calls that are measured apart. */
const mountedByUs: ReadonlySet<Layer> = new Set(['floor', 'oci']);

/** The metrics of a stack, and those of them in which the harness mounts and unmounts. */
const metrics = [
  { metric: 'startup.to_output', mounting: ['startup.create'] },
  { metric: 'startup.total', mounting: ['startup.create', 'startup.remove'] },
] as const;

/** What the estimates of a run are made with. */
interface Estimating {
  readonly confidence: number;
  /** Factor of all half-widths, from the A/A check. */
  readonly widening: number;
}

/**
 * Every start that was measured at two layers of the stack or more, taken apart: one entry for each runtime, workload, engine
 * and metric. Empty for a run of one layer.
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
  const wholes = [...Map.groupBy(own, wholeKey).values()]
    .flatMap(([first]) => (first === undefined ? [] : enginesOf(own, first)))
    .toSorted((a, b) => (order.get(a.runtime) ?? 0) - (order.get(b.runtime) ?? 0));
  return wholes.flatMap((cell) =>
    metrics.flatMap(({ metric, mounting }) => stackOf(cell, metric, mounting, cells, how) ?? []),
  );
}

function wholeKey({ runtime, profile, workload, params }: Cell): string {
  return JSON.stringify([runtime, profile, workload, params]);
}

/** The cell once for every engine that has one, or once where none is named. */
function enginesOf(cells: readonly Cell[], first: Cell): readonly Cell[] {
  const same = cells.filter((cell) => wholeKey(cell) === wholeKey(first));
  const names = new Set(same.flatMap(({ engine }) => (engine === undefined ? [] : [engine])));
  const { engine: _, ...alone } = first;
  return names.size === 0 ? [alone] : [...names].map((engine) => ({ ...alone, engine }));
}

/** The cell's measurements at a place: of its engine, or of none where the layer knows no engines. */
function at(cells: ReadonlyMap<string, CellSamples>, cell: Cell, layer: Layer, tool: string | null = null) {
  const { engine, ...alone } = { ...cell, layer, runtime: tool ?? cell.runtime };
  const named = engine === undefined ? undefined : cells.get(cellKey({ ...alone, engine }));
  return named ?? cells.get(cellKey(alone));
}

function valuesOf(samples: CellSamples | undefined, metric: string): ByBlock | undefined {
  const values = samples?.samples.get(metric)?.byBlock;
  return values === undefined || values.size === 0 ? undefined : values;
}

/** A place that was measured. `parts`: what the places below it, which were not, hold too. */
interface Measured {
  readonly layer: Layer;
  readonly parts: readonly StackPart[];
  readonly samples: CellSamples | undefined;
  readonly values: ByBlock;
}

function stackOf(
  cell: Cell,
  metric: LayerStack['metric'],
  mounting: readonly string[],
  cells: ReadonlyMap<string, CellSamples>,
  how: Estimating,
): LayerStack | null {
  /** From the bottom to the top, each in blocks that the one below has too. */
  const measured: Measured[] = [];
  let waiting: StackPart[] = [];
  for (const { layer, tool, adds } of places) {
    waiting.push(...adds);
    const samples = at(cells, cell, layer, tool);
    const values = valuesOf(samples, metric);
    const below = measured.at(-1)?.values;
    if (values === undefined || (below !== undefined && differences(values, below).length === 0)) continue;
    measured.push({ layer, parts: waiting, samples, values });
    waiting = [];
  }
  const [bottom, ...higher] = measured;
  const top = measured.at(-1);
  // A stack of floors alone would be none of the runtime's.
  if (bottom === undefined || top === undefined || higher.length === 0 || top.layer === 'floor') return null;
  const increments = higher.flatMap(({ parts, values }, index) =>
    stepOf(parts, differences(values, measured[index]?.values), how),
  );
  const steps = [...bottomSteps(bottom, mounting, how), ...increments];
  const alone = valuesOf(at(cells, cell, 'oci'), metric);
  const bridged = bridgedCell(cell, top.layer);
  const withBridge = bridged === null ? undefined : valuesOf(at(cells, bridged, top.layer), metric);
  const { runtime, workload, params, engine } = cell;
  return {
    ...{ runtime, workload, params, metric, top: top.layer },
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

/** The lowest place by itself: what mounts the image, where that is the harness, and the rest. */
function bottomSteps(
  { layer, parts, samples, values }: Measured,
  mounting: readonly string[],
  how: Estimating,
): LayerStack['steps'] {
  const mounts = mountedByUs.has(layer) ? mounting.map((metric) => valuesOf(samples, metric)) : [];
  const rest = parts.filter((part) => part !== 'root');
  if (mounts.length === 0 || mounts.includes(undefined)) return stepOf(parts, [...values.values()], how);
  const rootOf = (block: number) => mounts.reduce((sum, each) => sum + (each?.get(block) ?? 0), 0);
  const blocks = [...values].filter(([block]) => mounts.every((each) => each?.has(block)));
  return [
    ...stepOf(
      ['root'],
      blocks.map(([block]) => rootOf(block)),
      how,
    ),
    ...stepOf(
      rest,
      blocks.map(([block, value]) => value - rootOf(block)),
      how,
    ),
  ];
}

function stepOf(
  parts: readonly StackPart[],
  values: readonly number[],
  how: Estimating,
): LayerStack['steps'] {
  const known = estimate(values, how);
  return known === null ? [] : [{ parts: [...parts], ...known }];
}

/** The same start on the default bridge of its engine; null where the cell is on one already, or its layer has none. */
function bridgedCell(cell: Cell, layer: Layer): Cell | null {
  const params = parseParams(cell.params);
  if (layer !== 'docker' || 'network' in params) return null;
  return { ...cell, params: formatParams({ ...params, network: 'bridge' }) };
}

/** Of the blocks that hold both. */
function differences(values: ByBlock, below: ByBlock | undefined): readonly number[] {
  return [...values].flatMap(([block, value]) => {
    const reference = below?.get(block);
    return reference === undefined ? [] : [value - reference];
  });
}

/** Null without values. */
function estimate(values: readonly number[], { confidence, widening }: Estimating): StackInterval | null {
  const centre = pairedCentre(values, confidence);
  if (centre === null) return null;
  const { estimate: value, low, high } = widened(centre, widening);
  return { estimate: value, low, high, n: values.length };
}

function medianOf(values: ByBlock, { confidence }: Estimating): StackInterval {
  const { median, ciLow, ciHigh, n } = describeSample([...values.values()], confidence);
  return { estimate: median, low: ciLow, high: ciHigh, n };
}
