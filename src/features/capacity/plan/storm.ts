import type { StormHeadroom } from './capacity-plan.ts';
import { type Placed, useOf } from './demand.ts';
import { asEstimated } from './draw.ts';
import type { HostType } from './input-record.ts';

/** Hosts of each type. */
export interface Bought {
  readonly type: HostType;
  readonly hosts: number;
}

/**
 * What the starts of each service take beside what runs, if they are spread over all hosts as evenly as the CPUs are. The work
 * of the starting program itself is not in it. Services without a storm, and those whose runtime's start is unknown, are left
 * out.
 */
export function stormHeadrooms(
  placed: readonly Placed[],
  bought: readonly Bought[],
): readonly StormHeadroom[] {
  const has = bought.reduce((sum, { type, hosts }) => sum + hosts * (type.cpus - type.reserved.cpus), 0);
  const used = placed.reduce((sum, each) => sum + each.service.replicas * useOf(each, asEstimated).cpus, 0);
  const freeCpus = Math.max(0, has - used);
  return placed.flatMap(({ service: { name, storm }, cost: { startCpuNs } }) => {
    if (storm === null || startCpuNs === null) return [];
    const work = (ns: number) => (storm.replicas * ns) / 1e6;
    const cpus = {
      estimate: work(startCpuNs.estimate) / storm.withinMs,
      low: work(startCpuNs.low) / storm.withinMs,
      high: work(startCpuNs.high) / storm.withinMs,
    };
    return [
      {
        service: name,
        cpus,
        freeCpus,
        fits: cpus.high <= freeCpus,
        shortestMs: freeCpus > 0 ? work(startCpuNs.estimate) / freeCpus : null,
      },
    ];
  });
}
