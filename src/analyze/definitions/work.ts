import type { MetricDefinition } from '../../model/metric.ts';
import { define } from './define.ts';

/** The work that a tool did, where its workload counts it. */
export const workMetrics: readonly MetricDefinition[] = [
  define(
    'work.units',
    'count',
    'neither',
    'Amount of work in the unit that the workload’s description names.',
  ),
  define(
    'work.cpu',
    'ns/op',
    'lower',
    'CPU time per unit of work: of the container’s cgroup (program, sentry, gofer) and of the engine. Where the workload stamps the begin and end of its work, of that window only; where the harness ran the client, without the engine’s cost of starting it; else of the whole trial. Wall time alone hides what a runtime does on another core.',
  ),
];
