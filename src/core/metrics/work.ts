import { type HarnessMetric, metric } from './metric.ts';

/** Work done by a tool, if its workload counts it. */
export const workMetrics: readonly HarnessMetric[] = [
  metric({
    id: 'work.units',
    unit: 'count',
    better: 'neither',
    label: 'units of work',
    description: 'Amount of work in the unit that the workload’s description names.',
  }),
  metric({
    id: 'work.cpu',
    unit: 'ns/op',
    better: 'lower',
    label: 'CPU per unit of work',
    description:
      'CPU time per unit of work: of the container’s cgroup (program, sentry, gofer) and of the engine. Where the workload stamps the begin and end of its work, of that window only; where the harness ran the client, without the engine’s cost of starting it; else of the whole trial. Wall time alone hides what a runtime does on another core.',
  }),
];
