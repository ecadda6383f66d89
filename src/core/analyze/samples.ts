import { findHarnessMetric } from '../metrics/registry.ts';
import { type Cell, cellKey } from '../model/cell.ts';
import type { Better, Category, Measurement, ParsedValue, Unit } from '../model/metric.ts';
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
  readonly byBlock: Map<number, number>;
}

/** All measurements of one cell, without warm-up. */
export interface CellSamples {
  readonly cell: Cell;
  readonly category: Category;
  readonly trialIds: Set<string>;
  readonly ok: Set<string>;
  /** Trials that failed or timed out, with their outcome. */
  readonly failed: Map<string, string>;
  readonly samples: Map<string, MetricSample>;
}

/** One pass over the measurements: cell key → its values. Warm-up and values that are not finite are left out. */
export function collectSamples(measurements: Iterable<Measurement>): Map<string, CellSamples> {
  const cells = new Map<string, CellSamples>();
  // The values of a trial are consecutive, so their common cell is looked up only once.
  let trialId: string | undefined;
  let identity: Cell | undefined;
  let cell: CellSamples | undefined;
  for (const measurement of measurements) {
    if (measurement.phase !== 'measure') continue;
    if (cell === undefined || measurement.trialId !== trialId || measurement.cell !== identity) {
      cell = cellOf(cells, measurement);
      ({ trialId, cell: identity } = measurement);
      cell.trialIds.add(trialId);
      if (measurement.outcome === 'ok') cell.ok.add(trialId);
    }
    addMeasurement(cell, measurement);
  }
  return cells;
}

function cellOf(cells: Map<string, CellSamples>, { cell, category }: Measurement): CellSamples {
  const key = cellKey(cell);
  let found = cells.get(key);
  if (found === undefined) {
    found = { cell, category, trialIds: new Set(), ok: new Set(), failed: new Map(), samples: new Map() };
    cells.set(key, found);
  }
  return found;
}

function addMeasurement(cell: CellSamples, measurement: Measurement): void {
  const { trialId, block, metric, unit, better, value, outcome } = measurement;
  if (isFailure(outcome)) cell.failed.set(trialId, outcome);
  if (metric === null || unit === null || better === null || value === null || !Number.isFinite(value))
    return;
  let sample = cell.samples.get(metric);
  if (sample === undefined) {
    sample = { metric, unit, better, byBlock: new Map() };
    cell.samples.set(metric, sample);
  }
  sample.byBlock.set(block, value);
}
