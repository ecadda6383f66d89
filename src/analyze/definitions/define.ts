import type { Better, MetricDefinition, Unit } from '../../model/metric.ts';

/** A metric definition on one line, for the tables beside this file. */
export function define(id: string, unit: Unit, better: Better, description: string): MetricDefinition {
  return { id, unit, better, description };
}
