import { basename } from 'node:path/posix';
import type { Message, Value } from '../../messages/message.ts';
import { defaultExports } from '../../modules/default-exports.ts';

/** The name of a metric; of a family (its id ends in `.*`) that of a member. */
export type MetricName = Message | ((values: { readonly member: Value }) => Message);

/** Metric id → its name in tables and charts, message `metric.<id>`: of all that workloads measure, as a file beside this one names it. */
export const workloadMetricNames: Readonly<Record<string, MetricName>> = Object.assign(
  {},
  ...(await defaultExports(import.meta.dirname, basename(import.meta.filename))),
);
