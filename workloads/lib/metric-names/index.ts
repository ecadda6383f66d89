import { basename } from 'node:path/posix';
import type { Message, Value } from '../../../src/core/messages/message.ts';
import { defaultExports } from '../../../src/core/modules/default-exports.ts';

/** The name of a metric, or of a member of a family (an id that ends in `.*`). */
export type MetricName = Message | ((values: { readonly member: Value }) => Message);

/**
 * Metric id → its name in tables and charts (message `metric.<id>`), for all metrics that workloads measure. The files
 * beside this one define the names.
 */
export const workloadMetricNames: Readonly<Record<string, MetricName>> = Object.assign(
  {},
  ...(await defaultExports(import.meta.dirname, basename(import.meta.filename))),
);
