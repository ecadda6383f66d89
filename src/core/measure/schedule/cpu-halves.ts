import { formatCpuList } from '../../model/cpu-list.ts';

/** What of a machine can be given to trials. */
export interface UsableCpus {
  readonly cpus: readonly number[];
  /** CPU → all CPUs of its core, itself included; a CPU that is missing has a core of its own. */
  readonly siblings: ReadonlyMap<number, readonly number[]>;
}

/** The CPUs of either side of a duet, in the kernel's list format. */
export type CpuHalves = readonly [string, string];

/**
 * Split the usable CPUs into halves of equally many, for the two trials of a duet; null where there is one CPU. Every
 * other core goes to the same side, so that the sides resemble each other where cores do not (performance and efficiency
 * cores, sockets). Threads of a core stay on one side, unless there is one core only. What cannot be shared equally is left
 * idle.
 */
export function cpuHalves({ cpus, siblings }: UsableCpus): CpuHalves | null {
  const usable = new Set(cpus);
  const cores = new Map<number, readonly number[]>();
  for (const cpu of usable) {
    const core = (siblings.get(cpu) ?? [cpu]).filter((one) => usable.has(one));
    cores.set(Math.min(cpu, ...core), core.length === 0 ? [cpu] : core);
  }
  // Cores with as many usable threads are equal; those of hybrid processors differ in it.
  const alike = [...Map.groupBy(cores.values(), ({ length }) => length).values()];
  const sides: [number[], number[]] = [[], []];
  for (const same of alike) {
    const paired = same.slice(0, same.length - (same.length % 2));
    for (const [at, core] of paired.entries()) sides[at % 2 === 0 ? 0 : 1].push(...core);
  }
  if (sides[0].length === 0) {
    const [first = [], second = first.slice(1)] = cores.values();
    const least = cores.size > 1 ? 1 : Math.floor(first.length / 2);
    sides[0].push(...first.slice(0, least));
    sides[1].push(...second.slice(-least).slice(0, least));
  }
  return sides[0].length === 0 ? null : [formatCpuList(sides[0]), formatCpuList(sides[1])];
}
