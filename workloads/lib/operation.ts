import { notices } from '../../src/core/messages/define.ts';
import { lookup } from '../../src/core/model/lookup.ts';
import type { MetricDefinition, ParsedValue } from '../../src/core/model/metric.ts';
import { ParseError } from '../../src/core/model/workload.ts';

const says = notices('tool.operation', {
  impossibleTime: 'the tool reports {timeNs} ns an operation, which cannot be',
  impossibleRate: 'the tool reports {rate} operations a second, which cannot be',
});

/** Time and rate of one operation, whatever tool measured it: the cells of a map of system calls. */
export const operationMetrics: readonly [MetricDefinition, MetricDefinition] = [
  {
    id: 'op.time',
    unit: 'ns/op',
    better: 'lower',
    description: 'time of one operation, as the tool measured it; what one operation is depends on `op`',
  },
  {
    id: 'op.rate',
    unit: 'ops/s',
    better: 'higher',
    description:
      'operations per second over the whole time that the tool worked, what lies between them included',
  },
];

/** Bounds, ns: reading the clock through the vDSO takes some ns; no measured operation takes a minute. */
const plausibleNs = [0.5, 60e9] as const;

/**
 * The values of {@link operationMetrics}; the default rate is that of sequential operations. ParseError where the time
 * is impossible.
 */
export function operationValues(
  timeNs: number,
  rate: number = 1e9 / timeNs,
): readonly [ParsedValue, ParsedValue] {
  if (!(timeNs >= plausibleNs[0] && timeNs <= plausibleNs[1]))
    throw new ParseError(says.impossibleTime({ timeNs }));
  if (!(rate > 0 && rate <= 1e9 / plausibleNs[0])) throw new ParseError(says.impossibleRate({ rate }));
  return [
    { metric: 'op.time', unit: 'ns/op', better: 'lower', value: timeNs },
    { metric: 'op.rate', unit: 'ops/s', better: 'higher', value: rate },
  ];
}

/** The entry of a workload's table of operations that its parameter `op` names. RangeError where it has none. */
export function operationNamed<T>(
  workload: string,
  operations: Readonly<Record<string, T>>,
  op: string | number | undefined,
): T {
  const found = typeof op === 'string' ? lookup(operations, op) : undefined;
  if (found === undefined) throw new RangeError(`${workload} has no operation '${op}'`);
  return found;
}
