import { findHarnessMetric } from '../../metrics/registry.ts';
import { type Cell, cellKey } from '../../model/trial/cell.ts';
import type { Better, Category, Measurement, ParsedValue, Unit } from '../../model/workload/metric.ts';
import { BlockValues } from './block-values.ts';
import { isFailure } from './effective-trial.ts';

/**
 * A value of a harness metric with the unit and direction of its definition. Null where the value is unknown or
 * impossible (negative, not finite), or the metric is not defined.
 */
export function harnessValue(metric: string, value: number | null | undefined): ParsedValue | null {
  const definition = findHarnessMetric(metric);
  if (definition === undefined || value === null || value === undefined) return null;
  if (!Number.isFinite(value) || value < 0) return null;
  return { metric, unit: definition.unit, better: definition.better, value };
}

/** The values of one metric in one cell. A block has a cell only once; of duplicates, the later value counts. */
export interface MetricSample {
  readonly metric: string;
  readonly unit: Unit;
  readonly better: Better;
  /** block → value */
  readonly byBlock: ReadonlyMap<number, number>;
  /** Of these values, the number of those that failed trials told. */
  readonly ofFailed: number;
}

/** All measurements of one cell, without warm-up. */
export interface CellSamples {
  readonly cell: Cell;
  readonly category: Category;
  readonly trialIds: Set<string>;
  readonly ok: Set<string>;
  /** Trials that failed or timed out, with their outcome. */
  readonly failed: Map<string, string>;
  readonly samples: ReadonlyMap<string, MetricSample>;
}

/** A cell while its measurements are collected. */
interface OpenCell {
  readonly cell: CellSamples;
  readonly samples: Map<string, OpenSample>;
  /** The samples in the order of their first values, and which of them the next measurement is likely to belong to. */
  readonly order: OpenSample[];
  next: number;
}

interface OpenSample extends MetricSample {
  readonly byBlock: BlockValues;
  ofFailed: number;
}

/** One pass over the measurements: cell key → its values. Warm-up and values that are not finite are left out. */
export function collectSamples(measurements: Iterable<Measurement>): Map<string, CellSamples> {
  const cells = new Map<string, OpenCell>();
  // The values of a trial are consecutive, so their common cell is looked up only once.
  let trialId: string | undefined;
  let identity: Cell | undefined;
  let open: OpenCell | undefined;
  for (const measurement of measurements) {
    if (measurement.phase !== 'measure') continue;
    if (open === undefined || measurement.trialId !== trialId || measurement.cell !== identity) {
      open = openCell(cells, measurement);
      ({ trialId, cell: identity } = measurement);
      open.next = 0;
      open.cell.trialIds.add(trialId);
      if (measurement.outcome === 'ok') open.cell.ok.add(trialId);
    }
    addMeasurement(open, measurement);
  }
  return new Map(Array.from(cells, ([key, { cell }]) => [key, cell]));
}

function openCell(cells: Map<string, OpenCell>, { cell, category }: Measurement): OpenCell {
  const key = cellKey(cell);
  let found = cells.get(key);
  if (found === undefined) {
    const samples = new Map<string, OpenSample>();
    const collected = {
      cell,
      category,
      trialIds: new Set<string>(),
      ok: new Set<string>(),
      failed: new Map(),
    };
    found = { cell: { ...collected, samples }, samples, order: [], next: 0 };
    cells.set(key, found);
  }
  return found;
}

function addMeasurement(open: OpenCell, measurement: Measurement): void {
  const { trialId, block, metric, unit, better, value, outcome } = measurement;
  if (isFailure(outcome)) open.cell.failed.set(trialId, outcome);
  if (metric === null || unit === null || better === null || value === null || !Number.isFinite(value))
    return;
  // The trials of a cell have the same metrics, mostly in the same order.
  let sample = open.order[open.next];
  if (sample?.metric !== metric) {
    sample = open.samples.get(metric);
    if (sample === undefined) {
      sample = { metric, unit, better, byBlock: new BlockValues(), ofFailed: 0 };
      open.samples.set(metric, sample);
      open.order.push(sample);
    }
    open.next = open.order.indexOf(sample);
  }
  open.next++;
  if (isFailure(outcome)) sample.ofFailed++;
  sample.byBlock.set(block, value);
}
