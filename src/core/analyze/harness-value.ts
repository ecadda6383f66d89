import { findHarnessMetric } from '../metrics/registry.ts';
import type { ParsedValue } from '../model/metric.ts';

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
